import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `import { join } from 'node:path';
declare function save(): Promise<void>; declare function load(): Promise<string>; declare const ok: boolean;
declare function take(p: unknown): void; declare function maybe(): Promise<string> | undefined; join('a');
`;

/** `line level` of the rule's findings, lines of the code counted from 1; no other rule may speak up. */
function found(code: string): string[] {
  const sample = new Sample({ 'a.ts': PRELUDE + code });
  const findings = sample.findings('a.ts');
  return sample.summary('a.ts').map((entry, i) => {
    assert.match(entry, /:promise-never-consumed$/);
    return `${Number.parseInt(entry, 10) - 3} ${findings[i]?.level ?? ''}`;
  });
}

describe('promise-never-consumed', () => {
  const reported: Record<string, [code: string, expected: string[]]> = {
    'a name that nothing uses': ['export function f() {\nconst p = save();\n}', ['2 warning']],
    'a name of the module': ['const p = save();', ['1 warning']],
    'a choice': ['export function f() { const p = ok ? save() : undefined; }', ['1 warning']],
    'both arms of a choice as one': [
      'export function f() { const p = ok ? save() : load(); }',
      ['1 warning'],
    ],
    'an assignment': ['export function f() { let p: Promise<void>;\np = save(); }', ['2 warning']],
    'an assignment in a callback': [
      'export function f() { let p: Promise<void> | undefined;\ntake(() => { p = save(); }); }',
      ['2 warning'],
    ],
    'a null check': [
      'export function f() { const p = maybe();\nif (p === undefined) return 1; return 2; }',
      ['1 warning'],
    ],
    'a test of what may be missing': [
      'export function f() { const p = maybe(); return p ? 1 : 2; }',
      ['1 warning'],
    ],
    'a function that keeps its failures': [
      'async function calm() { try { await save(); } catch (e) { console.error(e); } }\nexport function f() { const p = calm(); }',
      ['2 information'],
    ],
    'a remark that it is meant': [
      'export function f() {\n// fire and forget\nconst p = save(); }',
      ['3 hint'],
    ],
    'a new promise': [
      'export function f() { const p = new Promise<void>((resolve) => { setTimeout(resolve, 5); }); }',
      ['1 warning'],
    ],
  };
  for (const [name, [code, expected]] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), expected));
  }

  const silent: Record<string, string> = {
    'an await': 'export async function f() { const p = save(); await p; }',
    'a return': 'export function f() { const p = save(); return p; }',
    'an argument': 'export function f() { const p = save(); take(p); }',
    'a store':
      'export const o = { p: undefined as unknown }; export function f() { const p = save(); o.p = p; }',
    'a property in shorthand': 'export function f() { const p = save(); return { p }; }',
    'a closure': 'export function f() { const p = save(); return () => p; }',
    'a handler': 'export function f() { const p = save(); p.catch(take); }',
    'a handler at its creation': 'export function f() { const p = save().catch(take); }',
    void: 'export function f() { const p = save(); void p; }',
    'an export': 'export const p = save();',
    'an export by name': 'const p = save(); export { p };',
    'a name that says it is not used': 'export function f() { const _p = save(); }',
    'a type made of it':
      'export function f() { const p = load(); let x: Awaited<typeof p> | undefined; take(x); }',
    'what is stored at the same time':
      'export const o = { p: undefined as unknown }; export function f() { const p = (o.p = save()); }',
    'another name for what somebody else holds':
      'export function f(q: Promise<void>) { const p = q; take(q); }',
    'no promise': 'export function f() { const p = join("a", "b"); }',
    any: 'declare function anything(): any; export function f() { const p = anything(); }',
    'a thenable that runs when it is awaited':
      'declare function query(): PromiseLike<void>; export function f() { const p = query(); }',
    'a comparison with another promise':
      'export function f(q: Promise<void>) { const p = save(); return p === q; }',
    'an await using':
      'declare function open(): AsyncDisposable & Promise<void>; export async function f() { await using p = open(); }',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  it('is silent on the names that scripts share', () => {
    const sample = new Sample({ 'a.ts': 'declare function save(): Promise<void>;\nvar p = save();' });
    assert.deepEqual(sample.summary('a.ts'), []);
  });

  it('leaves a test of what is always there to the rule for tests', () => {
    const code = `${PRELUDE}export function f() { const p = load();\nconst q = p ? 1 : 2; return q; }`;
    const sample = new Sample({ 'a.ts': code });
    assert.deepEqual(sample.summary('a.ts'), []);
    assert.match(sample.typeErrors('a.ts').join(), /will always return true/u);
  });

  it('awaits the promise, in a function that may become async', () => {
    const code = `${PRELUDE}export async function f() { const p = maybe(); if (!p) return; }
export function g() { const p = save(); }`;
    const sample = new Sample({ 'a.ts': code });
    const edits = sample.findings('a.ts').flatMap((finding) => {
      const [fix] = sample.fixes(finding);
      assert.equal(fix?.safety, 'suggestion');
      return fix.edits;
    });
    const fixed = applyEdits(code, edits);
    assert.equal(
      fixed,
      `${PRELUDE}export async function f() { const p = await maybe(); if (!p) return; }
export async function g() { const p = await save(); }`,
    );
    const after = new Sample({ 'a.ts': fixed }, {}, {}, sample);
    assert.deepEqual(after.typeErrors('a.ts'), []);
    assert.deepEqual(after.summary('a.ts'), []);
  });
});
