import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-types';
import { formatMessage, type Finding, type Fix, type Level } from '../core/finding';
import type { LineMap } from '../core/text';
import { SOURCE, type DiagnosticData } from '../core/protocol';

/** Line map of any file a finding speaks of; undefined when its text is not at hand. */
export type LinesOf = (file: string) => LineMap | undefined;

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

export function toDiagnostic(
  finding: Finding,
  lines: LineMap,
  linesOf: LinesOf,
): Diagnostic & { readonly data: DiagnosticData } {
  const related = finding.related.flatMap((r) => {
    const map = linesOf(r.file);
    return map ? [{ ...r, range: map.rangeOf(r.span) }] : [];
  });
  return {
    range: lines.rangeOf(finding.span),
    severity: finding.level === 'off' ? 4 : SEVERITIES[finding.level],
    code: finding.rule,
    source: SOURCE,
    message: formatMessage(finding.message),
    ...(finding.unnecessary ? { tags: [1 as const] } : {}),
    relatedInformation: related.map(({ file, range, message }) => ({
      location: { uri: uriOf(file), range },
      message: formatMessage(message),
    })),
    data: {
      ...finding.message,
      related: related.map(({ message }) => message),
      fixable: finding.repairs.length > 0,
    },
  };
}

export function toCodeAction(fix: Fix, diagnostic: Diagnostic, linesOf: LinesOf): CodeAction {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of fix.edits) {
    const map = linesOf(edit.file);
    if (!map) continue;
    (changes[uriOf(edit.file)] ??= []).push({ range: map.rangeOf(edit.span), newText: edit.newText });
  }
  return {
    title: formatMessage(fix.title),
    kind: 'quickfix',
    isPreferred: fix.safety === 'safe',
    diagnostics: [diagnostic],
    edit: { changes },
    data: fix.title,
  };
}
