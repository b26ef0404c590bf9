import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeSnippet, pause } from './harness';

interface TimeoutModule {
  withTimeout: <T>(
    milliseconds: number,
    task: (signal: AbortSignal) => T | PromiseLike<T>,
    parent?: AbortSignal,
  ) => Promise<T>;
}

describeSnippet('async-timeout', ({ load, run }) => {
  let withTimeout: TimeoutModule['withTimeout'];
  before(async () => {
    ({ withTimeout } = (await load('async-timeout')) as TimeoutModule);
  });

  it('gives the result of a task that is in time', async () => {
    assert.equal(await withTimeout(1_000, () => Promise.resolve('in time')), 'in time');
  });

  it('passes on the error of a task that is in time', async () => {
    await assert.rejects(
      withTimeout(1_000, () => Promise.reject(new Error('failed'))),
      /^Error: failed$/,
    );
    const throwing = withTimeout(1_000, () => {
      throw new Error('thrown');
    });
    await assert.rejects(throwing, /^Error: thrown$/);
  });

  it('aborts the signal of a late task and throws a TimeoutError', async () => {
    let reason: unknown;
    const late = withTimeout(
      10,
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(new Error('the task noticed'));
          });
        }),
    );
    await assert.rejects(late, { name: 'TimeoutError', message: 'Timed out after 10 ms' });
    assert.ok(reason instanceof DOMException);
  });

  it('lets the caller go on when the task ignores its signal', async () => {
    await assert.rejects(
      withTimeout(10, () => pause(200)),
      { name: 'TimeoutError' },
    );
  });

  it('is aborted by its parent with the reason of the parent, and leaves no listener behind', async () => {
    const parent = new AbortController();
    const aborted = withTimeout(1_000, () => pause(200), parent.signal);
    parent.abort(new Error('parent'));
    await assert.rejects(aborted, /^Error: parent$/);
    let started = false;
    const never = withTimeout(
      1_000,
      () => {
        started = true;
      },
      parent.signal,
    );
    await assert.rejects(never, /^Error: parent$/);
    assert.equal(started, false);

    const calm = new AbortController();
    await withTimeout(1_000, () => pause(1), calm.signal);
    await assert.rejects(withTimeout(1, () => pause(20), calm.signal));
    assert.equal(getEventListeners(calm.signal, 'abort').length, 0);
  });

  it('clears its timer: the process ends at once, and keeps it alive until the time is up', async () => {
    const done = await run(
      'async-timeout',
      `console.log(await snippet.withTimeout(60_000, async () => 'done'));
       await snippet.withTimeout(60_000, async () => { throw new Error('failed'); }).catch((error) => console.log(error.message));`,
    );
    assert.deepEqual({ code: done.code, output: done.output }, { code: 0, output: 'done\nfailed\n' });
    assert.ok(done.time < 60_000, `the process took ${done.time} ms to end`);

    const late = await run(
      'async-timeout',
      `await snippet.withTimeout(50, () => new Promise(() => {})).catch((error) => console.log(error.name));`,
    );
    assert.deepEqual({ code: late.code, output: late.output }, { code: 0, output: 'TimeoutError\n' });
  });
});

interface TimeoutSignalModule {
  fetchJson: (url: string, signal?: AbortSignal) => Promise<unknown>;
}

describeSnippet('async-timeout-signal', ({ load, run }) => {
  let server: Server;
  let address: string;
  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/never') return;
      if (request.url === '/stalled') {
        response.write('{');
        return;
      }
      if (request.url === '/missing') response.statusCode = 404;
      response.end('{"answer":42}');
    }).listen(0);
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const soon = async () =>
    (await load('async-timeout-signal', (number, fallback) =>
      number === 2 ? '50' : fallback,
    )) as TimeoutSignalModule;

  it('fetches, and reports an answer that is no success', async () => {
    const { fetchJson } = (await load('async-timeout-signal')) as TimeoutSignalModule;
    assert.deepEqual(await fetchJson(address), { answer: 42 });
    assert.deepEqual(await fetchJson(address, new AbortController().signal), { answer: 42 });
    await assert.rejects(fetchJson(`${address}/missing`), /missing answered 404/);
  });

  it('aborts when no answer comes, and when the answer stalls', async () => {
    const { fetchJson } = await soon();
    await assert.rejects(fetchJson(`${address}/never`), { name: 'TimeoutError' });
    await assert.rejects(fetchJson(`${address}/stalled`), { name: 'TimeoutError' });
    await assert.rejects(fetchJson(`${address}/never`, new AbortController().signal), {
      name: 'TimeoutError',
    });
  });

  it('is aborted by the signal of the caller', async () => {
    const { fetchJson } = (await load('async-timeout-signal')) as TimeoutSignalModule;
    const caller = new AbortController();
    const fetching = fetchJson(`${address}/never`, caller.signal);
    caller.abort(new Error('caller'));
    await assert.rejects(fetching, /^Error: caller$/);
  });

  it('keeps no timer: the process ends at once', async () => {
    const ended = await run(
      'async-timeout-signal',
      `console.log(JSON.stringify(await snippet.fetchJson(${JSON.stringify(address)})));`,
      (number, fallback) => (number === 2 ? '60_000' : fallback),
    );
    assert.deepEqual({ code: ended.code, output: ended.output }, { code: 0, output: '{"answer":42}\n' });
    assert.ok(ended.time < 60_000, `the process took ${ended.time} ms to end`);
  });
});
