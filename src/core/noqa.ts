/** The comments with which other Python linters are told to be silent. */
import type { FileFacts } from './facts';
import type { Finding } from './finding';
import type { LineMap } from './text';

/** Rule id to the codes that other linters have for the same thing. */
export type ForeignCodes = ReadonlyMap<string, readonly string[]>;

/** `# noqa`, `# noqa: A1, B2`, for a file `# ruff: noqa` and `# flake8: noqa: A1`; other words may stand around. */
const PATTERN = /(?:^|#\s*)(ruff:\s*|flake8[:=]\s*)?noqa(?::[ \t]*([A-Z]+[0-9]+(?:[ \t,]+[A-Z]+[0-9]+)*))?/i;

/**
 * Drops the findings that a `noqa` comment for the same thing silences: at the end of the line on which the finding
 * starts or ends, or for the whole file.
 */
export function applyNoqa(
  facts: FileFacts,
  findings: readonly Finding[],
  lines: LineMap,
  codes: ForeignCodes,
): readonly Finding[] {
  if (findings.length === 0 || !/noqa/i.test(facts.text)) return findings;
  const inFile: (readonly string[])[] = [];
  const onLine = new Map<number, readonly string[]>();
  for (const { text, span } of facts.comments) {
    const match = PATTERN.exec(text);
    if (!match) continue;
    const [, whole, list = ''] = match;
    const named = list
      .toUpperCase()
      .split(/[ \t,]+/)
      .filter((code) => code !== '');
    if (whole === undefined) onLine.set(lines.positionAt(span.start).line, named);
    else inFile.push(named);
  }
  const silences = (named: readonly string[] | undefined, rule: string): boolean => {
    if (!named) return false;
    const own = codes.get(rule) ?? [];
    return named.length === 0 || named.some((code) => own.includes(code));
  };
  return findings.filter(({ rule, span }) => {
    const at = [span.start, span.end].map((offset) => onLine.get(lines.positionAt(offset).line));
    return ![...inFile, ...at].some((named) => silences(named, rule));
  });
}
