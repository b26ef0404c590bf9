// name: Lock with using
// prefix: [async-lock-using, lock-using]
// description: 'A lock that the end of the block releases (TypeScript 5.2 or Node 24): using held = await lock.acquire().'
// tabstops:
//   1: lock
//   2: update

class Lock {
  #tail: Promise<void> = Promise.resolve();

  async acquire(): Promise<Disposable> {
    const previous = this.#tail;
    let release = () => {};
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    await previous;
    return { [Symbol.dispose]: release };
  }
}

const lock = new Lock();

async function update(): Promise<void> {
  using _held = await lock.acquire();
  // $0
}
