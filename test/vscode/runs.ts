import type { DisplayLanguage } from './host/window';
import { writeCheckedProject } from './host/checked-project';

/** One VS Code window in which suites are run, on every tested version. */
export interface TestRun {
  readonly name: string;
  /** The folder under `test/workspaces` that is copied and opened, or what writes into an empty one. */
  readonly workspace: string | ((folder: string) => Promise<void>);
  readonly language: DisplayLanguage;
  /** The suites to run, without `.suite.ts`. */
  readonly suites: readonly string[];
  /** npm packages, as `name@version`, that the copy gets as its `node_modules`. */
  readonly packages?: readonly string[];
  /** User settings; `${workspace}` in a text stands for the copy's absolute path. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Every suite belongs to at least one run; a test run fails when one is missing here. */
export const testRuns: readonly TestRun[] = [
  {
    name: 'TypeScript, English',
    workspace: 'typescript',
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
  },
  { name: 'TypeScript, Russian', workspace: 'typescript', language: 'ru', suites: ['russian'] },
  {
    name: 'every anchor',
    workspace: 'typescript',
    language: 'en',
    suites: ['anchors'],
    packages: [
      '@types/node@20.19.43',
      'async-mutex@0.5.0',
      'p-limit@7.3.3',
      'p-queue@9.3.5',
      'piscina@5.3.2',
    ],
  },
  { name: 'whole workspace', workspace: 'mixed', language: 'en', suites: ['workspace-check'] },
  { name: 'Python', workspace: 'python', language: 'en', suites: ['python'] },
  { name: 'JavaScript only', workspace: 'javascript', language: 'en', suites: ['javascript'] },
  {
    name: 'TypeScript of the workspace',
    workspace: 'typescript',
    language: 'en',
    suites: ['workspace-typescript'],
    packages: ['typescript@5.0.4'],
    settings: { 'typescript.tsdk': '${workspace}/node_modules/typescript/lib' },
  },
  { name: 'real packages', workspace: writeCheckedProject, language: 'en', suites: ['parity'] },
];
