import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `export {};
declare function load(): Promise<string>; declare function take(x: unknown): void; declare const ok: boolean;

`;

/** Lines of the rule's findings, lines of the code counted from 1. */
function found(code: string, name = 'a.ts'): number[] {
  return new Sample({ [name]: PRELUDE + code })
    .summary(name)
    .filter((entry) => entry.endsWith(':async-without-await'))
    .map((entry) => Number.parseInt(entry, 10) - 3);
}

describe('async-without-await', () => {
  const reported: Record<string, string> = {
    'a function': 'async function f() { return 1; } console.log(await f());',
    'an arrow': 'const f = async () => 1; console.log(await f());',
    'a function expression': 'const f = async function () { return 1; }; console.log(await f());',
    'a function whose result is dropped': 'async function f() { take(1); } void f();',
    'a result handed on by an async function':
      'async function f() { return 1; } export async function g() { take(await load()); return f(); }',
    'a private method':
      'export class A { private async f() { return 1; } async g() { return (await this.f()) + (await load()).length; } }',
    'a method with a hash':
      'export class A { async #f() { return 1; } async g() { await load(); return await this.#f(); } }',
  };
  for (const [name, code] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), [1]));
  }

  const silent: Record<string, string> = {
    'an await': 'async function f() { return await load(); } console.log(await f());',
    'an asynchronous loop':
      'async function f(xs: AsyncIterable<number>) { for await (const x of xs) take(x); } declare const xs: AsyncIterable<number>; await f(xs);',
    'an await using':
      'declare function open(): AsyncDisposable; async function f() { await using a = open(); } await f();',
    'a promise that is returned': 'async function f() { return load(); } console.log(await f());',
    'what may be a promise': 'async function f(x: any) { return x; } console.log(await f(1));',
    'a throw': "async function f() { if (ok) throw new Error('a'); return 1; } console.log(await f());",
    'an export': 'export async function f() { return 1; } console.log(await f());',
    'an export by name': 'async function f() { return 1; } export { f }; console.log(await f());',
    'a function passed on': 'async function f() { return 1; } take(f); console.log(await f());',
    'a callback': 'take(async () => 1);',
    'Promise.all': 'async function f() { return 1; } console.log(await Promise.all([f(), f()]));',
    'a handler': 'async function f() { return 1; } f().then(console.log, console.error);',
    'a promise returned by a function that is not async':
      'async function f() { return 1; } export function g(): Promise<number> { return f(); }',
    'a method': 'export class A { async f() { return 1; } async g() { return await this.f(); } }',
    'a protected method':
      'export class A { protected async f() { return 1; } async g() { return await this.f(); } }',
    'an object literal': 'take({ async f() { return 1; } });',
    'a generator': 'async function* f() { yield 1; } for await (const x of f()) take(x);',
    'an empty body': 'async function f() {} await f();',
    'nobody who calls it': 'async function f() { return 1; }',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  it('is silent on the names that scripts share', () => {
    const code = 'async function f() { return 1; }\nasync function g() { await f(); }';
    assert.deepEqual(new Sample({ 'a.ts': code }).summary('a.ts'), []);
  });

  const fixes: Record<string, [code: string, fixed: string | undefined]> = {
    'a function': [
      'async function f(): Promise<number> { return 1; }\nconsole.log(await f(), (await f()).toFixed());',
      'function f(): number { return 1; }\nconsole.log(f(), (f()).toFixed());',
    ],
    'an arrow': [
      'const f = async () => 1;\nconsole.log(await f());',
      'const f = () => 1;\nconsole.log(f());',
    ],
    'an arrow with a type': [
      'const f: () => Promise<number> = async () => 1;\nconsole.log(await f());',
      undefined,
    ],
    'a method': [
      'export class A { async #f() { return 1; } async g() { await load(); return this.#f(); } }',
      'export class A { #f() { return 1; } async g() { await load(); return this.#f(); } }',
    ],
  };
  for (const [name, [code, expected]] of Object.entries(fixes)) {
    it(`removes async from ${name}${expected === undefined ? ', or leaves it' : ''}`, () => {
      const sample = new Sample({ 'a.ts': PRELUDE + code });
      const [finding] = sample.findings('a.ts');
      assert.equal(finding?.rule, 'async-without-await');
      const [fix] = sample.fixes(finding);
      if (expected === undefined) {
        assert.equal(fix, undefined);
        return;
      }
      assert.equal(fix?.safety, 'suggestion');
      const fixed = applyEdits(PRELUDE + code, fix.edits);
      assert.equal(fixed.slice(PRELUDE.length), expected);
      const after = new Sample({ 'a.ts': fixed }, {}, {}, sample);
      assert.deepEqual(after.typeErrors('a.ts'), []);
      assert.deepEqual(after.summary('a.ts'), []);
    });
  }
});
