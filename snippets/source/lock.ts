// name: Lock
// prefix: [async-lock, lock, mutex]
// description: 'Mutual exclusion for code that awaits: one task at a time, in the order of the calls, released even when a task throws.'
// tabstops:
//   1: lock
//   2: update

class Lock {
  #tail: Promise<unknown> = Promise.resolve();

  runExclusive<T>(task: () => T | PromiseLike<T>): Promise<T> {
    const result = this.#tail.then(task);
    // The next task runs whether this one succeeds or fails.
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

const lock = new Lock();

async function update(): Promise<void> {
  await lock.runExclusive(async () => {
    // $0
  });
}
