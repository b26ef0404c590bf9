import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describeSnippet, pause } from './harness';

type Task<T> = (signal: AbortSignal) => T | PromiseLike<T>;

interface TaskGroup {
  readonly signal: AbortSignal;
  start: <T>(task: Task<T>) => Promise<T>;
}

interface TaskGroupModule {
  runTaskGroup: <T>(body: (group: TaskGroup) => T | PromiseLike<T>, parent?: AbortSignal) => Promise<T>;
  loadProfile: (id: string) => Promise<{ user: Response; orders: Response }>;
}

/** Waits until the signal is aborted, then a little longer, as real clean-up does. */
async function untilAborted(signal: AbortSignal, cleanUp: () => void): Promise<never> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
  await pause();
  cleanUp();
  throw signal.reason;
}

describeSnippet('async-task-group', ({ load, run }) => {
  let runTaskGroup: TaskGroupModule['runTaskGroup'];
  let loadProfile: TaskGroupModule['loadProfile'];
  before(async () => {
    ({ runTaskGroup, loadProfile } = (await load('async-task-group')) as TaskGroupModule);
  });

  it('runs tasks at the same time and gives the result of the body', async () => {
    const order: string[] = [];
    const result = await runTaskGroup(async (group) => {
      const task = (name: string, time: number) =>
        group.start(async () => {
          order.push(`${name} starts`);
          await pause(time);
          order.push(`${name} ends`);
          return name;
        });
      return await Promise.all([task('a', 10), task('b', 1)]);
    });
    assert.deepEqual(result, ['a', 'b']);
    assert.deepEqual(order, ['a starts', 'b starts', 'b ends', 'a ends']);
  });

  it('waits for tasks that nobody awaits, and for those that they start', async () => {
    const ended: string[] = [];
    await runTaskGroup((group) => {
      void group.start(async () => {
        await pause();
        void group.start(async () => {
          await pause();
          ended.push('inner');
        });
        ended.push('outer');
      });
    });
    assert.deepEqual(ended, ['outer', 'inner']);
  });

  it('aborts the others at the first failure, waits for all of them, throws the first error', async () => {
    let cleanedUp = 0;
    const clean = () => {
      cleanedUp += 1;
    };
    const failing = runTaskGroup(async (group) => {
      await Promise.all([
        group.start((signal) => untilAborted(signal, clean)),
        group.start(async () => {
          await pause();
          throw new Error('first');
        }),
        group.start(async (signal) => {
          await untilAborted(signal, clean).catch(() => undefined);
          throw new Error('second');
        }),
      ]);
    });
    await assert.rejects(failing, /^Error: first$/);
    assert.equal(cleanedUp, 2);
  });

  it('aborts the tasks when the body throws', async () => {
    let cleanedUp = false;
    const failing = runTaskGroup((group) => {
      void group.start((signal) =>
        untilAborted(signal, () => {
          cleanedUp = true;
        }),
      );
      throw new Error('body');
    });
    await assert.rejects(failing, /^Error: body$/);
    assert.ok(cleanedUp);
  });

  it('throws the failure of a task that nobody awaits', async () => {
    const failing = runTaskGroup((group) => {
      void group.start(() => {
        throw new Error('alone');
      });
      return 'result';
    });
    await assert.rejects(failing, /^Error: alone$/);
  });

  it('starts no task after a failure', async () => {
    let started = false;
    const failing = runTaskGroup(async (group) => {
      await group.start(() => Promise.reject(new Error('first'))).catch(() => undefined);
      void group.start(() => {
        started = true;
      });
    });
    await assert.rejects(failing, /^Error: first$/);
    assert.equal(started, false);
  });

  it('refuses tasks once it has finished', async () => {
    const group = await runTaskGroup((inside) => inside);
    assert.throws(() => group.start(() => 'late'), /finished/);
  });

  it('is aborted by its parent, and leaves no listener behind', async () => {
    const parent = new AbortController();
    let cleanedUp = false;
    const failing = runTaskGroup(async (group) => {
      await group.start((signal) =>
        untilAborted(signal, () => {
          cleanedUp = true;
        }),
      );
    }, parent.signal);
    parent.abort(new Error('parent'));
    await assert.rejects(failing, /^Error: parent$/);
    assert.ok(cleanedUp);
    await assert.rejects(
      runTaskGroup(() => 'never', parent.signal),
      /^Error: parent$/,
    );

    const calm = new AbortController();
    assert.equal(await runTaskGroup(() => 'done', calm.signal), 'done');
    assert.equal(getEventListeners(calm.signal, 'abort').length, 0);
  });

  it('leaves no rejection unhandled', async () => {
    const program = `
      const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      await snippet.runTaskGroup(async (group) => {
        void group.start(async () => { await sleep(1); throw new Error('one'); });
        void group.start(async () => { await sleep(5); throw new Error('two'); });
        await sleep(20);
        void group.start(() => 'too late');
      }).catch((error) => console.log(error.message));
      await sleep(20);`;
    const ended = await run('async-task-group', program);
    assert.deepEqual({ code: ended.code, output: ended.output }, { code: 0, output: 'one\n' });
  });

  it('has an example that aborts one request when the other fails', async () => {
    const original = globalThis.fetch;
    const aborted: string[] = [];
    globalThis.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const signal = init?.signal;
      if (url.includes('/users/0')) throw new TypeError('fetch failed');
      if (url.includes('/orders/0') && signal) await untilAborted(signal, () => aborted.push(url));
      return new Response(url);
    };
    try {
      const { user, orders } = await loadProfile('7');
      assert.equal(await user.text(), 'https://example.com/users/7');
      assert.equal(await orders.text(), 'https://example.com/orders/7');
      await assert.rejects(loadProfile('0'), /fetch failed/);
      assert.deepEqual(aborted, ['https://example.com/orders/0']);
    } finally {
      globalThis.fetch = original;
    }
  });
});
