import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `import { setTimeout as pause } from 'node:timers/promises'; import { once } from 'node:events';
declare function get(url: string, options?: { signal?: AbortSignal; deep?: boolean }): Promise<string>; declare function wait(signal?: AbortSignal): Promise<void>; declare function plain(url: string): Promise<string>; declare function save(text: string, options?: { signal?: AbortSignal }): Promise<void>;
`;

/** Lines of the rule's findings, counted from 1 in the code; no other rule may speak up. */
function found(code: string): number[] {
  const sample = new Sample({ 'a.ts': PRELUDE + code });
  return sample.summary('a.ts').map((entry) => {
    assert.match(entry, /:unforwarded-abort-signal$/);
    return Number.parseInt(entry, 10) - 2;
  });
}

describe('unforwarded-abort-signal', () => {
  const reported: Record<string, [code: string, fixed: string]> = {
    'a parameter': [
      "export async function f(signal: AbortSignal) { signal.throwIfAborted(); return await get('a'); }",
      "export async function f(signal: AbortSignal) { signal.throwIfAborted(); return await get('a', { signal }); }",
    ],
    'a parameter nobody uses': [
      "export async function f(signal: AbortSignal) { return await get('a'); }",
      "export async function f(signal: AbortSignal) { return await get('a', { signal }); }",
    ],
    'an option': [
      "export async function f(options: { signal?: AbortSignal }) { options.signal?.throwIfAborted(); return await get('a', { deep: true }); }",
      "export async function f(options: { signal?: AbortSignal }) { options.signal?.throwIfAborted(); return await get('a', { deep: true, signal: options.signal }); }",
    ],
    'an option that may be missing': [
      'export async function f(o?: { abortSignal?: AbortSignal }) { await wait(); }',
      'export async function f(o?: { abortSignal?: AbortSignal }) { await wait(o?.abortSignal); }',
    ],
    'options of a type that tells of aborting': [
      'interface AbortOptions { signal?: AbortSignal }\nexport async function f(url: string, options: AbortOptions = {}) { return await get(url); }',
      'interface AbortOptions { signal?: AbortSignal }\nexport async function f(url: string, options: AbortOptions = {}) { return await get(url, { signal: options.signal }); }',
    ],
    'a destructured option': [
      'export const f = async ({ signal: s }: { signal?: AbortSignal }) => { await pause(5000); s?.throwIfAborted(); };',
      'export const f = async ({ signal: s }: { signal?: AbortSignal }) => { await pause(5000, undefined, { signal: s }); s?.throwIfAborted(); };',
    ],
    'a chain': [
      "export async function f(signal: AbortSignal) { return await get('a', {}).then((text) => text.length); }",
      "export async function f(signal: AbortSignal) { return await get('a', { signal }).then((text) => text.length); }",
    ],
    'options over several lines': [
      "export async function f(signal: AbortSignal) {\n  return await get('a', {\n    deep: true,\n  });\n}",
      "export async function f(signal: AbortSignal) {\n  return await get('a', {\n    deep: true,\n    signal,\n  });\n}",
    ],
  };
  for (const [name, [code, expected]] of Object.entries(reported)) {
    it(`finds and repairs ${name}`, () => {
      const sample = new Sample({ 'a.ts': PRELUDE + code });
      const findings = sample.findings('a.ts');
      assert.deepEqual(
        findings.map(({ rule, level }) => `${rule} ${level}`),
        ['unforwarded-abort-signal hint'],
      );
      const [fix] = findings.flatMap((finding) => sample.fixes(finding));
      assert.equal(fix?.safety, 'suggestion');
      const fixed = applyEdits(PRELUDE + code, fix.edits);
      assert.equal(fixed, PRELUDE + expected);
      const again = new Sample({ 'a.ts': fixed }, {}, {}, sample);
      assert.deepEqual(again.typeErrors('a.ts'), []);
      assert.deepEqual(again.summary('a.ts'), []);
    });
  }

  it('finds each call that gets none', () => {
    const code =
      "export async function f(signal: AbortSignal) {\nawait once(process, 'x');\nawait get('b', { signal });\nawait fetch('c');\n}";
    assert.deepEqual(found(code), [2, 4]);
  });

  it('offers nothing that exactOptionalPropertyTypes would reject', () => {
    const code = `${PRELUDE}export async function f(signal?: AbortSignal) { await get('a'); }`;
    const sample = new Sample({ 'a.ts': code }, {}, { exactOptionalPropertyTypes: true });
    const [finding] = sample.findings('a.ts');
    assert.deepEqual(finding && sample.fixes(finding), []);
  });

  const silent: Record<string, string> = {
    'a signal that is passed': "export async function f(signal: AbortSignal) { await get('a', { signal }); }",
    'options that are passed whole':
      "export async function f(options: { signal?: AbortSignal }) { await get('a', options); await get('b', { ...options }); }",
    'another signal':
      "export async function f(signal: AbortSignal) { await get('a', { signal: AbortSignal.timeout(5) }); signal.throwIfAborted(); }",
    'options made from it':
      "export async function f(signal: AbortSignal) { const given = { signal }; await get('a', given); }",
    'something made from it':
      "declare function connect(signal: AbortSignal): { get: typeof get };\nexport async function f(signal: AbortSignal) { const client = connect(signal); await client.get('a'); }",
    'options of another origin':
      "declare const defaults: { deep: boolean };\nexport async function f(signal: AbortSignal) { signal.throwIfAborted(); await get('a', { ...defaults }); await get('a', defaults); }",
    'a call that takes none': "export async function f(signal: AbortSignal) { await plain('a'); }",
    'catch and finally':
      "export async function f(signal: AbortSignal) { try { await get('a', { signal }); } catch { await get('b'); } finally { await get('c'); } }",
    'tidying up':
      'declare function cleanUp(o?: { signal?: AbortSignal }): Promise<void>; export async function f(signal: AbortSignal) { signal.throwIfAborted(); await cleanUp(); }',
    'keeping what was made':
      "export async function f(signal: AbortSignal) { await save(await get('a', { signal })); const text = await get('b', { signal }); await save(text); }",
    'a note of what was done':
      "declare const store: { merge(id: string, o?: { signal?: AbortSignal }): Promise<void> };\nexport async function f(signal: AbortSignal) { const text = await get('a', { signal }); await store.merge(text); }",
    'options that say nothing of a signal':
      "interface All { signal?: AbortSignal; deep?: boolean }\nexport async function f(options: All) { if (options.deep) await get('a'); }",
    'a listener':
      "export async function f(signal: AbortSignal) { signal.addEventListener('abort', () => process.exit()); await get('a'); }",
    'a function without a signal':
      "export async function f() { const signal = AbortSignal.timeout(5); await get('a'); signal.throwIfAborted(); }",
    'a controller':
      "export async function f(c: AbortController) { await get('a'); c.signal.throwIfAborted(); }",
    'a signal of another kind':
      "export async function f(signal: NodeJS.Signals) { await get('a'); return signal; }",
    'a call without await':
      "export async function f(signal: AbortSignal) { void get('a'); await wait(signal); }",
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }
});
