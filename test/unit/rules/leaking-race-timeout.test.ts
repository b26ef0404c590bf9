import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `import { setTimeout as pause, scheduler } from 'node:timers/promises'; import { promisify } from 'node:util';
import { nap, tick } from './helpers'; declare function load(): Promise<string>; declare const ms: number;
`;
const HELPERS = `export const nap = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
export async function tick(): Promise<never> { await nap(5000); throw new Error('late'); }
`;

/** `line level` of the rule's findings, lines of the code counted from 1; no other rule may speak up. */
function found(code: string): string[] {
  const sample = new Sample({ 'a.ts': PRELUDE + code, 'helpers.ts': HELPERS });
  const findings = sample.findings('a.ts');
  return sample.summary('a.ts').map((entry, i) => {
    assert.match(entry, /:leaking-race-timeout$/);
    return `${Number.parseInt(entry, 10) - 2} ${findings[i]?.level ?? ''}`;
  });
}

const LATE = "setTimeout(() => reject(new Error('late')), 5000)";

describe('leaking-race-timeout', () => {
  const reported: Record<string, string> = {
    'an inline timer': `export const p = Promise.race([load(), new Promise<never>((_, reject) => ${LATE})]);`,
    'one in a block': `export const p = Promise.race([load(), new Promise<never>((_, reject) => { ${LATE}; })]);`,
    'the settling function itself':
      'export const p = Promise.race([load(), new Promise((resolve) => { setTimeout(resolve, ms, 1); })]);',
    'a handle that is never read':
      'let t; export const p = Promise.race([load(), new Promise((resolve) => { t = setTimeout(resolve, ms); })]);',
    'a chain': `export const p = Promise.race([load(), pause(ms).then(() => { throw new Error('late'); })]);`,
    'a promise from timers/promises': 'export const p = Promise.race([load(), pause(5000, 1)]);',
    scheduler: 'export const p = Promise.race([load(), scheduler.wait(5000)]);',
    'promisified setTimeout':
      'const wait = promisify(setTimeout); export const p = Promise.race([load(), wait(5000)]);',
    'a helper of another file': 'export const p = Promise.race([load(), nap(5000)]);',
    'a helper that throws': 'export const p = Promise.race([load(), tick()]);',
    'a constant': 'export async function f() { const t = nap(ms); return await Promise.race([load(), t]); }',
    'a constant with a handler':
      'export async function f() { const t = tick(); t.catch(() => {}); return await Promise.race([load(), t]); }',
    'an async function called on the spot':
      "export const p = Promise.race([load(), (async () => { await pause(5000); throw new Error('late'); })()]);",
  };
  for (const [name, code] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), ['1 information']));
  }

  it('names the place of a timer in a helper', () => {
    const code = `${PRELUDE}export const p = Promise.race([load(), nap(5000)]);`;
    const sample = new Sample({ 'a.ts': code, 'helpers.ts': HELPERS });
    const [finding] = sample.findings('a.ts');
    const [related] = finding?.related ?? [];
    assert.equal(related?.file, sample.path('helpers.ts'));
    assert.equal(HELPERS.slice(related.span.start, related.span.end), 'setTimeout(resolve, ms)');
  });

  it('is a hint in tests', () => {
    const sample = new Sample({
      'a.test.ts': `declare function load(): Promise<string>; export const p = Promise.race([load(), new Promise<never>((_, reject) => ${LATE})]);`,
    });
    assert.deepEqual(
      sample.findings('a.test.ts').map(({ level }) => level),
      ['hint'],
    );
  });

  const silent: Record<string, string> = {
    'a timer that is cleared':
      'export async function f() { let t: NodeJS.Timeout | undefined; try { return await Promise.race([load(), new Promise((resolve) => { t = setTimeout(resolve, ms); })]); } finally { clearTimeout(t); } }',
    'a timer that is cleared where the work is done':
      'export async function f() { let t: NodeJS.Timeout; return await Promise.race([load().finally(() => clearTimeout(t)), new Promise((resolve) => { t = setTimeout(resolve, ms); })]); }',
    unref: 'export const p = Promise.race([load(), new Promise((r) => setTimeout(r, ms).unref())]);',
    'a signal':
      'export const p = (signal: AbortSignal) => Promise.race([load(), pause(5000, 1, { signal })]);',
    'a timer without a hold on the process':
      'export const p = Promise.race([load(), pause(5000, 1, { ref: false })]);',
    'a short timer': 'export const p = Promise.race([load(), nap(999), pause(0)]);',
    'a short constant': 'const SOON = 2 * 100; export const p = Promise.race([load(), nap(SOON)]);',
    'a timer of a class': `class Timer { t: NodeJS.Timeout | undefined; p = new Promise<void>((resolve) => { this.t = setTimeout(resolve, ms); }); } const t = new Timer();\nexport const p = Promise.race([load(), t.p]);`,
    'a promise that others await':
      'export async function f() { const t = nap(5000); await Promise.race([load(), t]); await t; }',
    'a promise that a listener settles as well':
      "export const p = Promise.race([load(), new Promise((resolve) => { process.once('exit', resolve); setTimeout(resolve, ms); })]);",
    'an exit': 'export async function f() { await Promise.race([load(), nap(5000)]); process.exit(0); }',
    'a function of its own':
      'const setTimeout = (f: (x: unknown) => void, n: number) => f(n); export const p = Promise.race([load(), new Promise((resolve) => setTimeout(resolve, ms))]);',
    'no race': 'export const p = Promise.all([load(), nap(5000)]);',
    'a race of one': 'export const p = Promise.race([nap(5000)]);',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  const RACE = `Promise.race([load(), new Promise<never>((_, reject) => ${LATE})])`;
  const CLEARED = `Promise.race([load(), new Promise<never>((_, reject) => { timer = ${LATE}; })]).finally(() => clearTimeout(timer))`;
  const TIMER = 'let timer: ReturnType<typeof setTimeout> | undefined;';
  const fixed: Record<string, [code: string, expected: string]> = {
    'in a statement': [
      `export async function f() {\n  return await ${RACE};\n}`,
      `export async function f() {\n  ${TIMER}\n  return await ${CLEARED};\n}`,
    ],
    'in an arrow function': [
      `export const f = () => ${RACE};`,
      `export const f = () => {\n  ${TIMER}\n  return ${CLEARED};\n};`,
    ],
    'in an async arrow function': [
      `export const f = async () => await ${RACE};`,
      `export const f = async () => {\n  ${TIMER}\n  return await ${CLEARED};\n};`,
    ],
    'with a chain behind the race': [
      `export const p = ${RACE}.then((text) => text.length);`,
      `${TIMER}\nexport const p = ${CLEARED}.then((text) => text.length);`,
    ],
    'with a name that is free': [
      `const timer = 1; export { timer };\nexport const p = ${RACE};`,
      `const timer = 1; export { timer };\n${TIMER.replace('timer', 'raceTimer')}\nexport const p = ${CLEARED.replace(/\btimer\b/g, 'raceTimer')};`,
    ],
  };
  for (const [name, [code, expected]] of Object.entries(fixed)) {
    it(`clears the timer ${name}`, () => {
      const [before, after] = [PRELUDE + code, PRELUDE + expected];
      const sample = new Sample({ 'a.ts': before, 'helpers.ts': HELPERS });
      const [finding] = sample.findings('a.ts');
      const [fix] = finding ? sample.fixes(finding) : [];
      assert.equal(fix?.safety, 'suggestion');
      assert.equal(applyEdits(before, fix.edits), after);
      const again = new Sample({ 'a.ts': after, 'helpers.ts': HELPERS }, {}, {}, sample);
      assert.deepEqual(again.typeErrors('a.ts'), []);
      assert.deepEqual(again.summary('a.ts'), []);
    });
  }

  it('needs no types in JavaScript', () => {
    const code = `export function f(work) {\n  return Promise.race([work, new Promise((_, reject) => ${LATE})]);\n}`;
    const sample = new Sample({ 'a.js': code });
    const [finding] = sample.findings('a.js');
    const [fix] = finding ? sample.fixes(finding) : [];
    assert.match(fix ? applyEdits(code, fix.edits) : '', /^ {2}let timer;$/m);
  });

  it('offers AbortSignal.timeout for fetch alone', () => {
    const titles = (code: string) => {
      const sample = new Sample({ 'a.ts': PRELUDE + code, 'helpers.ts': HELPERS });
      return sample
        .findings('a.ts')
        .flatMap((finding) => sample.fixes(finding).map((fix) => formatMessage(fix.title)));
    };
    const clear = 'Clear the timer after the race';
    const late = `new Promise<never>((_, reject) => ${LATE})`;
    const both = [clear, 'Limit the request with AbortSignal.timeout'];
    assert.deepEqual(titles(`export const p = Promise.race([fetch('/'), ${late}]);`), both);
    assert.deepEqual(titles(`export const p = Promise.race([load(), ${late}]);`), [clear]);
    const own = `export const p = (signal: AbortSignal) => Promise.race([fetch('/', { signal }), ${late}]);`;
    assert.deepEqual(titles(own), [clear]);
    const value = `export const p = Promise.race([fetch('/'), new Promise<string>((r) => setTimeout(r, 5000, ''))]);`;
    assert.deepEqual(titles(value), [clear]);
  });
});
