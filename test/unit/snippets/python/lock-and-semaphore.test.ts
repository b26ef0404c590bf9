import assert from 'node:assert/strict';
import { describePythonSnippet } from '../python-harness';

const gauge = `
running = highest = 0

async def measure():
    global running, highest
    running += 1
    highest = max(highest, running)
    await asyncio.sleep(0.002)
    running -= 1

snippet.measure = measure
`;

describePythonSnippet('async-lock', ({ run }) => {
  it('lets one task at a time into the block', async () => {
    const output = await run(
      `${gauge}
async def main():
    account = snippet.Account()
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(account.update())

asyncio.run(main())
print(highest)`,
      (number, fallback) => (number === 0 ? 'await measure()' : fallback),
    );
    assert.deepEqual(output, ['1']);
  });

  it('is released when the block raises, and belongs to one object', async () => {
    await run(
      `
async def main():
    account, other = snippet.Account(), snippet.Account()
    with raises(ZeroDivisionError):
        await account.update()
    assert not account._lock.locked()
    async with other._lock, asyncio.timeout(10):
        with raises(ZeroDivisionError):
            await account.update()

asyncio.run(main())`,
      (number, fallback) => (number === 0 ? '1 / 0' : fallback),
    );
  });

  it('runs as inserted, and waits while the lock is held', async () => {
    await run(`
async def main():
    account = snippet.Account()
    async with account._lock:
        updating = asyncio.create_task(account.update())
        await asyncio.sleep(0.01)
        assert not updating.done()
    await updating

asyncio.run(main())`);
  });
});

describePythonSnippet('async-semaphore', ({ run }) => {
  it('lets at most N tasks into the block', async () => {
    const output = await run(
      `${gauge}
async def main():
    await asyncio.gather(*(snippet.fetch(str(number)) for number in range(12)))

asyncio.run(main())
print(highest)`,
      (number, fallback) => {
        if (number === 2) return '3';
        return number === 0 ? 'await measure()' : fallback;
      },
    );
    assert.deepEqual(output, ['3']);
  });

  it('runs as inserted, with ten permits, all of them given back', async () => {
    await run(`
async def main():
    await asyncio.gather(*(snippet.fetch(str(number)) for number in range(20)))
    for _ in range(10):
        await snippet.semaphore.acquire()
    assert snippet.semaphore.locked()

asyncio.run(main())`);
  });
});

describePythonSnippet('async-limit', ({ run }) => {
  it('runs at most N at a time and keeps the order', async () => {
    const output = await run(`${gauge}
async def square(number):
    await measure()
    await asyncio.sleep(0.001 * (number % 3))
    return number * number

print(asyncio.run(snippet.map_limit(square, iter(range(10)), 3)))
print(highest)
print(asyncio.run(snippet.map_limit(square, [], 3)))
print(asyncio.run(snippet.map_limit(square, [5], 100)))`);
    assert.deepEqual(output, ['[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]', '3', '[]', '[25]']);
  });

  it('takes an item only when it is its turn', async () => {
    await run(`
taken = done = 0

def source():
    global taken
    for number in range(20):
        taken += 1
        assert taken - done <= 2, (taken, done)
        yield number

async def work(number):
    global done
    await asyncio.sleep(0)
    done += 1

asyncio.run(snippet.map_limit(work, source(), 2))
assert done == 20`);
  });

  it('cancels the rest at the first error and starts no more', async () => {
    await run(`
started, cancelled = [], []

async def work(number):
    started.append(number)
    if number == 1:
        await asyncio.sleep(0.01)
        raise ValueError(number)
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        cancelled.append(number)
        raise

async def main():
    try:
        await snippet.map_limit(work, range(100), 3)
    except* ValueError as failures:
        assert len(failures.exceptions) == 1
    assert (started, sorted(cancelled)) == ([0, 1, 2], [0, 2])
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())`);
  });

  it('refuses a limit below one, which would do nothing', async () => {
    await run(`
with raises(ValueError, "at least 1"):
    asyncio.run(snippet.map_limit(asyncio.sleep, [0], 0))`);
  });
});
