import * as vscode from 'vscode';
import type { Library } from '../documents/library';
import type { Engines } from './analysis';
import { commandIds } from './command-ids';
import { ruleOf, toTextEdit } from './convert';
import type { Findings } from './findings';
import { canIgnore, ignoreFileEdit, ignoreLineEdit } from './ignore-edits';
import type { Messages } from './messages';
import { isSupported } from './selector';
import { insertSnippet } from './snippets';
import type { Viewer } from './viewer';

export interface CommandParts {
  readonly engines: Engines;
  readonly findings: Findings;
  readonly library: Library;
  readonly messages: Messages;
  readonly viewer: Viewer;
  readonly log: vscode.LogOutputChannel;
  readonly extensionPath: string;
  readonly restart: () => Promise<void>;
}

/** Registers every command of the extension. */
export function registerCommands(parts: CommandParts): vscode.Disposable[] {
  const { findings, library, messages, viewer } = parts;

  /** The findings on the cursor's line, the one at the cursor first. */
  function atCursor(): { document: vscode.TextDocument; found: vscode.Diagnostic[] } | undefined {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !isSupported(editor.document)) return undefined;
    const { active } = editor.selection;
    const found = findings.of(editor.document.uri).filter(({ range }) => {
      return range.start.line <= active.line && active.line <= range.end.line;
    });
    const distance = ({ range }: vscode.Diagnostic) => (range.contains(active) ? 0 : 1);
    return { document: editor.document, found: found.sort((a, b) => distance(a) - distance(b)) };
  }

  async function withFinding(
    act: (document: vscode.TextDocument, diagnostic: vscode.Diagnostic) => Promise<unknown>,
    applies: (diagnostic: vscode.Diagnostic) => boolean,
  ): Promise<void> {
    const here = atCursor();
    const diagnostic = here?.found.find(applies);
    if (here && diagnostic) await act(here.document, diagnostic);
    else {
      const text = messages.t('There is no async problem on this line.');
      vscode.window.setStatusBarMessage(text, 4_000);
    }
  }

  const applyEdit = async (edit: vscode.WorkspaceEdit | undefined) =>
    edit && (await vscode.workspace.applyEdit(edit));

  async function fixAll(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !isSupported(document)) return;
    const { version } = document;
    const answer = await parts.engines.request('fixAll', document, {});
    if (document.version !== version) return;
    if (!answer || answer.edits.length === 0) {
      const text = messages.t('Nothing here can be fixed without you looking at it.');
      vscode.window.setStatusBarMessage(text, 4_000);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.set(
      document.uri,
      answer.edits.map((change) => toTextEdit(change)),
    );
    await vscode.workspace.applyEdit(edit);
  }

  const handlers: Record<keyof typeof commandIds, (argument: unknown) => Promise<void>> = {
    openDocumentation: () => viewer.search(),
    explainProblem: () =>
      withFinding(
        (_, diagnostic) => viewer.open(ruleOf(diagnostic)),
        (diagnostic) => library.rule(ruleOf(diagnostic), 'en') !== undefined,
      ),
    fixAll,
    ignoreLine: () =>
      withFinding((document, diagnostic) => applyEdit(ignoreLineEdit(document, diagnostic)), canIgnore),
    ignoreFile: () =>
      withFinding((document, diagnostic) => applyEdit(ignoreFileEdit(document, diagnostic)), canIgnore),
    showLog: () => {
      parts.log.show();
      return Promise.resolve();
    },
    restart: parts.restart,
    openPage: (id) => viewer.open(String(id)),
    insertSnippet: (prefix) => insertSnippet(parts.extensionPath, String(prefix)),
  };
  return Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(commandIds[name as keyof typeof commandIds], handler),
  );
}
