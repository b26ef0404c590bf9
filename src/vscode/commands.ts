import * as vscode from 'vscode';
import type { Library } from '../documents/library';
import type { OfferedSnippets } from '../documents/page';
import type { Engines } from './analysis';
import { commandIds } from './command-ids';
import { ruleOf, toTextEdit } from './convert';
import type { Findings } from './findings';
import { canIgnore, ignoreFileEdit, ignoreLineEdit } from './ignore-edits';
import type { Messages } from './messages';
import type { LastEditor } from './last-editor';
import { examples, type ExampleLanguage } from './example';
import type { FindingsList } from './findings-list';
import { insertSnippet } from './snippets';
import type { Viewer } from './viewer';
import type { WorkspaceView } from './workspace-view';
import type { Node } from './workspace/tree';

export interface CommandParts {
  readonly engines: Engines;
  readonly findings: Findings;
  readonly library: Library;
  readonly messages: Messages;
  readonly viewer: Viewer;
  readonly findingsList: FindingsList;
  readonly lastEditor: LastEditor;
  readonly workspace: WorkspaceView;
  readonly log: vscode.LogOutputChannel;
  readonly extensionPath: string;
  readonly restart: () => Promise<void>;
}

/** Registers every command of the extension. */
export function registerCommands(parts: CommandParts): vscode.Disposable[] {
  const { findings, library, messages, viewer, lastEditor } = parts;

  /** The findings on the cursor's line, the one at the cursor first. */
  function atCursor(): { document: vscode.TextDocument; found: vscode.Diagnostic[] } | undefined {
    const editor = lastEditor.value;
    if (!editor) return undefined;
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
    const document = lastEditor.value?.document;
    if (!document) return;
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

  /** A rule's id by itself, as an entry of the table of contents, or as the page that a menu was opened on. */
  function ruleAbout(about: unknown): string | undefined {
    if (typeof about === 'string') return about;
    if (typeof about === 'object' && about !== null && 'kind' in about && 'id' in about)
      return about.kind === 'rule' ? String(about.id) : undefined;
    const page = viewer.current(about);
    return page?.kind === 'rule' ? page.id : undefined;
  }

  /** Into the code that was edited last; without any, into a new file of a language that the page has a snippet for. */
  async function insertPageSnippet(chosen: unknown): Promise<void> {
    const page = viewer.current(chosen);
    if (!page) {
      void vscode.window.showInformationMessage(messages.t('No page is open.'));
      return;
    }
    const { snippets } = page;
    const editor = lastEditor.value ?? (await newFile(snippets));
    if (!editor) return;
    const language = editor.document.languageId === 'python' ? 'python' : 'typescript';
    const prefix = snippets[language];
    if (prefix === undefined) {
      const name = { python: 'Python', typescript: 'TypeScript' }[language];
      const text = messages.t('This page has no snippet for {language}.', { language: name });
      void vscode.window.showInformationMessage(text);
      return;
    }
    const { document, viewColumn } = editor;
    const shown = await vscode.window.showTextDocument(document, viewColumn);
    await insertSnippet(parts.extensionPath, prefix, shown);
  }

  async function newFile(snippets: OfferedSnippets): Promise<vscode.TextEditor | undefined> {
    const names = { python: 'Python', typescript: 'TypeScript' } as const;
    const offered = (['typescript', 'python'] as const).filter(
      (language) => snippets[language] !== undefined,
    );
    const picked =
      offered.length === 1
        ? offered[0]
        : (
            await vscode.window.showQuickPick(
              offered.map((language) => ({ label: names[language], language })),
              { placeHolder: messages.t('Which language?') },
            )
          )?.language;
    if (!picked) return undefined;
    const document = await vscode.workspace.openTextDocument({ language: picked });
    return vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
  }

  async function openExample(language: ExampleLanguage): Promise<void> {
    const { code, at } = examples[language];
    const document = await vscode.workspace.openTextDocument({ language, content: code });
    const position = document.positionAt(code.indexOf(at));
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      selection: new vscode.Range(position, position),
    });
  }

  const { workspace } = parts;
  const handlers: Record<keyof typeof commandIds, (argument: unknown) => unknown> = {
    openDocumentation: (query) => viewer.search(typeof query === 'string' ? query : ''),
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
    showLog: () => parts.log.show(),
    restart: parts.restart,
    openPage: (id) => viewer.open(String(id)),
    insertSnippet: (prefix) => insertSnippet(parts.extensionPath, String(prefix), lastEditor.value),
    showFindings: (about) => parts.findingsList.show(ruleAbout(about)),
    insertPageSnippet,
    checkWorkspace: () => workspace.checkWorkspace(),
    cancelWorkspaceCheck: () => workspace.cancel(),
    clearWorkspace: () => workspace.clear(),
    groupWorkspaceByRule: () => workspace.group('rule'),
    groupWorkspaceByFile: () => workspace.group('file'),
    fixWorkspace: () => workspace.fix(undefined),
    fixWorkspaceNode: (node) => workspace.fix(node as Node),
    openExample: (language) => openExample(language === 'python' ? 'python' : 'typescript'),
  };
  return Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(commandIds[name as keyof typeof commandIds], handler),
  );
}
