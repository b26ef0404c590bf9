import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `export {};
declare function load(): Promise<string>; declare function size(): number; declare const xs: number[];
declare function open(): Disposable; declare function connect(): AsyncDisposable; declare const o: { n(): number; v(): void };
`;

/** Lines of the rule's findings, lines of the code counted from 1; no other rule may speak up. */
function found(code: string, name = 'a.ts'): number[] {
  return new Sample({ [name]: PRELUDE + code }).summary(name).map((entry) => {
    assert.match(entry, /:await-non-promise$/);
    return Number.parseInt(entry, 10) - 3;
  });
}

describe('await-non-promise', () => {
  const reported: Record<string, string> = {
    'a number': 'console.log(await size());',
    'a method': 'console.log(await o.n());',
    'a name': 'const n = size(); console.log(await n);',
    'a function that is not called': 'console.log(await load);',
    'an object': 'console.log(await { a: 1 });',
    'a choice of plain values': 'console.log(await (size() > 1 ? size() : undefined));',
    'a function of the platform that gives nothing':
      'const t = setTimeout(() => {}, 5); await clearTimeout(t);',
    'a function of the project that gives nothing':
      "function log(x: string) { console.log(x); } await log('a');",
    'a second await': 'console.log(await (await load()));',
    'a loop over numbers': 'for await (const x of xs) console.log(x);',
    'a loop over text': "for await (const x of 'abc') console.log(x);",
    'a loop over a set': 'for await (const x of new Set([1])) console.log(x);',
    'what is disposed of at once': 'await using a = open();',
  };
  for (const [name, code] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), [1]));
  }

  const silent: Record<string, string> = {
    'a promise': 'console.log(await load());',
    'a call whose overload nobody can tell':
      'declare function run(command: string): string; declare function run(file: string, ...rest: string[]): Promise<string>; declare const command: [string]; console.log(await run(...command));',
    'a thenable': 'declare const q: PromiseLike<string>; console.log(await q);',
    'a thenable of its own': 'declare const q: { then(f: (x: string) => void): void }; console.log(await q);',
    'a union': 'declare const q: string | Promise<string>; console.log(await q);',
    any: 'declare const q: any; console.log(await q);',
    unknown: 'declare const q: unknown; console.log(await q);',
    'a type parameter': 'export async function f<T>(x: T) { return await x; }',
    'a bounded type parameter': 'export async function f<T extends { a: string }>(x: T) { return await x; }',
    'an object of any kind': 'declare const q: object; console.log(await q);',
    'an empty interface': 'interface Q {} declare const q: Q; console.log(await q);',
    literals: 'await null; await undefined; await 0; await void 0;',
    'a callback without a result': 'export async function f(g: () => void) { await g(); }',
    'a callback that may be missing': 'export async function f(g?: () => void) { await g?.(); }',
    'a method without a result': 'await o.v();',
    'a method that may be overridden':
      'export class A { close() { console.log(1); } async stop() { await this.close(); } }',
    'a hook that does nothing yet': 'function hook() {} await hook();',
    'a loop over promises': 'for await (const x of [load()]) console.log(x);',
    'a loop over a set of promises': 'for await (const x of new Set([load()])) console.log(x);',
    'a loop over anything': 'declare const q: Iterable<any>; for await (const x of q) console.log(x);',
    'a loop over a stream':
      'declare const q: AsyncIterable<string>; for await (const x of q) console.log(x);',
    'a loop over either':
      'declare const q: AsyncIterable<string> | string[]; for await (const x of q) console.log(x);',
    'what takes time to dispose of': 'await using a = connect();',
    'nothing to dispose of': 'await using a = null;',
    'what is asked whether it is a promise':
      'export async function f(q: { a: string }) { if (q instanceof Promise) console.log(1); await q; }',
    'a blocking call': "import { readFileSync } from 'node:fs'; await readFileSync('a');",
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  it('is only a hint in tests', () => {
    const code = `import { it } from 'node:test';\n${PRELUDE}it('x', async () => { console.log(await size()); });`;
    const [finding] = new Sample({ 'a.ts': code }).findings('a.ts');
    assert.equal(finding?.level, 'hint');
  });

  it('believes in JavaScript only what libraries declare', () => {
    const code = `export class A {
  size() { return 1; }
  async run() { return await this.size(); }
}
function two() { return 2; }
console.log(await two());
console.log(await Math.max(1, 2));
console.log(await two);
`;
    assert.deepEqual(new Sample({ 'a.js': code }).summary('a.js'), [
      '7:await-non-promise',
      '8:await-non-promise',
    ]);
  });

  const fixes: Record<string, [code: string, fixed: string]> = {
    'an expression': ['const n = await size();', 'const n = size();'],
    'a statement': ['await o.n();', 'o.n();'],
    'a member': ['console.log((await o.n()).toFixed());', 'console.log((o.n()).toFixed());'],
    'a loop': ['for await (const x of xs) console.log(x);', 'for (const x of xs) console.log(x);'],
    'a declaration': ['await using a = open();', 'using a = open();'],
    'a line break behind it': ['const n = await\n  size();', 'const n = size();'],
    'a comment behind it': ['const n = await /* why */ size();', 'const n = /* why */ size();'],
  };
  for (const [name, [code, expected]] of Object.entries(fixes)) {
    it(`removes it from ${name}`, () => {
      const sample = new Sample({ 'a.ts': PRELUDE + code });
      const [finding] = sample.findings('a.ts');
      const [fix] = finding ? sample.fixes(finding) : [];
      assert.equal(fix?.safety, 'suggestion');
      const fixed = applyEdits(PRELUDE + code, fix.edits);
      assert.equal(fixed.slice(PRELUDE.length), expected);
      assert.deepEqual(new Sample({ 'a.ts': fixed }, {}, {}, sample).typeErrors('a.ts'), []);
    });
  }

  it('leaves alone what would join the line above', () => {
    const code = `${PRELUDE}const n = size()\nawait (o).n()\n`;
    const sample = new Sample({ 'a.ts': code });
    const [finding] = sample.findings('a.ts');
    assert.deepEqual(finding && sample.fixes(finding), []);
  });

  it('leaves alone what an async callback decides, in JavaScript', () => {
    const code =
      'const all = [1, 2];\nexport const sum = await all.reduce(async (a, b) => (await a) + b, 0);\n';
    assert.deepEqual(new Sample({ 'a.js': code }).summary('a.js'), []);
    assert.deepEqual(new Sample({ 'a.js': 'export const n = await [1, 2].indexOf(1);\n' }).summary('a.js'), [
      '1:await-non-promise',
    ]);
  });
});
