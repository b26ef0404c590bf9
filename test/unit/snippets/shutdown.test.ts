import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { collect, describeSnippet } from './harness';
import type { TabStopValue } from './expand';

// Answers "/slow" after a while and "/never" not at all.
const server = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  console.log('request');
  if (request.url === '/slow') setTimeout(() => response.end('slow but whole'), 300);
});
// Longer than the time to drain: a connection kept alive that holds the server open would be its failure.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log('port', server.address().port));
snippet.shutDownOnSignal(server);`;

describeSnippet('async-shutdown', ({ start }) => {
  const children = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
  });

  const serve = async (value?: TabStopValue) => {
    const child = start('async-shutdown', server, value);
    children.add(child);
    const output = collect(child);
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const match = pattern.exec(output());
        if (match) return match;
        const [chunk] = (await Promise.race([
          once(child.stdout ?? child, 'data'),
          once(child.stderr ?? child, 'data'),
          ended.then(() => [undefined]),
        ])) as [string | undefined];
        assert.ok(
          chunk !== undefined || pattern.test(output()),
          `ended before ${String(pattern)}: ${output()}`,
        );
      }
    };
    const [, port] = await printed(/port (\d+)/);
    return { child, output, ended, printed, address: `http://127.0.0.1:${port ?? ''}` };
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`drains on ${signal}: finishes the running request, takes no other, exits with 0`, async () => {
      const { child, output, ended, printed, address } = await serve((number, fallback) =>
        number === 0 ? `console.log('closed the rest');` : fallback,
      );
      const running = fetch(`${address}/slow`).then((response) => response.text());
      await printed(/request/);
      child.kill(signal);
      await printed(/draining/);
      await assert.rejects(fetch(address));
      assert.equal(await running, 'slow but whole');
      assert.deepEqual(await ended, [0, null]);
      assert.match(output(), new RegExp(`${signal}: draining, at most 10000 ms\\n[^]*closed the rest`));
    });
  }

  it('exits with 0 at once when nothing is under way', async () => {
    const { child, ended } = await serve();
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });

  it('exits with 1 at the deadline when a request hangs', async () => {
    const { child, output, ended, printed, address } = await serve((number, fallback) =>
      number === 2 ? '200' : fallback,
    );
    const hanging = assert.rejects(fetch(`${address}/never`));
    await printed(/request/);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [1, null]);
    assert.match(output(), /Not drained after 200 ms/);
    await hanging;
  });

  it('exits with 1 and says why when closing fails', async () => {
    const { child, output, ended } = await serve((number, fallback) =>
      number === 0 ? `throw new Error('the database is stuck');` : fallback,
    );
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [1, null]);
    assert.match(output(), /the database is stuck/);
  });

  it('ends at once at a second signal', async () => {
    const { child, ended, printed, address } = await serve();
    const hanging = assert.rejects(fetch(`${address}/never`));
    await printed(/request/);
    child.kill('SIGTERM');
    await printed(/draining/);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
    await hanging;
  });
});
