import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';
import { runPython } from '../support/run-python';

describe('a primitive of asyncio for one of threads', () => {
  const rule = new PythonRule('sync-primitive-in-async');
  const inClass = (made: string, ...body: string[]) =>
    [
      'import asyncio, queue, threading',
      'class A:',
      '    def __init__(self):',
      `        self._x = ${made}`,
      '    async def run(self):',
      ...body.map((line) => `        ${line}`),
      '',
    ].join('\n');

  it('is made, entered and awaited', () => {
    for (const [made, body, newMade, newBody] of [
      [
        'threading.Lock()',
        ['self._x.acquire()', 'await f()', 'self._x.release()'],
        'asyncio.Lock()',
        ['await self._x.acquire()', 'await f()', 'self._x.release()'],
      ],
      [
        'threading.Semaphore(3)',
        ['with self._x:  # few', '    await f()'],
        'asyncio.Semaphore(3)',
        ['async with self._x:  # few', '    await f()'],
      ],
      [
        'threading.Event()',
        ['if not self._x.is_set(): self._x.wait()'],
        'asyncio.Event()',
        ['if not self._x.is_set(): await self._x.wait()'],
      ],
      [
        'threading.Condition()',
        ['with self._x:', '    self._x.wait()', '    await f()'],
        'asyncio.Condition()',
        ['async with self._x:', '    await self._x.wait()', '    await f()'],
      ],
      [
        'queue.Queue(5)',
        ['print(self._x.get().name)', 'self._x.put(1)'],
        'asyncio.Queue(5)',
        ['print((await self._x.get()).name)', 'await self._x.put(1)'],
      ],
      ['queue.SimpleQueue()', ['return self._x.get()'], 'asyncio.Queue()', ['return await self._x.get()']],
    ] as const) {
      const text = inClass(made, ...body);
      const title = `Use ${newMade.replace(/\(.*/, '')}`;
      assert.ok(rule.titles(text).includes(title), made);
      assert.equal(rule.fixedOnce(text, title), inClass(newMade, ...newBody));
      assert.deepEqual(rule.lines(inClass(newMade, ...newBody)), []);
    }
  });

  it('goes with its annotation', () => {
    const text =
      'import asyncio, queue\nasync def run():\n    jobs: queue.Queue[int] = queue.Queue()\n    return jobs.get()\n';
    assert.equal(
      rule.fixedOnce(text, 'Use asyncio.Queue'),
      'import asyncio, queue\nasync def run():\n    jobs: asyncio.Queue[int] = asyncio.Queue()\n    return await jobs.get()\n',
    );
  });

  it('is not offered where others may use the object, or use it in another way', () => {
    const wait = ['self._x.acquire()', 'await f()', 'self._x.release()'];
    for (const text of [
      inClass('threading.RLock()', ...wait),
      inClass('threading.Lock()', ...wait).replace(/_x/g, 'x'),
      inClass('threading.Lock()', ...wait) + '    def other(self): self._x.release()\n',
      inClass('threading.Lock()', ...wait) + 'def other(a): a._x.release()\n',
      inClass('threading.Lock()', ...wait, 'give(self._x)'),
      inClass('threading.Lock()', 'self._x.acquire(timeout=3)', 'await f()', 'self._x.release()'),
      inClass('queue.Queue()', 'self._x.get()', 'self._x.get_nowait()'),
      inClass('threading.Lock()', ...wait) + '    def reset(self): self._x = threading.Lock()\n',
    ]) {
      assert.ok(!rule.titles(text).some((title) => title.startsWith('Use asyncio')), text);
    }
  });

  it('lets the loop run on', () => {
    const text = `import asyncio, threading
async def main():
    lock = threading.Lock()
    async def count():
        with lock:
            await asyncio.sleep(0.01)
            return 1
    print(sum(await asyncio.gather(count(), count())))
asyncio.run(main())
`;
    assert.equal(runPython(rule.fixedOnce(text, 'Use asyncio.Lock')), '2\n');
  });

  it('of a future is its wrapper', () => {
    const text = `import asyncio
from concurrent.futures import Future
async def first(job: Future[str]):
    return job.result().upper()
async def main():
    job = Future()
    asyncio.get_running_loop().call_later(0.01, job.set_result, 'done')
    print(await first(job))
asyncio.run(main())
`;
    const fixed = rule.fixedOnce(text, 'Await the future');
    assert.match(fixed, /return \(await asyncio\.wrap_future\(job\)\)\.upper\(\)/);
    assert.equal(runPython(fixed), 'DONE\n');
  });
});

describe('a process pool for a computation', () => {
  const rule = new PythonRule('cpu-bound-in-thread');
  const WORK =
    'def work(n=1000):\n    total = 0\n    for i in range(n):\n        for j in range(n):\n            total += i * j\n    return total\n';
  const program = (line: string) => `import asyncio\n${WORK}async def main(loop=None):\n    ${line}\n`;

  it('computes the same', () => {
    const text = program(
      'print(await asyncio.gather(asyncio.to_thread(work, 1500), asyncio.to_thread(work, 1510)))',
    );
    const guard = "if __name__ == '__main__':\n    asyncio.run(main())\n";
    const fixed = rule.fixedOnce(text + guard, 'Run it in a process pool');
    assert.match(fixed, /gather\(asyncio\.get_running_loop\(\)\.run_in_executor\(process_pool, work, 1500\)/);
    assert.equal(runPython(fixed), runPython(text + guard));
    const loop = program('await loop.run_in_executor(None, work, 1500)');
    assert.match(
      rule.fixedOnce(loop, 'Run it in a process pool'),
      /await loop\.run_in_executor\(process_pool, work, 1500\)/,
    );
  });

  it('is not offered where a process could not run it', () => {
    for (const text of [
      program('await asyncio.to_thread(lambda: work(1500))'),
      program('await asyncio.to_thread(work, n=1500)'),
      program('asyncio.create_task(asyncio.to_thread(work, 1500))'),
      program('await asyncio.to_thread(work, 1500)') + 'asyncio.run(main())\n',
    ]) {
      assert.equal(rule.lines(text).length, 1, text);
      assert.deepEqual(rule.titles(text), [], text);
    }
  });
});

describe('a lock for a race in Python', () => {
  const rule = new PythonRule('race-across-await');

  it('holds from the reading of a copy to the store', () => {
    const text = `import asyncio
cache = {}
calls = 0
async def load(key):
    global calls
    calls += 1
    await asyncio.sleep(0.01)
    return key * 2
async def get(key):
    # look first
    hit = cache.get(key)
    if hit is not None:
        return hit
    value = await load(key)
    cache[key] = value  # for the others
    return value
async def main():
    print(await asyncio.gather(get(3), get(3), get(4)), calls)
`;
    const run = 'asyncio.run(main())\n';
    const fixed = rule.fixedOnce(text, 'Let one in at a time with a lock');
    assert.match(
      fixed,
      /# look first\n {4}async with cache_lock:\n {8}hit = [^]*\n {8}cache\[key\] = value {2}# for the others\n {4}return/,
    );
    assert.equal(runPython(text + run), '[6, 6, 8] 3\n');
    assert.equal(runPython(fixed + run), '[6, 6, 8] 2\n');
    assert.deepEqual(rule.lines(fixed), []);
  });

  const inClass = (init: string, ...more: string[]) =>
    [
      'import asyncio',
      'class A:',
      '    def __init__(self):',
      '        self.x = None',
      ...(init === '' ? [] : [`        ${init}`]),
      '    async def get(self):',
      '        if self.x is None:',
      '            self.x = await connect()',
      '        return self.x',
      ...more.map((line) => `    ${line}`),
      '',
    ].join('\n');

  it('is the one the object has, unless the two would meet', () => {
    const title = 'Let one in at a time with a lock';
    const lock = 'self.guard = asyncio.Lock()';
    assert.match(rule.fixedOnce(inClass(lock), title), /async with self\.guard:\n {12}if self\.x/);
    const meets = inClass(
      lock,
      'async def use(self):',
      '    async with self.guard:',
      '        await other.get()',
    );
    assert.match(rule.fixedOnce(meets, title), /async with self\._x_lock:/);
  });

  it('is not offered where a call would wait for itself', () => {
    const text = inClass('').replace('await connect()', 'await self.connect()');
    const recursive = `${text}    async def connect(self):\n        return await self.get()\n`;
    assert.equal(rule.lines(recursive).length, 1);
    assert.deepEqual(rule.titles(recursive), []);
  });
});
