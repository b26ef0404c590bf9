import type * as lsp from 'vscode-languageserver-types';
import * as vscode from 'vscode';
import { SOURCE, type DiagnosticData, type DiagnosticsResult } from '../core/protocol';
import type { Messages } from './messages';

type ReceivedDiagnostic = DiagnosticsResult['diagnostics'][number];

export function toRange(range: lsp.Range): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

/** A TS server invents paths with `/^/` for buffers that are no files; they stand for the document asked about. */
export function toUri(uri: string, document: vscode.Uri): vscode.Uri {
  return /(^|\/)\^\/|%5E\//iu.test(uri) ? document : vscode.Uri.parse(uri);
}

const severities = {
  1: vscode.DiagnosticSeverity.Error,
  2: vscode.DiagnosticSeverity.Warning,
  3: vscode.DiagnosticSeverity.Information,
  4: vscode.DiagnosticSeverity.Hint,
} as const;

/** @param pageOf the page on a rule; without one the rule's id is no link. */
export function toDiagnostic(
  received: ReceivedDiagnostic,
  document: vscode.Uri,
  messages: Messages,
  pageOf: (rule: string) => vscode.Uri | undefined,
): vscode.Diagnostic {
  const rule = String(received.code ?? '');
  const data: DiagnosticData = received.data as DiagnosticData;
  const diagnostic = new vscode.Diagnostic(
    toRange(received.range),
    messages.text(data),
    severities[received.severity ?? 2],
  );
  diagnostic.source = SOURCE;
  // The editor opens no command from here, only a resource.
  const target = pageOf(rule);
  diagnostic.code = target ? { value: rule, target } : rule;
  diagnostic.tags = (received.tags ?? []).map((tag) =>
    tag === 1 ? vscode.DiagnosticTag.Unnecessary : vscode.DiagnosticTag.Deprecated,
  );
  diagnostic.relatedInformation = (received.relatedInformation ?? []).map(({ location, message }, index) => {
    const translatable = data.related[index];
    return new vscode.DiagnosticRelatedInformation(
      new vscode.Location(toUri(location.uri, document), toRange(location.range)),
      translatable ? messages.text(translatable) : message,
    );
  });
  return diagnostic;
}

/** Rule id of one of our diagnostics. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}

export function isOurs(diagnostic: vscode.Diagnostic): boolean {
  return diagnostic.source === SOURCE;
}

export function toTextEdit(edit: lsp.TextEdit): vscode.TextEdit {
  return new vscode.TextEdit(toRange(edit.range), edit.newText);
}

export function toWorkspaceEdit(edit: lsp.WorkspaceEdit, document: vscode.Uri): vscode.WorkspaceEdit {
  const result = new vscode.WorkspaceEdit();
  for (const [uri, edits] of Object.entries(edit.changes ?? {})) {
    result.set(
      toUri(uri, document),
      edits.map((change) => toTextEdit(change)),
    );
  }
  return result;
}
