import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/languages/python/parser';
import { PythonSample } from '../support/analyse-python';
import { pythonParser } from '../python/support/parser';

describe('notes on Python', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  /** The notes on the word before which `‸` stands. */
  function notes(marked: string, others: Readonly<Record<string, string>> = {}): string[] {
    const sample = new PythonSample(parser, { 'a.py': marked.replace('‸', ''), ...others });
    return sample.notes('a.py', marked.indexOf('‸'));
  }

  const inside = (body: string) =>
    `import asyncio\n\nasync def run(urls, n):\n${body.replace(/^/gmu, '    ')}\n`;

  describe('about a fan-out', () => {
    it('name its source and say that nothing holds it back', () => {
      const unbounded = ['Fans out over `urls`, unbounded.'];
      assert.deepEqual(notes(inside('await asyncio.‸gather(*(load(url) for url in urls))')), unbounded);
      assert.deepEqual(notes(inside('await asyncio.‸gather(*map(load, urls))')), unbounded);
      assert.deepEqual(
        notes(
          inside('work = []\nfor url in urls:\n    work.append(load(url))\nawait asyncio.‸gather(*work)'),
        ),
        unbounded,
      );
      assert.deepEqual(
        notes(inside('work = [load(u) for u in urls]\nawait asyncio.‸gather(*work)')),
        unbounded,
      );
      assert.deepEqual(
        notes(
          inside(
            'async with asyncio.TaskGroup() as tg:\n    for url in urls:\n        tg.‸create_task(load(url))',
          ),
        ),
        ['Kept by the group `tg`, which waits for it at its end.', 'Fans out over `urls`, unbounded.'],
      );
    });

    it('say how many run at a time', () => {
      const limited =
        'import asyncio\n\nasync def run(urls):\n    gate = asyncio.Semaphore(10)\n' +
        '    async def load(url):\n        async with gate:\n            await fetch(url)\n' +
        '    await asyncio.‸gather(*(load(url) for url in urls))\n';
      assert.deepEqual(notes(limited), ['Fans out over `urls`, at most 10 at a time.']);
      assert.deepEqual(
        notes(
          limited.replace(
            'async def run(urls):\n    gate = asyncio.Semaphore(10)',
            'async def run(urls, gate):',
          ),
        ),
        ['Fans out over `urls`, held back by `gate`.'],
      );
    });

    it('count what is listed', () => {
      assert.deepEqual(notes(inside('await asyncio.‸gather(a(), b(), c())')), [
        'Fans out over 3 awaitables.',
      ]);
    });
  });

  describe('about an await', () => {
    it('count what follows and do not promise that it suspends', () => {
      assert.deepEqual(notes(inside('‸await a()\nawait b()\nasync with c():\n    pass')), [
        'May suspend here; 2 more awaits until the function returns.',
      ]);
      assert.deepEqual(notes(inside('for url in urls:\n    ‸await load(url)')), [
        'May suspend here, in every round of the loop.',
      ]);
    });

    it('say when nothing behind it ever waits', () => {
      const text = 'async def answer():\n    return 42\n\nasync def run():\n    return ‸await answer()\n';
      assert.deepEqual(notes(text), ['Does not suspend: `answer` waits for nothing.']);
    });
  });

  it('about what blocks name the call and the way to it', () => {
    const helper = 'import time\n\ndef pause():\n    time.sleep(1)\n\nasync def later():\n    pause()\n';
    const text = 'from helper import later, pause\n\nasync def run():\n    ‸pause()\n';
    assert.deepEqual(notes(text, { 'helper.py': helper }), [
      'Calls `time.sleep` through `pause`: the event loop stands still meanwhile.',
    ]);
    const awaited = text.replace('‸pause()', 'await ‸later()');
    assert.match(notes(awaited, { 'helper.py': helper })[0] ?? '', /`later → pause`/u);
  });

  describe('about a task', () => {
    it('name who keeps it', () => {
      assert.deepEqual(notes(inside('tasks = set()\ntasks.add(asyncio.‸create_task(load(n)))')), [
        'Kept by `tasks`.',
      ]);
      assert.deepEqual(
        notes(inside('tasks = set()\ntask = asyncio.‸create_task(load(n))\ntasks.add(task)')),
        ['Kept by `tasks`.'],
      );
      assert.deepEqual(notes(inside('task = asyncio.‸create_task(load(n))\nawait other()\nawait task')), [
        'Kept by `task`.',
      ]);
      assert.deepEqual(
        notes(inside('tasks = [asyncio.‸create_task(load(u)) for u in urls]\nawait asyncio.wait(tasks)')),
        ['Kept by `tasks`.', 'Fans out over `urls`, unbounded.'],
      );
      assert.deepEqual(
        notes(
          'import asyncio\n\nclass A:\n    async def run(self):\n        self.task = asyncio.‸create_task(load())\n',
        ),
        ['Kept by `self.task`.'],
      );
    });

    it('say when nobody does, or when it gains nothing', () => {
      assert.deepEqual(notes(inside('asyncio.‸create_task(load(n))')), [
        'Nobody keeps this task: it may vanish before it is done.',
      ]);
      assert.deepEqual(notes(inside('await asyncio.‸create_task(load(n))')), [
        'Awaited at once: nothing of this function runs beside the task.',
      ]);
    });
  });

  describe('about a queue or semaphore', () => {
    const UNBOUNDED = 'Unbounded: `put` never waits, however far behind the consumers are.';

    it('tell what it holds', () => {
      assert.deepEqual(notes('import asyncio\nq = asyncio.‸Queue()'), [UNBOUNDED]);
      assert.deepEqual(notes('import asyncio\nq = asyncio.‸Queue(maxsize=0)'), [UNBOUNDED]);
      assert.deepEqual(notes('import asyncio\nq = asyncio.‸PriorityQueue(5)'), [
        'Holds at most 5 items; `put` waits while it is full.',
      ]);
      assert.deepEqual(
        notes('from asyncio import Queue as Q\nasync def f():\n    q = Q()\n    await q.‸put(1)'),
        [UNBOUNDED],
      );
      assert.deepEqual(notes('import asyncio\ngate = asyncio.‸BoundedSemaphore(value=3)'), [
        'At most 3 at a time.',
      ]);
      assert.deepEqual(notes('import asyncio\ngate = asyncio.‸Semaphore()'), ['At most 1 at a time.']);
    });

    it('are silent on queues of threads and processes, and on what is not known', () => {
      assert.deepEqual(notes('from multiprocessing import Queue\nq = ‸Queue()'), []);
      assert.deepEqual(notes('import queue\nq = queue.‸Queue()'), []);
      assert.deepEqual(notes('class asyncio:\n    Queue = list\nq = asyncio.‸Queue()'), []);
      assert.deepEqual(notes('import asyncio\ndef f(q: asyncio.Queue):\n    q.‸put_nowait(1)'), []);
    });
  });
});
