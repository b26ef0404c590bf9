/**
 * Waits of asyncio that raise nothing but the cancellation of whoever waits.
 * https://docs.python.org/3/library/asyncio-sync.html, https://docs.python.org/3/library/asyncio-queue.html
 */
export const QUIET_WAITS: ReadonlySet<string> = new Set([
  'asyncio.sleep',
  'asyncio.wait',
  'asyncio.Event.wait',
  'asyncio.Lock.acquire',
  'asyncio.Semaphore.acquire',
  'asyncio.BoundedSemaphore.acquire',
  'asyncio.Condition.acquire',
  'asyncio.Condition.wait',
  'asyncio.Condition.wait_for',
  'asyncio.Queue.get',
  'asyncio.Queue.put',
  'asyncio.Queue.join',
  'asyncio.PriorityQueue.get',
  'asyncio.PriorityQueue.put',
  'asyncio.LifoQueue.get',
  'asyncio.LifoQueue.put',
]);
