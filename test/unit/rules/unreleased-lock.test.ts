import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { applyEdits, Sample } from '../support/analyse';
import { PythonSample } from '../support/analyse-python';

const RULE = 'unreleased-lock';

const START = `
import { Mutex, Semaphore } from 'async-mutex';
declare const mutex: Mutex;
declare const semaphore: Semaphore;
declare const pool: { connect(): Promise<Client> };
declare class Client { query(text: string): Promise<number>; on(name: string, f: () => void): void; release(): void }
declare function work(client?: Client): Promise<number>;
declare function compute(): number;
`;

function lines(code: string): number[] {
  const offset = START.split('\n').length - 1;
  return new Sample({ 'a.ts': `${START}${code}export {};\n` })
    .summary('a.ts')
    .filter((entry) => entry.endsWith(`:${RULE}`))
    .map((entry) => Number.parseInt(entry, 10) - offset);
}

/** Findings in the body of an async function, one statement a line; line 1 is its head. */
function reported(...body: string[]): number[] {
  return lines(`export async function run(flag: boolean) {\n${body.join('\n')}\n}\n`);
}

function silent(...body: string[]): void {
  assert.deepEqual(reported(...body), [], body.join('\n'));
}

describe(RULE, () => {
  describe('in TypeScript', () => {
    it('reports a release that an await or call before it can skip', () => {
      assert.deepEqual(
        reported('const release = await mutex.acquire();', 'await work();', 'release();'),
        [2],
      );
      assert.deepEqual(reported('await mutex.acquire();', 'compute();', 'mutex.release();'), [2]);
      assert.deepEqual(
        reported('const client = await pool.connect();', 'await client.query("x");', 'client.release();'),
        [2],
      );
      assert.deepEqual(
        reported('const [, release] = await semaphore.acquire();', 'await work();', 'release();'),
        [2],
      );
      assert.deepEqual(
        reported(
          'let release: () => void;',
          'release = await mutex.acquire();',
          'await work();',
          'release();',
        ),
        [3],
      );
    });

    it('reports what can throw between acquiring and the try', () => {
      assert.deepEqual(
        reported(
          'const client = await pool.connect();',
          'const n = await work(client);',
          'try { return await client.query(String(n)); } finally { client.release(); }',
        ),
        [2],
      );
    });

    it('reports a failure inside a handler that releases later', () => {
      assert.deepEqual(
        reported(
          'const release = await mutex.acquire();',
          'try { await work(); } catch (error) { await work(); }',
          'release();',
        ),
        [2],
      );
    });

    it('reports a lock that nothing ever releases, where its type is known', () => {
      assert.deepEqual(reported('await mutex.acquire();', 'await work();'), [2]);
      silent('const thing: any = mutex;', 'await thing.acquire();', 'await work();');
    });

    it('is silent on a release in finally, or in a handler and after it', () => {
      silent('const release = await mutex.acquire();', 'try { await work(); } finally { release(); }');
      silent(
        'const client = await pool.connect();',
        'try { await work(); client.release(); } catch (error) { client.release(); throw error; }',
      );
      silent(
        'let client: Client | undefined;',
        'try { client = await pool.connect(); await work(client); } finally { if (client) client.release(); }',
      );
    });

    it('is silent on calls between that do not throw', () => {
      silent(
        'const release = await mutex.acquire();',
        'console.log("locked", Date.now());',
        'try { await work(); } finally { release(); }',
      );
      silent('await mutex.acquire();', 'const n = 1;', 'mutex.release();', 'return n;');
    });

    it('trusts the release of one lock not to keep another', () => {
      silent(
        'await mutex.acquire();',
        'try { await semaphore.acquire(); } catch (e) { mutex.release(); throw e; }',
        'try { await work(); } finally { semaphore.release(); mutex.release(); }',
      );
    });

    it('is silent on a release handed out', () => {
      silent('const release = await mutex.acquire();', 'await work();', 'return release;');
      silent('const client = await pool.connect();', 'await work();', 'return { client };');
      silent(
        'const client = await pool.connect();',
        'client.on("end", () => client.release());',
        'await client.query("x");',
      );
      silent('const release = await mutex.acquire();', 'await work().finally(() => release());');
      silent('const release = await mutex.acquire();', 'setTimeout(release, 10);', 'await work();');
      assert.deepEqual(
        lines(`export class Gate {
          private readonly mutex = new Mutex();
          async begin() { await this.mutex.acquire(); await work(); }
          end() { this.mutex.release(); }
        }\n`),
        [],
      );
    });

    it('is silent on using, and on the purpose of functions that acquire', () => {
      assert.deepEqual(
        lines(`declare const lock: { acquire(): Promise<Disposable & { release(): void }> };
        export async function run() { using held = await lock.acquire(); await work(); held.release(); }\n`),
        [],
      );
      assert.deepEqual(
        lines('export async function acquireBoth() { await mutex.acquire(); await semaphore.acquire(); }\n'),
        [],
      );
    });

    it('is silent where a condition only asks whether there is something to release', () => {
      silent(
        'let client: Client | undefined;',
        'if (flag) client = await pool.connect();',
        'if (client) client.release();',
        'await work();',
      );
    });

    it('is silent on methods of these names that have nothing to do with locks', () => {
      silent(
        'const socket = { connect: work, close() {} };',
        'await socket.connect();',
        'await work();',
        'socket.close();',
      );
    });

    it('puts what stands between into a try with finally', () => {
      const code = `export async function run() {
  const release = await mutex.acquire();
  // Only one at a time.
  await work();

  release();
}
`;
      const sample = new Sample({ 'a.ts': `${START}${code}` });
      const [fix] = sample.findings('a.ts').flatMap((finding) => sample.fixes(finding));
      assert.equal(
        applyEdits(`${START}${code}`, fix?.edits ?? []).slice(START.length),
        `export async function run() {
  const release = await mutex.acquire();
  try {
    // Only one at a time.
    await work();

  } finally {
    release();
  }
}
`,
      );
    });

    it('offers no fix that would hide a name from what comes after', () => {
      const code =
        'export async function run() {\n  const release = await mutex.acquire();\n  const n = await work();\n  release();\n  return n;\n}\n';
      const sample = new Sample({ 'a.ts': `${START}${code}` });
      const findings = sample.findings('a.ts').filter(({ rule }) => rule === RULE);
      assert.equal(findings.length, 1);
      assert.deepEqual(
        findings.flatMap((finding) => sample.fixes(finding)),
        [],
      );
    });
  });

  describe('in Python', () => {
    let parser: PythonParser;
    before(async () => {
      parser = await pythonParser();
    });

    const HEAD = 'import asyncio\nlock = asyncio.Lock()\nasync def work(*args): return 1\n';
    const sampleOf = (text: string) => new PythonSample(parser, { 'a.py': text });
    const found = (text: string): number[] => {
      const map = new LineMap(text);
      return sampleOf(text)
        .findings('a.py')
        .filter((f) => f.rule === RULE)
        .map((f) => map.positionAt(f.span.start).line - 2);
    };
    /** Findings in an async function; line 1 is its head. */
    const inside = (...body: string[]) =>
      found(`${HEAD}async def run(pool, flag):\n    ${body.join('\n    ')}\n`);

    it('reports a release that an await or call before it can skip', () => {
      assert.deepEqual(inside('await lock.acquire()', 'await work()', 'lock.release()'), [2]);
      assert.deepEqual(
        inside('await asyncio.wait_for(lock.acquire(), 5)', 'await work()', 'lock.release()'),
        [2],
      );
      assert.deepEqual(
        inside('conn = await pool.acquire()', 'await conn.execute()', 'await pool.release(conn)'),
        [2],
      );
      assert.deepEqual(
        inside(
          'await lock.acquire()',
          'await asyncio.sleep(1)',
          'try:',
          '    await work()',
          'finally:',
          '    lock.release()',
        ),
        [2],
        'a cancellation arrives at any await',
      );
      assert.deepEqual(inside('await lock.acquire()', 'await work()'), [2]);
    });

    it('is silent on a release in finally or in a handler', () => {
      assert.deepEqual(
        inside('await lock.acquire()', 'try:', '    await work()', 'finally:', '    lock.release()'),
        [],
      );
      assert.deepEqual(
        inside(
          'await lock.acquire()',
          'try:',
          '    await work()',
          'except BaseException:',
          '    lock.release()',
          '    raise',
          'lock.release()',
        ),
        [],
      );
      assert.deepEqual(
        inside(
          'conn = await pool.acquire()',
          'try:',
          '    await work(conn)',
          'finally:',
          '    if flag:',
          '        await pool.release(conn)',
        ),
        [],
      );
    });

    it('is silent on async with and on a release handed out', () => {
      assert.deepEqual(inside('async with lock:', '    await work()'), []);
      assert.deepEqual(inside('async with pool.acquire() as conn:', '    await work(conn)'), []);
      assert.deepEqual(inside('conn = await pool.acquire()', 'await work()', 'return conn'), []);
      assert.deepEqual(
        inside(
          'await lock.acquire()',
          'task = asyncio.create_task(work())',
          'task.add_done_callback(lambda _: lock.release())',
          'await work()',
        ),
        [],
      );
      assert.deepEqual(
        found(
          `${HEAD}class Gate:\n    async def __aenter__(self):\n        await lock.acquire()\n        await work()\n    async def __aexit__(self, *args):\n        lock.release()\n`,
        ),
        [],
      );
    });

    it('rewrites to async with, or to try and finally for what a pool gives', () => {
      const fixed = (...body: string[]) =>
        sampleOf(`${HEAD}async def run(pool):\n    ${body.join('\n    ')}\n`)
          .fixed('a.py')
          .slice(HEAD.length);
      assert.equal(
        fixed('await lock.acquire()', 'n = await work()', '# Done.', 'lock.release()', 'return n'),
        'async def run(pool):\n    async with lock:\n        n = await work()\n        # Done.\n    return n\n',
      );
      assert.equal(
        fixed('conn = await pool.acquire()', 'n = await work(conn)', 'await pool.release(conn)', 'return n'),
        'async def run(pool):\n    conn = await pool.acquire()\n    try:\n        n = await work(conn)\n    finally:\n        await pool.release(conn)\n    return n\n',
      );
    });
  });
});
