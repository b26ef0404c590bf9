import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

interface Snippet {
  readonly prefix: string | readonly string[];
  readonly body: string | readonly string[];
}

/** The snippet with a prefix, from the file the editor itself offers it from. */
function find(extensionPath: string, languageId: string, prefix: string): string | undefined {
  const language = ['typescript', 'javascript', 'python'].find((name) => languageId.startsWith(name));
  if (language === undefined) return undefined;
  const text = readFileSync(join(extensionPath, 'snippets', `${language}.json`), 'utf8');
  const snippets = Object.values(JSON.parse(text) as Record<string, Snippet>);
  const found = snippets.find((snippet) => [snippet.prefix].flat().includes(prefix));
  return found && [found.body].flat().join('\n');
}

/** Inserts a snippet at the cursor: in its line when that is blank, on a new line below otherwise. */
export async function insertSnippet(
  extensionPath: string,
  prefix: string,
  editor: vscode.TextEditor | undefined,
): Promise<void> {
  if (!editor) return;
  const body = find(extensionPath, editor.document.languageId, prefix);
  if (body === undefined) return;
  const line = editor.document.lineAt(editor.selection.active.line);
  if (line.isEmptyOrWhitespace) {
    await editor.insertSnippet(new vscode.SnippetString(body), editor.selection.active);
  } else {
    await editor.insertSnippet(new vscode.SnippetString(`\n${body}`), line.range.end);
  }
}
