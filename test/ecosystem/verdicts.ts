/** Keeps the verdicts on findings in step with a snapshot. */
import type { Verdict, VerdictFile } from '../../src/tools/precision';
import type { Pinned } from './packages';
import { parseEntry, type Snapshot } from './snapshot';

export interface Refreshed {
  readonly file: VerdictFile;
  /** Verdicts on findings that are gone; they are not in the file any more. */
  readonly gone: readonly Verdict[];
}

/**
 * Counts the findings of a snapshot anew, gives verdicts the level that their findings have now, and drops those whose
 * findings are gone.
 * @param packages those that the file speaks of.
 */
export function refreshVerdicts(
  file: VerdictFile,
  snapshot: Snapshot,
  packages: readonly Pinned[],
): Refreshed {
  const findings: Record<string, Record<string, number>> = {};
  const levels = new Map<string, string>();
  for (const { name } of packages)
    for (const [rule, lines] of Object.entries(snapshot[name] ?? {}))
      for (const entry of lines.map(parseEntry)) {
        const counts = (findings[rule] ??= {});
        counts[entry.level] = (counts[entry.level] ?? 0) + 1;
        levels.set(keyOf({ ...entry, rule, package: name }), entry.level);
      }
  const verdicts = file.verdicts.flatMap((verdict) => {
    const level = levels.get(keyOf(verdict));
    return level === undefined ? [] : [{ ...verdict, level }];
  });
  const versions = packages.map(({ name, version }): [string, string] => [name, version]);
  return {
    file: { ...file, packages: Object.fromEntries(versions), findings: sorted(findings), verdicts },
    gone: file.verdicts.filter((verdict) => !levels.has(keyOf(verdict))),
  };
}

function keyOf(place: Pick<Verdict, 'package' | 'rule' | 'file' | 'line' | 'text'>): string {
  return [place.package, place.rule, place.file, place.line, place.text].join('\0');
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
