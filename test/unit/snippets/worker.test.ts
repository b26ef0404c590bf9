import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { describeSnippet } from './harness';

interface WorkerModule {
  compute: (input: number) => number;
  computeInWorker: (input: number, signal?: AbortSignal) => Promise<number>;
}

/** Counts how often the event loop gets to run a timer while the body is under way. */
async function ticksDuring<T>(body: () => T | Promise<T>): Promise<{ ticks: number; result: T }> {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 5);
  try {
    return { result: await body(), ticks };
  } finally {
    clearInterval(timer);
  }
}

const enough = 100_000_000;

describeSnippet('async-worker', ({ load, run }) => {
  it('computes off the main thread: the event loop goes on', async () => {
    const { compute, computeInWorker } = (await load('async-worker')) as WorkerModule;
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 5);
    const inWorker = await computeInWorker(enough);
    const whileInWorker = ticks;
    const here = compute(enough);
    const whileHere = ticks - whileInWorker;
    clearInterval(timer);
    assert.equal(inWorker, here);
    assert.equal(whileHere, 0);
    assert.ok(whileInWorker >= 5, `the event loop ran ${whileInWorker} times`);
  });

  it('passes on what the work throws', async () => {
    const { computeInWorker } = (await load('async-worker', (number, fallback) =>
      number === 0 ? `throw new RangeError('in the worker');` : fallback,
    )) as WorkerModule;
    await assert.rejects(computeInWorker(1), { name: 'RangeError', message: 'in the worker' });
  });

  it('rejects when the worker ends without a result', async () => {
    const { computeInWorker } = (await load('async-worker', (number, fallback) =>
      number === 0 ? 'process.exit(3);' : fallback,
    )) as WorkerModule;
    await assert.rejects(computeInWorker(1), /ended with code 3/);
  });

  it('stops the worker when it is aborted, and lets the process end', async () => {
    const ended = await run(
      'async-worker',
      `const controller = new AbortController();
       setTimeout(() => controller.abort(new Error('aborted')), 100);
       await snippet.computeInWorker(1e15, controller.signal).catch((error) => console.log(error.message));
       await snippet.computeInWorker(1e15, controller.signal).catch((error) => console.log('again', error.message));
       console.log(await snippet.computeInWorker(3));`,
    );
    assert.equal(ended.output, `aborted\nagain aborted\n${1 + Math.SQRT2}\n`);
    assert.equal(ended.code, 0);
  });

  it('does nothing when the module is loaded in a worker with other data', async () => {
    const ended = await run(
      'async-worker',
      `import { isMainThread, parentPort, Worker } from 'node:worker_threads';
       if (isMainThread) {
         for (const workerData of [null, 'text', { other: 1 }]) {
           const worker = new Worker(new URL(import.meta.url), { workerData });
           worker.on('message', (message) => console.log(message));
           await new Promise((resolve) => worker.once('exit', resolve));
         }
       } else {
         parentPort.postMessage('loaded');
       }`,
    );
    assert.deepEqual({ code: ended.code, output: ended.output }, { code: 0, output: 'loaded\n'.repeat(3) });
  });
});

interface PoolModule {
  pool: EventEmitter & { destroy(): Promise<void> };
  runInPool: (input: number, signal?: AbortSignal) => Promise<number>;
}

describeSnippet('async-worker-piscina', ({ load, folder }) => {
  let module: PoolModule;
  before(async () => {
    folder.write(
      'worker.js',
      `export default (input) => {
        if (input < 0) throw new RangeError('in the pool');
        let result = 0;
        for (let step = 0; step < input; step += 1) result += Math.sqrt(step);
        return result;
      };`,
    );
    module = (await load('async-worker-piscina')) as PoolModule;
  });
  after(async () => {
    // A thread that has just taken the place of an aborted one may look for its file when that is gone.
    module.pool.on('error', () => undefined);
    await module.pool.destroy();
  });

  it('computes off the main thread: the event loop goes on', async () => {
    await module.runInPool(1);
    const { ticks, result } = await ticksDuring(() => module.runInPool(enough));
    assert.ok(result > 0);
    assert.ok(ticks >= 5, `the event loop ran ${ticks} times`);
  });

  it('passes on what the work throws', async () => {
    await assert.rejects(module.runInPool(-1), /in the pool/);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const aborted = module.runInPool(1e15, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(aborted, { name: 'AbortError' });
    assert.ok((await module.runInPool(10)) > 0);
  });
});
