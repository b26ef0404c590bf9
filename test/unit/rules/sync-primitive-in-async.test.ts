import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

describe('sync-primitive-in-async', () => {
  const rule = new PythonRule('sync-primitive-in-async');
  const HEAD =
    'import asyncio, queue, threading\nfrom concurrent.futures import ThreadPoolExecutor\nlock = threading.Lock()\npool = ThreadPoolExecutor()\n';
  const inside = (...lines: string[]) => `${HEAD}async def f(self, x):\n    ${lines.join('\n    ')}\n`;
  const count = (...lines: string[]) => rule.lines(inside(...lines)).length;

  it('finds thread locks held across await', () => {
    assert.equal(count('with lock:', '    await x()'), 1);
    assert.equal(count('with threading.RLock():', '    async for y in x: pass'), 1);
    assert.equal(count('with lock:', '    async with x: pass'), 1);
    assert.equal(count('with lock:', '    x()', 'await x()'), 0, 'released before');
    assert.equal(count('async with asyncio.Lock():', '    await x()'), 0);
    assert.equal(count('with open(x):', '    await x()'), 0);
  });

  it('finds what waits for threads', () => {
    for (const line of [
      'threading.Event().wait()',
      'threading.Thread(target=x).join()',
      'queue.Queue().get()',
      'queue.Queue(1).join()',
      'pool.submit(x).result()',
      'lock.acquire()',
    ])
      assert.equal(count(line), 1, line);
    assert.equal(count('q = queue.Queue(1)', 'q.put(x)'), 1);
    const text = `${HEAD}class A:\n    def __init__(self):\n        self.ready = threading.Event()\n    async def f(self):\n        self.ready.wait()\n`;
    assert.deepEqual(rule.lines(text), [9]);
  });

  it('is silent on threads that were just started or told to stop', () => {
    const ready = (...lines: string[]) =>
      count('ready = threading.Barrier(2)', 't = threading.Thread(target=x)', ...lines, 'ready.wait()');
    assert.equal(ready('t.start()'), 0);
    assert.equal(ready('print(t)'), 1);
    const join = (...lines: string[]) => count('t = threading.Thread(target=x)', ...lines, 't.join()');
    assert.equal(join('self.stopping.set()'), 0);
    assert.equal(join('print(1)'), 1);
  });

  it('is silent where nothing waits', () => {
    for (const line of [
      'lock.acquire(False)',
      'lock.acquire(blocking=False)',
      'queue.Queue().get(block=False)',
      'queue.Queue().get_nowait()',
      'threading.Event().wait(timeout=0)',
      'threading.Event().set()',
      'asyncio.Event().set()',
      'x.wait()',
    ])
      assert.equal(count(line), 0, line);
    assert.equal(count('q = queue.Queue()', 'q.put(x)'), 0);
    assert.equal(count('lock.acquire()', 'try:', '    x()', 'finally:', '    lock.release()'), 0, 'brief');
    assert.equal(count('lock.acquire()', 'await x()', 'lock.release()'), 1);
  });

  it('is silent where the work is known to be done', () => {
    assert.equal(count('job = pool.submit(x)', 'await asyncio.wrap_future(job)', 'return job.result()'), 0);
    assert.equal(count('job = pool.submit(x)', 'if job.done():', '    return job.result()'), 0);
    assert.equal(count('job = pool.submit(x)', 'return job.result()'), 1);
    assert.equal(count('t = threading.Thread(target=x)', 't.start()', 'await x()', 't.join()'), 0);
    assert.equal(count('t = threading.Thread(target=x)', 't.start()', 't.join()'), 1);
  });

  it('is silent in threads and outside async functions', () => {
    assert.equal(count('await asyncio.to_thread(lock.acquire)'), 0);
    assert.equal(count('await x.run_in_executor(None, lambda: lock.acquire())'), 0);
    assert.deepEqual(rule.lines(`${HEAD}def g():\n    with lock: lock.acquire()\n`), []);
  });

  it('takes the place of blocking-call-in-async', () => {
    assert.deepEqual(rule.sample(inside('threading.Event().wait()')).summary('a.py'), [
      '6:sync-primitive-in-async',
    ]);
  });

  it('waits in a thread', () => {
    assert.equal(
      rule
        .fixed(inside('item = self.q.get()', 'q = queue.Queue()', 'q.get(timeout=1)'))
        .split('\n')
        .at(-2),
      '    await asyncio.to_thread(q.get, timeout=1)',
    );
  });

  it('is silent on queues that were asked first, and on threads with a loop of their own', () => {
    const head = 'import queue, threading\n';
    const body = (line: string) =>
      `${head}async def f(x):\n    q = queue.Queue()\n    ${line}\n    q.get()\n`;
    assert.deepEqual(rule.lines(body('await x(q)')), [5]);
    assert.deepEqual(rule.lines(body('assert not q.empty()')), []);
    const waiter = (base: string) =>
      `${head}class A(${base}):\n    def __init__(self): self.e = threading.Event()\n    async def f(self): self.e.wait()\n`;
    assert.deepEqual(rule.lines(waiter('object')), [4]);
    assert.deepEqual(rule.lines(waiter('threading.Thread')), []);
  });
});
