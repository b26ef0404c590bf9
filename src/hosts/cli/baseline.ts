import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { isRecord } from '../../core/config';
import { slashed, systemReason } from './discover';
import { InputError } from './engine';
import { byPlace, type Report } from './report';
import { writeAtomically } from './write';

/** By absolute file, rule and text of the line: how many findings are known. */
export type BaselineEntries = ReadonlyMap<string, number>;

interface BaselineFile {
  readonly version: 1;
  /** By file, relative to this one; then by rule; then by the text of the line. */
  readonly findings: Record<string, Record<string, Record<string, number>>>;
}

function keyOf({ file, rule, text }: Pick<Report, 'file' | 'rule' | 'text'>): string {
  return [file, rule, text].join('\0');
}

/** Uses known findings up, one for each that is met again. */
export class Baseline {
  private readonly left: Map<string, number>;

  constructor(entries: BaselineEntries) {
    this.left = new Map(entries);
  }

  /** Whether the finding is a known one. */
  takes(report: Report): boolean {
    const key = keyOf(report);
    const count = this.left.get(key) ?? 0;
    if (count > 0) this.left.set(key, count - 1);
    return count > 0;
  }
}

/**
 * Reads a baseline.
 * @throws InputError where there is none or it is something else.
 */
export function readBaseline(path: string): BaselineEntries {
  const wrong = (reason: string) =>
    new InputError(`${path}: ${reason}; write it anew with --update-baseline.`);
  if (!existsSync(path)) throw wrong('no such file');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrong(systemReason(error).replace(/\.$/, ''));
  }
  const findings = isRecord(value) && value['version'] === 1 ? value['findings'] : undefined;
  if (!isRecord(findings)) throw wrong('this is no baseline');
  const entries = new Map<string, number>();
  for (const [name, rules] of Object.entries(findings)) {
    const file = slashed(resolve(dirname(path), name));
    for (const [rule, lines] of Object.entries(isRecord(rules) ? rules : {}))
      for (const [text, count] of Object.entries(isRecord(lines) ? lines : {})) {
        if (typeof count !== 'number') throw wrong('this is no baseline');
        entries.set(keyOf({ file, rule, text }), count);
      }
  }
  return entries;
}

/** Writes a baseline that knows all these findings, in an order that gives small diffs. */
export async function writeBaseline(path: string, reports: readonly Report[]): Promise<void> {
  const findings: BaselineFile['findings'] = {};
  for (const { file, rule, text } of [...reports].sort(byPlace)) {
    const rules = (findings[slashed(relative(dirname(resolve(path)), file))] ??= {});
    const lines = (rules[rule] ??= {});
    lines[text] = (lines[text] ?? 0) + 1;
  }
  const content: BaselineFile = { version: 1, findings };
  await writeAtomically(path, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`));
}
