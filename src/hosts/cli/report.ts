import { createHash } from 'node:crypto';
import type { Level } from '../../core/finding';
import type { Range } from '../../core/text';

export interface ReportedEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

export interface ReportedFix {
  readonly title: string;
  readonly safety: 'safe' | 'suggestion';
  readonly edits: readonly ReportedEdit[];
}

/** A finding as plain data, ready to be printed, kept and sent between threads. Paths are absolute. */
export interface Report {
  readonly file: string;
  readonly rule: string;
  readonly severity: Exclude<Level, 'off'>;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly ReportedFix[];
  /** The line it begins on, without the space around it: tells it from others when lines move. */
  readonly text: string;
}

export function isProblem({ severity }: Report): boolean {
  return severity === 'error' || severity === 'warning';
}

/** By file, then position. */
export function byPlace(a: Report, b: Report): number {
  const compare = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    compare(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    compare(a.rule, b.rule)
  );
}

/** What makes a finding the same one when lines around it move; equal lines are told apart by counting them. */
export function fingerprint({ rule, text }: Report, file: string, occurrence: number): string {
  const hash = createHash('sha256').update([rule, file, text, occurrence].join('\0'));
  return hash.digest('hex').slice(0, 16);
}

/**
 * The fingerprints of findings, in their order.
 * @param nameOf how a file is called, wherever the project is checked out.
 */
export function fingerprints(reports: readonly Report[], nameOf: (file: string) => string): string[] {
  const seen = new Map<string, number>();
  return reports.map((report) => {
    const key = [report.file, report.rule, report.text].join('\0');
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return fingerprint(report, nameOf(report.file), occurrence);
  });
}
