import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { pythonVersion, reaches } from '../../support/examples';

/** What takes time takes turns of the event loop: a timer on a busy machine may overtake another. */
const HEAD = `
import asyncio, gc

def show(text):
    print(text, flush=True)

async def turns(count):
    for _ in range(count):
        await asyncio.sleep(0)

async def user():
    try:
        await turns(50)
    except asyncio.CancelledError:
        show("user cancelled")
        raise
    show("user ran on")
    raise ValueError("late")

async def broken_user():
    raise ValueError("no such user")

async def orders():
    await turns(20)
    return []

async def broken_orders():
    await turns(20)
    raise OSError("gone")

async def profile(user, orders):
    task = asyncio.create_task(user())
    await orders()
    return await task

async def attempt(work):
    try:
        show(await work)
    except BaseException as error:
        show(f"caught {type(error).__name__}")
    await turns(100)
    gc.collect()
`;

/** Runs `main` after the helpers above. */
function run(...main: string[]): { readonly printed: readonly string[]; readonly logged: string } {
  const body = main.map((line) => `    ${line}\n`).join('');
  const { stdout, stderr } = spawnSync(
    'python3',
    ['-c', `${HEAD}\nasync def main():\n${body}\nasyncio.run(main())\n`],
    { encoding: 'utf8' },
  );
  return { printed: stdout.trim().split('\n'), logged: stderr };
}

describe('what the rule pages claim about Python', () => {
  const RETRIEVED = /Task exception was never retrieved/;

  describe('late-await', () => {
    it('a late await catches the exception of a task that has failed meanwhile', () => {
      const { printed, logged } = run('await attempt(profile(broken_user, orders))');
      assert.deepEqual(printed, ['caught ValueError']);
      assert.doesNotMatch(logged, RETRIEVED);
    });

    it('a task is left running by a wait that fails, and its exception is only logged', () => {
      const { printed, logged } = run('await attempt(profile(user, broken_orders))');
      assert.deepEqual(printed, ['caught OSError', 'user ran on']);
      assert.match(logged, RETRIEVED);
    });

    it('so it is by a cancellation during that wait, but not by one while it is awaited', () => {
      const cancelled = (work: string) =>
        run(
          `caller = asyncio.create_task(${work})`,
          'await turns(10)',
          'caller.cancel()',
          'await attempt(caller)',
        ).printed;
      assert.deepEqual(cancelled('profile(user, orders)'), ['caught CancelledError', 'user ran on']);
      assert.deepEqual(cancelled('profile(user, lambda: asyncio.sleep(0))'), [
        'user cancelled',
        'caught CancelledError',
      ]);
    });

    it('a failure of the task is noticed only after the other wait', () => {
      const { printed } = run(
        'async def slow(): await orders(); show("orders are there")',
        'await attempt(profile(broken_user, slow))',
      );
      assert.deepEqual(printed, ['orders are there', 'caught ValueError']);
    });

    it('gather reports the first failure and lets the others run on', () => {
      const { printed } = run('await attempt(asyncio.gather(user(), broken_orders()))');
      assert.deepEqual(printed, ['caught OSError', 'user ran on']);
    });

    it('asyncio.run cancels what is left', () => {
      const { printed } = run('asyncio.create_task(user())', 'await asyncio.sleep(0)');
      assert.deepEqual(printed, ['user cancelled']);
    });

    it('cancelling a task that is done does nothing', () => {
      const { printed } = run('task = asyncio.create_task(orders())', 'await task', 'show(task.cancel())');
      assert.deepEqual(printed, ['False']);
    });

    it('a task group cancels its tasks and waits for them, and raises a group', async function () {
      if (!reaches(await pythonVersion(), '3.11')) this.skip();
      const { printed, logged } = run(
        'async def grouped():',
        '    async with asyncio.TaskGroup() as group:',
        '        task = group.create_task(user())',
        '        await broken_orders()',
        '    return await task',
        'await attempt(grouped())',
      );
      assert.deepEqual(printed, ['user cancelled', 'caught ExceptionGroup']);
      assert.doesNotMatch(logged, RETRIEVED);
    });
  });

  describe('await-in-loop', () => {
    const POOL = [
      'running = most = 0',
      'queue = iter(range(40))',
      'async def worker():',
      '    nonlocal running, most',
      '    for item in queue:',
      '        running += 1; most = max(most, running)',
      '        await turns(1)',
      '        running -= 1',
      '        if item == failing: raise OSError("gone")',
    ];
    const FINALLY = 'await turns(200); show(f"{most} at a time, next is {next(queue, None)}")';

    it('workers that share an iterator never run more than they are, and get through it', () => {
      const { printed } = run(
        'failing = None',
        ...POOL,
        'await asyncio.gather(*(worker() for _ in range(4)))',
        FINALLY,
      );
      assert.deepEqual(printed, ['4 at a time, next is None']);
    });

    it('with gather the other workers go on when one fails', () => {
      const { printed } = run(
        'failing = 0',
        ...POOL,
        'await attempt(asyncio.gather(*(worker() for _ in range(4))))',
        FINALLY,
      );
      assert.deepEqual(printed, ['caught OSError', '4 at a time, next is None']);
    });

    it('a task group cancels them', async function () {
      if (!reaches(await pythonVersion(), '3.11')) this.skip();
      const { printed } = run(
        'failing = 0',
        ...POOL,
        'async def grouped():',
        '    async with asyncio.TaskGroup() as group:',
        '        for _ in range(4): group.create_task(worker())',
        'await attempt(grouped())',
        'show(next(queue) < 39)',
      );
      assert.deepEqual(printed, ['caught ExceptionGroup', 'True']);
    });
  });
});
