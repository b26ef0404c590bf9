import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `export {};
declare function load(): Promise<string>; declare function count(): Promise<number>; declare const ok: boolean;
declare const xs: number[]; declare const user: { ready: Promise<string>; name: string };
`;

/** `line level` of the rule's findings, lines of the code counted from 1; no other rule may speak up. */
function found(code: string, name = 'a.ts'): string[] {
  const sample = new Sample({ [name]: PRELUDE + code });
  const findings = sample.findings(name);
  return sample.summary(name).map((entry, i) => {
    assert.match(entry, /:promise-as-value$/);
    return `${Number.parseInt(entry, 10) - 3} ${findings[i]?.level ?? ''}`;
  });
}

describe('promise-as-value', () => {
  const reported: Record<string, [code: string, expected: string[]]> = {
    'a template': ['export const t = `a ${load()}`;', ['1 warning']],
    'a name in a template': ['export const f = () => { const p = load(); return `a ${p}`; };', ['1 warning']],
    'a parameter in a template': [
      'export const f = (p: Promise<string> | string) => `a ${p}`;',
      ['1 warning'],
    ],
    'a choice in a template': ['export const t = `a ${ok ? load() : ""}`;', ['1 warning']],
    'a sum': ["export const t = 'a' + load();", ['1 warning']],
    'what is added': ["let t = 'a'; t += load(); export { t };", ['1 warning']],
    String: ['export const t = String(load());', ['1 warning']],
    JSON: ['export const t = JSON.stringify(load());', ['1 warning']],
    'JSON of a literal': ['export const t = JSON.stringify({ a: 1, b: [load()] });', ['1 warning']],
    'JSON of a member': ['export const t = JSON.stringify({ a: user.ready });', ['1 warning']],
    'a response': ['export const r = () => Response.json({ name: load() });', ['1 warning']],
    'the console': ["console.log('a', load());", ['1 warning']],
    'something called a promise': ['export const promise = load(); console.log(promise);', ['1 hint']],
    'an import': ["console.log(import('node:fs'));", ['1 warning']],
    'joined promises': ["export const t = xs.map(async () => load()).join(', ');", ['1 warning']],
    'sorted promises': ['const ps = xs.map(() => count()); export const t = ps.toSorted();', ['1 warning']],
    'filtered promises': ['export const t = xs.map(async () => load()).filter(Boolean);', ['1 warning']],
    'an array in a template': ['export const t = `${xs.map(() => load())}`;', ['1 warning']],
  };
  for (const [name, [code, expected]] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), expected));
  }

  const silent: Record<string, string> = {
    'a result': 'export const f = async () => `a ${await load()}` + (await load());',
    'a number': 'export const t = `${xs.length} ${xs.indexOf(1)} ${user.name}` + xs[0];',
    any: 'declare function anything(): any; export const t = `${anything()}`;',
    'a thenable': 'declare const q: PromiseLike<string>; console.log(q); export const t = `${q}`;',
    'two promises compared':
      'export const f = (p: Promise<string>) => { const q = load(); q.catch(console.error); return p === q; };',
    'a field that starts as null':
      'export class A { pending: null = null; f() { const p = load(); return (this.pending as null) === p; } }',
    'a null check': 'export const f = (p?: Promise<string>) => p === undefined || p == null;',
    'what may be another value': 'export const f = (p: Promise<string> | string, q: string) => p === q;',
    'a sentinel':
      'const NONE = Symbol("none"); export const f = async () => (await Promise.race([load(), NONE])) === NONE;',
    'promises among other things, filtered': 'export const t = [ok && load(), load()].filter(Boolean);',
    'joined text': "export const t = xs.join(', ');",
    'a logger': 'declare const logger: { info(...xs: unknown[]): void }; logger.info(load());',
    'a console of its own': 'export const f = (console: { log(x: unknown): void }) => console.log(load());',
    'a tagged template':
      'declare function tag(s: TemplateStringsArray, ...xs: unknown[]): string; export const t = tag`${load()}`;',
    'a sum TypeScript reports': 'export const t = 1 + load();',
    'a comparison TypeScript reports': "export const t = load() === 'a';",
    'a key TypeScript reports': 'declare const o: Record<string, string>; export const t = o[load()];',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  it('speaks up in JavaScript where TypeScript would', () => {
    const code = `/** @returns {Promise<string>} */
export async function load() { return 'a'; }
export const a = load() === 'a';
export const b = { c: 1 }[load()];
`;
    const sample = new Sample({ 'a.js': code }, {}, { checkJs: false });
    assert.deepEqual(sample.summary('a.js'), ['3:promise-as-value', '4:promise-as-value']);
  });

  it('awaits', () => {
    const code = `${PRELUDE}export async function f() {
  const ps = xs.map(async () => load());
  return [\`a \${load()}\`, 'b' + load(), ps.join(), JSON.stringify({ c: load() }), ok];
}
`;
    const sample = new Sample({ 'a.ts': code });
    const safeties: string[] = [];
    const edits = sample.findings('a.ts').flatMap((finding) => {
      const [fix] = sample.fixes(finding);
      assert.ok(fix);
      safeties.push(fix.safety);
      return fix.edits;
    });
    assert.deepEqual(safeties, ['safe', 'suggestion', 'suggestion', 'suggestion']);
    const fixed = applyEdits(code, edits);
    assert.ok(
      fixed.includes("return [`a ${await load()}`, 'b' + await load(), (await Promise.all(ps)).join(), "),
      fixed,
    );
    assert.ok(fixed.includes('JSON.stringify({ c: await load() })'), fixed);
  });
});
