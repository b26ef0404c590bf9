// name: Semaphore
// prefix: [async-semaphore, semaphore]
// description: 'At most N tasks at a time, wherever they are started from; the others wait their turn.'
// tabstops:
//   1: semaphore
//   2: '4'
//   3: fetchLimited

class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError('limit must be at least 1');
    this.#free = limit;
  }

  async run<T>(task: () => T | PromiseLike<T>): Promise<T> {
    if (this.#free > 0) {
      this.#free -= 1;
    } else {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    try {
      return await task();
    } finally {
      // Handed straight to the next in line, so a newcomer cannot slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

const semaphore = new Semaphore(4);

function fetchLimited(url: string): Promise<Response> {
  return semaphore.run(() => fetch(url));
}
