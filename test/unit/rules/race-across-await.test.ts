import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { Sample } from '../support/analyse';
import { PythonSample } from '../support/analyse-python';

const RULE = 'race-across-await';

const START = `
declare function open(): Promise<{ close(): Promise<void> }>;
declare function load(key: string): Promise<string>;
declare const mutex: { acquire(): Promise<() => void>; runExclusive<T>(f: () => Promise<T>): Promise<T>; runOnce(f: () => Promise<void>): Promise<void> };
`;

const FIELDS = `
connection: { close(): Promise<void> } | undefined;
opening: Promise<{ close(): Promise<void> }> | undefined;
cache = new Map<string, string>();
seen = new Set<string>();
total = 0;
isBusy = false;
list: string[] = [];
`;

/** \`line:level\` of the findings in a method; line 1 is its head. */
function levels(body: readonly string[], rest = '', file = 'a.ts'): string[] {
  const head = `${START}export class Store {${FIELDS}`;
  const code = `${head}async run(key: string): Promise<unknown> {\n${body.join('\n')}\nreturn key;\n}\n${rest}}\n`;
  const sample = new Sample({ [file]: code });
  const map = new LineMap(code);
  const offset = head.split('\n').length - 1;
  return sample
    .findings(file)
    .filter(({ rule }) => rule === RULE)
    .map(({ span, level }) => `${map.positionAt(span.start).line + 1 - offset}:${level}`);
}

function reported(...body: string[]): string[] {
  return levels(body);
}

function silent(...body: string[]): void {
  assert.deepEqual(levels(body), [], body.join('\n'));
}

describe(RULE, () => {
  describe('in TypeScript', () => {
    it('reports what is made twice because the check and the store stand on both sides of an await', () => {
      assert.deepEqual(reported('if (!this.connection) {', 'this.connection = await open();', '}'), [
        '3:information',
      ]);
      assert.deepEqual(
        reported('if (this.connection) return;', 'const made = await open();', 'this.connection = made;'),
        ['4:information'],
      );
      assert.deepEqual(reported('this.connection ??= await open();'), ['2:information']);
      assert.deepEqual(
        reported('if (this.seen.has(key)) return;', 'await load(key);', 'this.seen.add(key);'),
        ['4:information'],
        'a duplicate check',
      );
    });

    it('gives a hint where the second run only reads once more', () => {
      assert.deepEqual(
        reported(
          'const hit = this.cache.get(key);',
          'if (hit !== undefined) return hit;',
          'const text = await load(key);',
          'this.cache.set(key, text);',
        ),
        ['5:hint'],
      );
    });

    it('reports a value that is read before an await and written after it', () => {
      assert.deepEqual(reported('this.total += (await load(key)).length;'), ['2:information']);
      assert.deepEqual(reported('this.total = this.total + (await load(key)).length;'), ['2:information']);
      assert.deepEqual(
        reported(
          'const before = this.total;',
          'const text = await load(key);',
          'this.total = before + text.length;',
        ),
        ['4:information'],
      );
      assert.deepEqual(
        reported('const list = this.list;', 'const text = await load(key);', 'this.list = [...list, text];'),
        ['4:information'],
      );
    });

    it('sees variables of the module and of outer functions', () => {
      const code = `${START}let connection: unknown;
export async function get() {
  if (!connection) {
    connection = await open();
  }
  return connection;
}
export async function sum(keys: string[]) {
  let total = 0;
  await Promise.all(keys.map(async (key) => { total += (await load(key)).length; }));
  return total;
}
`;
      const offset = START.split('\n').length - 1;
      const found = new Sample({ 'a.ts': code }).summary('a.ts').filter((f) => f.endsWith(RULE));
      assert.deepEqual(
        found.map((f) => Number.parseInt(f, 10) - offset),
        [4, 10],
      );
    });

    it('is silent on what a callback sees that is run once', () => {
      silent(
        'const seen = new Set<string>();',
        'await mutex.runOnce(async () => { if (!seen.has(key)) { await load(key); seen.add(key); } });',
      );
    });

    it('is silent where nothing is awaited between, or the await comes first', () => {
      silent('await load(key);', 'if (!this.total) this.total = 1;');
      silent('if (!this.opening) this.opening = open();', 'return await this.opening;');
      silent('this.total = (await load(key)).length + this.total;');
      silent('const text = await load(key);', 'this.total += text.length;', 'this.total -= 1;');
    });

    it('is silent on state that is checked again', () => {
      silent(
        'if (this.connection) return;',
        'const made = await open();',
        'if (!this.connection) this.connection = made;',
      );
      silent(
        'if (this.connection) return;',
        'const made = await open();',
        'if (!this.isBusy) this.connection = made;',
      );
    });

    it('is silent on teardown, on restoring and on looks for another purpose', () => {
      silent(
        'if (!this.connection) return;',
        'await this.connection.close();',
        'this.connection = undefined;',
      );
      silent(
        'if (!this.connection) {',
        'try { await load(key); } catch { this.connection = { close: async () => {} }; }',
        '}',
      );
      silent('const old = this.total;', 'await load(key);', 'this.total = old;');
      silent(
        'const text = await load(this.connection ? "a" : "b");',
        'await load(text);',
        'this.connection = await open();',
      );
    });

    it('is silent under a lock, and where a flag lets one in at a time', () => {
      silent('const release = await mutex.acquire();', 'this.connection ??= await open();', 'release();');
      silent('await mutex.runExclusive(async () => { this.connection ??= await open(); });');
      silent(
        'if (this.isBusy) return;',
        'this.isBusy = true;',
        'this.connection ??= await open();',
        'this.isBusy = false;',
      );
      assert.deepEqual(
        levels(
          ['this.connection ??= await open();'],
          'start() { return mutex.runExclusive(() => this.run("x")); }\n',
        ),
        [],
        'only called under a lock',
      );
      assert.deepEqual(
        levels(
          ['if (this.connection) return;', 'this.connection = await open();'],
          'start() { this.running ??= this.run("x"); return this.running; }\nrunning: Promise<unknown> | undefined;\n',
        ),
        [],
        'its promise is kept',
      );
    });

    it('is silent on waiting for a shared promise and on import()', () => {
      silent('this.opening ??= open();', 'if (!this.connection) this.connection = await this.opening;');
      silent('if (!this.connection) this.connection = (await import("node:net")).createServer() as never;');
    });

    it('is silent on locals, in tests and in scripts', () => {
      silent('let made: unknown;', 'if (!made) made = await open();', 'return made;');
      assert.deepEqual(levels(['this.connection ??= await open();'], '', 'a.test.ts'), []);
      assert.deepEqual(levels(['this.connection ??= await open();'], '', 'scripts/a.ts'), []);
    });
  });

  describe('in Python', () => {
    let parser: PythonParser;
    before(async () => {
      parser = await pythonParser();
    });

    const HEAD = 'import asyncio\nlock = asyncio.Lock()\ncache = {}\ntotal = 0\n';
    const levelsOf = (...body: string[]): string[] => {
      const text = `${HEAD}class Store:\n  async def run(self, key):\n    ${body.join('\n    ')}\n`;
      const map = new LineMap(text);
      return new PythonSample(parser, { 'a.py': text })
        .findings('a.py')
        .filter((f) => f.rule === RULE)
        .map((f) => `${map.positionAt(f.span.start).line - 4}:${f.level}`);
    };

    it('reports checks before and stores after an await', () => {
      assert.deepEqual(levelsOf('if self.session is None:', '    self.session = await connect()'), [
        '3:information',
      ]);
      assert.deepEqual(levelsOf('if key not in self.cache:', '    self.cache[key] = await load(key)'), [
        '3:hint',
      ]);
      assert.deepEqual(
        levelsOf(
          'if key in cache:',
          '    return cache[key]',
          'value = await load(key)',
          'cache[key] = value',
        ),
        ['5:hint'],
      );
      assert.deepEqual(
        levelsOf('if key in self.seen:', '    return', 'await load(key)', 'self.seen.add(key)'),
        ['5:information'],
      );
    });

    it('reports an empty container that replaces the one in use', () => {
      assert.deepEqual(
        levelsOf('if key not in self.listeners:', '    await load(key)', '    self.listeners[key] = set()'),
        ['4:information'],
      );
    });

    it('gives a hint where an empty list only says that there is nothing', () => {
      assert.deepEqual(
        levelsOf('if self.messages is None:', '    await load(key)', '    self.messages = []'),
        ['4:hint'],
      );
    });

    it('is silent on steps of an async iterator, which one loop takes at a time', () => {
      const step = (name: string) =>
        new PythonSample(parser, {
          'a.py': `class Lines:\n    async def ${name}(self):\n        if self.stream is None:\n            self.stream = await connect()\n        return await self.stream.readline()\n`,
        })
          .findings('a.py')
          .filter((f) => f.rule === RULE).length;
      assert.equal(step('__anext__'), 0);
      assert.equal(step('read'), 1);
    });

    it('is silent on conditions and on entering a context', () => {
      assert.deepEqual(
        levelsOf(
          'async with self._cond:',
          '    if self.session is None:',
          '        self.session = await connect()',
        ),
        [],
      );
      assert.deepEqual(
        levelsOf(
          'pass',
          '',
          'async def __aenter__(self):',
          '    if self.session is None:',
          '        self.session = await connect()',
        ),
        [],
      );
    });

    it('reports values read before and written after an await', () => {
      assert.deepEqual(levelsOf('self.total += await count(key)'), ['2:information']);
      assert.deepEqual(levelsOf('global total', 'total = total + await count(key)'), ['3:information']);
      assert.deepEqual(levelsOf('before = self.total', 'n = await count(key)', 'self.total = before + n'), [
        '4:information',
      ]);
    });

    it('is silent under a lock, on teardown, on second looks and on promises kept', () => {
      assert.deepEqual(
        levelsOf(
          'async with lock:',
          '    if self.session is None:',
          '        self.session = await connect()',
        ),
        [],
      );
      assert.deepEqual(levelsOf('async with self._lock:', '    self.total += await count(key)'), []);
      assert.deepEqual(
        levelsOf('if self.session:', '    await self.session.close()', '    self.session = None'),
        [],
      );
      assert.deepEqual(
        levelsOf(
          'if self.session is None:',
          '    made = await connect()',
          '    if self.session is None:',
          '        self.session = made',
        ),
        [],
      );
      assert.deepEqual(
        levelsOf(
          'if self.task is None:',
          '    self.task = asyncio.create_task(connect())',
          'return await self.task',
        ),
        [],
      );
      assert.deepEqual(levelsOf('n = await count(key)', 'self.total += n'), []);
    });
  });
});
