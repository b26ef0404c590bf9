import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from '../../../src/vscode/queue';

/** Items are texts: those that begin with `urgent` go first, and what stands before a colon is their lane. */
function queueOf(carryOut: (item: string) => Promise<void>): Queue<string> {
  return new Queue<string>({
    carryOut,
    keyOf: (item) => item,
    urgencyOf: (item) => (item.startsWith('urgent') ? 0 : 1),
    laneOf: (item) => (item.includes(':') ? item.slice(0, item.indexOf(':')) : ''),
  });
}

describe('the queue of documents', () => {
  it('works on one at a time, the most urgent of those due first', async () => {
    const done: string[] = [];
    let running = 0;
    const queue = queueOf(async (item) => {
      assert.equal(++running, 1);
      await sleep(30);
      done.push(item);
      running--;
    });
    queue.add('first', 0);
    await sleep(10);
    queue.add('later', 0);
    queue.add('urgent', 1);
    assert.ok(queue.has('first'));
    await sleep(200);
    assert.deepEqual(done, ['first', 'urgent', 'later']);
    assert.ok(!queue.has('first'));
  });

  it('keeps no lane waiting for another', async () => {
    const done: string[] = [];
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const queue = queueOf(async (item) => {
      if (item === 'typescript:stuck') await stuck;
      done.push(item);
    });
    for (const item of ['typescript:stuck', 'typescript:next', 'python:one', 'python:two'])
      queue.add(item, 0);
    await sleep(50);
    assert.deepEqual(done, ['python:one', 'python:two']);
    assert.ok(queue.has('typescript:stuck'));
    assert.ok(!queue.has('python:one'));
    release();
    await sleep(50);
    assert.deepEqual(done.slice(2), ['typescript:stuck', 'typescript:next']);
  });

  it('starts an item once when it is added again before its time', async () => {
    let runs = 0;
    const queue = queueOf(() => {
      runs++;
      return Promise.resolve();
    });
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
    const queue = queueOf(async () => {
      runs++;
      await sleep(30);
    });
    queue.add('typed', 0);
    await sleep(15);
    queue.add('typed', 0);
    await sleep(120);
    assert.equal(runs, 2);
  });

  it('forgets what is removed', async () => {
    const queue = queueOf(() => Promise.reject(new Error('must not run')));
    queue.add('closed', 10);
    queue.remove('closed');
    assert.ok(!queue.has('closed'));
    await sleep(30);
  });
});
