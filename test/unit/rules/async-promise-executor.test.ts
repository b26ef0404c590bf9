import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `import { readFile } from 'node:fs';
import type { EventEmitter } from 'node:events';
declare function load(): Promise<string>; declare const emitter: EventEmitter; declare const ok: boolean;
`;

/** `line level` of the rule's findings, lines of the code counted from 1; no other rule may speak up. */
function found(code: string): string[] {
  const sample = new Sample({ 'a.ts': PRELUDE + code });
  const findings = sample.findings('a.ts');
  return sample.summary('a.ts').map((entry, i) => {
    assert.match(entry, /:async-promise-executor$/);
    return `${Number.parseInt(entry, 10) - 3} ${findings[i]?.level ?? ''}`;
  });
}

describe('async-promise-executor', () => {
  const reported: Record<string, [code: string, expected: string[]]> = {
    'an async arrow': [
      'export const p = new Promise<string>(async (resolve) => resolve(await load()));',
      ['1 error'],
    ],
    'an async function': [
      'export const p = new Promise<string>(async function (resolve) { resolve(await load()); });',
      ['1 error'],
    ],
    'an async executor that handles what fails': [
      'export const p = new Promise<string>(async (resolve, reject) => { try { resolve(await load()); } catch (e) { reject(e); } });',
      ['1 information'],
    ],
    'names that are never used': [
      'export const p = new Promise<void>((resolve, reject) => { setTimeout(() => console.log(1), 5); });',
      ['1 error'],
    ],
    'a branch that settles nothing': [
      'export const p = new Promise<void>((resolve) => { if (ok) resolve(); });',
      ['1 error'],
    ],
    'an early return in a callback': [
      "export const p = new Promise<string>((resolve) => {\nreadFile('a', 'utf8', (err, text) => { if (err) return; resolve(text); }); });",
      ['2 error'],
    ],
    'a missing return': [
      "export const p = new Promise<string>((resolve, reject) => { readFile('a', 'utf8', (err, text) => {\nif (err) reject(err);\nresolve(text); }); });",
      ['3 information'],
    ],
    'a missing return in the executor': [
      'export const p = new Promise<number>((resolve, reject) => {\nif (!ok) { console.log(1); reject(new Error()); }\nresolve(1); });',
      ['3 information'],
    ],
    'a rejection that goes nowhere': [
      'export const p = new Promise<string>((resolve) => {\nload().then(resolve); });',
      ['2 error'],
    ],
    'the same, returned': [
      'export const p = new Promise<string>((resolve) => load().then((t) => resolve(t)));',
      ['1 error'],
    ],
    'a promise handed through': [
      'export const p = new Promise<string>((resolve, reject) => { load().then(resolve).catch(reject); });',
      ['1 information'],
    ],
  };
  for (const [name, [code, expected]] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), expected));
  }

  it('is milder where nothing is done after the first', () => {
    const code = (after: string) =>
      `export const p = new Promise<string>((resolve, reject) => { readFile("a", "utf8", (err, text) => { if (err) reject(err); ${after} }); });`;
    assert.deepEqual(found(code('resolve(text);')), ['1 information']);
    assert.deepEqual(found(code('resolve(text.trim());')), ['1 warning']);
    assert.deepEqual(found(code('emitter.emit("a"); resolve(text);')), ['1 warning']);
  });

  const silent: Record<string, string> = {
    'a promise that waits on purpose': 'export const p = new Promise<never>(() => {});',
    'a name that says it is not used':
      'export const p = new Promise<never>((_resolve) => { console.log(1); });',
    'an executor that throws':
      "export const p = new Promise((resolve, reject) => { throw new Error('no'); });",
    'names handed on':
      'export const p = new Promise<void>((resolve, reject) => { emitter.once("end", resolve); emitter.once("error", reject); });',
    'an assertion on the other path':
      'import assert from "node:assert"; export const p = new Promise<void>((resolve) => { readFile("a", (err) => { if (err) assert.ifError(err); else resolve(); }); });',
    'names kept':
      'let done = () => {}; export const p = new Promise<void>((resolve) => { done = resolve; }); export { done };',
    'a constructor of its own':
      'class Promise { constructor(readonly f: (r: () => void) => Promise | Promise[] | undefined | boolean) {} }\nexport const p = new Promise(() => ok);',
    'a return after the first':
      'export const p = new Promise<number>((resolve, reject) => { if (!ok) return reject(new Error()); resolve(1); });',
    'two branches':
      'export const p = new Promise<number>((resolve, reject) => { if (ok) resolve(1); else reject(new Error()); });',
    'a choice':
      'export const p = new Promise<number>((resolve, reject) => { ok ? resolve(1) : reject(new Error()); });',
    'two conditions':
      'export const p = new Promise<number>((resolve) => { readFile("a", () => { if (ok) resolve(1); if (!ok) resolve(2); }); });',
    'every case of a switch':
      'export const p = (kind: "a" | "b") => new Promise<number>((resolve) => { switch (kind) { case "a": resolve(1); break; case "b": resolve(2); } });',
    'a listener that is called for one outcome of several':
      'export const p = new Promise<void>((resolve) => { emitter.on("exit", () => { if (ok) resolve(); }); });',
    'a next try':
      'function attempt(): Promise<string> { return new Promise((resolve) => { const again = () => readFile("a", "utf8", (err, text) => { if (err) { again(); return; } resolve(text); }); again(); }); }\nexport { attempt };',
    'a promise among other things':
      'export const p = new Promise<string>((resolve, reject) => { const t = setTimeout(reject, 5); load().then(resolve, reject).finally(() => clearTimeout(t)).catch(console.error); });',
    'a race against a timer':
      'export const p = new Promise<string>((resolve, reject) => { setTimeout(reject, 5); load().then(resolve, reject); });',
    'a result made of it':
      'export const p = new Promise<number>((resolve, reject) => { load().then((t) => resolve(t.length), reject); });',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  it('leaves the constructor out', () => {
    const code = `${PRELUDE}export const p = new Promise<string>((resolve, reject) => { load().then(resolve, reject); });`;
    const sample = new Sample({ 'a.ts': code });
    const [finding] = sample.findings('a.ts');
    const [fix] = finding ? sample.fixes(finding) : [];
    assert.equal(fix?.safety, 'suggestion');
    const fixed = applyEdits(code, fix.edits);
    assert.equal(fixed, `${PRELUDE}export const p = load();`);
    assert.deepEqual(new Sample({ 'a.ts': fixed }, {}, {}, sample).typeErrors('a.ts'), []);
  });
});
