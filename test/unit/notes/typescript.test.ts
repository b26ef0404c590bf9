import assert from 'node:assert/strict';
import { Sample } from '../support/analyse';

/** The notes on the word before which `‸` stands. */
function notes(marked: string, others: Readonly<Record<string, string>> = {}): string[] {
  const sample = new Sample({ 'a.ts': marked.replace('‸', ''), ...others });
  return sample.notes('a.ts', marked.indexOf('‸'));
}

const FETCH = 'declare const load: (url: string) => Promise<string>;\ndeclare const urls: string[];\n';

describe('notes on TypeScript', function () {
  describe('about a fan-out', () => {
    it('name its source and say that nothing holds it back', () => {
      assert.deepEqual(notes(`${FETCH}await Promise.‸all(urls.map((url) => load(url)));`), [
        'Fans out over `urls`, unbounded.',
      ]);
      assert.deepEqual(notes(`${FETCH}const all = urls.map(load);\nawait Promise.‸allSettled(all);`), [
        'Fans out over `urls`, unbounded.',
      ]);
      const loop = `${FETCH}const all: Promise<string>[] = [];\nfor (const url of urls) all.push(load(url));\n`;
      assert.deepEqual(notes(`${loop}await Promise.‸all(all);`), ['Fans out over `urls`, unbounded.']);
    });

    it('say how many run at a time', () => {
      const limit = `import pLimit from 'p-limit';\n${FETCH}const limit = pLimit(10);\n`;
      const limited = 'Fans out over `urls`, at most 10 at a time.';
      assert.deepEqual(notes(`${limit}await Promise.‸all(urls.map((url) => limit(() => load(url))));`), [
        limited,
      ]);
      const semaphore = `import { Semaphore } from 'async-mutex';\n${FETCH}const few = 10;\nconst gate = new Semaphore(few);\n`;
      assert.deepEqual(
        notes(`${semaphore}await Promise.‸all(urls.map((url) => gate.runExclusive(() => load(url))));`),
        [limited],
      );
      const given = `${FETCH}export const run = (limit: <T>(f: () => Promise<T>) => Promise<T>) =>\n`;
      assert.deepEqual(notes(`${given}Promise.‸all(urls.map((url) => limit(() => load(url))));`), [
        'Fans out over `urls`, held back by `limit`.',
      ]);
    });

    it('count what is listed', () => {
      assert.deepEqual(notes(`${FETCH}await Promise.‸all([load('a'), load('b'), load('c')]);`), [
        'Fans out over 3 promises.',
      ]);
      assert.deepEqual(notes(`${FETCH}await Promise.‸all(['a', 'b'].map(load));`), [
        "Fans out over `['a', 'b']`, as many as the code fixes.",
      ]);
    });

    it('are resolved, not matched by text', () => {
      const own = 'const Promise = { all: <T>(values: T[]): T[] => values };\n';
      assert.deepEqual(
        notes(`${FETCH.replace(/Promise<string>/, 'string')}${own}Promise.‸all(urls.map(load));\nexport {};`),
        [],
      );
      assert.deepEqual(notes(`${FETCH}const P = Promise;\nawait P.‸all(urls.map(load));\nexport {};`), [
        'Fans out over `urls`, unbounded.',
      ]);
    });
  });

  describe('about an await', () => {
    const at = (body: string) => notes(`${FETCH}export async function run(n: number) {\n${body}\n}`);

    it('count the awaits that follow until the function returns', () => {
      assert.deepEqual(at("  ‸await load('a');\n  await load('b');\n  return await load('c');"), [
        'Suspends here; 2 more awaits until the function returns.',
      ]);
      assert.deepEqual(at("  await load('a');\n  ‸await load('b');"), [
        'Suspends here; nothing more is awaited before the function returns.',
      ]);
    });

    it('know branches, returns and loops', () => {
      assert.deepEqual(at("  ‸await load('a');\n  if (n > 1) return;\n  await load('b');"), [
        'Suspends here; at most 1 more await until the function returns.',
      ]);
      assert.deepEqual(at("  ‸await load('a');\n  return await load('b');\n  await load('c');"), [
        'Suspends here; 1 more await until the function returns.',
      ]);
      assert.deepEqual(at("  if (n > 1) {\n    ‸await load('a');\n  } else {\n    await load('b');\n  }"), [
        'Suspends here; nothing more is awaited before the function returns.',
      ]);
      assert.deepEqual(at('  for (const url of urls) ‸await load(url);'), [
        'Suspends here, in every round of the loop.',
      ]);
    });

    it('tell what waits for a module', () => {
      assert.deepEqual(notes(`${FETCH}‸await load('a');\nexport {};`), [
        'Suspends here: modules that import this one wait, too.',
      ]);
    });
  });

  describe('about what blocks', () => {
    const helpers = {
      'config.ts':
        "import { readFileSync } from 'node:fs';\nexport function readIt(): string {\n  return readFileSync('a', 'utf8');\n}\n" +
        'export function loadSettings(): string {\n  return readIt();\n}\n' +
        'export async function later(): Promise<string> {\n  return readIt();\n}\n',
    };
    const at = (body: string) =>
      notes(
        `import { later, loadSettings } from './config';\nexport async function handle(): Promise<unknown> {\n  ${body}\n}\n`,
        helpers,
      );

    it('name the call and the way to it', () => {
      assert.deepEqual(at('return ‸loadSettings();'), [
        'Calls `readFileSync` through `loadSettings → readIt`: the event loop stands still meanwhile.',
      ]);
      assert.match(at('return await ‸later();')[0] ?? '', /`later → readIt`/u);
      assert.match(at('return ‸await later();')[1] ?? '', /`later → readIt`/u);
    });

    it('are silent in functions that block nobody', () => {
      const text =
        "import { loadSettings } from './config';\nexport function handle() { return ‸loadSettings(); }";
      assert.deepEqual(notes(text, helpers), []);
    });
  });

  it('tell how much a limiter lets through', () => {
    assert.deepEqual(notes("import pLimit from 'p-limit';\nexport const limit = ‸pLimit(4);"), [
      'At most 4 at a time.',
    ]);
    assert.deepEqual(notes("import PQueue from 'p-queue';\nexport const queue = new ‸PQueue();"), [
      'No limit: everything runs at once.',
    ]);
    const queue = "import PQueue from 'p-queue';\nconst queue = new PQueue({ concurrency: 2 });\n";
    assert.deepEqual(notes(`${queue}queue.‸add(async () => {});`), ['At most 2 at a time.']);
    assert.deepEqual(notes(`${FETCH}const pLimit = (n: number) => n;\nexport const x = ‸pLimit(4);`), []);
  });
});
