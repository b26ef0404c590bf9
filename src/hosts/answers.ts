/** What a host answers an editor, from the findings of one file. */
import type { CodeAction } from 'vscode-languageserver-types';
import { compatible } from '../core/edits';
import type { Edit, Finding, Fix } from '../core/finding';
import type { Lens } from '../core/lenses';
import { overlaps, type Range, type Span } from '../core/text';
import type { Notes } from '../notes';
import { toCodeAction, toDiagnostic, type Locate } from './lsp';
import {
  REFACTORING,
  type DiagnosticsResult,
  type FixAllResult,
  type HoverResult,
  type LensesResult,
} from '../core/protocol';

export interface AnalysedFile {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly locate: Locate;
  /** The fixes of one of the findings, best first. */
  readonly fixesOf: (finding: Finding) => readonly Fix[];
}

export type SentDiagnostic = DiagnosticsResult['diagnostics'][number];

/** @param uri only what is in this document: a notebook's file is many. */
export function diagnosticsIn({ file, findings, locate }: AnalysedFile, uri?: string): SentDiagnostic[] {
  return findings.flatMap((finding) => {
    const at = locate(file, finding.span);
    if (!at || (uri !== undefined && at.uri !== uri)) return [];
    return [toDiagnostic(finding, at.range, locate)];
  });
}

/** What a hover tells the editor side: names to look pages up by, and what is special here. */
export function toHover(
  range: Range,
  language: NonNullable<HoverResult['hover']>['language'],
  anchors: readonly string[],
  notes: Notes | undefined,
): NonNullable<HoverResult['hover']> {
  return { range, language, anchors, notes: notes?.messages ?? [], ...(notes && { page: notes.page }) };
}

/**
 * The quick fixes and refactorings of the findings that touch a span.
 * @param only the kinds that are wanted; all where left out.
 */
export function codeActionsIn(
  { file, findings, locate, fixesOf }: AnalysedFile,
  span: Span,
  only: readonly string[] | undefined,
): CodeAction[] {
  if (!isRequested(only, 'quickfix') && !isRequested(only, REFACTORING)) return [];
  return findings
    .filter((finding) => overlaps(finding.span, span) || isAt(finding.span, span))
    .flatMap((finding) => {
      const at = locate(file, finding.span);
      if (!at || finding.repairs.length === 0) return [];
      const diagnostic = toDiagnostic(finding, at.range, locate);
      return fixesOf(finding).map((fix) => toCodeAction(fix, diagnostic, locate));
    })
    .filter(({ kind = 'quickfix' }) => isRequested(only, kind));
}

/**
 * The safe fixes of the file.
 * @param uri only what is in this document: a notebook's file is many.
 */
export function fixAllIn(analysed: AnalysedFile, uri?: string): FixAllResult {
  const { file, findings, locate, fixesOf } = analysed;
  const safe = findings.flatMap((finding) => {
    if (finding.repairs.length === 0) return [];
    const fix = fixesOf(finding).find(({ safety }) => safety === 'safe');
    // A fix that also changes other files is not part of fixing this one.
    return fix?.edits.every((edit) => edit.file === file) ? [{ rule: finding.rule, fix }] : [];
  });
  const located = (edits: readonly Edit[]) =>
    edits.flatMap(({ span, newText }) => {
      const at = locate(file, span);
      return at && (uri === undefined || at.uri === uri) ? [{ range: at.range, newText }] : [];
    });
  const fixes = safe.map(({ rule, fix }) => ({ rule, edits: located(fix.edits), all: fix.edits.length }));
  return {
    edits: located(compatible(safe.map(({ fix }) => fix))),
    // Half a fix is none.
    fixes: fixes.flatMap(({ rule, edits, all }) => (edits.length === all ? [{ rule, edits }] : [])),
  };
}

function isAt(span: Span, cursor: Span): boolean {
  return cursor.start === cursor.end && span.start <= cursor.start && cursor.start <= span.end;
}

/** Kinds are prefixes: asking for `quickfix` or for everything includes ours. */
export function isRequested(only: readonly string[] | undefined, kind: string): boolean {
  return (
    !only || only.length === 0 || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`))
  );
}

/** @param rangeOf undefined for what is not in the document at hand. */
export function toLenses(lenses: readonly Lens[], rangeOf: (span: Span) => Range | undefined): LensesResult {
  return {
    lenses: lenses.flatMap(({ span, parts }) => {
      const range = rangeOf(span);
      if (!range) return [];
      return [
        {
          range,
          parts: parts.map(({ text, places }) => ({
            text,
            places: places.flatMap((at) => rangeOf(at) ?? []),
          })),
        },
      ];
    }),
  };
}
