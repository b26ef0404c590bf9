import assert from 'node:assert/strict';
import { once } from 'node:events';
import { collect } from '../harness';
import { describePythonSnippet } from '../python-harness';

describePythonSnippet('async-thread', ({ run }) => {
  it('gives the result of the function and passes its exception on', async () => {
    const output = await run(`
with open(__file__ + ".txt", "w", encoding="utf-8") as file:
    file.write("text from a file")
print(asyncio.run(snippet.read_file_async(__file__ + ".txt")))
with raises(FileNotFoundError):
    asyncio.run(snippet.read_file_async(__file__ + ".none"))`);
    assert.deepEqual(output, ['text from a file']);
  });

  it('leaves the event loop free meanwhile', async () => {
    await run(`
import threading
import time

def read_file(path):
    assert threading.current_thread() is not threading.main_thread()
    time.sleep(0.3)

snippet.read_file = read_file

async def main():
    beats = 0
    reading = asyncio.create_task(snippet.read_file_async("file"))
    while not reading.done():
        await asyncio.sleep(0.005)
        beats += 1
    await reading
    assert beats >= 3, beats

asyncio.run(main())`);
  });
});

describePythonSnippet('async-process-pool', ({ run, start }) => {
  it('computes in other processes, as inserted', async () => {
    const child = start();
    const output = collect(child);
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, output());
    assert.match(output(), /^\[45, 4950, 499500\]$/m);
  });

  const program = (body: string) => `
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
${body}

if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        asyncio.run(main(pool))`;

  it('leaves the event loop free meanwhile, and uses a process that is not this one', async () => {
    const output = await run(
      program(`
async def main(pool):
    beats = 0
    computing = asyncio.create_task(snippet.compute_all(pool, [1, 2]))
    while not computing.done():
        await asyncio.sleep(0.005)
        beats += 1
    assert beats >= 3, beats
    first, second = await computing
    assert first == second != os.getpid()
    print("done")`),
      (number, fallback) => (number === 3 ? '__import__("os").getpid()' : fallback),
    );
    assert.deepEqual(output, ['done']);
  });

  it('raises the first failure and drops what has not started', async () => {
    await run(
      program(`
import time

async def main(pool):
    global started
    with raises(ZeroDivisionError):
        await snippet.compute_all(pool, [0] + [1] * 100)
    started = time.monotonic()`) + '\n    assert time.monotonic() - started < 15',
      (number, fallback) => (number === 3 ? '__import__("time").sleep(0.3 / number)' : fallback),
    );
  });
});
