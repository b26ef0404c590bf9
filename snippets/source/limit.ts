// name: Map with limited concurrency
// prefix: [async-limit, map-limit]
// description: 'Promise.all over a map, but at most N tasks at a time; results keep their order, the first error stops new tasks.'
// tabstops:
//   1: mapLimit

async function mapLimit<T, R>(
  items: Iterable<T>,
  limit: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  if (!(limit >= 1)) throw new RangeError('limit must be at least 1');
  const results: R[] = [];
  const queue = Array.from(items).entries();
  let failed = false;

  // All workers take from the same iterator, so each item is taken once.
  const work = async () => {
    for (const [index, item] of queue) {
      try {
        results[index] = await task(item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
      if (failed) return;
    }
  };

  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
