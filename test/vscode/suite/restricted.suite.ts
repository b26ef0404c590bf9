import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actionTitled,
  applyCodeAction,
  closeAllEditors,
  codeActions,
  diagnosticsOf,
  openFile,
  ruleOf,
  setSetting,
  until,
  waitForPage,
  waitForRule,
  waitUntilRuleGone,
  workspaceFolder,
} from './support';

const python = 'service/main.py';

interface Summary {
  readonly outcome: string;
  readonly files: number;
  readonly findings: number;
}

describe('in Restricted Mode', () => {
  afterEach(async () => {
    await setSetting('asyncPatterns.rules', undefined);
    await closeAllEditors();
  });

  it('the window is: nobody has said to trust the folder', () => {
    assert.equal(vscode.workspace.isTrusted, false);
    // The editor's own TypeScript support stays away, so that no plugin can help it.
    assert.equal(vscode.extensions.getExtension('vscode.typescript-language-features'), undefined);
  });

  it('Python has findings while it is typed, which are repaired', async () => {
    const { document } = await openFile(python);
    const finding = await waitForRule(document.uri, 'unawaited-coroutine');
    await applyCodeAction(actionTitled(await codeActions(document.uri, finding.range), 'Add await'));
    await waitUntilRuleGone(document.uri, 'unawaited-coroutine');
    assert.match(document.getText(), /if await is_paid\(order\):/u);
  });

  it('settings of the folder are heard', async () => {
    const { document } = await openFile(python);
    await waitForRule(document.uri, 'unawaited-coroutine');
    await setSetting('asyncPatterns.rules', { 'unawaited-coroutine': 'off' });
    await waitUntilRuleGone(document.uri, 'unawaited-coroutine');
  });

  it('the pages open', async () => {
    await vscode.commands.executeCommand('asyncPatterns.openPage', 'semaphore');
    await waitForPage('/en/concepts/semaphore.md');
  });

  it('the check of the workspace looks at TypeScript and JavaScript, too', async () => {
    const summary = await vscode.commands.executeCommand<Summary>('asyncPatterns.checkWorkspace');
    assert.deepEqual(
      { ...summary, done: undefined },
      { outcome: 'done', files: 5, findings: 6, done: undefined },
    );
    const found = (path: string) =>
      diagnosticsOf(vscode.Uri.joinPath(workspaceFolder(), path)).map((one) => ruleOf(one));
    await until(
      () => found('src/orders.ts').length === 2,
      20_000,
      () => `src/orders.ts has ${found('src/orders.ts').join()}`,
    );
    assert.deepEqual(found('src/legacy.js'), ['floating-promise']);
    // What is found stays when a file is opened, where no TypeScript server would say it again.
    const { document } = await openFile('src/legacy.js');
    assert.deepEqual(diagnosticsOf(document.uri).map(ruleOf), ['floating-promise']);
    await vscode.commands.executeCommand('asyncPatterns.clearWorkspace');
  });
});
