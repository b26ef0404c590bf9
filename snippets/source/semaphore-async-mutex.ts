// name: Semaphore (async-mutex)
// prefix: [async-semaphore-async-mutex, async-mutex-semaphore]
// description: 'At most N tasks at a time with the Semaphore of async-mutex, wherever they are started from.'
// tabstops:
//   1: semaphore
//   2: '4'
//   3: fetchLimited

import { Semaphore } from 'async-mutex';

const semaphore = new Semaphore(4);

function fetchLimited(url: string): Promise<Response> {
  return semaphore.runExclusive(() => fetch(url));
}
