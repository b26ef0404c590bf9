import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { RawConfig } from '../../../src/core/config';
import { formatMessage } from '../../../src/core/finding';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `declare function save(x?: unknown): Promise<number>;
declare function maybe(): Promise<number> | undefined;
declare function log(e: unknown): void;
declare const flag: boolean;
declare const xs: readonly number[];
declare const thenable: PromiseLike<number>;
`;
const LINES = PRELUDE.split('\n').length - 1;

/** Lines of the code, counted from 1, that carry the rule's findings. */
function lines(code: string, config: RawConfig = {}): number[] {
  const sample = new Sample({ 'a.ts': `${PRELUDE}${code}\nexport {};\n` }, config);
  return sample
    .summary('a.ts')
    .filter((entry) => entry.endsWith(':floating-promise'))
    .map((entry) => Number.parseInt(entry, 10) - LINES);
}

/** What each fix of the first finding makes of the code. Every result has to type-check and to be free of findings. */
function fixes(code: string, prelude = PRELUDE): Record<string, string> {
  const before = new Sample({ 'a.ts': `${prelude}${code}\nexport {};\n` });
  const { text } = before.sourceFile('a.ts');
  const [finding] = before.findings('a.ts').filter(({ rule }) => rule === 'floating-promise');
  assert.ok(finding, 'a finding');
  const result: Record<string, string> = {};
  for (const fix of before.fixes(finding)) {
    const fixed = applyEdits(text, fix.edits);
    const title = formatMessage(fix.title);
    const after = new Sample({ 'a.ts': fixed }, {}, {}, before);
    assert.deepEqual(after.typeErrors('a.ts'), [], `${title}\n${fixed}`);
    assert.deepEqual(
      after.summary('a.ts').filter((entry) => entry.endsWith(':floating-promise')),
      [],
      `${title}\n${fixed}`,
    );
    assert.equal(fix.safety, 'suggestion', title);
    result[title] = fixed.slice(prelude.length, -'\nexport {};\n'.length);
  }
  return result;
}

const inAsync = (statement: string) => `async function f() { ${statement} log(0); }`;

describe('floating-promise', () => {
  const found: Record<string, string> = {
    'a call': 'save();',
    'a promise that may be missing': 'maybe();',
    'a construction': 'new Promise(() => undefined);',
    'a tagged template': 'declare function tag(s: TemplateStringsArray): Promise<void>; tag`x`;',
    'a dynamic import': 'import("node:fs");',
    'an arm of ?:': 'flag ? save() : log(1);',
    'an arm behind &&': 'flag && save();',
    'an arm behind ??': 'maybe() ?? save();',
    'a part of a sequence': 'save(), log(1);',
    'an array of promises': 'xs.map((x) => save(x));',
    'an awaited array of promises': 'await xs.map(async (x) => save(x));',
    'a tuple of promises': '[save(), 1];',
    'then without a rejection handler': 'save().then(log);',
    'finally on an unhandled chain': 'save().finally(() => log(1));',
    'then after catch': 'save().catch(log).then(log);',
    'catch without a handler': 'save().catch();',
    'catch with undefined': 'save().catch(undefined);',
    'catch with a handler that may be missing': 'declare const h: (() => void) | undefined; save().catch(h);',
    'an async function called on the spot': '(async () => { await save(); })();',
    'a subclass of Promise': 'declare class Job extends Promise<number> {} declare const job: Job; job;',
    'a generic promise': 'function f<T extends Promise<number>>(t: () => T) { t(); } log(f);',
    'a chain behind a promise that is kept somewhere':
      'class A { ready = save(); start() { return this.ready; } } new A().start().then(() => { log(1); });',
    'a pause and work after it that can fail':
      'import { setTimeout as sleep } from "node:timers/promises"; sleep(5).then(() => save());',
    'a pause and an exception after it':
      'import { setTimeout as sleep } from "node:timers/promises"; sleep(5).then(() => { throw new Error("x"); });',
    'a rejection that was to be returned':
      'export function f(): Promise<number> { if (flag) Promise.reject(new Error("x")); return save(); }',
    'a test by a name of this file':
      'const test = async (n: string) => { await save(); log(n); }; test("x");',
    'an async function on the spot whose catch throws':
      '(async () => { try { await save(); } catch (e) { throw e; } })();',
  };
  for (const [name, code] of Object.entries(found)) {
    it(`finds ${name}`, () => {
      assert.deepEqual(lines(code), [1]);
    });
  }

  const silent: Record<string, string> = {
    await: 'await save();',
    void: 'void save();',
    'an assignment': 'let p = save(); p = save(); log(p);',
    'an argument': 'log(save());',
    'a return': 'function f() { return save(); } log(f);',
    catch: 'save().catch(log);',
    'then with a rejection handler': 'save().then(log, log);',
    'finally on a handled chain': 'save().catch(log).finally(() => log(1));',
    'overloads mixed up, of which no value is a result':
      'declare const tar: { on(): { on(): void } & Promise<void> & void }; tar.on();',
    'a handler of type any': 'declare const h: any; save().catch(h);',
    'an async function on the spot whose whole body is in try':
      '(async () => { try { await save(); } catch { log(1); } })();',
    'a thenable': 'thenable;',
    any: 'declare const x: any; x.f();',
    'an unbounded type parameter': 'function f<T>(t: () => T) { t(); } log(f);',
    'a call that reports to a Node-style callback':
      'declare function query(f?: (err: unknown, rows: number[]) => void): Promise<number[]>; query((err, rows) => { log([err, rows]); });',
    'a test by another name':
      'import { test as t } from "node:test"; const maybe = flag ? t.skip : t; maybe("x", async () => { await save(); });',
    'a pause and what comes after it':
      'import { setTimeout as sleep } from "node:timers/promises"; sleep(5).then(() => { log(1); });',
    'work after a promise that is there already': 'Promise.resolve().then(() => { log(1); });',
    'a rejection made to be seen': 'function f() { if (flag) Promise.reject(new Error("x")); } f();',
    'a safe callee': 'import { test } from "node:test"; test("x", async () => { await save(); });',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(lines(code), []);
    });
  }

  it('takes other thenables and allowed functions from its options', () => {
    const options = (values: Record<string, unknown>): RawConfig => ({
      options: { 'floating-promise': values },
    });
    assert.deepEqual(lines('thenable;', options({ checkThenables: true })), [1]);
    assert.deepEqual(lines('save();', options({ allow: ['save'] })), []);
  });

  describe('on queries that run only when awaited', () => {
    const KNEX = `declare module 'knex' {
  export namespace Knex {
    interface QueryBuilder extends PromiseLike<unknown[]> {
      where(x: object): this;
      update(x: object): this;
      catch(handler: (reason: unknown) => void): Promise<unknown>;
    }
  }
  export default function knex(table: string): Knex.QueryBuilder;
}
`;
    const sample = (code: string) =>
      new Sample({
        'knex.d.ts': KNEX,
        'a.ts': `import knex, { type Knex } from 'knex';\n${code}\nexport {};\n`,
      });
    const messages = (code: string) =>
      sample(code)
        .findings('a.ts')
        .map(({ rule, message: m }) => `${rule}: ${formatMessage(m)}`);

    it('says that they never run, whether void stands before them or not', () => {
      const [dropped, voided, long] = messages(`knex('users');
void knex('users');
knex('users').where({ id: 1 }).update({ name: 'x' });`);
      assert.equal(dropped, 'floating-promise: The query of knex runs only when awaited: add await.');
      assert.equal(voided, dropped);
      assert.equal(long, 'floating-promise: This query runs only when awaited, so it never does: add await.');
      assert.deepEqual(messages(`const unused = knex('users');`), [
        'promise-never-consumed: unused is a query that nobody awaits, so it never runs: add await.',
      ]);
    });

    it('takes a statement that goes on with a query for a step', () => {
      assert.deepEqual(
        messages(`const query = knex('users');
query.where({ id: 1 });
query.where({ id: 1 }).where({ name: 'x' });
function only(q: Knex.QueryBuilder, id: number) { return q.where({ id }); }
only(query, 1);
await query;`),
        [],
      );
      assert.deepEqual(
        messages(`function all() { return knex('users'); }
all();`).length,
        1,
      );
    });

    it('offers no void', () => {
      const before = sample(`async function f() { knex('users'); }\nf().catch(console.error);`);
      const [finding] = before.findings('a.ts');
      assert.ok(finding);
      assert.deepEqual(
        before.fixes(finding).map(({ title }) => formatMessage(title)),
        ['Add await', 'Return the promise'],
      );
    });
  });

  it('is milder where the function deals with every failure itself', () => {
    const levels = (code: string) =>
      new Sample({ 'a.ts': `${PRELUDE}${code}\nexport {};\n` }).findings('a.ts').map(({ level }) => level);
    const body = 'try { await save(); } catch (e) { log(e); }';
    assert.deepEqual(levels(`async function f() { ${body} } f();`), ['information']);
    assert.deepEqual(levels(`async function f() { if (flag) throw new Error("x"); ${body} } f();`), [
      'error',
    ]);
    assert.deepEqual(levels(`async function f() { ${body} await save(); } f();`), ['error']);
    const pause = 'await new Promise<void>((resolve) => setTimeout(resolve, 5));';
    assert.deepEqual(levels(`async function f() { ${pause} ${body} } f();`), ['information']);
    const failing =
      'await new Promise<void>((resolve, reject) => { setTimeout(flag ? resolve : reject, 5); });';
    assert.deepEqual(levels(`async function f() { ${failing} ${body} } f();`), ['error']);
    const ends = (name: string) =>
      `import { ${name} } from "node:test"; ${name}("x", (c, done) => { log(c); save().then(done); });`;
    const other = (name: string) =>
      `declare function ${name}(name: string, f: (c: unknown, done: () => void) => void): void; ${name}("x", (c, done) => { log(c); save().then(done); });`;
    assert.deepEqual(levels(ends('it')), ['information'], 'the runner sees it');
    assert.deepEqual(levels(other('serve')), ['error']);
    assert.deepEqual(levels('import { it } from "node:test"; it("x", async () => { save(); });'), ['error']);
    assert.deepEqual(levels('function f() { return save().catch(log); } f();'), ['information']);
    assert.deepEqual(levels('import "commander"; save();'), ['information']);
    assert.deepEqual(levels('import "commander"; export function f() { save(); }'), ['error']);
    assert.deepEqual(levels('// These remain unhandled.\nsave();'), ['hint']);
    assert.deepEqual(levels('// eslint-disable-next-line promise/catch-or-return\nsave();'), ['hint']);
    const inside = 'try { if (flag) throw new Error("x"); await save(); } catch (e) { log(e); }';
    assert.deepEqual(levels(`async function f() { ${inside} } f();`), ['information']);
  });

  describe('fixes', () => {
    it('put in four ways', () => {
      assert.deepEqual(fixes('async function f() { log(1); save(); }'), {
        'Add await': 'async function f() { log(1); await save(); }',
        'Return the promise': 'async function f() { log(1); return save(); }',
        'Handle the rejection with .catch()': 'async function f() { log(1); save().catch(console.error); }',
        'Add void: not awaited on purpose': 'async function f() { log(1); void save(); }',
      });
    });

    const awaited: Record<string, readonly [before: string, after: string]> = {
      'a choice': [inAsync('flag ? save() : log(1);'), inAsync('await (flag ? save() : log(1));')],
      'a conjunction': [inAsync('flag && save();'), inAsync('await (flag && save());')],
      'a chain': [inAsync('save().then(log);'), inAsync('await save().then(log);')],
      'a construction': [
        inAsync('new Promise(() => undefined);'),
        inAsync('await new Promise(() => undefined);'),
      ],
      'a call on the spot': [
        inAsync('(async () => { await save(); })();'),
        inAsync('await (async () => { await save(); })();'),
      ],
      'a method': [
        'class A { async f() { save(); log(0); } } log(A);',
        'class A { async f() { await save(); log(0); } } log(A);',
      ],
      'the top level': ['save();', 'await save();'],
    };
    for (const [name, [before, after]] of Object.entries(awaited)) {
      it(`await ${name}`, () => {
        assert.equal(fixes(before)['Add await'], after);
      });
    }

    const made: Record<string, readonly [before: string, after: string]> = {
      'a function declaration': [
        'function f() { save(); log(0); }',
        'async function f() { await save(); log(0); }',
      ],
      'an exported one': [
        'export function f() { save(); log(0); }',
        'export async function f() { await save(); log(0); }',
      ],
      'an arrow function': [
        'const f = () => { save(); log(0); };',
        'const f = async () => { await save(); log(0); };',
      ],
      'a function expression': [
        'const f = function () { save(); log(0); };',
        'const f = async function () { await save(); log(0); };',
      ],
      'a method': [
        'class A { private f() { save(); log(this.f); } }',
        'class A { private async f() { await save(); log(this.f); } }',
      ],
      'a static method': [
        'class A { static f() { save(); log(0); } }',
        'class A { static async f() { await save(); log(0); } }',
      ],
      'one with a declared promise': [
        'function f(): Promise<number> { save(); return save(); }',
        'async function f(): Promise<number> { await save(); return save(); }',
      ],
    };
    for (const [name, [before, after]] of Object.entries(made)) {
      it(`make ${name} async`, () => {
        assert.equal(fixes(before)['Add await and make the function async'], after);
      });
    }

    it('are right about Node: a test that takes a callback must not be async', () => {
      const script = "require('node:test')('both', async (t, testDone) => testDone());";
      const { stdout } = spawnSync(process.execPath, ['--test-reporter=tap', '-e', script], {
        encoding: 'utf8',
      });
      assert.match(stdout, /passed a callback but also returned a Promise/u);
    });

    it('do not handle a rejection that is made on purpose', () => {
      assert.ok(!('Handle the rejection with .catch()' in fixes("Promise.reject(new Error('no'));")));
    });

    const kept: Record<string, string> = {
      'a declared result that is no promise': 'function f(): void { save(); log(0); }',
      'a declared subtype or union': 'function f(): Promise<number> | number { save(); return 1; }',
      'a result that callers use': 'function f() { save(); return 1; } const n: number = f(); log(n);',
      'a callback whose result is used': 'log(xs.map((x): number => { save(); return x; }));',
      'a constructor': 'class A { constructor() { save(); log(0); } } log(A);',
      'a getter': 'class A { get x() { save(); return 1; } } log(A);',
      'a generator': 'function* f() { save(); yield 1; } log(f);',
      'a static block': 'class A { static { save(); } } log(A);',
      'an overriding method':
        'interface B { f(): number } class A implements B { f() { save(); return 1; } } log(A);',
      'a callback that is given one itself':
        'declare function test(f: (done: () => void) => unknown): void; test((done) => { save(); done(); });',
      'a callback that returns nothing':
        'declare function each(f: () => void): void; each(() => { save(); log(0); });',
    };
    for (const [name, code] of Object.entries(kept)) {
      it(`do not make ${name} async`, () => {
        assert.ok(!Object.keys(fixes(code)).some((title) => title.startsWith('Add await')));
      });
    }

    it('await an array with Promise.all', () => {
      const title = 'Await them all with Promise.all';
      assert.equal(
        fixes(inAsync('xs.map((x) => save(x));'))[title],
        inAsync('await Promise.all(xs.map((x) => save(x)));'),
      );
      assert.equal(
        fixes(inAsync('await xs.map((x) => save(x));'))[title],
        inAsync('await Promise.all(xs.map((x) => save(x)));'),
      );
      assert.equal(
        fixes(inAsync('flag && xs.map((x) => save(x));'))[title],
        inAsync('flag && await Promise.all(xs.map((x) => save(x)));'),
      );
      assert.deepEqual(fixes('declare const ys: number[] | undefined; ys?.map((y) => save(y));'), {});
    });

    it('handle the promise itself, not the choice around it', () => {
      const title = 'Handle the rejection with .catch()';
      assert.equal(fixes('flag && save();')[title], 'flag && save().catch(console.error);');
      assert.equal(fixes('save(), log(1);')[title], 'save().catch(console.error), log(1);');
      assert.equal(fixes('maybe();')[title], undefined, 'a promise that may be missing has no catch');
    });

    it('return the promise at the end of a function that may', () => {
      const title = 'Return the promise';
      assert.equal(
        fixes('function f() { log(0); save(); }')[title],
        'function f() { log(0); return save(); }',
      );
      assert.equal(fixes('async function f(): Promise<void> { save(); }')[title], undefined);
      assert.equal(
        fixes(
          'const f = (): Promise<number> => { if (flag) return save(); save(); };',
          `// @ts-nocheck\n${PRELUDE}`,
        )[title],
        'const f = (): Promise<number> => { if (flag) return save(); return save(); };',
      );
    });

    it('keep comments, indentation and line ends', () => {
      const code = 'async function f() {\r\n\t// first\r\n\tsave(/* what */ 1); // then\r\n}';
      assert.equal(
        fixes(code)['Add await'],
        'async function f() {\r\n\t// first\r\n\tawait save(/* what */ 1); // then\r\n}',
      );
    });
  });

  it('leaves a hint where a comment says that nobody is meant to wait', () => {
    const levels = (text: string) =>
      new Sample({ 'a.ts': `declare function save(): Promise<void>;\n${text}\nexport {};` })
        .findings('a.ts')
        .map((finding) => finding.level);
    assert.deepEqual(levels("// don't await: it may take minutes\nsave();"), ['hint']);
    assert.deepEqual(levels('save(); // fire and forget'), ['hint']);
    assert.deepEqual(levels('/* runs in the background,\n   on purpose */\nsave();'), ['hint']);
    assert.deepEqual(levels('// Deliberately\n// not awaited.\nsave();'), ['hint']);
    assert.deepEqual(levels('// await the others first\nsave();'), ['error']);
    assert.deepEqual(levels('log(1); // fire and forget\nsave();\ndeclare function log(n: number): void;'), [
      'error',
    ]);
    assert.deepEqual(levels("// don't await\n\nsave();"), ['error']);
  });
});
