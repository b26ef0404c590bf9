import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { PythonSample } from '../support/analyse-python';

const RULE = 'nested-event-loop';

describe(RULE, () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  const HEAD = 'import asyncio\nasync def f(): return 1\n';
  const sampleOf = (text: string) => new PythonSample(parser, { 'a.py': text });
  const found = (text: string): number[] => {
    const lines = new LineMap(text);
    return sampleOf(text)
      .findings('a.py')
      .filter((f) => f.rule === RULE)
      .map((f) => lines.positionAt(f.span.start).line + 1);
  };
  const inside = (line: string) => found(`${HEAD}async def g(loop):\n    ${line}\n`);

  it('finds every way to run a loop in a coroutine', () => {
    assert.deepEqual(inside('asyncio.run(f())'), [4]);
    assert.deepEqual(inside('return asyncio.get_event_loop().run_until_complete(f())'), [4]);
    assert.deepEqual(inside('with asyncio.Runner() as runner: runner.run(f())'), [4]);
    assert.deepEqual(found('from asyncio import run\nasync def g():\n    run(g())\n'), [3]);
    assert.deepEqual(found('import anyio\nasync def g():\n    anyio.run(g)\n'), [3]);
  });

  it('finds loops that nobody knows by their name', () => {
    assert.deepEqual(inside('loop.run_until_complete(f())'), [4]);
    assert.deepEqual(inside('loop.server._loop.run_forever()'), [4]);
    assert.deepEqual(inside('asyncio.new_event_loop().run_forever()'), [4]);
    assert.deepEqual(inside('game.run_forever()'), []);
  });

  it('is silent outside coroutines, in functions for threads, and on other functions named run', () => {
    assert.deepEqual(found(`${HEAD}def g():\n    asyncio.run(f())\nasyncio.run(f())\n`), []);
    assert.deepEqual(inside('return lambda: asyncio.run(f())'), []);
    assert.deepEqual(inside('def h(): return asyncio.run(f())\n    return h'), []);
    assert.deepEqual(inside('loop.run(1)'), []);
    assert.deepEqual(
      inside('with pytest.raises(RuntimeError): asyncio.run(f())'),
      [],
      'a test of this failure',
    );
    assert.deepEqual(found('import subprocess\nasync def g():\n    subprocess.run("ls")\n'), []);
    assert.deepEqual(found(`import nest_asyncio\n${HEAD}async def g():\n    asyncio.run(f())\n`), []);
  });

  it('awaits instead, with parentheses where they are needed', () => {
    const fixed = (line: string) =>
      sampleOf(`${HEAD}async def g(x):\n    ${line}\n`).fixed('a.py').split('\n').slice(3).join('\n');
    assert.equal(
      fixed('x = asyncio.run(f(), debug=True)'),
      '    x = asyncio.run(f(), debug=True)\n',
      'options would go',
    );
    assert.equal(fixed('x = asyncio.run(f())'), '    x = await f()\n');
    assert.equal(fixed('asyncio.run(\n        f()\n    )'), '    await f()\n');
    assert.equal(fixed('return asyncio.run(f()).real'), '    return (await f()).real\n');
    assert.equal(fixed('return asyncio.run(f() if x else x)'), '    return await (f() if x else x)\n');
    assert.equal(
      fixed('asyncio.run(  # why\n        f()\n    )'),
      '    asyncio.run(  # why\n        f()\n    )\n',
    );
  });
});
