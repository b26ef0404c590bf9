import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { PythonSample } from '../support/analyse-python';

const RULE = 'coroutine-in-thread';

describe(RULE, () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  const HEAD =
    'import asyncio, threading, time, functools\nasync def f(x=1): return 1\ndef s(x=1): return 1\n';
  const sampleOf = (line: string) =>
    new PythonSample(parser, { 'a.py': `${HEAD}async def g(loop, xs):\n    ${line}\n` });
  const found = (line: string): number[] => {
    const lines = new LineMap(`${HEAD}async def g(loop, xs):\n    ${line}\n`);
    return sampleOf(line)
      .findings('a.py')
      .filter((finding) => finding.rule === RULE)
      .map((finding) => lines.positionAt(finding.span.start).line + 1);
  };

  it('finds async functions and coroutines given to threads', () => {
    for (const line of [
      'await asyncio.to_thread(f)',
      'await asyncio.to_thread(f, 2)',
      'await asyncio.to_thread(f())',
      'await asyncio.to_thread(functools.partial(f, 2))',
      'await asyncio.to_thread(lambda: f())',
      'await loop.run_in_executor(None, f)',
      'await loop.run_in_executor(None, f())',
      'await asyncio.get_running_loop().run_in_executor(None, f, 1)',
      'threading.Thread(target=f, args=(1,)).start()',
    ])
      assert.deepEqual(found(line), [5], line);
  });

  it('finds blocking calls made on the spot', () => {
    assert.deepEqual(found('await asyncio.to_thread(time.sleep(1))'), [5]);
    assert.deepEqual(found('await loop.run_in_executor(None, time.sleep(1))'), [5]);
  });

  it('is silent on functions, on what may return a function, and on what is not known', () => {
    for (const line of [
      'await asyncio.to_thread(s, 1)',
      'await asyncio.to_thread(time.sleep, 1)',
      'await asyncio.to_thread(lambda: asyncio.run(f()))',
      'await asyncio.to_thread(s(1))',
      'await asyncio.to_thread(xs.make())',
      'await asyncio.to_thread(*xs)',
      'await xs.run_in_executor(None, f)',
      'xs.Thread(target=f)',
      'await loop.run_in_executor(None, s)',
    ])
      assert.deepEqual(found(line), [], line);
  });

  it('passes the function uncalled', () => {
    const fixed = (line: string) => sampleOf(line).fixed('a.py').split('\n').slice(4).join('\n').trim();
    assert.equal(fixed('await asyncio.to_thread(time.sleep(1))'), 'await asyncio.to_thread(time.sleep, 1)');
    assert.equal(fixed('await asyncio.to_thread(input())'), 'await asyncio.to_thread(input)');
    assert.equal(
      fixed('await loop.run_in_executor(None, time.sleep(1,))'),
      'await loop.run_in_executor(None, time.sleep, 1)',
    );
    const kept = 'await asyncio.to_thread(open(file="x"))';
    assert.equal(fixed(kept), kept, 'keywords are left to the author');
  });
});
