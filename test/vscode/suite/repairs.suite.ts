import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actionTitled,
  applyCodeAction,
  closeAllEditors,
  codeActions,
  openFile,
  saveDocument,
  setSetting,
  typeText,
  waitForDiagnostics,
  waitForRule,
  waitUntilRuleGone,
} from './support';

const floating =
  "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  save('a');\n}\n";

/** TypeScript reports on a file a little after an edit; a wrong repair must not be missed. */
async function assertTypeChecks(document: vscode.TextDocument): Promise<void> {
  const probe = 'const probe: number = "no number";';
  const editor = await vscode.window.showTextDocument(document);
  await typeText(editor, document.lineAt(document.lineCount - 1).range.end, probe);
  const found = await waitForDiagnostics(document.uri, (all) => all.some(({ code }) => code === 2322));
  assert.deepEqual(
    found
      .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
      .map(({ message }) => message),
    ["Type 'string' is not assignable to type 'number'."],
  );
}

describe('repairs', () => {
  afterEach(closeAllEditors);

  it('remove the finding and leave a file that type-checks', async () => {
    const editor = await openFile('src/repair.ts', floating);
    const { uri } = editor.document;
    const finding = await waitForRule(uri, 'floating-promise');
    const action = actionTitled(await codeActions(uri, finding.range), 'Add await');
    assert.ok(action.kind && vscode.CodeActionKind.QuickFix.contains(action.kind));
    await applyCodeAction(action);
    assert.match(editor.document.getText(), /\n {2}await save\('a'\);\n/u);
    await waitUntilRuleGone(uri, 'floating-promise');
    await assertTypeChecks(editor.document);
  });

  it('that are safe happen on save', async () => {
    await setSetting('editor.codeActionsOnSave', { 'source.fixAll.asyncPatterns': 'explicit' });
    try {
      const text = floating.replace(
        '  save',
        '  // async-patterns-ignore-next-line floating-promise\n  await save',
      );
      const editor = await openFile('src/on-save.ts', text);
      await waitForRule(editor.document.uri, 'unused-suppression');
      await typeText(editor, new vscode.Position(1, 0), '\n');
      await saveDocument(editor.document);
      assert.doesNotMatch(editor.document.getText(), /async-patterns/u);
      assert.match(editor.document.getText(), /await save\('a'\);/u);
    } finally {
      await setSetting('editor.codeActionsOnSave', undefined);
    }
  });

  it('that are safe happen on save together and leave a file that type-checks', async () => {
    await setSetting('editor.codeActionsOnSave', { 'source.fixAll.asyncPatterns': 'explicit' });
    try {
      const editor = await openFile(
        'src/on-save-all.ts',
        `import { save } from './store';

export async function first(): Promise<number> {
  try {
    return save('a');
  } catch {
    return 0;
  }
}

export async function second(): Promise<number> {
  try {
    return save('b');
  } catch {
    return 0;
  }
}
`,
      );
      const { uri } = editor.document;
      await waitForRule(uri, 'missing-return-await');
      await typeText(editor, new vscode.Position(1, 0), '\n');
      await saveDocument(editor.document);
      assert.equal(editor.document.getText().match(/return await save\(/gu)?.length, 2);
      await waitUntilRuleGone(uri, 'missing-return-await');
      await assertTypeChecks(editor.document);
    } finally {
      await setSetting('editor.codeActionsOnSave', undefined);
    }
  });

  it('that are safe happen by command, others do not', async () => {
    const text = floating.replace('  save', '  // async-patterns-ignore-next-line late-await -- why\n  save');
    const editor = await openFile('src/fix-all.ts', text);
    await waitForRule(editor.document.uri, 'floating-promise');
    await vscode.commands.executeCommand('asyncPatterns.fixAll');
    assert.match(editor.document.getText(), /\n {2}save\('a'\);/u);
  });

  it('can be an ignore comment for the line', async () => {
    const editor = await openFile('src/ignore-line.ts', floating);
    const { uri } = editor.document;
    const finding = await waitForRule(uri, 'floating-promise');
    await applyCodeAction(
      actionTitled(await codeActions(uri, finding.range), 'Ignore floating-promise on this line'),
    );
    assert.match(
      editor.document.getText(),
      /\n {2}\/\/ async-patterns-ignore-next-line floating-promise\n {2}save\('a'\);/u,
    );
    await waitUntilRuleGone(uri, 'floating-promise');
  });

  it('can be an ignore comment for the file, by command', async () => {
    const editor = await openFile('src/ignore-file.ts', floating);
    const { uri } = editor.document;
    const finding = await waitForRule(uri, 'floating-promise');
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await vscode.commands.executeCommand('asyncPatterns.ignoreFile');
    assert.ok(editor.document.getText().startsWith('// async-patterns-ignore-file floating-promise\n'));
    await waitUntilRuleGone(uri, 'floating-promise');
  });
});
