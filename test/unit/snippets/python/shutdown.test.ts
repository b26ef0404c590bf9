import assert from 'node:assert/strict';
import { once } from 'node:events';
import { collect } from '../harness';
import type { TabStopValue } from '../expand';
import { describePythonSnippet } from '../python-harness';

describePythonSnippet('async-shutdown', ({ start, run }) => {
  /** Starts the snippet with a piece of work, and waits until that has begun. */
  const begin = async (piece: string, deadline = '10') => {
    const value: TabStopValue = (number, fallback) => {
      if (number === 2) return deadline;
      return number === 0 ? `print("begun"); ${piece}; print("finished")` : fallback;
    };
    const child = start(value);
    const output = collect(child);
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const printed = async (pattern: RegExp) => {
      while (!pattern.test(output())) {
        const ending = await Promise.race([
          ended.then(() => true),
          ...[child.stdout, child.stderr].map((stream) => once(stream ?? child, 'data').then(() => false)),
        ]);
        assert.ok(!ending || pattern.test(output()), `ended before ${String(pattern)}: ${output()}`);
      }
    };
    await printed(/begun/);
    return { child, output, ended, printed };
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`finishes the piece of work under way on ${signal}, and exits with 0`, async () => {
      const { child, output, ended } = await begin('await asyncio.sleep(0.5)');
      child.kill(signal);
      assert.deepEqual(await ended, [0, null]);
      assert.match(output(), new RegExp(`WARNING:root:${signal}: at most 10 s to finish\n`));
      assert.equal(output().match(/begun/g)?.length, 1);
      assert.equal(output().match(/finished/g)?.length, 1);
    });
  }

  it('cancels the work at the deadline, lets it clean up, and exits with 1', async () => {
    const { child, output, ended } = await begin(
      '\n\t\ttry: await asyncio.sleep(60)\n\t\tfinally: print("cleaned up")\n\t\t0',
      '0.1',
    );
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [1, null]);
    assert.match(output(), /cleaned up/);
    assert.match(output(), /TimeoutError\n$/);
    assert.doesNotMatch(output(), /finished/);
  });

  it('ends at once at a second signal', async () => {
    const { child, output, ended, printed } = await begin('await asyncio.sleep(60)');
    child.kill('SIGTERM');
    await printed(/to finish/);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM'], output());
  });

  it('ends with the work, and leaves no handler behind', async () => {
    await run(`
import signal

async def work(stop):
    assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL

snippet.work = work
asyncio.run(snippet.run_until_signal())
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler`);
  });

  it('raises what the work raises', async () => {
    await run(`
async def work(stop):
    raise ValueError("no work")

snippet.work = work
with raises(ValueError, "no work"):
    asyncio.run(snippet.run_until_signal())`);
  });

  it('runs as inserted', async () => {
    const output = await run(`
import signal

async def main():
    running = asyncio.create_task(snippet.run_until_signal())
    await asyncio.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(8):
        await running

asyncio.run(main())`);
    assert.deepEqual(output, ['WARNING:root:SIGTERM: at most 10 s to finish']);
  });
});
