import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';
import { runPython } from '../support/run-python';

describe('queue-task-done', () => {
  const rule = new PythonRule('queue-task-done');
  const program = (...body: string[]) =>
    [
      'import asyncio',
      'async def worker(queue, flag):',
      '    while True:',
      ...body.map((line) => `        ${line}`),
      'async def main():',
      '    queue = asyncio.Queue()',
      '    task = asyncio.create_task(worker(queue, True))',
      '    await queue.join()',
      '',
    ].join('\n');

  it('finds a joined queue whose items nobody marks done', () => {
    assert.deepEqual(rule.lines(program('item = await queue.get()', 'print(item)')), [9]);
  });

  it('finds paths that skip task_done', () => {
    assert.deepEqual(
      rule.lines(program('item = await queue.get()', 'if not item:', '    continue', 'queue.task_done()')),
      [4],
    );
    assert.deepEqual(
      rule.lines(
        program(
          'try:',
          '    item = await queue.get()',
          '    print(item)',
          '    queue.task_done()',
          'except ValueError:',
          '    print(1)',
        ),
      ),
      [5],
    );
    const attribute = [
      'import asyncio',
      'class A:',
      '    def __init__(self): self.jobs = asyncio.Queue()',
      '    async def run(self, flag):',
      '        while True:',
      '            job = await self.jobs.get()',
      '            if flag: continue',
      '            self.jobs.task_done()',
      '    async def stop(self): await self.jobs.join()\n',
    ].join('\n');
    assert.deepEqual(rule.lines(attribute), [6]);
  });

  it('is silent where every path marks the item done', () => {
    for (const body of [
      ['item = await queue.get()', 'print(item)', 'queue.task_done()'],
      [
        'item = await queue.get()',
        'try:',
        '    if flag: continue',
        '    print(item)',
        'finally:',
        '    queue.task_done()',
      ],
      ['item = await queue.get()', 'if flag:', '    queue.task_done()', '    continue', 'queue.task_done()'],
      ['try:', '    item = await queue.get()', 'except ValueError:', '    continue', 'queue.task_done()'],
      ['item = await queue.get()', 'try: print(item)', 'except ValueError: pass', 'queue.task_done()'],
      ['item = await queue.get()', 'if flag: break', 'queue.task_done()'],
    ])
      assert.deepEqual(rule.lines(program(...body)), [], body.join(' | '));
  });

  it('is silent on queues that nobody joins, and on other queues', () => {
    const text = program('item = await queue.get()');
    assert.deepEqual(rule.lines(text.replace('await queue.join()', 'await task')), []);
    assert.deepEqual(rule.lines(text.replace('queue = asyncio.Queue()', 'queue = other()')), []);
    assert.deepEqual(rule.lines(text.replace('await queue.join()', '", ".join([])')), []);
  });

  it('is silent where the queue goes to code that is not seen', () => {
    const text = program('item = await queue.get()', 'print(item)');
    for (const line of ['consume(queue)', 'shared = queue', 'tasks = [queue]'])
      assert.deepEqual(
        rule.lines(text.replace('    await queue.join()', `    ${line}\n    await queue.join()`)),
        [],
        line,
      );
  });

  describe('repaired', () => {
    const TITLE = 'Mark it done in finally';
    const done = ['try:', '    print(item)', 'finally:', '    queue.task_done()'];

    it('wraps what follows, without the old calls', () => {
      for (const [body, expected] of [
        [
          ['item = await queue.get()', 'if item:', '    continue', 'print(item)', 'queue.task_done()'],
          [
            'item = await queue.get()',
            'try:',
            '    if item:',
            '        continue',
            '    print(item)',
            'finally:',
            '    queue.task_done()',
          ],
        ],
        [
          [
            'item = await queue.get()',
            'if item == 1: queue.task_done()',
            'elif item:',
            '    queue.task_done()  # early',
            '    continue',
            '# the rest',
            'print(item)',
          ],
          [
            'item = await queue.get()',
            'try:',
            '    if item == 1: pass',
            '    elif item:',
            '        # early',
            '        continue',
            '    # the rest',
            '    print(item)',
            'finally:',
            '    queue.task_done()',
          ],
        ],
        [
          [
            'try:',
            '    item = await asyncio.wait_for(queue.get(), 1)',
            'except TimeoutError:',
            '    continue',
            'if item: continue',
            'queue.task_done()',
          ],
          [
            'try:',
            '    item = await asyncio.wait_for(queue.get(), 1)',
            'except TimeoutError:',
            '    continue',
            'try:',
            '    if item: continue',
            'finally:',
            '    queue.task_done()',
          ],
        ],
        [
          [
            'try:',
            '    item = await queue.get()',
            '    print(item)',
            '    queue.task_done()',
            'except OSError: pass',
          ],
          [
            'try:',
            '    item = await queue.get()',
            ...done.map((line) => `    ${line}`),
            'except OSError: pass',
          ],
        ],
      ] as const) {
        assert.equal(rule.fixed(program(...body), TITLE), program(...expected));
        assert.deepEqual(rule.lines(program(...expected)), []);
      }
    });

    it('marks every item done where nothing did', () => {
      const text = program('item = await queue.get()', 'print(item)');
      assert.equal(rule.fixed(text, TITLE), program('item = await queue.get()', ...done));
    });

    it('keeps tabs and Windows line endings', () => {
      const windows = (text: string) => text.replace(/ {4}/g, '\t').replace(/\n/g, '\r\n');
      const text = program('item = await queue.get()', 'print(item)');
      assert.equal(rule.fixed(windows(text), TITLE), windows(program('item = await queue.get()', ...done)));
    });

    it('is not offered where it is not plainly right', () => {
      for (const body of [
        ['item = await queue.get()', 'if flag: continue', 'for x in item: queue.task_done()'],
        [
          'item = await queue.get()',
          'if flag: continue',
          'flag.add(lambda: queue.task_done())',
          'queue.task_done()',
        ],
        ['item = await queue.get()', 'if flag: continue', 'print("""', '""")', 'queue.task_done()'],
        ['item = await queue.get(); print(item)', 'if flag: continue', 'queue.task_done()'],
        [
          'if flag:',
          '    item = await queue.get()',
          '    print(item)',
          'else: continue',
          'if item: continue',
          'queue.task_done()',
        ],
        ['print(await queue.get())'],
      ]) {
        assert.equal(rule.lines(program(...body)).length, 1, body.join(' | '));
        assert.deepEqual(rule.titles(program(...body)), [], body.join(' | '));
      }
    });

    it('lets join() come back', () => {
      const text = `import asyncio
async def worker(queue):
    while True:
        item = await queue.get()
        if item % 2:
            continue
        print(item)
        queue.task_done()
async def main():
    queue = asyncio.Queue()
    for item in range(5):
        queue.put_nowait(item)
    task = asyncio.create_task(worker(queue))
    try:
        await asyncio.wait_for(queue.join(), 0.2)
        print('joined')
    except TimeoutError:
        print('stuck')
    task.cancel()
asyncio.run(main())
`;
      assert.equal(runPython(text), '0\n2\n4\nstuck\n');
      assert.equal(runPython(rule.fixed(text, TITLE)), '0\n2\n4\njoined\n');
    });
  });
});
