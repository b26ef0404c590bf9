// name: Retry with back-off
// prefix: [async-retry, retry, backoff]
// description: 'Try again after a failure, waiting longer each time, with jitter, a maximum number of attempts and an AbortSignal.'
// tabstops:
//   1: retry
//   2: '5'
//   3: '100'
//   4: '10_000'

interface RetryOptions {
  attempts?: number;
  baseDelay?: number;
  maxDelay?: number;
  shouldRetry?: (error: unknown) => boolean;
  signal?: AbortSignal;
}

async function retry<T>(
  task: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 5, baseDelay = 100, maxDelay = 10_000 } = options;
  const { shouldRetry = () => true, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= attempts || !shouldRetry(error)) throw error;
    }
    // Full jitter: clients that failed together do not come back together.
    const ceiling = Math.min(maxDelay, baseDelay * 2 ** (attempt - 1));
    await sleep(Math.random() * ceiling, signal);
  }
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(undefined);
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
