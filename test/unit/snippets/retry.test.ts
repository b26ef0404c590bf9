import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describeSnippet, isSettled } from './harness';

interface RetryOptions {
  attempts?: number;
  baseDelay?: number;
  maxDelay?: number;
  shouldRetry?: (error: unknown) => boolean;
  signal?: AbortSignal;
}

interface RetryModule {
  retry: <T>(task: (attempt: number) => Promise<T>, options?: RetryOptions) => Promise<T>;
}

describeSnippet('async-retry', ({ load }) => {
  let retry: RetryModule['retry'];
  before(async () => {
    ({ retry } = (await load('async-retry')) as RetryModule);
  });

  const failing = (attempts: number[]) => (attempt: number) => {
    attempts.push(attempt);
    return Promise.reject(new Error(`attempt ${attempt}`));
  };

  /** Runs with timers that fire at once and tells how long each should have taken. */
  async function delaysOf(random: number, body: () => Promise<unknown>): Promise<number[]> {
    const { setTimeout: originalTimeout } = globalThis;
    const originalRandom = Math.random;
    const delays: number[] = [];
    Math.random = () => random;
    globalThis.setTimeout = ((callback: () => void, delay: number) => {
      delays.push(delay);
      return originalTimeout(callback, 0);
    }) as typeof setTimeout;
    try {
      await body();
    } finally {
      globalThis.setTimeout = originalTimeout;
      Math.random = originalRandom;
    }
    return delays;
  }

  it('gives the first result that is no failure', async () => {
    const attempts: number[] = [];
    const result = await retry(
      (attempt) => {
        attempts.push(attempt);
        return attempt < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve(`attempt ${attempt}`);
      },
      { baseDelay: 1 },
    );
    assert.equal(result, 'attempt 3');
    assert.deepEqual(attempts, [1, 2, 3]);
  });

  it('gives up after the maximum with the last error', async () => {
    const attempts: number[] = [];
    await assert.rejects(retry(failing(attempts), { baseDelay: 1 }), /^Error: attempt 5$/);
    assert.deepEqual(attempts, [1, 2, 3, 4, 5]);
    await assert.rejects(retry(failing([]), { attempts: 1 }), /^Error: attempt 1$/);
  });

  it('waits twice as long each time, up to the longest delay, with jitter', async () => {
    const body = () => assert.rejects(retry(failing([]), { attempts: 6, baseDelay: 100, maxDelay: 1_000 }));
    assert.deepEqual(await delaysOf(1, body), [100, 200, 400, 800, 1_000]);
    assert.deepEqual(await delaysOf(0.5, body), [50, 100, 200, 400, 500]);
    assert.deepEqual(await delaysOf(0, body), [0, 0, 0, 0, 0]);
  });

  it('does not try again what it is told not to', async () => {
    const attempts: number[] = [];
    const shouldRetry = (error: unknown) => error instanceof Error && error.message !== 'attempt 2';
    await assert.rejects(retry(failing(attempts), { baseDelay: 1, shouldRetry }), /^Error: attempt 2$/);
    assert.deepEqual(attempts, [1, 2]);
  });

  it('is aborted while it waits, and before it starts', async () => {
    const controller = new AbortController();
    const attempts: number[] = [];
    const waiting = retry(failing(attempts), { baseDelay: 1e9, maxDelay: 1e9, signal: controller.signal });
    assert.equal(await isSettled(waiting), false);
    controller.abort(new Error('aborted'));
    await assert.rejects(waiting, /^Error: aborted$/);
    assert.deepEqual(attempts, [1]);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);

    await assert.rejects(retry(failing(attempts), { signal: controller.signal }), /^Error: aborted$/);
    assert.deepEqual(attempts, [1]);
  });

  it('is aborted while the task runs', async () => {
    const controller = new AbortController();
    const attempts: number[] = [];
    const aborting = retry(
      (attempt) => {
        attempts.push(attempt);
        controller.abort(new Error('aborted'));
        return Promise.reject(new Error('task'));
      },
      { signal: controller.signal },
    );
    await assert.rejects(aborting, /^Error: aborted$/);
    assert.deepEqual(attempts, [1]);
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    await assert.rejects(retry(failing([]), { attempts: 3, baseDelay: 1, signal }));
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});
