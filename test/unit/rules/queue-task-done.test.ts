import assert from 'node:assert/strict';
import { PythonRule } from '../support/pythonRule';

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
});
