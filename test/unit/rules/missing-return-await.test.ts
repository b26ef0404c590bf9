import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `declare function load(): Promise<string>;
declare function log(e: unknown): void;
`;

/** Lines of the code, counted from 1, that carry the rule's findings. */
function lines(code: string): number[] {
  const summary = new Sample({ 'a.ts': PRELUDE + code }).summary('a.ts');
  return summary.map((entry) => {
    assert.match(entry, /:missing-return-await$/);
    return Number.parseInt(entry, 10) - 2;
  });
}

function firstFix(
  code: string,
): { title: string; safety: string; text: string; errors: string[] } | undefined {
  const source = PRELUDE + code;
  const sample = new Sample({ 'a.ts': source });
  const [finding] = sample.findings('a.ts');
  assert.ok(finding);
  const [fix] = sample.fixes(finding);
  if (!fix) return undefined;
  const text = applyEdits(source, fix.edits);
  const errors = new Sample({ 'a.ts': text }, {}, {}, sample).typeErrors('a.ts');
  return { title: formatMessage(fix.title), safety: fix.safety, text: text.slice(PRELUDE.length), errors };
}

describe('missing-return-await', () => {
  const found: Record<string, [code: string, at: number[]]> = {
    'try with catch': [
      'async function f() { try {\nreturn load();\n} catch (e) { log(e); return ""; } }',
      [2],
    ],
    'try with finally': ['async function f() { try {\nreturn load();\n} finally { log(0); } }', [2]],
    'catch with finally': [
      'async function f() { try { log(0); return ""; } catch {\nreturn load();\n} finally { log(0); } }',
      [2],
    ],
    'a try around a try': [
      'async function f() { try { try { log(0); return ""; } catch {\nreturn load();\n} } catch { return ""; } }',
      [2],
    ],
    'a try around a finally block': [
      'async function f() { try { try { log(0); } finally {\nif (Math.random()) return load();\n} return ""; } catch { return ""; } }',
      [2],
    ],
    'both arms of a choice': [
      'async function f(a: boolean) { try { return a ?\nload() :\nload(); } catch { return ""; } }',
      [2, 3],
    ],
    'a promise behind &&': [
      'async function f(a: boolean) { try { return a &&\nload(); } catch { return ""; } }',
      [1],
    ],
    'a promise made before': [
      'async function f() { const p = load(); try {\nreturn p;\n} catch { return ""; } }',
      [2],
    ],
    'a rejection': [
      'async function f() { try {\nreturn Promise.reject(new Error("x"));\n} catch { return ""; } }',
      [2],
    ],
    'using in an outer block': [
      'async function f(d: Disposable) { using x = d; if (x) {\nreturn load();\n} return ""; }',
      [2],
    ],
    'await using in a case': [
      'async function f(d: AsyncDisposable, n: number) { switch (n) { case 1: { await using x = d; log(x);\nreturn load();\n} default: return ""; } }',
      [2],
    ],
    'using in the head of a loop': [
      'async function f(ds: Disposable[]) { for (using d of ds) { log(d);\nreturn load();\n} return ""; }',
      [2],
    ],
    'a function that is not async': [
      'function f() { try {\nreturn load();\n} catch (e) { log(e); return Promise.resolve(""); } }',
      [2],
    ],
    'a promise whose handler throws': [
      'async function f() { try {\nreturn load().catch((e: unknown) => { throw e; });\n} catch { return ""; } }',
      [2],
    ],
    'a handled promise before finally': [
      'async function f() { try {\nreturn load().catch(() => "");\n} finally { log(0); } }',
      [2],
    ],
  };
  for (const [name, [code, at]] of Object.entries(found)) {
    it(`finds ${name}`, () => {
      assert.deepEqual(lines(code), at);
    });
  }

  const silent: Record<string, string> = {
    'a handler that does the same again':
      'async function f() { try { log(await g()); return load(); } catch { return load(); } } declare function g(): Promise<void>;',
    'no region': 'async function f() { return load(); }',
    'an awaited promise': 'async function f() { try { return await load(); } catch { return ""; } }',
    'a value that is no promise': 'async function f() { try { return "x"; } catch { return ""; } }',
    any: 'async function f(x: any) { try { return x(); } catch { return ""; } }',
    'an unbounded type parameter':
      'async function f<T>(x: () => T) { try { return x(); } catch { return ""; } }',
    'catch without finally': 'async function f() { try { log(0); return ""; } catch { return load(); } }',
    'the finally block itself':
      'async function f() { try { log(0); } finally { if (Math.random()) return load(); } return ""; }',
    'a function nested in a region':
      'export function f() { try { return [async () => { return load(); }].length; } catch { return 0; } }',
    'an empty finally block': 'async function f() { try { return load(); } finally { } }',
    'a return before using':
      'async function f(d: Disposable) { if (Math.random()) { return load(); } using x = d; log(x); return ""; }',
    'using in a block that has ended':
      'async function f(d: Disposable) { { using x = d; log(x); } return load(); }',
    'a promise fulfilled already':
      'async function f() { try { return Promise.resolve(1); } catch { return 0; } }',
    'a promise that handles its own failure':
      'async function f() { try { return load().catch(() => ""); } catch { return ""; } }',
    'an async generator': 'async function* f() { try { yield 1; return load(); } catch { return ""; } }',
    'a plain function that passes the error on as a rejection':
      'function f() { try { log(0); return load(); } catch (e) { log(e); return Promise.reject(e); } }',
    'a plain function that throws the error again':
      'function f() { try { return load(); } catch (e) { throw new Error("x", { cause: e }); } }',
    'a plain function that returns a promise only sometimes':
      'function f(g: () => string | Promise<string>) { try { return g(); } catch { return ""; } }',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(lines(code), []);
    });
  }

  it('adds await as a safe fix in an async function', () => {
    assert.deepEqual(firstFix('async function f() { try { return load(); } catch { return ""; } }'), {
      title: 'Add await',
      safety: 'safe',
      text: 'async function f() { try { return await load(); } catch { return ""; } }',
      errors: [],
    });
  });

  it('puts parentheses around what await would tear apart', () => {
    const fix = firstFix('async function f(a: boolean) { try { return a && load(); } catch { return ""; } }');
    assert.equal(
      fix?.text,
      'async function f(a: boolean) { try { return await (a && load()); } catch { return ""; } }',
    );
    assert.deepEqual(fix.errors, []);
  });

  it('suggests async where the declared type allows it', () => {
    const fix = firstFix(
      'const f = (): Promise<string> => { try { return load(); } catch { return Promise.resolve(""); } };',
    );
    assert.equal(fix?.safety, 'suggestion');
    assert.match(fix.text, /^const f = async \(\): Promise<string> => \{ try \{ return await load\(\);/);
    assert.deepEqual(fix.errors, []);
  });

  it('offers nothing where async would break the declared type', () => {
    const code =
      'const f = (): PromiseLike<string> => { try { return load(); } catch { return Promise.resolve(""); } };';
    assert.equal(firstFix(code), undefined);
  });

  it('is milder where an empty handler may be meant for what came before', () => {
    const levels = (code: string) =>
      new Sample({ 'a.ts': PRELUDE + code }).findings('a.ts').map(({ level }) => level);
    assert.deepEqual(
      levels('async function f() { try { await load().then(log); return load(); } catch {} }'),
      ['information'],
    );
    assert.deepEqual(levels('async function f() { try { return load(); } catch {} }'), ['warning']);
    assert.deepEqual(
      levels('async function f() { try { await load().then(log); return load(); } catch (e) { log(e); } }'),
      ['warning'],
    );
  });
});
