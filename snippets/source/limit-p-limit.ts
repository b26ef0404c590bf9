// name: Map with limited concurrency (p-limit)
// prefix: [async-limit-p-limit, p-limit]
// description: 'Promise.all over a map with p-limit: at most N tasks at a time, the first error drops those that have not started.'
// tabstops:
//   1: mapLimit
//   2: '8'

import pLimit from 'p-limit';

async function mapLimit<T, R>(
  items: Iterable<T>,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const limit = pLimit(8);
  try {
    return await Promise.all(
      Array.from(items, (item) => limit(() => task(item))),
    );
  } finally {
    limit.clearQueue();
  }
}
