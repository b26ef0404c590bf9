import {
  closeAllEditors,
  openFile,
  waitForDiagnostics,
  waitForHover,
  waitForRule,
  positionOf,
} from './support';

describe('in a workspace with its own TypeScript', () => {
  afterEach(closeAllEditors);

  it('findings and hovers come from a server of that version', async () => {
    const { document } = await openFile(
      'src/own.ts',
      "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  save('a');\n  await save('b');\n}\n",
    );
    await waitForRule(document.uri, 'floating-promise');
    await waitForHover(
      document.uri,
      positionOf(document, "await save('b')"),
      'command:asyncPatterns.openPage',
    );
  });

  it('that server is the one that speaks', async () => {
    // TypeScript infers the type predicate of this callback since 5.5.
    const { document } = await openFile(
      'src/version.ts',
      "export const texts: string[] = ['a', undefined].filter((text) => text !== undefined);\n",
    );
    await waitForDiagnostics(document.uri, (all) => all.some(({ code }) => code === 2322));
  });
});
