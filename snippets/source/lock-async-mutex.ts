// name: Lock (async-mutex)
// prefix: [async-lock-async-mutex, async-mutex]
// description: 'Mutual exclusion with async-mutex: one task at a time, released even when a task throws.'
// tabstops:
//   1: lock
//   2: update

import { Mutex } from 'async-mutex';

const lock = new Mutex();

async function update(): Promise<void> {
  await lock.runExclusive(async () => {
    // $0
  });
}
