import * as vscode from 'vscode';
import {
  closeAllEditors,
  openFile,
  replaceText,
  waitForRule,
  waitUntilRuleGone,
  workspaceFolder,
} from './support';

const caller = "import { store } from './helper';\n\nexport function run(): void {\n  store('a');\n}\n";
const synchronous = 'export function store(text: string): number {\n  return text.length;\n}\n';
const asynchronous = synchronous.replace('function', 'async function').replace('number', 'Promise<number>');

describe('a change in a helper file updates the findings of its caller', () => {
  afterEach(closeAllEditors);

  it('while it is only in the editor', async () => {
    const helper = await openFile('src/helper.ts', synchronous);
    const { document } = await openFile('src/caller.ts', caller);
    await replaceText(helper, asynchronous);
    await waitForRule(document.uri, 'floating-promise');
    await replaceText(helper, synchronous);
    await waitUntilRuleGone(document.uri, 'floating-promise');
  });

  it('when it happens on disk', async () => {
    const helper = vscode.Uri.joinPath(workspaceFolder(), 'src/helper.ts');
    await vscode.workspace.fs.writeFile(helper, Buffer.from(asynchronous));
    const { document } = await openFile('src/caller.ts', caller);
    await waitForRule(document.uri, 'floating-promise');
    await vscode.workspace.fs.writeFile(helper, Buffer.from(synchronous));
    await waitUntilRuleGone(document.uri, 'floating-promise');
    await vscode.workspace.fs.writeFile(helper, Buffer.from(asynchronous));
    await waitForRule(document.uri, 'floating-promise');
  });
});
