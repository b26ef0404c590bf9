import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { formatMessage } from '../../../src/core/finding';
import { asInFile } from '../../../src/languages/typescript/repairs/semicolons';
import { applyEdits, Sample } from '../support/analyse';

const START = `
declare function start(): Promise<number>;
declare function other(): Promise<string>;
declare const emitter: import('node:events').EventEmitter;
`;

/** Numbers, from 1, of the lines of `code` with a finding. */
function lines(code: string, files: Readonly<Record<string, string>> = {}): number[] {
  const offset = START.split('\n').length - 1;
  return new Sample({ ...files, 'a.ts': `${START}${code}export {};\n` })
    .summary('a.ts')
    .filter((entry) => entry.endsWith(':late-await'))
    .map((entry) => Number.parseInt(entry, 10) - offset);
}

/** The body of an async function, one statement a line; line 1 is its head. */
function inFunction(...body: string[]): string {
  return `export async function run(flag: boolean, items: readonly string[]) {\n${body.join('\n')}\n}\n`;
}

function reported(...body: string[]): number[] {
  return lines(inFunction(...body));
}

function silent(...body: string[]): void {
  assert.deepEqual(reported(...body), [], body.join('\n'));
}

describe('late-await', () => {
  it('reports a promise that another await is reached with', () => {
    assert.deepEqual(reported('const p = start();', 'await other();', 'return p;'), [4]);
    assert.deepEqual(reported('const a = start();', 'const b = other();', 'await a;', 'await b;'), [5]);
    assert.deepEqual(reported('const p = start();', 'const x = [await other(), await p];', 'return x;'), [3]);
  });

  it('sees through conditions, reassignment and constructors', () => {
    assert.deepEqual(reported('const p = flag ? start() : undefined;', 'await other();', 'await p;'), [4]);
    assert.deepEqual(reported('let p;', 'if (flag) p = start();', 'await other();', 'await p;'), [5]);
    assert.deepEqual(
      reported(
        "const p = new Promise((done, fail) => emitter.on('error', fail));",
        'await other();',
        'await p;',
      ),
      [4],
    );
  });

  it('finds the promise fetched ahead of a loop round', () => {
    assert.deepEqual(
      reported(
        'let next = start();',
        'for (const item of items) {',
        '  const current = await next;',
        '  next = start();',
        '  await other();',
        '  console.log(item, current);',
        '}',
        'await next;',
      ),
      [4],
    );
  });

  it('counts for await, await using and yield as suspensions', () => {
    assert.deepEqual(
      reported('const p = start();', 'for await (const x of items) console.log(x);', 'await p;'),
      [4],
    );
    assert.deepEqual(
      reported(
        'let p;',
        '{',
        'await using held = { async [Symbol.asyncDispose]() {} };',
        'p = start();',
        '}',
        'await p;',
      ),
      [7],
    );
    assert.deepEqual(
      lines('export async function* run() {\nconst p = start();\nyield 1;\nyield await p;\n}\n'),
      [4],
    );
  });

  it('gives one finding per wait, with every start', () => {
    const sample = new Sample({
      'a.ts': `${START}${inFunction('const a = start();', 'const b = start();', 'await other();', 'return Promise.all([a, b]);')}`,
    });
    const findings = sample.findings('a.ts');
    assert.equal(findings.length, 1);
    assert.deepEqual(
      findings[0]?.related.map(({ message }) => formatMessage(message)),
      [
        'a starts here, without a handler.',
        'b starts here, without a handler.',
        'A rejection during this wait is unhandled.',
      ],
    );
  });

  it('is silent without a suspension in between', () => {
    silent('const p = start();', 'console.log(1);', 'await p;');
    silent('const p = start();', 'const [x, y] = await Promise.all([p, other()]);', 'return [x, y];');
    silent('const p = start();', 'await Promise.resolve();', 'await p;');
  });

  it('is silent where a handler is attached at the start, on every arm', () => {
    silent('const p = start();', 'p.catch(() => {});', 'await other();', 'await p;');
    silent('const p = start().catch(() => 0);', 'await other();', 'await p;');
    silent('const p = start().catch(() => 0).then((n) => n + 1);', 'await other();', 'await p;');
    silent('const p = start().then((n) => n, () => 0);', 'await other();', 'await p;');
    silent('const p = flag ? start().catch(() => 0) : start().catch(() => 1);', 'await other();', 'await p;');
    assert.deepEqual(
      reported('const p = flag ? start().catch(() => 0) : start();', 'await other();', 'await p;'),
      [4],
    );
    assert.deepEqual(
      reported(
        'const p = start().catch((e) => { throw new Error("x", { cause: e }); });',
        'await other();',
        'await p;',
      ),
      [4],
    );
  });

  it('is silent on promises that cannot reject', () => {
    silent('const p = new Promise<void>((done) => setTimeout(done, 5));', 'await other();', 'await p;');
    silent('const p = Promise.allSettled([start(), start()]);', 'await other();', 'await p;');
    silent(
      'const p = (async () => { try { await start(); } catch { console.log(1); } })();',
      'await other();',
      'await p;',
    );
    assert.deepEqual(
      reported(
        'const p = new Promise<void>((done) => { if (flag) throw new Error("no"); done(); });',
        'await other();',
        'await p;',
      ),
      [4],
    );
  });

  it('is silent on a sleep, and follows helpers into other files', () => {
    const sleep = "import { setTimeout as sleep } from 'node:timers/promises';\n";
    const body = inFunction('const p = sleep(10);', 'await other();', 'await p;');
    assert.deepEqual(lines(`${sleep}${body}`), []);
    const withSignal = body.replace('sleep(10)', 'sleep(10, undefined, { signal: AbortSignal.timeout(5) })');
    assert.deepEqual(lines(`${sleep}${withSignal}`), [5]);

    const helper = (text: string) => ({ 'helper.ts': text });
    const call = `import { later } from './helper';\n${inFunction('const p = later();', 'await other();', 'await p;')}`;
    const quiet = [
      'export const later = () => new Promise<void>((done) => setTimeout(done, 5));',
      'function tick(ms: number) { return new Promise((done) => setTimeout(done, ms)); }\nexport function later() { return tick(5); }',
      'export async function later() { await new Promise((done) => setTimeout(done, 5)); }',
      'export async function later() { try { await fetch("/"); } catch (e) { console.error(e); } }',
      'const ready = fetch("/"); export function later() { return ready; }',
      'import { promisify } from "node:util"; const wait = promisify(setTimeout); export const later = () => wait(5);',
    ];
    for (const text of quiet) assert.deepEqual(lines(call, helper(text)), [], text);
    const loud = [
      'export async function later() { return fetch("/"); }',
      'export const later = () => new Promise<void>((done, fail) => setTimeout(fail, 5));',
      'export async function later() { try { await fetch("/"); } catch (e) { throw e; } }',
    ];
    for (const text of loud) assert.deepEqual(lines(call, helper(text)), [5], text);
  });

  it('is silent on a deferred until its reject is handed out', () => {
    const deferred = [
      'let fail!: (e: Error) => void;',
      'const p = new Promise((_, reject) => { fail = reject; });',
    ];
    silent(...deferred, 'await other();', 'emitter.on("error", fail);', 'await p;');
    assert.deepEqual(reported(...deferred, 'emitter.on("error", fail);', 'await other();', 'await p;'), [6]);
    assert.deepEqual(
      reported(...deferred, 'emitter.on("error", () => fail(new Error("x")));', 'await other();', 'await p;'),
      [6],
    );
    const withResolvers = 'const { promise, resolve, reject } = Promise.withResolvers();';
    silent(
      withResolvers,
      'await other();',
      'emitter.on("error", reject).on("end", resolve);',
      'await promise;',
    );
    assert.deepEqual(
      reported(
        withResolvers,
        'emitter.on("error", reject).on("end", resolve);',
        'await other();',
        'await promise;',
      ),
      [5],
    );
  });

  it('is silent on branches that exclude each other', () => {
    silent('let p;', 'if (flag) p = start();', 'else await other();', 'await p;');
    silent('const p = flag ? start() : undefined;', 'if (!flag) await other();', 'await p;');
    silent('const p = flag ? start() : undefined;', 'if (p === undefined) await other();', 'else await p;');
    silent('const p = start();', 'if (flag) { await p; await other(); return; }', 'await p;');
    silent(
      'switch (items[0]) {',
      'case "a": { const p = start(); await p; break; }',
      'default: await other();',
      '}',
    );
  });

  it('is silent on the head of for…of and on what is handled inside a handler', () => {
    silent('const p = start();', 'for (const x of [await p]) await other();');
    silent('const p = start();', 'try { await p; } catch { await other(); }');
    silent('const p = start();', 'try { await p; } finally { await other(); }');
  });

  it('is silent on promises kept together, captured or handed on', () => {
    silent(
      'const all = [];',
      'for (const x of items) all.push(start());',
      'await other();',
      'await Promise.all(all);',
    );
    silent('const all = [start(), start()];', 'await other();', 'await Promise.all(all);');
    silent('const p = start();', 'emitter.once("x", () => p);', 'await other();', 'await p;');
    silent('const p = start();', 'emitter.emit("x", p);', 'await other();', 'await p;');
    silent('const p = start();', 'await other();');
  });

  it('is silent on a documented idiom of its library', () => {
    const playwright = `import type { Page } from 'playwright-core';\nexport async function run(page: Page) {\nconst p = page.waitForEvent('download');\nawait page.click('a');\nawait p;\n}\n`;
    assert.deepEqual(lines(playwright), []);
  });

  it('is silent on promises that start when they are awaited', () => {
    const query = (type: string) =>
      `interface ${type}<T> extends Promise<T> { lazy: true }\ndeclare function findMany(): ${type}<string[]>;\nexport async function run() {\nconst p = findMany();\nawait other();\nawait p;\n}\n`;
    assert.deepEqual(lines(query('PrismaPromise')), []);
    assert.deepEqual(lines(query('OtherPromise')), [6]);
  });

  it('follows labels, breaks and finally', () => {
    silent(
      'const p = start();',
      'outer: for (const a of items) { for (const b of items) { if (a === b) break outer; } }',
      'await p;',
    );
    assert.deepEqual(
      reported('let p;', 'for (;;) { p = start(); if (flag) break; await p; }', 'await other();', 'await p;'),
      [5],
    );
    assert.deepEqual(
      reported('const p = start();', 'try { if (flag) return; } finally { await other(); }', 'await p;'),
      [4],
    );
  });

  describe('repairs', () => {
    const fixed = (code: string, title: string) => {
      const sample = new Sample({ 'a.ts': code });
      const [finding] = sample.findings('a.ts').filter((f) => f.rule === 'late-await');
      assert.ok(finding);
      const fix = sample.fixes(finding).find((f) => formatMessage(f.title) === title);
      if (!fix) return undefined;
      assert.equal(fix.safety, 'suggestion');
      const text = applyEdits(code, fix.edits);
      const after = new Sample({ 'a.ts': text });
      assert.deepEqual(after.typeErrors('a.ts'), [], text);
      assert.deepEqual(after.summary('a.ts'), [], text);
      return text.slice(text.indexOf('export async'));
    };
    const ALL = 'Wait for them together with Promise.all';
    const HANDLE = 'Handle the rejection where the promise starts';

    it('join neighbouring awaits', () => {
      const body = (...rest: string[]) =>
        `${START}export async function run() {\n  ${rest.join('\n  ')}\n}\n`;
      const bare = (...rest: string[]) => body(...rest).slice(START.length);
      assert.equal(
        fixed(
          body('const p = start();', 'const o = await other();', 'const n = await p;', 'return [o, n];'),
          ALL,
        ),
        bare('const p = start();', 'const [o, n] = await Promise.all([other(), p]);', 'return [o, n];'),
      );
      assert.equal(
        fixed(body('const p = start();', 'await other();', 'const n = await p;', 'return n;'), ALL),
        bare('const p = start();', 'const [, n] = await Promise.all([other(), p]);', 'return n;'),
      );
      assert.equal(
        fixed(body('const p = start();', 'await other();', 'await p;'), ALL),
        bare('const p = start();', 'await Promise.all([other(), p]);'),
      );
      assert.equal(
        fixed(body('const p = start();', 'const q = other();', 'return [await p, await q];'), ALL),
        bare('const p = start();', 'const q = other();', 'return await Promise.all([p, q]);'),
      );
    });

    it('do not join what depends on each other or stands apart', () => {
      const code = (...rest: string[]) =>
        `${START}export async function run() {\n  ${rest.join('\n  ')}\n}\n`;
      assert.equal(
        fixed(code('const p = start();', 'await other();', 'console.log(1);', 'await p;'), ALL),
        undefined,
      );
      assert.equal(
        fixed(code('const p = start();', 'await other();', '// then', 'await p;'), ALL),
        undefined,
      );
    });

    it('attach a handler, keeping line endings and indentation', () => {
      const code =
        `${START.trimEnd()}\n\nexport async function run(flag: boolean) {\n\tconst p = flag ? start() : undefined; // soon\n\tawait other();\n\tconsole.log(1);\n\treturn await p;\n}\n`.replaceAll(
          '\n',
          '\r\n',
        );
      assert.equal(
        fixed(code, HANDLE),
        'export async function run(flag: boolean) {\n\tconst p = flag ? start() : undefined; // soon\n\tp?.catch(() => {}); // A rejection is thrown where it is awaited.\n\tawait other();\n\tconsole.log(1);\n\treturn await p;\n}\n'.replaceAll(
          '\n',
          '\r\n',
        ),
      );
    });
  });

  it('write no semicolons where the file has none, unless the next line would go on with the statement', () => {
    const code = `declare function start(): Promise<number>
declare function other(): Promise<void>
export async function run() {
  const p = start()
  await other()
  console.log('later')
  return await p
}
`;
    const sample = new Sample({ 'a.ts': code });
    const [finding] = sample.findings('a.ts').filter((f) => f.rule === 'late-await');
    assert.ok(finding);
    const [fix] = sample.fixes(finding);
    assert.ok(fix);
    assert.equal(
      applyEdits(code, fix.edits).split('\n')[4],
      '  p.catch(() => {}) // A rejection is thrown where it is awaited.',
    );
    const text = 'for (;;) {\n}\n[1].concat()\n';
    const put = (newText: string, at: number) =>
      asInFile(text, { file: 'a.ts', span: { start: at, end: at }, newText });
    assert.equal(put('  a();\n  b(); c();', 10), '  a()\n  b(); c()');
    assert.equal(put('\na();\n`b`;', 12), '\na();\n`b`;');
    assert.equal(put('a(); ', 13), 'a(); ');
  });

  it('is right about Node: the late await does not save the process, the repairs do', function () {
    const run = (middle: string) =>
      spawnSync(process.execPath, [
        '-e',
        `const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
         const start = async () => { await sleep(5); throw new Error('lost'); };
         (async () => { try { ${middle} } catch (error) { console.log('caught', error.message); } })();`,
      ]);
    const late = run('const p = start(); await sleep(30); await p;');
    assert.equal(late.status, 1);
    assert.equal(late.stdout.toString(), '');
    for (const repaired of [
      'const p = start(); await Promise.all([sleep(30), p]);',
      'const p = start(); p.catch(() => {}); await sleep(30); await p;',
    ]) {
      const { status, stdout } = run(repaired);
      assert.equal(status, 0);
      assert.equal(stdout.toString(), 'caught lost\n');
    }
  });

  it('leaves a hint in test files, where the test fails either way', () => {
    const text = `declare function load(): Promise<string>;
declare function audit(): Promise<void>;
export async function check(): Promise<string> {
  const text = load();
  await audit();
  return await text;
}
`;
    const levels = (name: string) => new Sample({ [name]: text }).findings(name).map(({ level }) => level);
    assert.deepEqual(levels('load.ts'), ['warning']);
    assert.deepEqual(levels('load.test.ts'), ['hint']);
  });
});
