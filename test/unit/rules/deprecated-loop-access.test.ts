import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

describe('deprecated-loop-access', () => {
  const rule = new PythonRule('deprecated-loop-access');
  const HEAD = 'import asyncio, sys\nasync def f(x): return x\n';

  it('finds get_event_loop where no loop runs', () => {
    assert.deepEqual(rule.levels(`${HEAD}loop = asyncio.get_event_loop()\n`), ['3:warning']);
    assert.deepEqual(
      rule.levels(
        `${HEAD}def main():\n    loop = asyncio.get_event_loop()\n    loop.run_until_complete(f(1))\n`,
      ),
      ['4:warning'],
    );
    assert.deepEqual(rule.levels('from asyncio import get_event_loop as get\nloop = get()\n'), ['2:warning']);
  });

  it('is milder where a loop may be running', () => {
    assert.deepEqual(rule.levels(`${HEAD}def g(): return asyncio.get_event_loop()\n`), ['3:information']);
    assert.deepEqual(rule.levels(`${HEAD}async def g(): return asyncio.get_event_loop()\n`), ['3:hint']);
  });

  it('is silent in callbacks of coroutines, under version checks, and where the failure is expected', () => {
    for (const text of [
      'async def g():\n    def h(): return asyncio.get_event_loop()\n',
      'async def g():\n    return lambda: asyncio.get_event_loop()\n',
      'if sys.version_info < (3, 10):\n    loop = asyncio.get_event_loop()\n',
      'try:\n    loop = asyncio.get_event_loop()\nexcept RuntimeError:\n    loop = asyncio.new_event_loop()\n',
      'if sys.version_info < (3, 14):\n    asyncio.set_event_loop_policy(None)\n',
      'with pytest.raises(RuntimeError):\n    asyncio.get_event_loop()\n',
      'with pytest.deprecated_call():\n    asyncio.get_event_loop()\n',
    ])
      assert.deepEqual(rule.lines(HEAD + text), [], text);
    assert.deepEqual(rule.lines('import uvloop\nloop = uvloop.get_event_loop()\n'), []);
  });

  it('finds event loop policies', () => {
    const text = `${HEAD}asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())\n`;
    assert.deepEqual(rule.levels(text), ['3:information']);
  });

  it('finds coroutines given to asyncio.wait', () => {
    const inside = (...lines: string[]) =>
      rule.lines(`${HEAD}async def g(xs):\n    ${lines.join('\n    ')}\n`);
    assert.deepEqual(inside('await asyncio.wait([f(1), f(2)])'), [4]);
    assert.deepEqual(inside('await asyncio.wait({f(x) for x in xs})'), [4]);
    assert.deepEqual(inside('jobs = [f(x) for x in xs]', 'await asyncio.wait(jobs)'), [4]);
    assert.deepEqual(inside('await asyncio.wait([asyncio.create_task(f(1))])'), []);
    assert.deepEqual(inside('await asyncio.wait(xs)'), []);
    assert.deepEqual(inside('jobs = [f(1)]', 'jobs = xs', 'await asyncio.wait(jobs)'), []);
  });

  it('asks for the running loop', () => {
    const fixed = (text: string) => rule.fixed(text);
    assert.equal(
      fixed('import asyncio as a\nasync def g(): return a.get_event_loop()\n'),
      'import asyncio as a\nasync def g(): return a.get_running_loop()\n',
    );
    assert.equal(
      fixed('from asyncio import get_event_loop\nasync def g(): return get_event_loop()\n'),
      'import asyncio\nfrom asyncio import get_event_loop\nasync def g(): return asyncio.get_running_loop()\n',
    );
    assert.equal(
      fixed(
        'from asyncio import (get_event_loop,\n  get_running_loop as now)\nasync def g(): return get_event_loop()\n',
      ),
      'from asyncio import (get_event_loop,\n  get_running_loop as now)\nasync def g(): return now()\n',
    );
  });

  it('runs the coroutine with asyncio.run', () => {
    assert.equal(
      rule.fixed(`${HEAD}asyncio.get_event_loop().run_until_complete(f(1))\n`),
      `${HEAD}asyncio.run(f(1))\n`,
    );
  });

  it('makes tasks', () => {
    const text = `${HEAD}async def g(xs):\n    await asyncio.wait([f(1), *xs, f(2)])\n`;
    assert.equal(
      rule.fixed(text),
      text.replace('[f(1), *xs, f(2)]', '[asyncio.create_task(f(1)), *xs, asyncio.create_task(f(2))]'),
    );
  });

  it('knows functions that ask whether a loop is running, and names for versions', () => {
    const start = (test: string) =>
      rule.levels(
        `import asyncio\ndef f(c):\n    loop = asyncio.get_event_loop()\n    ${test}\n    loop.run_until_complete(c)\n`,
      );
    assert.deepEqual(start('pass'), ['3:warning']);
    assert.deepEqual(start('if loop.is_running(): return c'), ['3:information']);
    assert.deepEqual(
      rule.lines('import asyncio\nif not PY_38:\n    asyncio.get_event_loop().run_until_complete(x())\n'),
      [],
    );
  });

  it('is silent where a loop was set before, on the way that leads there', () => {
    const after = (...lines: string[]) =>
      rule.lines(
        `import asyncio\ndef f(c):\n${lines.map((line) => `    ${line}\n`).join('')}    asyncio.get_event_loop().run_until_complete(c)\n`,
      );
    const set = 'asyncio.set_event_loop(asyncio.new_event_loop())';
    assert.deepEqual(after(set), []);
    assert.deepEqual(after('if c:', `    ${set}`), [5]);
    assert.deepEqual(after('asyncio.set_event_loop(None)'), [4]);
    assert.deepEqual(
      rule.lines(
        `import asyncio\ndef f(c):\n    if c:\n        ${set}\n        return asyncio.get_event_loop()\n`,
      ),
      [],
    );
  });

  it('is silent under a decorator that gives a loop, and milder in tests', () => {
    const text = 'def f(c):\n    asyncio.get_event_loop().run_until_complete(c)\n';
    assert.deepEqual(rule.lines(`import asyncio\n@with_new_loop\n${text}`), []);
    assert.deepEqual(rule.levels(`import asyncio\n@cached\n${text}`), ['4:warning']);
    const file = 'tests/test_b.py';
    assert.deepEqual(
      rule
        .sample('', { [file]: `import asyncio\n${text}` })
        .findings(file)
        .map((f) => f.level),
      ['information'],
    );
  });
});
