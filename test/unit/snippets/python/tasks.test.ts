import assert from 'node:assert/strict';
import { describePythonSnippet } from '../python-harness';

// Stands in for the "load" of a snippet: what it is asked for decides how it ends.
const load = `
cancelled = []

async def load(name):
    try:
        if name in outcome:
            await asyncio.sleep(0.01)
            raise outcome[name]
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        cancelled.append(name)
        raise

snippet.load = load
`;

// A "load" that ends only when as many run at the same time.
const meeting = (parties: number) => `
barrier = asyncio.Barrier(${parties})

async def load(name):
    async with asyncio.timeout(10):
        await barrier.wait()
    return name.upper()

snippet.load = load`;

describePythonSnippet('async-task-group', ({ run }) => {
  it('runs its tasks side by side and gives their results', async () => {
    const output = await run(`
${meeting(2)}
print(asyncio.run(snippet.load_profile()))`);
    assert.deepEqual(output, ["('USER', 'ORDERS')"]);
    assert.deepEqual(await run('print(asyncio.run(snippet.load_profile()))'), ["('user', 'orders')"]);
  });

  it('cancels and awaits the other task at a failure, reports it and raises', async () => {
    const output = await run(`
outcome = {"orders": OSError("no orders")}
${load}
async def main():
    try:
        await snippet.load_profile()
    except* OSError as failures:
        print(failures.exceptions, cancelled)
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())`);
    assert.deepEqual(output.sort(), [
      "(OSError('no orders'),) ['user']",
      "ERROR:root:The profile is not complete: OSError('no orders')",
    ]);
  });

  it('lets other errors pass, and keeps them together with those it takes', async () => {
    await run(`
outcome = {"user": KeyError("user"), "orders": OSError("no orders")}
${load}
async def main():
    try:
        await snippet.load_profile()
    except BaseExceptionGroup as failures:
        rest = failures.subgroup(KeyError)
        assert rest is not None and failures.subgroup(OSError) is not None, failures
    else:
        raise AssertionError

asyncio.run(main())`);
  });
});

describePythonSnippet('async-gather', ({ run }) => {
  it('runs side by side and gives the results in order', async () => {
    const output = await run(`
print(asyncio.run(snippet.load_all(["a", "b", "c"])))
print(asyncio.run(snippet.load_all([])))
${meeting(3)}
print(asyncio.run(snippet.load_all(["a", "b", "c"])))`);
    assert.deepEqual(output, ["['a', 'b', 'c']", '[]', "['A', 'B', 'C']"]);
  });

  it('raises the first failure after the others were cancelled and have ended', async () => {
    await run(`
outcome = {"broken": OSError("broken")}
${load}
async def main():
    with raises(OSError, "^broken$"):
        await snippet.load_all(["a", "broken", "c"])
    assert cancelled == ["a", "c"], cancelled
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())`);
  });

  it('passes its own cancellation on and waits for it', async () => {
    await run(`
outcome = {}
${load}
async def main():
    with raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await snippet.load_all(["a", "b"])
    assert cancelled == ["a", "b"], cancelled
    assert asyncio.all_tasks() == {asyncio.current_task()}

asyncio.run(main())`);
  });
});

describePythonSnippet('async-gather-outcomes', ({ run }) => {
  it('gives everything that succeeds', async () => {
    const output = await run('print(asyncio.run(snippet.load_all(["a", "b"])))');
    assert.deepEqual(output, ["{'a': 'a', 'b': 'b'}"]);
  });

  it('logs each failure with its traceback and lets the others finish', async () => {
    const output = await run(`
async def load(name):
    await asyncio.sleep(0.01)
    if name == "broken":
        raise OSError("no such host")
    if name == "cancelled":
        raise asyncio.CancelledError
    await asyncio.sleep(0.01)
    return name.upper()

snippet.load = load
print(asyncio.run(snippet.load_all(["a", "broken", "cancelled", "z"])))`);
    assert.ok(output.includes("{'a': 'A', 'z': 'Z'}"), output.join('\n'));
    assert.ok(output.includes('ERROR:root:broken failed'), output.join('\n'));
    assert.ok(output.includes('OSError: no such host'), output.join('\n'));
    assert.ok(output.includes('ERROR:root:cancelled failed'), output.join('\n'));
  });
});

describePythonSnippet('async-background-task', ({ run }) => {
  it('keeps the task alive until it is done, and no longer', async () => {
    const output = await run(`
import gc
import weakref

futures = []

async def work():
    # Nothing but this coroutine refers to the future, and nothing but the future to its task.
    future = asyncio.get_running_loop().create_future()
    futures.append(weakref.ref(future))
    print(await future)

async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    snippet.start_in_background(work())
    asyncio.create_task(work())
    await asyncio.sleep(0.01)
    gc.collect()
    kept, lost = (future() for future in futures)
    assert lost is None and len(snippet.background_tasks) == 1
    kept.set_result("worked")
    async with asyncio.timeout(10):
        while snippet.background_tasks:
            await asyncio.sleep(0.01)

asyncio.run(main())`);
    assert.deepEqual(output, ['worked']);
  });

  it('logs what the work raises', async () => {
    const output = await run(`
async def work():
    raise ValueError("nobody awaits me")

async def main():
    snippet.start_in_background(work()).set_name("mailer")
    await asyncio.sleep(0.01)
    assert not snippet.background_tasks

asyncio.run(main())`);
    assert.equal(output[0], 'ERROR:root:mailer failed');
    assert.equal(output.at(-1), 'ValueError: nobody awaits me');
  });

  it('says nothing of a task that was cancelled', async () => {
    const output = await run(`
async def main():
    task = snippet.start_in_background(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert not snippet.background_tasks

asyncio.run(main())`);
    assert.deepEqual(output, []);
  });
});
