/** How many at a time the things that hold work back let through, read from how they are made. */
import type { Language } from '../core/facts';

export interface Capacity {
  /** What is counted: work that runs at the same time, or items that wait in a queue. */
  readonly counts: 'running' | 'waiting';
  /** Position of the argument with the number; undefined where the number is always the same. */
  readonly index: number | undefined;
  /** Option of an object given there (JavaScript), or keyword of the argument (Python). */
  readonly option: string | undefined;
  /** The number when it is left out; Infinity for no limit. */
  readonly otherwise: number;
  /** The argument is a number itself, not only an option of an object. */
  readonly plain: boolean;
}

function running(index: number, otherwise: number, option?: string, plain = true): Capacity {
  return { counts: 'running', index, option, otherwise, plain };
}

const ONE: Capacity = { counts: 'running', index: undefined, option: undefined, otherwise: 1, plain: false };

const TYPESCRIPT: Readonly<Record<string, Capacity>> = {
  // https://github.com/sindresorhus/p-limit#plimitconcurrency
  'p-limit': running(0, Infinity, 'concurrency'),
  // https://github.com/sindresorhus/p-map#concurrency
  'p-map': running(2, Infinity, 'concurrency', false),
  // https://github.com/sindresorhus/p-queue#concurrency
  'p-queue': running(0, Infinity, 'concurrency', false),
  'async-mutex.Semaphore': running(0, 1),
  'async-mutex.Mutex': ONE,
  'async-sema.Sema': running(0, 1),
  // https://github.com/mcollina/fastq#fastqueuethat-worker-concurrency
  fastq: running(1, 1),
  'fastq.promise': running(1, 1),
  // https://caolan.github.io/async/v3/docs.html#queue
  'async.queue': running(1, 1),
  bottleneck: running(0, Infinity, 'maxConcurrent', false),
};

// https://docs.python.org/3/library/asyncio-queue.html: "If maxsize is less than or equal to zero, the queue size is infinite."
const QUEUE: Capacity = { counts: 'waiting', index: 0, option: 'maxsize', otherwise: Infinity, plain: true };

const PYTHON: Readonly<Record<string, Capacity>> = {
  'asyncio.Semaphore': running(0, 1, 'value'),
  'asyncio.BoundedSemaphore': running(0, 1, 'value'),
  'asyncio.Lock': ONE,
  'asyncio.Queue': QUEUE,
  'asyncio.PriorityQueue': QUEUE,
  'asyncio.LifoQueue': QUEUE,
  'anyio.Semaphore': running(0, 1, 'initial_value'),
  'anyio.CapacityLimiter': running(0, 1, 'total_tokens'),
};

/** @param name of the function or class that makes it, as concept pages list names: `p-limit`, `asyncio.Queue`. */
export function capacityOf(language: Language, name: string): Capacity | undefined {
  const table = language === 'python' ? PYTHON : TYPESCRIPT;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
