/** What is found in the pinned packages, in a form that people can review, and what changed in it. */
import type { JsonFinding } from '../../src/hosts/cli/formats/json';

/**
 * By package and rule, one line for each finding, in the order of the files: `warning src/a.ts:12 void save()`.
 * What is equal in two snapshots is equal as text.
 */
export type Snapshot = Readonly<Record<string, PackageSnapshot>>;
export type PackageSnapshot = Readonly<Record<string, readonly string[]>>;

export interface Change {
  readonly package: string;
  readonly rule: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** One finding of a snapshot, taken apart again. */
export interface SnapshotEntry {
  readonly level: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Lines of code are shortened to this many UTF-16 units. */
const LONGEST = 120;

/**
 * @param findings those of one package, sorted by file and position.
 * @param textOf the text of a file.
 */
export function packageSnapshot(
  findings: readonly JsonFinding[],
  textOf: (file: string) => string,
): PackageSnapshot {
  const byRule: Record<string, string[]> = {};
  for (const { file, rule, severity, range } of findings) {
    const line = textOf(file).split(/\r\n|\r|\n/)[range.start.line] ?? '';
    const place = `${file}:${(range.start.line + 1).toString()}`;
    (byRule[rule] ??= []).push(`${severity} ${place} ${shortened(line)}`.trimEnd());
  }
  return Object.fromEntries(Object.entries(byRule).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A line of code as snapshots and verdicts keep it. */
export function shortened(line: string): string {
  return line.trim().slice(0, LONGEST).trimEnd();
}

/** @throws Error for a line that no snapshot has. */
export function parseEntry(line: string): SnapshotEntry {
  const [, level, file, number, text] = /^(\S+) (.+?):(\d+)(?: (.*))?$/.exec(line) ?? [];
  if (level === undefined || file === undefined) throw new Error(`This is no finding: ${line}`);
  return { level, file, line: Number(number), text: text ?? '' };
}

/** What is in one snapshot only, by package and rule. The same line may be there more than once. */
export function compare(before: Snapshot, after: Snapshot): Change[] {
  return keysOf(before, after).flatMap((name) =>
    keysOf(before[name] ?? {}, after[name] ?? {}).flatMap((rule): Change[] => {
      const was = before[name]?.[rule] ?? [];
      const is = after[name]?.[rule] ?? [];
      const [added, removed] = [without(is, was), without(was, is)];
      return added.length + removed.length > 0 ? [{ package: name, rule, added, removed }] : [];
    }),
  );
}

function keysOf(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

/** The lines that are left when each line of another list has taken one away. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** How changes are printed. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
}

/** The changes for a terminal: package, rule, and below them what is new and what is gone, in the order of the files. */
export function formatChanges(changes: readonly Change[], { bold, green, red }: Colours): string {
  let last: string | undefined;
  const lines: string[] = [];
  for (const { package: name, rule, added, removed } of changes) {
    if (name !== last) lines.push(bold(name));
    last = name;
    lines.push(`  ${rule}`);
    const all = [
      ...removed.map((line) => ({ line, sign: '-' })),
      ...added.map((line) => ({ line, sign: '+' })),
    ];
    const placed = all.map((one) => ({ ...one, entry: parseEntry(one.line) }));
    placed.sort(
      (a, b) =>
        (a.entry.file < b.entry.file ? -1 : a.entry.file > b.entry.file ? 1 : 0) ||
        a.entry.line - b.entry.line,
    );
    for (const { line, sign } of placed) lines.push((sign === '+' ? green : red)(`    ${sign} ${line}`));
  }
  const count = (side: 'added' | 'removed') => changes.reduce((sum, change) => sum + change[side].length, 0);
  lines.push(`${count('added').toString()} added, ${count('removed').toString()} removed`);
  return lines.join('\n');
}
