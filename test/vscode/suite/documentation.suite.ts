import * as vscode from 'vscode';
import { closeAllEditors, openFile, until, waitForRule } from './support';

const floating =
  "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  save('a');\n}\n";

function previewTitles(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview)
    .map(({ label }) => label);
}

async function waitForPreview(name: string): Promise<void> {
  await until(
    () => previewTitles().some((title) => title.includes(name)),
    20_000,
    () => `no preview of ${name}; there are ${JSON.stringify(previewTitles())}`,
  );
}

describe('documentation', () => {
  afterEach(closeAllEditors);

  it('of the rule opens for the problem at the cursor', async () => {
    const editor = await openFile('src/explain.ts', floating);
    const finding = await waitForRule(editor.document.uri, 'floating-promise');
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await vscode.commands.executeCommand('asyncPatterns.explainProblem');
    await waitForPreview('floating-promise.md');
  });

  it('of a concept opens without any code around', async () => {
    await vscode.commands.executeCommand('asyncPatterns.openPage', 'semaphore');
    await waitForPreview('semaphore.md');
  });
});
