import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';
import { PythonRule } from '../support/python-rule';

describe('unprimed-generator-send', () => {
  const rule = new PythonRule('unprimed-generator-send');
  const HEAD =
    'def gen():\n    while True:\n        x = yield\nasync def agen():\n    x = yield\n@primed\ndef ready():\n    x = yield\n';
  const inside = (...lines: string[]) => `${HEAD}async def f(xs):\n    ${lines.join('\n    ')}\n`;
  const count = (...lines: string[]) => rule.lines(inside(...lines)).length;

  it('finds the first use of a generator when it is send', () => {
    assert.equal(count('g = gen()', 'g.send(1)'), 1);
    assert.equal(count('gen().send("a")'), 1);
    assert.equal(count('g = gen()', 'for x in [1]:', '    g.send(f"{x}")'), 1);
    assert.equal(count('g = agen()', 'await g.asend(1)'), 1);
    assert.equal(count('g = (x for x in xs)', 'g.send([1])'), 1);
  });

  it('is silent on generators that have started, or may have', () => {
    for (const use of ['next(g)', 'g.send(None)', 'prime(g)', 'for x in g: break', 'h = lambda: next(g)'])
      assert.equal(count('g = gen()', use, 'g.send(1)'), 0, use);
    assert.equal(count('g = agen()', 'await anext(g)', 'await g.asend(1)'), 0);
    assert.equal(count('g = ready()', 'g.send(1)'), 0, 'a decorator may prime');
    assert.equal(count('g = gen()', 'g.send(xs)'), 0, 'may be None');
    assert.equal(count('g = xs', 'g.send(1)'), 0);
    assert.equal(count('xs.send(1)'), 0);
    assert.equal(count('g = gen()', 'g = next_of(g)', 'g.send(1)'), 0);
    assert.equal(
      count('g = gen()', 'with self.assertRaises(TypeError):', '    g.send(1)'),
      0,
      'a test of this',
    );
  });

  it('starts the generator first', () => {
    const fixed = (...lines: string[]) => rule.fixed(inside(...lines)).slice(inside().length - 1);
    assert.equal(fixed('g = gen()', 'g.send(1)'), 'g = gen()\n    next(g)\n    g.send(1)\n');
    assert.equal(
      fixed('g = agen()', 'x = await g.asend(1)'),
      'g = agen()\n    await anext(g)\n    x = await g.asend(1)\n',
    );
    assert.deepEqual(rule.titles(inside('g = gen()', 'for x in xs:', '    g.send(1)')), []);
    assert.deepEqual(rule.titles(inside('gen().send(1)')), []);
  });
});

describe('unprimed-generator-send in JavaScript', () => {
  const HEAD = `function* take(): Generator<number, void, number> { for (;;) { const n: number = yield 1; console.log(n); } }
async function* takeSlowly(): AsyncGenerator<number, void, number> { for (;;) console.log(yield 1); }
function* give(): Generator<number, void, unknown> { yield 1; } function* both() { yield* take(); } declare function prime(g: unknown): void; declare const n: number;
`;
  /** The code with the first repair applied; undefined where there is no finding, the code where it has no repair. */
  const repaired = (code: string): string | undefined => {
    const sample = new Sample({ 'a.ts': HEAD + code });
    const [finding, ...others] = sample.findings('a.ts');
    if (!finding) return undefined;
    assert.deepEqual([finding.rule, finding.level, others], ['unprimed-generator-send', 'warning', []]);
    const [fix] = sample.fixes(finding);
    if (!fix) return code;
    const fixed = applyEdits(HEAD + code, fix.edits);
    const again = new Sample({ 'a.ts': fixed }, {}, {}, sample);
    assert.deepEqual([fix.safety, again.summary('a.ts'), again.typeErrors('a.ts')], ['suggestion', [], []]);
    return fixed.slice(HEAD.length);
  };

  it('finds the first value and starts the generator before it', () => {
    assert.equal(repaired('const g = take();\ng.next(n);'), 'const g = take();\ng.next();\ng.next(n);');
    assert.equal(
      repaired('function f() {\n  const g = take(); // numbers\n  for (const x of [1]) g.next(x);\n}\nf();'),
      'function f() {\n  const g = take(); // numbers\n  g.next();\n  for (const x of [1]) g.next(x);\n}\nf();',
    );
    assert.equal(
      repaired(
        'async function f() {\n  const g = takeSlowly();\n  await g.next(1);\n}\nf().catch(console.error);',
      ),
      'async function f() {\n  const g = takeSlowly();\n  await g.next();\n  await g.next(1);\n}\nf().catch(console.error);',
    );
    assert.equal(repaired('take().next(1);'), 'take().next(1);');
  });

  it('is silent where the generator has started, or may have, or takes nothing', () => {
    for (const code of [
      'const g = take(); g.next(); g.next(1);',
      'const g = take(); prime(g); g.next(1);',
      'const g = take(); const step = (x: number) => g.next(x); step(1);',
      'const g = give(); g.next(1);',
      'const g = both(); g.next(1);',
      'const g = take(); g.next(undefined as never);',
      'export function f(g: Generator<number, void, number>) { g.next(1); }',
      'const g = [1][Symbol.iterator](); g.next();',
      'const queue = { next: (x: number) => x }; queue.next(1);',
    ])
      assert.equal(repaired(code), undefined, code);
  });
});
