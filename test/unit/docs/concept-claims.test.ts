import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differenceOf } from '../../support/examples';

/** Statements of the concept pages that no example on the page shows: page, statement, code, and what it prints. */
type Claim = readonly [page: string, statement: string, code: string, output: string, exitCode?: number];

const main = (body: string) =>
  `import asyncio\nasync def main():\n${body.replaceAll(/^/gmu, '    ')}\nasyncio.run(main())\n`;

const refused = (code: string) => `
try:
    compile(${JSON.stringify(code)}, "page", "exec")
except SyntaxError:
    print("SyntaxError")
`;

const python: readonly Claim[] = [
  ['await', 'is a SyntaxError outside async def', refused('def f():\n    await x'), 'SyntaxError'],
  [
    'await',
    'without it, return in an async def hands out the coroutine itself',
    main(`
async def load(): return 1
async def careless(): return load()
got = await careless()
print(asyncio.iscoroutine(got), await got)`),
    'True 1',
  ],
  [
    'event-loop',
    'asyncio.run inside a running loop raises RuntimeError',
    main(`
async def f(): pass
inner = f()
try: asyncio.run(inner)
except RuntimeError as error: print(type(error).__name__)
inner.close()`),
    'RuntimeError',
  ],
  [
    'event-loop',
    'asyncio.run cancels what is left, and waits for it to clean up',
    main(`
async def rest():
    try: await asyncio.sleep(10)
    finally: print("cancelled")
global task
task = asyncio.create_task(rest())
await asyncio.sleep(0)`),
    'cancelled',
  ],
  [
    'task',
    'may be awaited many times, and is asked too early with InvalidStateError',
    main(`
task = asyncio.create_task(asyncio.sleep(0, "result"))
try: task.result()
except asyncio.InvalidStateError: print("too early")
print(await task, await task)`),
    'too early\nresult result',
  ],
  [
    'future',
    'is filled once',
    main(`
future = asyncio.get_running_loop().create_future()
future.set_result(1)
try: future.set_result(2)
except asyncio.InvalidStateError: print("InvalidStateError")`),
    'InvalidStateError',
  ],
  [
    'future',
    'is cancelled together with the task that awaits it',
    main(`
future = asyncio.get_running_loop().create_future()
async def wait(): await future
task = asyncio.create_task(wait())
await asyncio.sleep(0)
task.cancel()
await asyncio.wait([task])
print(future.cancelled())`),
    'True',
  ],
  [
    'gather',
    'cancelled, cancels its children; a child cancelled by itself makes it raise CancelledError',
    main(`
async def child():
    try: await asyncio.sleep(10)
    except asyncio.CancelledError: print("child"); raise
async def parent(): await asyncio.gather(child(), child())
task = asyncio.create_task(parent())
await asyncio.sleep(0.01)
task.cancel()
await asyncio.wait([task])
one = asyncio.create_task(asyncio.sleep(10))
asyncio.get_running_loop().call_soon(one.cancel)
try: await asyncio.gather(one, asyncio.sleep(0))
except asyncio.CancelledError: print("gather")`),
    'child\nchild\ngather',
  ],
  [
    'gather',
    'asyncio.wait refuses coroutines',
    main(`
coroutine = asyncio.sleep(0)
try: await asyncio.wait([coroutine])
except TypeError: print("TypeError")
coroutine.close()`),
    'TypeError',
  ],
  [
    'queue',
    'join returns at once while nothing has been put; the nowait methods raise',
    main(`
queue = asyncio.Queue(maxsize=1)
await queue.join()
try: queue.get_nowait()
except asyncio.QueueEmpty: print("empty")
queue.put_nowait(1)
try: queue.put_nowait(2)
except asyncio.QueueFull: print("full")`),
    'empty\nfull',
  ],
  [
    'lock',
    'a plain with is a TypeError',
    main(`
try:
    with asyncio.Lock(): pass
except TypeError: print("TypeError")`),
    'TypeError',
  ],
  [
    'semaphore',
    'asyncio does not check who releases a lock',
    main(`
lock = asyncio.Lock()
await lock.acquire()
async def other(): lock.release()
await asyncio.create_task(other())
print(lock.locked())`),
    'False',
  ],
  [
    'task-group',
    'return is not allowed in except*',
    refused('def f():\n    try: pass\n    except* ValueError: return'),
    'SyntaxError',
  ],
  [
    'task-group',
    'is not brought down by a task that was cancelled on its own',
    main(`
async with asyncio.TaskGroup() as group:
    group.create_task(asyncio.sleep(10)).cancel()
    group.create_task(asyncio.sleep(0))
print("fine")`),
    'fine',
  ],
  [
    'timeouts-and-cancellation',
    'wait_for raises the built-in TimeoutError, timeout(None) sets no limit',
    main(`
try: await asyncio.wait_for(asyncio.sleep(10), 0.01)
except TimeoutError: print("TimeoutError")
async with asyncio.timeout(None): await asyncio.sleep(0)
print(asyncio.TimeoutError is TimeoutError)`),
    'TimeoutError\nTrue',
  ],
  [
    'timeouts-and-cancellation',
    'a timeout cannot interrupt code that does not await',
    main(`
import time
async with asyncio.timeout(0.01):
    time.sleep(0.05)
    print("not interrupted")`),
    'not interrupted',
  ],
  [
    'generators',
    'contextlib.closing closes one that is not read to its end',
    `
from contextlib import closing
def rows():
    try: yield 1; yield 2
    finally: print("closed")
with closing(rows()) as source:
    for row in source: break
print("after")`,
    'closed\nafter',
  ],
  [
    'async-generators',
    'yield from and return with a value are refused',
    refused('async def f():\n    yield from x') + refused('async def f():\n    yield 1\n    return 2'),
    'SyntaxError\nSyntaxError',
  ],
  [
    'async-generators',
    'asend of a value before the first yield is a TypeError',
    main(`
async def numbers(): yield 1
source = numbers()
try: await source.asend(1)
except TypeError: print("TypeError")`),
    'TypeError',
  ],
  [
    'async-generators',
    'one that is left open is closed in another task',
    main(`
async def rows():
    reader = asyncio.current_task()
    try: yield 1
    finally: print("same task:", asyncio.current_task() is reader)
async for row in rows(): break
await asyncio.sleep(0.01)`),
    'same task: False',
  ],
  [
    'blocking-code',
    'the default pool has at most 32 threads',
    `
import concurrent.futures, os
pool = concurrent.futures.ThreadPoolExecutor()
print(pool._max_workers == min(32, (os.cpu_count() or 1) + 4))`,
    'True',
  ],
  ['gil', 'the switch interval is 5 milliseconds', 'import sys\nprint(sys.getswitchinterval())', '0.005'],
];

const typescript: readonly Claim[] = [
  [
    'coroutine',
    'an async function never throws at its caller',
    `
async function work(): Promise<void> { throw new Error('in the first line'); }
const promise = work();
console.log('called');
await promise.catch((error: Error) => console.log(error.message));`,
    'called\nin the first line',
  ],
  [
    'future',
    'a promise that is never settled keeps nobody alive, the process leaves with code 13',
    `console.log('waiting');\nawait new Promise(() => {});`,
    'waiting',
    13,
  ],
  [
    'gather',
    'Promise.all([]) settles at once, Promise.race([]) never',
    `console.log(await Promise.all([]));\nawait Promise.race([]);`,
    '[]',
    13,
  ],
  [
    'gather',
    'a second rejection inside Promise.all is no unhandled one',
    `
const fail = (text: string) => Promise.reject(new Error(text));
await Promise.all([fail('a'), fail('b')]).catch((error: Error) => console.log(error.message));
await new Promise((resolve) => setTimeout(resolve, 10));
console.log('still here');`,
    'a\nstill here',
  ],
  [
    'generators',
    'for…of drops what a generator returns; a plain generator yields the promise itself',
    `
function* f() { yield Promise.resolve(1); return 2; }
for (const x of f()) console.log(x instanceof Promise);
console.log([...(function* () { return 1; })()]);`,
    'true\n[]',
  ],
  [
    'async-generators',
    'yield waits for a promise and hands out its value',
    `
async function* f() { yield Promise.resolve(1); }
for await (const x of f()) console.log(x);`,
    '1',
  ],
  [
    'timeouts-and-cancellation',
    'fetch rejects with the reason of the signal',
    `
const reason = new Error('the user has gone');
await fetch('http://127.0.0.1:9', { signal: AbortSignal.abort(reason) }).catch((error: unknown) =>
  console.log(error === reason),
);`,
    'true',
  ],
  [
    'timeouts-and-cancellation',
    'the older APIs of Node reject with an AbortError that has the reason as its cause',
    `
import { EventEmitter, once } from 'node:events';
const signal = AbortSignal.abort(new Error('the user has gone'));
await once(new EventEmitter(), 'x', { signal }).catch((error: Error) =>
  console.log(error.name, error.cause === signal.reason),
);`,
    'AbortError true',
  ],
  [
    'timeouts-and-cancellation',
    'the timer of AbortSignal.timeout keeps no process alive',
    `AbortSignal.timeout(3_600_000);\nconsole.log('ends at once');`,
    'ends at once',
  ],
];

describe('what the concept pages state beside their examples', () => {
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concept-claims-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [language, claims] of [
    ['python', python],
    ['ts', typescript],
  ] as const) {
    claims.forEach(([page, statement, code, output, exitCode = 0], index) => {
      it(`${page}: ${statement}`, async () => {
        const example = { place: page, language, minimum: undefined, exitCode, code, output: `${output}\n` };
        assert.equal(await differenceOf(example, folder, `claim-${language}-${index}`), undefined);
      });
    });
  }
});
