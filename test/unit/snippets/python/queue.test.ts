import assert from 'node:assert/strict';
import { describePythonSnippet } from '../python-harness';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

describePythonSnippet('async-queue', ({ run }) => {
  it('hands every item to a consumer, in order, and ends', async () => {
    const output = await run('asyncio.run(snippet.process_all(str(n) for n in range(250)))');
    assert.deepEqual(output, numbers(250));
  });

  it('never lets the producer get more than its capacity and the consumers ahead', async () => {
    const output = await run(
      `
given = 0
ahead = 0
snippet.done = 0

def source():
    global given, ahead
    for number in range(60):
        given += 1
        ahead = max(ahead, given - snippet.done)
        yield str(number)

asyncio.run(snippet.process_all(source(), consumers=2))
# Three in the queue, two with the consumers, one waiting to be put.
assert ahead == 6, ahead
print(snippet.done)`,
      (number, fallback) => {
        if (number === 3) return '3';
        return number === 0 ? 'await asyncio.sleep(0.001); global done; done += 1' : fallback;
      },
    );
    assert.deepEqual(output, ['60']);
  });

  it('leaves no consumer behind', async () => {
    await run(`
async def main():
    await snippet.process_all(["a", "b"])
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())`);
  });

  it('raises what a consumer raises, and stops the source', async () => {
    await run(
      `
stopped = False

def endless():
    global stopped
    try:
        while True:
            yield "item"
    finally:
        stopped = True

async def main():
    source = endless()
    try:
        async with asyncio.timeout(10):
            await snippet.process_all(source)
    except* ValueError as failures:
        assert failures.exceptions
    else:
        raise AssertionError
    source.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())
assert stopped`,
      (number, fallback) => (number === 0 ? 'await asyncio.sleep(0.001); raise ValueError(item)' : fallback),
    );
  });

  it('raises what the source raises after what is under way has ended', async () => {
    const output = await run(`
async def main():
    def broken():
        yield "first"
        raise ValueError("no source")
    try:
        await snippet.process_all(broken())
    except* ValueError as failures:
        print(failures.exceptions)
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())`);
    assert.deepEqual(output, ["(ValueError('no source'),)"]);
  });
});
