import assert from 'node:assert/strict';
import type { TabStopValue } from '../expand';
import { describePythonSnippet } from '../python-harness';

const soon: TabStopValue = (number, fallback) => (number === 3 ? '0.02' : fallback);

describePythonSnippet('async-timeout', ({ run }) => {
  it('gives the result when the work is quick', async () => {
    assert.deepEqual(await run('print(asyncio.run(snippet.fetch_in_time("address")))'), ['address']);
  });

  it('cancels the work when its time is up, and waits for its end', async () => {
    const output = await run(
      `
async def fetch(url):
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.01)
        print("cleaned up")

snippet.fetch = fetch
print(asyncio.run(snippet.fetch_in_time("address")))`,
      soon,
    );
    assert.deepEqual(output, ['cleaned up', 'None']);
  });

  it('passes on a time-out of the work itself', async () => {
    await run(`
async def fetch(url):
    raise TimeoutError("the server said so")

snippet.fetch = fetch
with raises(TimeoutError, "the server said so"):
    asyncio.run(snippet.fetch_in_time("address"))`);
  });

  it('lets a cancellation from outside through', async () => {
    await run(`
async def main():
    task = asyncio.create_task(snippet.fetch_in_time("address"))
    await asyncio.sleep(0.01)
    task.cancel()
    with raises(asyncio.CancelledError):
        await task

asyncio.run(main())`);
  });
});
