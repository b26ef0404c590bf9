import assert from 'node:assert/strict';
import { describeSnippet, Gauge, isSettled, pause } from './harness';

interface Queue<T> extends AsyncIterable<T> {
  put: (item: T) => Promise<void>;
  get: () => Promise<IteratorResult<T, undefined>>;
  close: () => void;
  abort: () => void;
}

interface QueueModule {
  AsyncQueue: new <T>(capacity: number) => Queue<T>;
  processAll: (source: Iterable<string> | AsyncIterable<string>, consumers?: number) => Promise<void>;
}

describeSnippet('async-queue', ({ load }) => {
  const queueOf = async (capacity: number) => {
    const { AsyncQueue } = (await load('async-queue')) as QueueModule;
    return new AsyncQueue<number>(capacity);
  };

  it('never lets the producer get more than its capacity ahead', async () => {
    const queue = await queueOf(3);
    let put = 0;
    let taken = 0;
    let ahead = 0;
    const produce = async () => {
      for (let item = 0; item < 20; item += 1) {
        await queue.put(item);
        put += 1;
        ahead = Math.max(ahead, put - taken);
      }
      queue.close();
    };
    const consume = async () => {
      const items: number[] = [];
      await pause();
      for await (const item of queue) {
        taken += 1;
        items.push(item);
        await pause(1);
      }
      return items;
    };
    const [items] = await Promise.all([consume(), produce()]);
    assert.deepEqual(
      items,
      Array.from({ length: 20 }, (_, index) => index),
    );
    assert.equal(ahead, 3);
  });

  it('lets get wait for a put, in the order of the calls', async () => {
    const queue = await queueOf(1);
    const first = queue.get();
    const second = queue.get();
    assert.equal(await isSettled(first), false);
    await queue.put(1);
    assert.deepEqual(await first, { value: 1, done: false });
    assert.equal(await isSettled(second), false);
    await queue.put(2);
    assert.deepEqual(await second, { value: 2, done: false });
  });

  it('lets waiting puts in one by one and keeps the order', async () => {
    const queue = await queueOf(1);
    await queue.put(1);
    const second = queue.put(2);
    const third = queue.put(3);
    assert.equal(await isSettled(second), false);
    assert.deepEqual(await queue.get(), { value: 1, done: false });
    assert.equal(await isSettled(second), true);
    assert.equal(await isSettled(third), false);
    assert.deepEqual(await queue.get(), { value: 2, done: false });
    await third;
    assert.deepEqual(await queue.get(), { value: 3, done: false });
  });

  it('hands out what is left after close, then ends', async () => {
    const queue = await queueOf(2);
    await queue.put(1);
    await queue.put(2);
    const waiting = queue.put(3);
    queue.close();
    await assert.rejects(waiting, /closed/);
    await assert.rejects(queue.put(4), /closed/);
    const items: number[] = [];
    for await (const item of queue) items.push(item);
    assert.deepEqual(items, [1, 2]);
    assert.deepEqual(await queue.get(), { value: undefined, done: true });
  });

  it('ends a waiting get on close', async () => {
    const queue = await queueOf(1);
    const waiting = queue.get();
    queue.close();
    assert.deepEqual(await waiting, { value: undefined, done: true });
  });

  it('holds falsy items too', async () => {
    const { AsyncQueue } = (await load('async-queue')) as QueueModule;
    const queue = new AsyncQueue<undefined | number>(3);
    const waiting = queue.get();
    await queue.put(undefined);
    assert.deepEqual(await waiting, { value: undefined, done: false });
    await queue.put(0);
    assert.deepEqual(await queue.get(), { value: 0, done: false });
  });

  it('refuses a capacity below one', async () => {
    await assert.rejects(queueOf(0), RangeError);
    await assert.rejects(queueOf(Number.NaN), RangeError);
  });

  describe('processAll', () => {
    const logged: unknown[] = [];
    const original = console.log;
    beforeEach(() => {
      logged.length = 0;
    });
    afterEach(() => {
      console.log = original;
    });

    const processAll = async (
      source: Iterable<string> | AsyncIterable<string>,
      log: (item: unknown) => void,
    ) => {
      const module = (await load('async-queue')) as QueueModule;
      console.log = log;
      try {
        await module.processAll(source, 2);
      } finally {
        console.log = original;
      }
    };

    it('consumes everything', async () => {
      const items = Array.from({ length: 250 }, (_, index) => `item ${index}`);
      await processAll(items, (item) => logged.push(item));
      assert.deepEqual(logged, items);
    });

    it('throws when the source does, and its consumers end', async () => {
      const source = (async function* () {
        yield 'a';
        await pause();
        throw new Error('no source');
      })();
      await assert.rejects(
        processAll(source, (item) => logged.push(item)),
        /no source/,
      );
      assert.deepEqual(logged, ['a']);
    });

    it('throws when a consumer does, and stops the source', async () => {
      let produced = 0;
      let stopped = false;
      const source = (function* () {
        try {
          for (;;) {
            produced += 1;
            yield `item ${produced}`;
          }
        } finally {
          stopped = true;
        }
      })();
      await assert.rejects(
        processAll(source, () => {
          throw new Error('no consumer');
        }),
        /no consumer/,
      );
      await pause();
      assert.ok(stopped);
      assert.ok(produced <= 110, `${produced} items were produced`);
    });
  });
});

interface PQueueModule {
  processAll: (
    source: Iterable<string> | AsyncIterable<string>,
    task: (item: string) => Promise<void>,
  ) => Promise<void>;
}

describeSnippet('async-queue-p-queue', ({ load }) => {
  const items = Array.from({ length: 300 }, (_, index) => `item ${index}`);
  const module = async () => (await load('async-queue-p-queue')) as PQueueModule;

  it('runs four at a time and keeps the source at most the limit ahead', async () => {
    const gauge = new Gauge();
    const done: string[] = [];
    let ahead = 0;
    let given = 0;
    const source = (function* () {
      for (const item of items) {
        given += 1;
        ahead = Math.max(ahead, given - done.length);
        yield item;
      }
    })();
    await (
      await module()
    ).processAll(source, (item) =>
      gauge.measure(async () => {
        await pause(1);
        done.push(item);
      }),
    );
    assert.deepEqual([...done].sort(), [...items].sort());
    assert.equal(gauge.highest, 4);
    assert.ok(ahead > 90 && ahead <= 100 + 4 + 1, `the source was ${ahead} ahead`);
  });

  it('throws the first error after the running tasks have ended, and starts no more', async () => {
    const started: string[] = [];
    const gauge = new Gauge();
    const failing = (await module()).processAll(items, (item) => {
      started.push(item);
      return gauge.measure(async () => {
        await pause(item === 'item 1' ? 1 : 20);
        if (item === 'item 1' || item === 'item 2') throw new Error(item);
      });
    });
    await assert.rejects(failing, /^Error: item 1$/);
    assert.equal(gauge.running, 0);
    assert.ok(started.length <= 5, `${started.length} tasks were started`);
  });

  it('throws when the source does, without starting what waits', async () => {
    const started: string[] = [];
    const source = (function* () {
      yield* items.slice(0, 50);
      throw new Error('no source');
    })();
    const failing = (await module()).processAll(source, async (item) => {
      started.push(item);
      await pause();
    });
    await assert.rejects(failing, /no source/);
    await pause(20);
    assert.ok(started.length <= 8, `${started.length} tasks were started`);
  });
});
