// name: Worker pool (piscina)
// prefix: [async-worker-piscina, piscina]
// description: 'Run work that would block the event loop in a pool of worker threads with piscina, awaited and abortable.'
// tabstops:
//   1: pool
//   2: ./worker.js
//   3: runInPool

import { Piscina } from 'piscina';

// The worker module exports the work: export default (input) => …
const pool = new Piscina<number, number>({
  filename: new URL('./worker.js', import.meta.url).href,
});

function runInPool(input: number, signal?: AbortSignal): Promise<number> {
  return pool.run(input, { signal: signal ?? null });
}
