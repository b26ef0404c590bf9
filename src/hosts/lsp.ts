import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-types';
import { formatMessage, type Finding, type Fix, type Level } from '../core/finding';
import type { Range, Span } from '../core/text';
import { REFACTORING, SOURCE, type DiagnosticData } from '../core/protocol';

/** A place in a document of the editor's: a notebook is many documents. */
export interface Located {
  readonly uri: string;
  readonly range: Range;
}

/** Finds the place of a span in any file a finding speaks of; undefined when the file's text is not at hand. */
export type Locate = (file: string, span: Span) => Located | undefined;

const SEVERITIES: Readonly<Record<Exclude<Level, 'off'>, 1 | 2 | 3 | 4>> = {
  error: 1,
  warning: 2,
  information: 3,
  hint: 4,
};

/** A file's URI; names that are no absolute paths (unsaved buffers) are passed on as they are. */
export function uriOf(file: string): string {
  return /^(\/|[a-zA-Z]:)/.test(file) && !file.startsWith('/^/') ? pathToFileURL(file).toString() : file;
}

/** @param range where the finding is in its document. */
export function toDiagnostic(
  finding: Finding,
  range: Range,
  locate: Locate,
): Diagnostic & { readonly data: DiagnosticData } {
  const related = finding.related.flatMap(({ file, span, message }) => {
    const location = locate(file, span);
    return location ? [{ location, message }] : [];
  });
  return {
    range,
    severity: finding.level === 'off' ? 4 : SEVERITIES[finding.level],
    code: finding.rule,
    source: SOURCE,
    message: formatMessage(finding.message),
    ...(finding.unnecessary ? { tags: [1 as const] } : {}),
    relatedInformation: related.map(({ location, message }) => ({
      location,
      message: formatMessage(message),
    })),
    data: {
      ...finding.message,
      related: related.map(({ message }) => message),
      fixable: finding.repairs.length > 0,
    },
  };
}

export function toCodeAction(fix: Fix, diagnostic: Diagnostic, locate: Locate): CodeAction {
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, span, newText } of fix.edits) {
    const at = locate(file, span);
    if (at) (changes[at.uri] ??= []).push({ range: at.range, newText });
  }
  return {
    title: formatMessage(fix.title),
    kind: fix.isRefactoring ? REFACTORING : 'quickfix',
    isPreferred: fix.safety === 'safe',
    diagnostics: [diagnostic],
    edit: { changes },
    data: fix.title,
  };
}
