// name: Worker thread
// prefix: [async-worker, worker-thread]
// description: 'Run work that would block the event loop in a worker thread, awaited and abortable (Node, ES modules).'
// tabstops:
//   1: compute
//   2: computeInWorker
//   0: for (let step = 0; step < input; step += 1) result += Math.sqrt(step);

import { parentPort, Worker, workerData } from 'node:worker_threads';

// Runs in the worker: arguments and result are copied, nothing is shared.
function compute(input: number): number {
  let result = 0;
  for (let step = 0; step < input; step += 1) result += Math.sqrt(step);
  return result;
}

function computeInWorker(input: number, signal?: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { compute: input },
    });
    const onAbort = () => {
      reject(signal?.reason);
      void worker.terminate();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.once('message', resolve);
    worker.once('messageerror', reject);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', onAbort);
      reject(new Error(`The worker ended with code ${code} and no result`));
    });
  });
}

// The worker loads this same module: keep other side effects out of it.
const job = workerData as { compute?: number } | null;
if (job?.compute !== undefined) parentPort?.postMessage(compute(job.compute));
