import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAllEditors,
  openFile,
  replaceText,
  saveDocument,
  waitForDiagnostics,
  waitForRule,
  waitUntilRuleGone,
  workspaceFolder,
} from './support';

const floating =
  "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  save('a');\n}\n";

describe('the configuration file', () => {
  const file = () => vscode.Uri.joinPath(workspaceFolder(), 'async-patterns.json');

  afterEach(async () => {
    await closeAllEditors();
    await vscode.workspace.fs.delete(file());
  });

  it('counts while it is edited, without a touch of the source', async () => {
    const { document } = await openFile('src/configured.ts', floating);
    await waitForRule(document.uri, 'floating-promise');
    const editor = await openFile('async-patterns.json', '{}');
    const write = async (configuration: object) => {
      await replaceText(editor, JSON.stringify(configuration));
      await saveDocument(editor.document);
    };
    await write({ rules: { 'floating-promise': 'off' } });
    await waitUntilRuleGone(document.uri, 'floating-promise');
    await write({ rules: { 'floating-promise': 'information' } });
    const [finding] = await waitForDiagnostics(
      document.uri,
      ([first]) => first?.severity === vscode.DiagnosticSeverity.Information,
    );
    assert.equal(finding?.source, 'async-patterns');
    await write({ ignore: ['src/configured.ts'] });
    await waitUntilRuleGone(document.uri, 'floating-promise');
    await write({});
    await waitForRule(document.uri, 'floating-promise');
  });
});
