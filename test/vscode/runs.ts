import type { EditorName } from '../../src/tools/vscode-server/versions';
import { writeCheckedProject } from './host/checked-project';
import type { DisplayLanguage } from './host/window';

/** One VS Code window in which suites are run. */
export interface TestRun {
  readonly name: string;
  /**
   * The folders under `test/workspaces` that are copied into one and opened, or what writes into an empty one; none for
   * a window without a folder.
   */
  readonly workspace: readonly string[] | ((folder: string) => Promise<void>) | undefined;
  readonly language: DisplayLanguage;
  /** The suites to run, without `.suite.ts`. */
  readonly suites: readonly string[];
  /**
   * The version to run it on; both when left out. What rests on the version of the editor runs on both: its API, its
   * own TypeScript, its user interface. The rest need not be seen twice.
   */
  readonly only?: EditorName;
  /** Part of the titles of the only tests to run on the other version: those that show that the rest works there, too. */
  readonly grepOnOldest?: string;
  /** Suites that follow on the newest version only. */
  readonly onNewest?: readonly string[];
  /** npm packages, as `name@version`, that the copy gets as its `node_modules`. */
  readonly packages?: readonly string[];
  /** User settings; `${workspace}` in a text stands for the copy's absolute path. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the folder is opened in Restricted Mode, as one that nobody has said to trust. */
  readonly isRestricted?: boolean;
}

/** Every suite belongs to at least one run; a test run fails when one is missing here. */
export const testRuns: readonly TestRun[] = [
  {
    name: 'TypeScript, English',
    workspace: ['typescript'],
    language: 'en',
    suites: [
      'findings',
      'repairs',
      'settings',
      'configuration-file',
      'dependencies',
      'hover',
      'documentation',
      'snippets',
    ],
    // It hovers for half a minute over what does not depend on the editor.
    onNewest: ['anchors'],
    packages: [
      '@types/node@20.19.43',
      'async-mutex@0.5.0',
      'p-limit@7.3.3',
      'p-queue@9.3.5',
      'piscina@5.3.2',
    ],
  },
  {
    name: 'whole workspace',
    workspace: ['mixed'],
    language: 'en',
    suites: ['workspace-check'],
    // Each test checks the workspace anew. These two take the whole way: the process, the tree, the preview.
    grepOnOldest: 'fixing the workspace makes',
  },
  {
    name: 'Python and JavaScript without any configuration',
    workspace: ['python', 'javascript'],
    language: 'en',
    suites: ['javascript', 'python'],
  },
  {
    name: 'TypeScript of the workspace, Russian',
    workspace: ['typescript'],
    language: 'ru',
    suites: ['workspace-typescript', 'russian'],
    only: 'newest',
    packages: ['typescript@5.0.4'],
    settings: { 'typescript.tsdk': '${workspace}/node_modules/typescript/lib' },
  },
  {
    name: 'Restricted Mode',
    workspace: ['mixed'],
    language: 'en',
    suites: ['restricted'],
    only: 'newest',
    isRestricted: true,
  },
  {
    name: 'no folder',
    workspace: undefined,
    language: 'en',
    suites: ['no-folder'],
    only: 'newest',
  },
  {
    name: 'real packages',
    workspace: writeCheckedProject,
    language: 'en',
    suites: ['parity'],
    only: 'newest',
  },
];

/** The suites of a run on a version, in their order; none where it does not run there. */
export function suitesOn(run: TestRun, editor: EditorName): readonly string[] {
  if (run.only !== undefined && run.only !== editor) return [];
  return editor === 'newest' ? [...run.suites, ...(run.onNewest ?? [])] : run.suites;
}
