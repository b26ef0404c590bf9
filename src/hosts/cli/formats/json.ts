import type { Level } from '../../../core/finding';
import type { Range } from '../../../core/text';
import type { Report } from '../report';

/** One finding as `--format json` prints it; positions are zero-based UTF-16, files relative to the working directory. */
export interface JsonFinding {
  readonly file: string;
  readonly rule: string;
  readonly severity: Exclude<Level, 'off'>;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: string;
    readonly edits: readonly { readonly file: string; readonly range: Range; readonly newText: string }[];
  }[];
  readonly docs: string;
}

/** @param nameOf how a file is called. */
export function formatJson(reports: readonly Report[], nameOf: (file: string) => string): string {
  const findings = reports.map(({ file, rule, severity, message, range, related, fixes }): JsonFinding => ({
    file: nameOf(file),
    rule,
    severity,
    message,
    range,
    related: related.map((one) => ({ ...one, file: nameOf(one.file) })),
    fixes: fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => ({ ...edit, file: nameOf(edit.file) })),
    })),
    docs: `docs/en/rules/${rule}.md`,
  }));
  return `${JSON.stringify(findings, null, 1)}\n`;
}
