import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { PythonRule } from '../support/python-rule';

const HEAD = `import asyncio
import random

async def user() -> str:
    await step()
    raise ValueError("no such user")

async def orders() -> list[str]:
    await step()
    raise OSError("gone")

`;

describe('late-await in Python', () => {
  const rule = new PythonRule('late-await');

  /** Lines, counted from the first after the head, of findings. */
  const lines = (code: string) => rule.lines(HEAD + code).map((line) => line - HEAD.split('\n').length + 1);
  const inRun = (...body: string[]) =>
    lines(`async def run(ok, event, client):\n${body.map((line) => `    ${line}\n`).join('')}`);

  describe('reports a task that is left behind when a wait before its own fails:', () => {
    const waits: Record<string, string> = {
      'an await': 'await orders()',
      'another task': 'await other',
      'a gather': 'await asyncio.gather(orders(), orders())',
      'a context manager': 'async with client.open() as c: pass',
      'an asynchronous loop': 'async for row in client.rows(): pass',
    };
    for (const [name, wait] of Object.entries(waits)) {
      it(name, () => {
        assert.deepEqual(inRun('task = asyncio.create_task(user())', wait, 'return await task'), [4]);
      });
    }

    it('however it is started', () => {
      const rest = ['await orders()', 'return await task'];
      assert.deepEqual(inRun('task = asyncio.ensure_future(user())', ...rest), [4]);
      assert.deepEqual(inRun('task = asyncio.get_running_loop().create_task(user())', ...rest), [4]);
      assert.deepEqual(inRun('task = asyncio.create_task(user()) if ok else None', ...rest), [4]);
    });

    it('when it is cancelled only afterwards', () => {
      assert.deepEqual(inRun('task = asyncio.create_task(user())', 'await orders()', 'task.cancel()'), [4]);
    });

    it('when only one path is guarded', () => {
      assert.deepEqual(
        inRun(
          'task = asyncio.create_task(user())',
          'await orders()',
          'try:',
          '    await orders()',
          'finally:',
          '    task.cancel()',
        ),
        [7],
      );
    });

    it('in a context manager that is left with an exception', () => {
      const body =
        'async def running():\n    task = asyncio.create_task(user())\n    yield\n    task.cancel()\n';
      const head = 'import contextlib\n@contextlib.asynccontextmanager\n';
      assert.deepEqual(lines(head + body), [6]);
      assert.deepEqual(lines(body), []);
    });

    it('and names the start and the wait', () => {
      const [finding, ...more] = rule.findings(
        `${HEAD}async def run():\n    task = asyncio.create_task(user())\n    await orders()\n    return await task\n`,
      );
      assert.deepEqual(more, []);
      assert.ok(finding);
      assert.equal(finding.level, 'hint');
      assert.equal(
        formatMessage(finding.message),
        'task is left behind if the wait before this fails: cancel it in finally.',
      );
      assert.deepEqual(
        finding.related.map((related) => formatMessage(related.message)),
        ['task starts here.', 'If this fails, nobody gets to the task any more.'],
      );
    });
  });

  describe('is silent', () => {
    const START = 'task = asyncio.create_task(user())';
    const silent: Record<string, string[]> = {
      'without a wait in between': [START, 'print("started")', 'await task'],
      'on a coroutine, which does not run before it is awaited': [
        'task = user()',
        'await orders()',
        'await task',
      ],
      'where finally cancels it': [
        START,
        'try:',
        '    await orders()',
        '    await task',
        'finally:',
        '    task.cancel()',
      ],
      'where finally awaits it': [START, 'try:', '    await orders()', 'finally:', '    await task'],
      'where a handler of everything cancels it': [
        START,
        'try:',
        '    await orders()',
        'except BaseException:',
        '    task.cancel()',
        '    raise',
        'await task',
      ],
      'where a handler of one exception cancels it': [
        START,
        'try:',
        '    await orders()',
        'except KeyError:',
        '    task.cancel()',
        '    raise',
        'await task',
      ],
      'where the failure of the wait is caught': [
        START,
        'try:',
        '    await orders()',
        'except Exception:',
        '    print("no orders")',
        'await task',
      ],
      'where somebody else keeps it': [START, 'kept.add(task)', 'await orders()', 'await task'],
      'where a callback sees its end': [
        START,
        'task.add_done_callback(print)',
        'await orders()',
        'await task',
      ],
      'where a nested function uses it': [
        START,
        'def stop():',
        '    task.cancel()',
        'event.on_error(stop)',
        'await orders()',
        'await task',
      ],
      'where it waits with others': [START, 'await asyncio.gather(task, orders())', 'await task'],
      'in a task group': [
        'async with asyncio.TaskGroup() as group:',
        '    task = group.create_task(user())',
        '    await orders()',
        '    await task',
      ],
      'where the wait only pauses': [START, 'await asyncio.sleep(1)', 'await task'],
      'where the wait is for an event': [START, 'await event.wait()', 'await task'],
      'where the wait keeps exceptions': [
        START,
        'await asyncio.gather(orders(), return_exceptions=True)',
        'await task',
      ],
      'where a lock is taken': [START, 'async with client.lock: pass', 'await task'],
      'on a pause': ['task = asyncio.create_task(asyncio.sleep(1))', 'await orders()', 'await task'],
      'on branches that exclude each other': [
        'if ok:',
        `    ${START}`,
        'else:',
        '    task = None',
        'if not ok:',
        '    await orders()',
        'if task:',
        '    await task',
      ],
    };
    for (const [name, body] of Object.entries(silent)) {
      it(name, () => {
        assert.deepEqual(inRun(...body), []);
      });
    }

    it('on a task that keeps its failures to itself', () => {
      const quiet =
        'async def quiet():\n    try:\n        await user()\n    except Exception:\n        print("failed")\n';
      assert.deepEqual(
        lines(
          `${quiet}async def run():\n    task = asyncio.create_task(quiet())\n    await orders()\n    await task\n`,
        ),
        [],
      );
    });

    it('in the function that asyncio.run runs, whose tasks are cancelled after it', () => {
      const main =
        'async def main():\n    task = asyncio.create_task(user())\n    await orders()\n    await task\n';
      assert.deepEqual(lines(`${main}asyncio.run(main())\n`), []);
      assert.deepEqual(lines(`${main}asyncio.run(orders())\n`), [4]);
    });
  });

  it('is silent in tests', () => {
    const code = `${HEAD}async def test_it():\n    task = asyncio.create_task(user())\n    await orders()\n    await task\n`;
    assert.deepEqual(rule.sample('', { 'test_a.py': code }).findings('test_a.py'), []);
  });

  describe('repairs', () => {
    const RUN = `import asyncio


async def run(client):
    # Both at once.
    task = asyncio.create_task(client.user())
    orders = await client.orders()  # slow

    user = await task
    return user, orders
`;

    it('with a task group', () => {
      assert.equal(
        rule.fixed(RUN),
        `import asyncio


async def run(client):
    # Both at once.
    async with asyncio.TaskGroup() as group:
        task = group.create_task(client.user())
        orders = await client.orders()  # slow

    user = await task
    return user, orders
`,
      );
    });

    it('with finally', () => {
      const expected = `import asyncio


async def run(client):
    # Both at once.
    task = asyncio.create_task(client.user())
    try:
        orders = await client.orders()  # slow

        user = await task
    finally:
        task.cancel()
    return user, orders
`;
      assert.equal(rule.fixed(RUN, 'Cancel it in finally'), expected);
      assert.equal(
        rule.fixed(RUN.replaceAll('\n', '\r\n'), 'Cancel it in finally'),
        expected.replaceAll('\n', '\r\n'),
      );
    });

    it('by moving a cancel', () => {
      assert.equal(
        rule.fixed(
          'import asyncio\nasync def run(client):\n    task = asyncio.create_task(client.ping())\n    await client.serve()\n    task.cancel()\n    print("over")',
        ),
        'import asyncio\nasync def run(client):\n    task = asyncio.create_task(client.ping())\n    try:\n        await client.serve()\n    finally:\n        task.cancel()\n    print("over")',
      );
    });

    it('but starts no group where a handler of single exceptions stands around it, or the group would be left', () => {
      const titles = (...body: string[]) =>
        rule.titles(`${HEAD}async def run(client):\n${body.map((line) => `    ${line}\n`).join('')}`);
      const start = 'task = asyncio.create_task(user())';
      assert.deepEqual(
        titles(
          'try:',
          `    ${start}`,
          '    await orders()',
          '    await task',
          'except OSError:',
          '    return None',
        ),
        ['Cancel it in finally'],
      );
      assert.deepEqual(titles(start, 'if not await orders():', '    return None', 'await task'), [
        'Cancel it in finally',
      ]);
      assert.deepEqual(titles(start, 'return [await orders(), await task]'), ['Cancel it in finally']);
      assert.deepEqual(titles(start, 'await orders()', 'if client:', '    await task'), [
        'Start the tasks in a TaskGroup',
        'Cancel it in finally',
      ]);
    });
  });
});
