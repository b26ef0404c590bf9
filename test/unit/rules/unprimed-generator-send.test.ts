import assert from 'node:assert/strict';
import { PythonRule } from '../support/pythonRule';

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
