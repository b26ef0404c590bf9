import * as vscode from 'vscode';
import { UNUSED_SUPPRESSION } from '../core/suppression';
import { ruleOf } from './convert';
import { ignoreFile, ignoreLine, type Insertion } from './ignore';

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

/** False for findings about ignore comments themselves. */
export function canIgnore(diagnostic: vscode.Diagnostic): boolean {
  return ruleOf(diagnostic) !== UNUSED_SUPPRESSION;
}

/** The edit that silences a finding on its line, where a comment can stand. */
export function ignoreLineEdit(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.WorkspaceEdit | undefined {
  const jsx = document.languageId !== 'typescript';
  const { line } = diagnostic.range.start;
  return editOf(document, ignoreLine(linesOf(document), line, ruleOf(diagnostic), jsx, eolOf(document)));
}

/** The edit that silences a finding's rule in the whole file. */
export function ignoreFileEdit(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.WorkspaceEdit | undefined {
  return editOf(document, ignoreFile(linesOf(document), ruleOf(diagnostic), eolOf(document)));
}
