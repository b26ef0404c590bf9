/** Two sets of findings on the same file side by side: ours and another linter's. */
import { formatMessage, type Finding } from '../../src/core/finding';
import { LineMap } from '../../src/core/text';

export interface Difference {
  /** Line counted from 1. */
  readonly line: number;
  readonly rule: string;
  /** Who reports something that starts on this line, where the other does not. */
  readonly only: 'us' | 'them';
  readonly message: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Findings on which both agree. */
  readonly agreed: number;
}

/** Messages by `line rule`, lines counted from 1. */
export type ByLine = ReadonlyMap<string, string>;

export function byLine(findings: readonly Finding[], text: string): ByLine {
  const lines = new LineMap(text);
  return new Map(
    findings.map(({ span, rule, message, level }) => [
      `${lines.positionAt(span.start).line + 1} ${rule}`,
      `${level}: ${formatMessage(message)}`,
    ]),
  );
}

/** A finding counts by its first line and our rule's id. */
export function comparisonOf(ours: ByLine, theirs: ByLine): Comparison {
  const differences: Difference[] = [];
  const collect = (from: ByLine, other: ByLine, only: Difference['only']) => {
    for (const [key, message] of from) {
      if (other.has(key)) continue;
      const [line = '', rule = ''] = key.split(' ');
      differences.push({ line: Number(line), rule, only, message });
    }
  };
  collect(ours, theirs, 'us');
  collect(theirs, ours, 'them');
  differences.sort((a, b) => a.line - b.line);
  return { differences, agreed: [...ours.keys()].filter((key) => theirs.has(key)).length };
}
