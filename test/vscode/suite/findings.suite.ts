import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAllEditors,
  diagnosticsOf,
  openFile,
  rangeOf,
  replaceText,
  typeText,
  until,
  waitForRule,
  waitUntilRuleGone,
} from './support';

const start = "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  \n}\n";

describe('findings', () => {
  afterEach(closeAllEditors);

  it('appear after typing and go when the code is repaired by hand', async () => {
    const editor = await openFile('src/typing.ts', start);
    await typeText(editor, new vscode.Position(3, 2), "save('a');");
    const finding = await waitForRule(editor.document.uri, 'floating-promise');
    assert.equal(finding.source, 'async-patterns');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(editor.document.getText(finding.range), "save('a')");
    assert.match(finding.message, /^Promise of save is not awaited/u);

    await typeText(editor, new vscode.Position(3, 2), 'await ');
    await waitUntilRuleGone(editor.document.uri, 'floating-promise');
  });

  it('cost next to nothing when a window opens', async () => {
    const extension = vscode.extensions.getExtension<{ activationMs: number }>(
      'async-patterns.async-patterns',
    );
    assert.ok(extension);
    const { activationMs } = await extension.activate();
    // What it would take to read documents or start an analysis; a busy machine takes its time.
    assert.ok(activationMs < 1_000, `activation took ${activationMs} ms`);
  });

  it('come once each', async () => {
    const editor = await openFile('src/once.ts', start.replace('  \n', "  save('a');\n"));
    await waitForRule(editor.document.uri, 'floating-promise');
    assert.equal(vscode.languages.getDiagnostics(editor.document.uri).length, 1);
  });

  it('link their rule to its page', async () => {
    const editor = await openFile('src/link.ts', start.replace('  \n', "  save('a');\n"));
    const { code } = await waitForRule(editor.document.uri, 'floating-promise');
    assert.ok(typeof code === 'object');
    await vscode.commands.executeCommand('vscode.open', code.target);
    const shown = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await until(
      () => shown() instanceof vscode.TabInputCustom,
      10_000,
      () => `no readable page is open but ${JSON.stringify(shown())}`,
    );
    assert.deepEqual((shown() as vscode.TabInputCustom).viewType, 'vscode.markdown.preview.editor');
    assert.match((shown() as vscode.TabInputCustom).uri.path, /\/en\/rules\/floating-promise\.md$/u);
  });

  it('point at the places that belong to them', async () => {
    const editor = await openFile(
      'src/related.ts',
      start.replace(
        '  \n',
        "  const length = save('a');\n  await save('b');\n  console.log(await length);\n",
      ),
    );
    const { uri } = editor.document;
    const { relatedInformation = [] } = await waitForRule(uri, 'late-await');
    assert.deepEqual(
      relatedInformation.map(({ location, message }) => {
        assert.equal(location.uri.toString(), uri.toString());
        return `${location.range.start.line}: ${message}`;
      }),
      ['3: length starts here, without a handler.', '4: A rejection during this wait is unhandled.'],
    );
  });

  it('stay around a syntax error elsewhere in the file', async () => {
    const editor = await openFile('src/broken.ts', start.replace('  \n', "  save('a');\n"));
    await waitForRule(editor.document.uri, 'floating-promise');
    await typeText(editor, new vscode.Position(5, 0), 'function broken( {');
    await until(
      () => vscode.languages.getDiagnostics(editor.document.uri).some(({ source }) => source === 'ts'),
      30_000,
      () => 'TypeScript reports no syntax error',
    );
    assert.equal(diagnosticsOf(editor.document.uri).length, 1);
  });

  it('come for a buffer that was never saved and go when it is closed', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'typescript',
      content: 'async function f() {}\nf();\n',
    });
    const editor = await vscode.window.showTextDocument(document);
    const finding = await waitForRule(document.uri, 'floating-promise');
    assert.deepEqual(finding.range, rangeOf(document, 'f();').with({ end: new vscode.Position(1, 3) }));
    await replaceText(editor, '');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until(
      () => diagnosticsOf(document.uri).length === 0,
      10_000,
      () => 'findings of a closed buffer are left',
    );
  });

  it('come again after the TypeScript server was restarted', async () => {
    const editor = await openFile('src/restart.ts', start.replace('  \n', "  save('a');\n"));
    await waitForRule(editor.document.uri, 'floating-promise');
    await vscode.commands.executeCommand('asyncPatterns.restart');
    await typeText(editor, new vscode.Position(3, 2), 'await ');
    await waitUntilRuleGone(editor.document.uri, 'floating-promise');
  });
});
