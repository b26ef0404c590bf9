import * as vscode from 'vscode';
import { UNUSED_SUPPRESSION } from '../core/suppression';
import { ruleOf } from './convert';
import { ignoreFile, ignoreLine, type CommentStyle, type Insertion } from './ignore';

function linesOf(document: vscode.TextDocument): string[] {
  return Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line).text);
}

function editOf(
  document: vscode.TextDocument,
  insertion: Insertion | undefined,
): vscode.WorkspaceEdit | undefined {
  if (!insertion) return undefined;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(insertion.line, insertion.character), insertion.text);
  return edit;
}

function eolOf(document: vscode.TextDocument): string {
  return document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
}

function styleOf({ languageId }: vscode.TextDocument): CommentStyle {
  if (languageId === 'python') return 'hash';
  return languageId === 'typescript' ? 'slashes' : 'jsx';
}

/** False for findings about ignore comments themselves. */
export function canIgnore(diagnostic: vscode.Diagnostic): boolean {
  return ruleOf(diagnostic) !== UNUSED_SUPPRESSION;
}

/** The edit that silences a finding on its line, where a comment can stand. */
export function ignoreLineEdit(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.WorkspaceEdit | undefined {
  const { line } = diagnostic.range.start;
  const [lines, style, eol] = [linesOf(document), styleOf(document), eolOf(document)];
  return editOf(document, ignoreLine(lines, line, ruleOf(diagnostic), style, eol));
}

/** The edit that silences a finding's rule in the whole file. */
export function ignoreFileEdit(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.WorkspaceEdit | undefined {
  const [lines, style, eol] = [linesOf(document), styleOf(document), eolOf(document)];
  return editOf(document, ignoreFile(lines, ruleOf(diagnostic), style, eol));
}
