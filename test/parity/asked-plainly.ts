/** What a TS server says in its own terms, as any editor asks it. */
import { relative } from 'node:path';
import type { Comparable } from '../support/comparable';
import type { TsServer } from '../tsserver/client';

interface Place {
  readonly line: number;
  readonly offset: number;
}

interface Diagnostic {
  readonly start: Place;
  readonly end: Place;
  readonly text: string;
  readonly code: number;
  readonly category: string;
  readonly source?: string;
  readonly relatedInformation?: readonly {
    readonly span: { readonly file: string; readonly start: Place; readonly end: Place };
    readonly message: string;
  }[];
}

interface CodeFix {
  readonly description: string;
  readonly changes: readonly {
    readonly fileName: string;
    readonly textChanges: readonly {
      readonly start: Place;
      readonly end: Place;
      readonly newText: string;
    }[];
  }[];
}

/** Our findings in an open file, with the fixes that are offered where each is. */
export async function askedPlainly(server: TsServer, folder: string, file: string): Promise<Comparable[]> {
  const found: Comparable[] = [];
  const nameOf = (of: string) => relative(folder, of);
  for (const command of ['semanticDiagnosticsSync', 'suggestionDiagnosticsSync']) {
    for (const diagnostic of await server.request<Diagnostic[]>(command, { file })) {
      const { start, end, text, code, category, source, relatedInformation = [] } = diagnostic;
      if (source !== 'async-patterns') continue;
      const [, message = '', rule = ''] = /^(.*) \((.*)\)$/u.exec(text) ?? [];
      const fixes = await server.request<CodeFix[]>('getCodeFixes', {
        file,
        startLine: start.line,
        startOffset: start.offset,
        endLine: end.line,
        endOffset: end.offset,
        errorCodes: [code],
      });
      found.push({
        file: nameOf(file),
        rule,
        severity: category as Comparable['severity'],
        message,
        range: rangeOf({ start, end }),
        related: relatedInformation.map(({ span, message: about }) => ({
          file: nameOf(span.file),
          range: rangeOf(span),
          message: about,
        })),
        fixes: fixes.map(({ description, changes }) => ({
          title: description,
          safety: 'suggestion',
          edits: changes.flatMap(({ fileName, textChanges }) =>
            textChanges.map((change) => ({
              file: nameOf(fileName),
              range: rangeOf(change),
              newText: change.newText,
            })),
          ),
        })),
      });
    }
  }
  return found;
}

/** A finding as far as TS servers can tell it: all that is mild is a suggestion, and no fix is preferred. */
export function asTsServersTell({ severity, fixes, ...finding }: Comparable): Comparable {
  const isMild = severity === 'information' || severity === 'hint';
  return {
    ...finding,
    severity: (isMild ? 'suggestion' : severity) as Comparable['severity'],
    fixes: fixes.map((fix) => ({ ...fix, safety: 'suggestion' })),
  };
}

function rangeOf({ start, end }: { readonly start: Place; readonly end: Place }) {
  const zeroBased = ({ line, offset }: Place) => ({ line: line - 1, character: offset - 1 });
  return { start: zeroBased(start), end: zeroBased(end) };
}
