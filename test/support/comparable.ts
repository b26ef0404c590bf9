import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-types';
import type { Range } from '../../src/core/text';
import type { JsonFinding } from '../../src/hosts/cli/formats/json';

/** A finding as every host can tell it. */
export type Comparable = Omit<JsonFinding, 'docs'>;

const SEVERITIES = { 1: 'error', 2: 'warning', 3: 'information', 4: 'hint' } as const;

/** The findings in one order, their edits too: hosts list both as they like. */
export function comparable(findings: readonly Comparable[]): Comparable[] {
  return findings
    .map(({ file, rule, severity, message, range, related, fixes }) => ({
      ...{ file, rule, severity, message, range, related },
      fixes: fixes.map(({ title, safety, edits }) => ({
        title,
        safety,
        edits: edits
          .map(({ file: of, range: at, newText }) => ({ file: of, range: at, newText }))
          .sort(byPlace),
      })),
    }))
    .sort((a, b) => byPlace(a, b) || compare(a.rule, b.rule) || compare(a.message, b.message));
}

interface Placed {
  readonly file: string;
  readonly range: Range;
}

function byPlace(a: Placed, b: Placed): number {
  return (
    compare(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A diagnostic of the Language Server Protocol and the actions offered where it is.
 * @param folder the file names are relative to it.
 */
export function fromLsp(
  folder: string,
  uri: string,
  diagnostic: Diagnostic,
  actions: readonly CodeAction[],
): Comparable {
  const nameOf = (of: string) => relative(folder, fileURLToPath(of));
  const { code, severity = 2, message, range, relatedInformation = [] } = diagnostic;
  const edits = (of: string, made: readonly TextEdit[]) =>
    made.map(({ range: at, newText }) => ({ file: nameOf(of), range: at, newText }));
  return {
    file: nameOf(uri),
    rule: String(code),
    severity: SEVERITIES[severity],
    message: typeof message === 'string' ? message : message.value,
    range,
    related: relatedInformation.map((one) => ({
      file: nameOf(one.location.uri),
      range: one.location.range,
      message: one.message,
    })),
    fixes: actions
      .filter((action) => action.diagnostics?.some((about) => isSame(about, diagnostic)))
      .map(({ title, isPreferred, edit }) => ({
        title,
        safety: isPreferred ? 'safe' : 'suggestion',
        edits: Object.entries(edit?.changes ?? {}).flatMap(([of, made]) => edits(of, made)),
      })),
  };
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  const parts = ({ code, range, message }: Diagnostic) => JSON.stringify([code, range, message]);
  return parts(a) === parts(b);
}
