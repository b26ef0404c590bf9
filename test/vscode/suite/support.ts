import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import * as vscode from 'vscode';

const pollMs = 50;

/** The folder that is open: the run's own copy of a workspace, free to be changed. */
export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no folder is open');
  return folder.uri;
}

/**
 * Opens a file of the workspace in an editor.
 *
 * @param path the file, relative to the workspace folder
 * @param content replaces the file's content on disk first; the file is made when it does not exist
 * @returns the editor that shows the file
 */
export async function openFile(path: string, content?: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(workspaceFolder(), path);
  if (content !== undefined) await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** Closes all editors; what was not saved is lost. */
export async function closeAllEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.isUntitled) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/**
 * The position of a piece of text.
 *
 * @param document where to look
 * @param text what to look for; its first occurrence counts
 * @param offset counted in UTF-16 units from the beginning of `text`
 * @returns the position
 * @throws Error when the text does not occur
 */
export function positionOf(document: vscode.TextDocument, text: string, offset = 0): vscode.Position {
  const index = document.getText().indexOf(text);
  if (index < 0) throw new Error(`${basename(document.fileName)} does not contain ${JSON.stringify(text)}`);
  return document.positionAt(index + offset);
}

/** The range of the first occurrence of a piece of text. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  return new vscode.Range(positionOf(document, text), positionOf(document, text, text.length));
}

/**
 * Types text through the editor as a keyboard would, so that whatever listens to typing reacts.
 *
 * @param editor where to type; made the active editor
 * @param position where to put the cursor first
 * @param text what to type, one key press per character
 */
export async function typeText(
  editor: vscode.TextEditor,
  position: vscode.Position,
  text: string,
): Promise<void> {
  const active = await vscode.window.showTextDocument(editor.document);
  active.selection = new vscode.Selection(position, position);
  for (const character of text) await vscode.commands.executeCommand('type', { text: character });
}

/** Replaces the whole text of a document in its editor, without saving it. */
export async function replaceText(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${document.fileName} could not be changed`);
}

/**
 * Inserts a snippet in an editor as choosing it from the suggestions does.
 *
 * @param editor where; made the active editor
 * @param position where to put the cursor first
 * @param options `name` of the snippet within the language's snippets
 */
export async function insertSnippet(
  editor: vscode.TextEditor,
  position: vscode.Position,
  options: { readonly langId: string; readonly name: string },
): Promise<void> {
  const active = await vscode.window.showTextDocument(editor.document);
  active.selection = new vscode.Selection(position, position);
  await vscode.commands.executeCommand('editor.action.insertSnippet', options);
}

/** Saves a document as the save command does, with everything that is set to happen on save. */
export async function saveDocument(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.save');
  await until(
    () => !document.isDirty,
    10_000,
    () => `${document.fileName} was not saved`,
  );
}

/** The rule id a diagnostic carries in its code; undefined when it has no code. */
export function ruleOf(diagnostic: vscode.Diagnostic): string | undefined {
  const { code } = diagnostic;
  if (code === undefined) return undefined;
  return String(typeof code === 'object' ? code.value : code);
}

/** The diagnostics of a file that one source has published. */
export function diagnosticsOf(uri: vscode.Uri, source = 'async-patterns'): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === source);
}

/**
 * Waits until the diagnostics of a file are as wanted.
 *
 * @param uri the file
 * @param wanted given all diagnostics of the file, whoever published them
 * @param timeoutMs how long to wait
 * @returns the diagnostics that were as wanted
 * @throws Error listing the last diagnostics when the time is over
 */
export async function waitForDiagnostics(
  uri: vscode.Uri,
  wanted: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
  timeoutMs = 30_000,
): Promise<readonly vscode.Diagnostic[]> {
  let latest = vscode.languages.getDiagnostics(uri);
  await until(
    () => {
      latest = vscode.languages.getDiagnostics(uri);
      return wanted(latest);
    },
    timeoutMs,
    () => `the diagnostics of ${basename(uri.path)} did not become as wanted; they are ${describe(latest)}`,
  );
  return latest;
}

/** Waits until a file has a finding of a rule, and returns the first one. */
export async function waitForRule(
  uri: vscode.Uri,
  rule: string,
  timeoutMs?: number,
): Promise<vscode.Diagnostic> {
  const found = await waitForDiagnostics(
    uri,
    (all) => all.some((diagnostic) => ruleOf(diagnostic) === rule),
    timeoutMs,
  );
  const finding = found.find((diagnostic) => ruleOf(diagnostic) === rule);
  if (finding === undefined) throw new Error(`no ${rule} in ${basename(uri.path)}`);
  return finding;
}

/** Waits until no finding of a rule is left in a file. */
export async function waitUntilRuleGone(uri: vscode.Uri, rule: string, timeoutMs?: number): Promise<void> {
  await waitForDiagnostics(uri, (all) => all.every((diagnostic) => ruleOf(diagnostic) !== rule), timeoutMs);
}

/**
 * Everything the hover at a position shows.
 *
 * @param uri the file, open in an editor
 * @param position where the mouse rests
 * @returns the Markdown of all hovers there, joined by blank lines
 */
export async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : JSON.stringify(content)))
    .join('\n\n');
}

/** Waits until the hover at a position contains a text, and returns the whole hover. */
export async function waitForHover(
  uri: vscode.Uri,
  position: vscode.Position,
  text: string,
  timeoutMs = 30_000,
): Promise<string> {
  let latest = '';
  await until(
    async () => {
      latest = await hoverText(uri, position);
      return latest.includes(text);
    },
    timeoutMs,
    () => `the hover does not contain ${JSON.stringify(text)}; it is ${JSON.stringify(latest)}`,
  );
  return latest;
}

/**
 * The code actions of a range, with their edits.
 *
 * @param uri the file, open in an editor
 * @param range the range, such as a diagnostic's
 * @param kind only actions of this kind or below it
 * @returns the actions; plain commands are left out
 */
export async function codeActions(
  uri: vscode.Uri,
  range: vscode.Range,
  kind: vscode.CodeActionKind = vscode.CodeActionKind.QuickFix,
): Promise<vscode.CodeAction[]> {
  const resolveCount = 100;
  const found = await vscode.commands.executeCommand<(vscode.CodeAction | vscode.Command)[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    kind.value,
    resolveCount,
  );
  return found.filter(
    (action): action is vscode.CodeAction => !('command' in action && typeof action.command === 'string'),
  );
}

/** Picks the one code action whose title contains a text; the error lists what there is instead. */
export function actionTitled(actions: readonly vscode.CodeAction[], text: string): vscode.CodeAction {
  const found = actions.find((action) => action.title.includes(text));
  if (found !== undefined) return found;
  throw new Error(
    `no action with ${JSON.stringify(text)} among ${JSON.stringify(actions.map((action) => action.title))}`,
  );
}

/** Does what choosing a code action does: applies its edit, then runs its command. */
export async function applyCodeAction(action: vscode.CodeAction): Promise<void> {
  if (action.edit !== undefined && !(await vscode.workspace.applyEdit(action.edit))) {
    throw new Error(`the edit of ${JSON.stringify(action.title)} could not be applied`);
  }
  if (action.command === undefined) return;
  const commandArguments: unknown[] = action.command.arguments ?? [];
  await vscode.commands.executeCommand(action.command.command, ...commandArguments);
}

/**
 * Changes a setting of the workspace.
 *
 * @param name the full name, such as `asyncPatterns.preset`
 * @param value the new value; undefined takes the setting back
 */
export async function setSetting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Workspace);
}

/**
 * Waits until a condition holds.
 *
 * @param condition asked again and again
 * @param timeoutMs how long to wait
 * @param failure says what is missing when the time is over
 * @throws Error with `failure()` when the time is over
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  failure: () => string,
): Promise<void> {
  if (!(await holdsWithin(timeoutMs, condition))) throw new Error(`${failure()} (waited ${timeoutMs} ms)`);
}

async function holdsWithin(timeoutMs: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** Whether the active tab shows a page of the documents as a page, not as Markdown. */
export function isShown(ending: string): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom && input.uri.path.endsWith(ending);
}

/** Waits until the active tab is the page whose path ends so. */
export async function waitForPage(ending: string): Promise<void> {
  await until(
    () => isShown(ending),
    20_000,
    () =>
      `no page ${ending}; the tab is ${vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? 'none'}`,
  );
}

/**
 * Chooses the first entry of the list that a command shows, and waits for what follows.
 * The list is asked for again where something else took the focus and so closed it, as a page does that has just loaded.
 *
 * @param show carries out the command; ends when the list has closed
 * @param done whether the choice has had its effect
 */
export async function chooseFirst(show: () => Thenable<unknown>, done: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 6; attempt++) {
    const isClosed = Promise.resolve(show()).then(() => true);
    for (let presses = 0; presses < 40 && !(await Promise.race([isClosed, delay(200)])); presses++) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    if (await holdsWithin(5000, done)) return;
  }
  throw new Error('choosing from the list has no effect');
}

function describe(diagnostics: readonly vscode.Diagnostic[]): string {
  return JSON.stringify(
    diagnostics.map(
      (diagnostic) =>
        `${diagnostic.range.start.line + 1}: ${diagnostic.source ?? ''}(${ruleOf(diagnostic) ?? ''}) ${diagnostic.message}`,
    ),
  );
}
