import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import { LineMap } from '../../../src/core/text';
import { applyEdits, Sample } from '../support/analyse';

const RULE = 'unbounded-concurrency';

/** `line:level` of the rule's findings in `a.ts` (or the named file), lines counted from 1. */
function found(files: Record<string, string> | string, name = 'a.ts'): string[] {
  const sample = new Sample(typeof files === 'string' ? { [name]: files } : files);
  const lines = new LineMap(sample.sourceFile(name).text);
  return sample
    .findings(name)
    .filter((f) => f.rule === RULE)
    .map((f) => `${lines.positionAt(f.span.start).line + 1}:${f.level}`);
}

/** The text after the first fix of the first finding; undefined when none is offered. The result must type-check. */
function fixed(text: string, name = 'a.ts'): string | undefined {
  const sample = new Sample({ [name]: text });
  const [finding] = sample.findings(name).filter((f) => f.rule === RULE);
  assert.ok(finding, 'a finding');
  const [fix] = sample.fixes(finding);
  if (!fix) return undefined;
  assert.equal(fix.safety, 'suggestion');
  const result = applyEdits(text, fix.edits);
  const after = new Sample({ [name]: result });
  if (!name.endsWith('js')) assert.deepEqual(after.typeErrors(name), [], result);
  assert.deepEqual(
    after.summary(name).filter((line) => line.endsWith(RULE)),
    [],
    result,
  );
  return result;
}

const FETCH_ALL = (source: string, prelude = '') =>
  `${prelude}export async function f(xs: string[], n: number) {\n  return Promise.all(${source}.map((x) => fetch(String(x))));\n}`;

describe(RULE, () => {
  describe('finds', () => {
    it('every combinator over a map', () => {
      assert.deepEqual(
        found(`export async function f(xs: string[]) {
  await Promise.all(xs.map(async (x) => { await fetch(x); }));
  await Promise.allSettled(xs.map((x) => fetch(x)));
  await Promise.race(xs.filter(Boolean).map((x) => fetch(x)));
  await Promise.any(xs.map(fetch));
  await Promise.all(Array.from(xs, (x) => fetch(x)));
  await Promise.all([...xs.map((x) => fetch(x)), fetch('y')]);
  const started = xs.map((x) => fetch(x));
  await Promise.all(started);
}`),
        [
          '2:information',
          '3:information',
          '4:information',
          '5:information',
          '6:information',
          '7:information',
          '9:information',
        ],
      );
    });

    it('arrays filled in a loop', () => {
      assert.deepEqual(
        found(`export async function f(xs: string[]) {
  const a: Promise<unknown>[] = [];
  for (const x of xs) a.push(fetch(x));
  await Promise.all(a);
  const b: Promise<unknown>[] = [];
  for (let i = 0; i < xs.length; i++) b.push((async () => { await fetch(xs[i]!); })());
  await Promise.all(b);
  const c: Promise<unknown>[] = [];
  xs.forEach((x) => { c.push(fetch(x)); });
  await Promise.all(c);
}`),
        ['4:information', '7:information', '10:information'],
      );
    });

    it('resources within three calls, across files', () => {
      assert.deepEqual(
        found({
          'a.ts': `import { one } from './b';
export const near = (xs: string[]) => Promise.all(xs.map(async (x) => one(x)));
const four = (x: string) => one(x);
const five = (x: string) => four(x);
export const far = (xs: string[]) => Promise.all(xs.map(async (x) => five(x)));`,
          'b.ts': `export async function one(x: string) { return two(x); }
async function two(x: string) { const response = await fetch(x); return response.text(); }`,
        }),
        ['2:information'],
      );
    });

    it('processes, connections and promisified callbacks; files for information', () => {
      assert.deepEqual(
        found(`import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
const run = promisify(exec);
export async function f(xs: string[]) {
  await Promise.all(xs.map((x) => run(x)));
  await Promise.all(xs.map((x) => new Promise((resolve) => { net.connect(x, () => resolve(x)); })));
  await Promise.all(xs.map((x) => readFile(x)));
}`),
        ['7:information', '8:information', '9:information'],
      );
    });

    it('classes of libraries by their types', () => {
      assert.deepEqual(
        found({
          'node_modules/openai/index.d.ts':
            'export class Completions { create(o: unknown): Promise<string>; }\nexport default class OpenAI { chat: { completions: Completions }; }',
          'node_modules/pg/index.d.ts':
            'export class Pool { query(q: string): Promise<string>; }\nexport class Client { query(q: string): Promise<string>; }',
          'a.ts': `import OpenAI from 'openai';
import { Pool, Client } from 'pg';
declare const ai: OpenAI, pool: Pool, client: Client;
export async function f(xs: string[]) {
  await Promise.all(xs.map((x) => ai.chat.completions.create({ x })));
  await Promise.all(xs.map((x) => pool.query(x)));
  await Promise.all(xs.map((x) => client.query(x)));
}`,
        }),
        ['5:information', '6:information'],
      );
    });
  });

  describe('stays silent on', () => {
    const silent = (title: string, text: string | Record<string, string>, name?: string) =>
      it(title, () => assert.deepEqual(found(text, name), []));

    silent('literal arrays', FETCH_ALL("['a', 'b']"));
    silent('constants that are only ever a literal', FETCH_ALL('hosts', "const hosts = ['a', 'b'];\n"));
    silent('tuples', `export const f = (pair: [string, string]) => Promise.all(pair.map((x) => fetch(x)));`);
    silent('keys of object literals', FETCH_ALL('Object.keys(table)', 'const table = { a: 1, b: 2 };\n'));
    silent(
      'data in an address',
      'export const f = (xs: string[]) => Promise.all(xs.map((x) => fetch(`data:text/plain;base64,${x}`)));',
    );
    silent('enums', FETCH_ALL('Object.values(E)', "enum E { A = 'a' }\n"));
    silent('slices of constant size', FETCH_ALL('xs.slice(0, 10)'));
    silent('splices of constant size', FETCH_ALL('xs.splice(0, 10)'));
    silent(
      'chunks and pages',
      `export async function f(xs: string[][]) {
  for (const batch of xs) await Promise.all(batch.map((x) => fetch(x)));
}`,
    );
    silent(
      'a number of workers',
      FETCH_ALL('Array.from({ length: n })')
        .replace('n: number', 'n: number, concurrency = n')
        .replace('length: n', 'length: concurrency'),
    );
    silent(
      'loops of constant length',
      `export async function f() {
  const a: Promise<unknown>[] = [];
  for (let i = 0; i < 5; i++) a.push(fetch(String(i)));
  await Promise.all(a);
}`,
    );
    silent(
      'p-limit',
      `import pLimit from 'p-limit';
const limit = pLimit(4);
export const f = (xs: string[]) => Promise.all(xs.map((x) => limit(() => fetch(x))));`,
    );
    silent(
      'p-queue',
      `import PQueue from 'p-queue';
const work = new PQueue({ concurrency: 4 });
export const f = (xs: string[]) => Promise.all(xs.map((x) => work.add(() => fetch(x))));`,
    );
    silent(
      'a semaphore',
      `import { Semaphore } from 'async-mutex';
const gate = new Semaphore(4);
export const f = (xs: string[]) => Promise.all(xs.map(async (x) => gate.runExclusive(() => fetch(x))));
export const g = (xs: string[]) => Promise.all(xs.map(async (x) => { const [, release] = await gate.acquire(); try { await fetch(x); } finally { release(); } }));`,
    );
    silent(
      'a limiter inside the callee',
      `declare const slots: { acquire(): Promise<() => void> };
async function get(x: string) { const release = await slots.acquire(); try { return await fetch(x); } finally { release(); } }
export const f = (xs: string[]) => Promise.all(xs.map((x) => get(x)));`,
    );
    silent(
      'a limiter of its own',
      `declare function withLimit<T>(f: () => Promise<T>): Promise<T>;
export const f = (xs: string[]) => Promise.all(xs.map((x) => withLimit(() => fetch(x))));`,
    );
    silent(
      'a caller object that queues',
      `declare const caller: { call<T>(f: () => Promise<T>): Promise<T> };
const get = (x: string) => caller.call(() => fetch(x));
export const f = (xs: string[]) => Promise.all(xs.map((x) => get(x)));`,
    );
    silent(
      'a limit made by hand',
      `export async function f(xs: string[]) {
  const running: Promise<unknown>[] = [];
  for (const x of xs) { running.push(fetch(x)); if (running.length >= 8) await Promise.race(running); }
  await Promise.all(running);
}`,
    );
    silent(
      'batches drained in the loop',
      `export async function f(xs: string[]) {
  let running: Promise<unknown>[] = [];
  for (const x of xs) { running.push(fetch(x)); if (x) { await Promise.all(running); running = []; } }
}`,
    );
    silent(
      'what the thread pool queues',
      `import { stat, unlink, rm, mkdir, rename, access } from 'node:fs/promises';
export const f = (xs: string[]) => Promise.all(xs.map(async (x) => { await stat(x); await unlink(x); await rm(x); await mkdir(x); await rename(x, x); await access(x); }));`,
    );
    silent(
      'calls over one connection',
      `declare const socket: { send(x: string): Promise<void> };
export const f = (xs: string[]) => Promise.all(xs.map((x) => socket.send(x)));`,
    );
    silent('one transaction', {
      'node_modules/@prisma/client/index.d.ts':
        'export interface UserDelegate { update(o: unknown): Promise<void>; }',
      'a.ts': `import type { UserDelegate } from '@prisma/client';
export const f = (xs: string[], tx: { user: UserDelegate }) => Promise.all(xs.map((x) => tx.user.update({ x })));`,
    });
    silent(
      'own collections while closing',
      `export class A {
  private readonly urls: string[] = [];
  async close() { await Promise.all(this.urls.map((x) => fetch(x, { method: 'DELETE' }))); }
}`,
    );
    silent(
      'Array.fromAsync, which waits for one after the other',
      `export const f = (xs: string[]) => (Array as unknown as { fromAsync(x: string[], g: (x: string) => unknown): unknown }).fromAsync(xs, (x) => fetch(x));`,
    );
    silent(
      'callbacks that reach nothing scarce',
      `export const f = (xs: string[]) => Promise.all(xs.map(async (x) => x.length));`,
    );
    silent(
      'parts of the program and lists it knows itself, which are few',
      `import { plugins, defaultUrls } from './b.js';
export const f = () => Promise.all(Object.entries(plugins).map(([x]) => fetch(x)));
export const g = () => Promise.all(defaultUrls.map((x: string) => fetch(x)));`,
    );
    silent('tests', { 'a.spec.ts': FETCH_ALL('xs') }, 'a.spec.ts');
  });

  describe('fixes', () => {
    it('use the limiter the project depends on', () => {
      assert.equal(
        fixed(`import { readFile } from 'node:fs/promises';

export async function sizes(paths: string[]): Promise<number[]> {
  const texts = await Promise.all(
    paths.map(async (path) => {
      return readFile(path, 'utf8');
    }),
  );
  return texts.map((text) => text.length);
}
`),
        `import { readFile } from 'node:fs/promises';
import pLimit from 'p-limit';

export async function sizes(paths: string[]): Promise<number[]> {
  const limit = pLimit(8);
  const texts = await Promise.all(
    paths.map((path) => limit(async () => {
      return readFile(path, 'utf8');
    })),
  );
  return texts.map((text) => text.length);
}
`,
      );
    });

    it('use the limiter the module has', () => {
      assert.equal(
        fixed(`import pLimit from 'p-limit';
const gate = pLimit(2);
export async function f(xs: string[]) {
  await gate(() => fetch('x'));
  return Promise.all(xs.map((x) => fetch(x)));
}
`),
        `import pLimit from 'p-limit';
const gate = pLimit(2);
export async function f(xs: string[]) {
  await gate(() => fetch('x'));
  return Promise.all(xs.map((x) => gate(() => fetch(x))));
}
`,
      );
    });

    it('wrap what a loop pushes', () => {
      assert.equal(
        fixed(`export async function f(xs: string[]) {
  const all: Promise<Response>[] = [];
  for (const x of xs) {
    all.push(fetch(x));
  }
  return Promise.all(all);
}
`),
        `import pLimit from 'p-limit';
export async function f(xs: string[]) {
  const all: Promise<Response>[] = [];
  const limit = pLimit(8);
  for (const x of xs) {
    all.push(limit(() => fetch(x)));
  }
  return Promise.all(all);
}
`,
      );
    });

    it('write a small pool where the limiter has no place', () => {
      assert.equal(
        fixed(`export const load = (urls: readonly string[]) =>
  Promise.all(
    urls.map(async (url, i) => {
      const response = await fetch(url);
      return [i, await response.text()] as const;
    }),
  );
`),
        `export const load = (urls: readonly string[]) =>
  mapWithLimit(urls, 8, async (url, i) => {
    const response = await fetch(url);
    return [i, await response.text()] as const;
  });

/** Maps items with at most \`limit\` calls running at a time; the results keep their order. */
async function mapWithLimit<T, R>(
  items: Iterable<T>,
  limit: number,
  run: (item: T, index: number) => PromiseLike<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  // All workers draw from the same iterator.
  const entries = [...items].entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await run(item, index);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
`,
      );
    });

    it('write the pool without types in CommonJS, which cannot require p-limit', () => {
      const result = fixed(
        `const { readFile } = require('fs/promises');
module.exports = async function f(paths) {
  return Promise.all(paths.map((p) => readFile(p)));
};
`,
        'a.cjs',
      );
      assert.match(result ?? '', /return mapWithLimit\(paths, 8, \(p\) => readFile\(p\)\);/u);
      assert.match(result ?? '', /async function mapWithLimit\(items, limit, run\) \{/u);
    });

    it('give a pool that works: order kept, never more than the limit', async () => {
      const text = fixed(
        `const { readFile } = require('fs/promises');
module.exports = (paths) => Promise.all(paths.map((p) => readFile(p)));
`,
        'a.cjs',
      );
      const source = (text ?? '').slice((text ?? '').indexOf('async function'));
      const pool = runInThisContext(`(${source})`) as (
        items: number[],
        limit: number,
        run: (n: number) => Promise<number>,
      ) => Promise<number[]>;
      let running = 0;
      let most = 0;
      const items = Array.from({ length: 20 }, (_, i) => i);
      const results = await pool(items, 3, async (n) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, n % 3));
        running--;
        return n * 2;
      });
      assert.deepEqual(
        results,
        items.map((n) => n * 2),
      );
      assert.equal(most, 3);
    });
  });

  it('is silent where a comment says what limits it', () => {
    const code = (comment: string) =>
      `export async function f(urls: string[]) {\n  ${comment}\n  const all = await Promise.all(urls.map(async (url) => {\n    // No limit here.\n    return fetch(url);\n  }));\n  return all;\n}\n`;
    assert.deepEqual(found(code('// The agent limits the sockets.')), []);
    assert.deepEqual(found(code('// Get them all.')), ['3:information']);
  });
});
