import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAllEditors, insertSnippet, openFile } from './support';

describe('snippets', () => {
  afterEach(closeAllEditors);

  for (const [file, langId] of [
    ['src/snippet.ts', 'typescript'],
    ['src/snippet.tsx', 'typescriptreact'],
    ['src/snippet.js', 'javascript'],
    ['src/snippet.jsx', 'javascriptreact'],
    ['src/snippet.py', 'python'],
  ] as const) {
    it(`are offered and inserted in ${langId}`, async () => {
      const editor = await openFile(file, 'async-queue');
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        editor.document.uri,
        new vscode.Position(0, 'async-queue'.length),
      );
      const offered = items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet);
      const label = ({ label: text }: vscode.CompletionItem) =>
        typeof text === 'string' ? text : text.label;
      assert.ok(
        offered.some((item) => label(item) === 'async-queue'),
        JSON.stringify(offered.map(label)),
      );
      await insertSnippet(editor, new vscode.Position(0, 0), { langId, name: 'Queue with back pressure' });
      assert.match(
        editor.document.getText(),
        langId === 'python' ? /^import asyncio\n[\s\S]*\n {4}queue: \S*Queue/u : /class \w*Queue/u,
      );
    });
  }

  it('can be inserted from a hover, below the line of the cursor', async () => {
    const editor = await openFile('src/from-hover.ts', 'export const one = 1;\n');
    editor.selection = new vscode.Selection(0, 3, 0, 3);
    await vscode.commands.executeCommand('asyncPatterns.insertSnippet', 'async-queue');
    assert.match(editor.document.getText(), /^export const one = 1;\n[\s\S]*class \w*Queue/u);
  });

  it('can be inserted from a hover in Python, indented as the file is', async () => {
    const editor = await openFile('src/from_hover.py', 'if True:\n  one = 1\n');
    editor.options.tabSize = 2;
    editor.selection = new vscode.Selection(1, 9, 1, 9);
    await vscode.commands.executeCommand('asyncPatterns.insertSnippet', 'async-thread');
    assert.match(
      editor.document.getText(),
      /^if True:\n {2}one = 1\n {2}import asyncio\n[\s\S]*\n {2}def read_file\(path: str\) -> str:\n {4}return Path/u,
    );
  });
});
