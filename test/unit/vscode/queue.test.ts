import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from '../../../src/vscode/queue';

describe('the queue of documents', () => {
  it('works on one at a time, the most urgent of those due first', async () => {
    const done: string[] = [];
    let running = 0;
    const queue = new Queue<string>(
      async (item) => {
        assert.equal(++running, 1);
        await sleep(30);
        done.push(item);
        running--;
      },
      (item) => item,
      (item) => (item === 'urgent' ? 0 : 1),
    );
    queue.add('first', 0);
    await sleep(10);
    queue.add('later', 0);
    queue.add('urgent', 1);
    assert.ok(queue.has('first'));
    await sleep(200);
    assert.deepEqual(done, ['first', 'urgent', 'later']);
    assert.ok(!queue.has('first'));
  });

  it('starts an item once when it is added again before its time', async () => {
    let runs = 0;
    const queue = new Queue<string>(
      () => {
        runs++;
        return Promise.resolve();
      },
      (item) => item,
      () => 0,
    );
    for (let i = 0; i < 5; i++) {
      queue.add('typed', 40);
      await sleep(10);
    }
    assert.equal(runs, 0);
    await sleep(80);
    assert.equal(runs, 1);
  });

  it('works on an item again when it is added while being worked on', async () => {
    let runs = 0;
    const queue = new Queue<string>(
      async () => {
        runs++;
        await sleep(30);
      },
      (item) => item,
      () => 0,
    );
    queue.add('typed', 0);
    await sleep(15);
    queue.add('typed', 0);
    await sleep(120);
    assert.equal(runs, 2);
  });

  it('forgets what is removed', async () => {
    const queue = new Queue<string>(
      () => Promise.reject(new Error('must not run')),
      (item) => item,
      () => 0,
    );
    queue.add('closed', 10);
    queue.remove('closed');
    assert.ok(!queue.has('closed'));
    await sleep(30);
  });
});
