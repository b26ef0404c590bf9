// name: Timeout with cancellation
// prefix: [async-timeout, timeout, with-timeout]
// description: 'Give any task a time limit: its signal is aborted, the caller goes on at once, and the timer never outlives the task.'
// tabstops:
//   1: withTimeout

async function withTimeout<T>(
  milliseconds: number,
  task: (signal: AbortSignal) => T | PromiseLike<T>,
  parent?: AbortSignal,
): Promise<T> {
  parent?.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const onParentAbort = () => controller.abort(parent?.reason);
  parent?.addEventListener('abort', onParentAbort, { once: true });
  const timer = setTimeout(() => {
    const message = `Timed out after ${milliseconds} ms`;
    controller.abort(new DOMException(message, 'TimeoutError'));
  }, milliseconds);

  // Lets the caller go on even when the task ignores its signal.
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const run = async () => await task(signal);
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', onParentAbort);
  }
}
