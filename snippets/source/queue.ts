// name: Queue with back pressure
// prefix: [async-queue, queue]
// description: 'Bounded queue between producers and consumers: put waits while it is full, get waits while it is empty, for await ends when it is closed.'
// tabstops:
//   1: AsyncQueue
//   2: processAll
//   3: string
//   4: '100'
//   0: console.log(item);

class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #puts: {
    item: T;
    resolve: () => void;
    reject: (reason: Error) => void;
  }[] = [];
  readonly #gets: ((result: IteratorResult<T, undefined>) => void)[] = [];
  #closed = false;

  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError('capacity must be at least 1');
    this.#capacity = capacity;
  }

  async put(item: T): Promise<void> {
    if (this.#closed) throw new Error('The queue is closed');
    const get = this.#gets.shift();
    if (get) {
      get({ value: item, done: false });
    } else if (this.#items.length < this.#capacity) {
      this.#items.push(item);
    } else {
      await new Promise<void>((resolve, reject) => {
        this.#puts.push({ item, resolve, reject });
      });
    }
  }

  async get(): Promise<IteratorResult<T, undefined>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift() as T;
      const put = this.#puts.shift();
      if (put) {
        this.#items.push(put.item);
        put.resolve();
      }
      return { value, done: false };
    }
    if (this.#closed) return { value: undefined, done: true };
    return new Promise((resolve) => {
      this.#gets.push(resolve);
    });
  }

  /** No more puts; what is already in the queue can still be taken out. */
  close(): void {
    this.#closed = true;
    for (const put of this.#puts.splice(0)) {
      put.reject(new Error('The queue is closed'));
    }
    for (const get of this.#gets.splice(0)) {
      get({ value: undefined, done: true });
    }
  }

  /** Closes the queue and drops what is in it. */
  abort(): void {
    this.#items.length = 0;
    this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.get() };
  }
}

async function processAll(
  source: Iterable<string> | AsyncIterable<string>,
  consumers = 4,
): Promise<void> {
  const queue = new AsyncQueue<string>(100);

  const produce = async () => {
    for await (const item of source) await queue.put(item);
    queue.close();
  };

  const consume = async () => {
    for await (const item of queue) {
      console.log(item);
    }
  };

  try {
    await Promise.all([
      produce(),
      ...Array.from({ length: consumers }, consume),
    ]);
  } finally {
    // After a failure nobody may be left waiting; after success this is a no-op.
    queue.abort();
  }
}
