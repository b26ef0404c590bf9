// name: Queue with back pressure (p-queue)
// prefix: [async-queue-p-queue, p-queue]
// description: 'Process a stream of items with p-queue: N at a time, the source waits while too many are queued, the first error stops the rest.'
// tabstops:
//   1: processAll
//   2: string
//   3: '4'
//   4: '100'

import PQueue from 'p-queue';

async function processAll(
  source: Iterable<string> | AsyncIterable<string>,
  task: (item: string) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: 4 });
  const failed = new AbortController();

  try {
    for await (const item of source) {
      await queue.onSizeLessThan(100);
      if (failed.signal.aborted) break;
      queue
        .add(() => task(item))
        .catch((error: unknown) => {
          failed.abort(error);
          queue.clear();
        });
    }
    await queue.onIdle();
  } finally {
    // When the source itself fails, do not start what is still waiting.
    queue.clear();
  }
  failed.signal.throwIfAborted();
}
