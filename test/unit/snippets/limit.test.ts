import assert from 'node:assert/strict';
import { describeSnippet, Gauge, pause } from './harness';

interface SemaphoreLike {
  run?: <T>(task: () => T | PromiseLike<T>) => Promise<T>;
  runExclusive?: <T>(task: () => T | PromiseLike<T>) => Promise<T>;
}

interface SemaphoreModule {
  semaphore: SemaphoreLike;
  fetchLimited: (url: string) => Promise<Response>;
  Semaphore?: new (limit: number) => SemaphoreLike;
}

for (const prefix of ['async-semaphore', 'async-semaphore-async-mutex']) {
  describeSnippet(prefix, ({ load }) => {
    let semaphore: SemaphoreLike;
    let module: SemaphoreModule;
    before(async () => {
      module = (await load(prefix)) as SemaphoreModule;
      semaphore = module.semaphore;
    });

    const run = <T>(task: () => T | PromiseLike<T>): Promise<T> => {
      const promise = semaphore.run?.(task) ?? semaphore.runExclusive?.(task);
      assert.ok(promise);
      return promise;
    };

    it('never runs more than four at a time, and gives their results', async () => {
      const gauge = new Gauge();
      const tasks = Array.from({ length: 20 }, (_, index) =>
        run(() =>
          gauge.measure(async () => {
            await pause(index % 3);
            return index;
          }),
        ),
      );
      assert.deepEqual(
        await Promise.all(tasks),
        Array.from({ length: 20 }, (_, index) => index),
      );
      assert.equal(gauge.highest, 4);
    });

    it('keeps the limit when newcomers arrive just as a permit is passed on', async () => {
      const gauge = new Gauge();
      const measured = () => gauge.measure(() => pause(1));
      const chains = Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 5; round += 1) await run(measured);
      });
      await Promise.all(chains);
      assert.equal(gauge.highest, 4);
    });

    it('gives the permit back when a task fails', async () => {
      const failures = Array.from({ length: 6 }, (_, index) =>
        run(() => {
          if (index % 2 === 0) throw new Error(`thrown ${index}`);
          return Promise.reject(new Error(`rejected ${index}`));
        }),
      );
      const results = await Promise.allSettled(failures);
      assert.ok(results.every((result) => result.status === 'rejected'));
      assert.equal(await run(() => 'still open'), 'still open');
    });

    it('limits the function below it', async () => {
      const gauge = new Gauge();
      const original = globalThis.fetch;
      globalThis.fetch = (url) =>
        gauge.measure(async () => {
          await pause(1);
          return new Response(url instanceof Request ? url.url : String(url));
        });
      try {
        const urls = Array.from({ length: 12 }, (_, index) => `https://example.com/${index}`);
        const answers = await Promise.all(urls.map((url) => module.fetchLimited(url)));
        assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), urls);
        assert.equal(gauge.highest, 4);
      } finally {
        globalThis.fetch = original;
      }
    });
  });
}

describeSnippet('async-semaphore', ({ load }) => {
  it('refuses a limit below one', async () => {
    const { Semaphore } = (await load('async-semaphore')) as SemaphoreModule;
    assert.ok(Semaphore);
    assert.throws(() => new Semaphore(0), RangeError);
    assert.throws(() => new Semaphore(Number.NaN), RangeError);
  });
});

type MapLimit = <T, R>(items: Iterable<T>, task: (item: T) => Promise<R>) => Promise<R[]>;

for (const { prefix, limit } of [
  { prefix: 'async-limit', limit: 3 },
  { prefix: 'async-limit-p-limit', limit: 8 },
]) {
  describeSnippet(prefix, ({ load }) => {
    let mapLimit: MapLimit;
    before(async () => {
      if (prefix === 'async-limit') {
        const module = (await load(prefix)) as {
          mapLimit: <T, R>(items: Iterable<T>, limit: number, task: (item: T) => Promise<R>) => Promise<R[]>;
        };
        mapLimit = (items, task) => module.mapLimit(items, limit, task);
      } else {
        ({ mapLimit } = (await load(prefix)) as { mapLimit: MapLimit });
      }
    });

    it('maps everything, N at a time, and keeps the order', async () => {
      const gauge = new Gauge();
      const items = new Set(Array.from({ length: 30 }, (_, index) => index));
      const results = await mapLimit(items, (item) =>
        gauge.measure(async () => {
          await pause(item % 4);
          return item * 2;
        }),
      );
      assert.deepEqual(
        results,
        [...items].map((item) => item * 2),
      );
      assert.equal(gauge.highest, limit);
    });

    it('maps nothing to nothing', async () => {
      assert.deepEqual(await mapLimit([], () => Promise.reject(new Error('never'))), []);
    });

    it('throws the first error and starts no further task', async () => {
      const started: number[] = [];
      const items = Array.from({ length: 40 }, (_, index) => index);
      const failing = mapLimit(items, async (item) => {
        started.push(item);
        await pause(item === 1 ? 2 : 15);
        if (item <= 2) throw new Error(`item ${item}`);
      });
      await assert.rejects(failing, /^Error: item 1$/);
      await pause(40);
      assert.ok(started.length <= limit + 1, `${started.length} tasks were started`);
    });
  });
}

describeSnippet('async-limit', ({ load }) => {
  it('refuses a limit below one instead of doing nothing', async () => {
    const { mapLimit } = (await load('async-limit')) as {
      mapLimit: (items: number[], limit: number, task: () => Promise<void>) => Promise<unknown>;
    };
    await assert.rejects(
      mapLimit([1], 0, () => Promise.resolve()),
      RangeError,
    );
  });
});
