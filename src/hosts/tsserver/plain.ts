/** Findings in tsserver's own terms, for editors that know no requests of ours. */
import type ts from 'typescript';
import { formatMessage, type Finding } from '../../core/finding';
import { SOURCE } from '../../core/protocol';
import type { ProjectAnalysis } from './project-analysis';

type TypeScript = typeof ts;

/** tsserver wants numbers; these are far above TypeScript's own and stay the same within one server. */
const FIRST_CODE = 990_001;

export class Codes {
  constructor(private readonly ids: readonly string[]) {}

  of(rule: string): number {
    // The engine's own reports (unused suppressions) share the number after the last rule.
    const index = this.ids.indexOf(rule);
    return FIRST_CODE + (index < 0 ? this.ids.length : index);
  }

  get all(): string[] {
    return [...this.ids, ''].map((_, index) => String(FIRST_CODE + index));
  }

  includes(code: number): boolean {
    return code >= FIRST_CODE && code <= FIRST_CODE + this.ids.length;
  }
}

export function toTsDiagnostic(
  tsc: TypeScript,
  finding: Finding,
  program: ts.Program,
  file: ts.SourceFile,
  codes: Codes,
): ts.Diagnostic {
  const category =
    finding.level === 'error'
      ? tsc.DiagnosticCategory.Error
      : finding.level === 'warning'
        ? tsc.DiagnosticCategory.Warning
        : tsc.DiagnosticCategory.Suggestion;
  return {
    file,
    start: finding.span.start,
    length: finding.span.end - finding.span.start,
    messageText: `${formatMessage(finding.message)} (${finding.rule})`,
    category,
    code: codes.of(finding.rule),
    source: SOURCE,
    ...(finding.unnecessary ? { reportsUnnecessary: {} } : {}),
    relatedInformation: finding.related.flatMap(({ file: name, span, message }) => {
      const other = program.getSourceFile(name);
      if (!other) return [];
      const { start, end } = span;
      return [
        {
          file: other,
          start,
          length: end - start,
          messageText: formatMessage(message),
          category: tsc.DiagnosticCategory.Message,
          code: codes.of(finding.rule),
        },
      ];
    }),
  };
}

/**
 * tsserver's code fixes for our findings in a range. Editors ask with the range and code of a diagnostic: where one is
 * just there, others that overlap it are not meant.
 */
export function codeFixes(
  project: ProjectAnalysis,
  program: ts.Program,
  file: ts.SourceFile,
  { start, end, isAsked }: { start: number; end: number; isAsked: (rule: string) => boolean },
): ts.CodeFixAction[] {
  const { findings } = project.analysis(program, file);
  const touched = findings.filter(
    ({ rule, span }) => isAsked(rule) && span.start <= end && start <= span.end,
  );
  const exact = touched.filter(({ span }) => span.start === start && span.end === end);
  return (exact.length > 0 ? exact : touched).flatMap((finding) =>
    project.fixesOf(program, finding).map((fix) => ({
      fixName: `async-patterns:${finding.rule}`,
      description: formatMessage(fix.title),
      changes: [...new Set(fix.edits.map((edit) => edit.file))].map((fileName) => ({
        fileName,
        textChanges: fix.edits
          .filter((edit) => edit.file === fileName)
          .map(({ span, newText }) => ({
            span: { start: span.start, length: span.end - span.start },
            newText,
          })),
      })),
    })),
  );
}
