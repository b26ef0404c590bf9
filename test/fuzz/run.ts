import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocksOf } from '../../src/documents/markdown';
import { randomNumbers } from '../unit/python/support/stdlib';
import type { Engine } from './engines';
import { mutate } from './mutations';

const ROOT = join(__dirname, '../..');

/** What went wrong with one text. */
export interface Failure {
  readonly text: string;
  readonly problem: string;
}

/** So many files are analysed together, where an engine gains from that. */
const BATCH = 100;

/** Code to break: the blocks of the rule pages, and whole files beside them. */
export function seeds(language: 'typescript' | 'python'): string[] {
  const folder = join(ROOT, 'docs/en/rules');
  const wanted = language === 'python' ? ['py'] : ['ts', 'tsx', 'js'];
  const blocks = readdirSync(folder).flatMap((name) =>
    codeBlocksOf(readFileSync(join(folder, name), 'utf8'))
      .filter((block) => wanted.includes(block.language))
      .map(({ code }) => code),
  );
  const corpus = join(ROOT, 'test/fixtures', language === 'python' ? 'python-differential' : 'differential');
  const files = readdirSync(corpus).map((name) => readFileSync(join(corpus, name), 'utf8'));
  return [...blocks, ...files];
}

/**
 * Has an engine analyse broken texts.
 * @param seed the same number gives the same texts.
 * @returns the texts on which it threw or took too long.
 */
export function fuzz(engine: Engine, texts: readonly string[], count: number, seed: number): Failure[] {
  const random = randomNumbers(seed);
  const failures: Failure[] = [];
  for (let done = 0; done < count; done += BATCH) {
    const broken = Array.from({ length: Math.min(BATCH, count - done) }, () =>
      mutate(texts[random(texts.length)] ?? '', random),
    );
    engine(broken).forEach((error, i) => {
      if (error !== undefined) failures.push({ text: broken[i] ?? '', problem: describe(error) });
    });
  }
  return failures;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export function problemOf(engine: Engine, text: string): string | undefined {
  const [error] = engine([text]);
  return error === undefined ? undefined : describe(error);
}

/** Leaves out lines, then characters, as long as the problem stays. */
export function minimise(engine: Engine, { text }: Failure): string {
  // What only shows among others is given back whole.
  if (problemOf(engine, text) === undefined) return text;
  let smallest = text;
  for (const separator of ['\n', '']) {
    let parts = smallest.split(separator);
    for (let size = Math.ceil(parts.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at < parts.length;) {
        const fewer = [...parts.slice(0, at), ...parts.slice(at + size)];
        if (problemOf(engine, fewer.join(separator)) !== undefined) parts = fewer;
        else at += size;
      }
    }
    smallest = parts.join(separator);
  }
  return smallest;
}
