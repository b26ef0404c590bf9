import assert from 'node:assert/strict';
import { describeSnippet, Gauge, isSettled, pause } from './harness';

interface ExclusiveLock {
  runExclusive: <T>(task: () => T | PromiseLike<T>) => Promise<T>;
}

interface LockModule {
  lock: ExclusiveLock;
  update: () => Promise<void>;
}

for (const prefix of ['async-lock', 'async-lock-async-mutex']) {
  describeSnippet(prefix, ({ load }) => {
    let module: LockModule;
    before(async () => {
      module = (await load(prefix)) as LockModule;
    });

    it('runs one task at a time, in the order of the calls, and gives their results', async () => {
      const gauge = new Gauge();
      const order: number[] = [];
      const results = await Promise.all(
        [3, 1, 2].map((value) =>
          module.lock.runExclusive(() =>
            gauge.measure(async () => {
              order.push(value);
              await pause(value);
              return value * 10;
            }),
          ),
        ),
      );
      assert.deepEqual(order, [3, 1, 2]);
      assert.deepEqual(results, [30, 10, 20]);
      assert.equal(gauge.highest, 1);
    });

    it('is released when a task throws or rejects', async () => {
      const thrown = module.lock.runExclusive(() => {
        throw new Error('thrown');
      });
      const rejected = module.lock.runExclusive(() => Promise.reject(new Error('rejected')));
      const next = module.lock.runExclusive(() => 'next');
      await assert.rejects(thrown, /^Error: thrown$/);
      await assert.rejects(rejected, /^Error: rejected$/);
      assert.equal(await next, 'next');
    });

    it('is what the function below it uses', async () => {
      let release = () => {};
      const held = module.lock.runExclusive(
        () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      );
      const updated = module.update();
      assert.equal(await isSettled(updated), false);
      release();
      await Promise.all([held, updated]);
    });
  });
}

interface LockUsingModule {
  lock: { acquire(): Promise<{ [Symbol.dispose](): void }> };
  update: () => Promise<void>;
}

describeSnippet('async-lock-using', ({ load }) => {
  it('is held until it is disposed of', async () => {
    const { lock } = (await load('async-lock-using')) as LockUsingModule;
    const first = await lock.acquire();
    const second = lock.acquire();
    const third = lock.acquire();
    assert.equal(await isSettled(second), false);
    first[Symbol.dispose]();
    const held = await second;
    assert.equal(await isSettled(third), false);
    held[Symbol.dispose]();
    (await third)[Symbol.dispose]();
  });

  it('is released at the end of the block, and when the block throws', async () => {
    const failing = (await load('async-lock-using', (number, fallback) =>
      number === 0 ? 'await new Promise(setImmediate); throw new Error("in the block");' : fallback,
    )) as LockUsingModule;
    const first = failing.update();
    const second = failing.update();
    await assert.rejects(first, /in the block/);
    await assert.rejects(second, /in the block/);
    (await failing.lock.acquire())[Symbol.dispose]();

    const { lock, update } = (await load('async-lock-using')) as LockUsingModule;
    const held = await lock.acquire();
    const updated = update();
    assert.equal(await isSettled(updated), false);
    held[Symbol.dispose]();
    await updated;
    (await lock.acquire())[Symbol.dispose]();
  });
});
