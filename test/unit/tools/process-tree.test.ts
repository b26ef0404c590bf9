import assert from 'node:assert/strict';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { startProcessTree } from '../../../src/tools/vscode-server/process-tree';

/** Starts a child that holds the same output open, would live on for a minute and ignores being asked to end. */
const parent = `
  require('node:child_process').spawn(process.execPath, ['-e',
    'process.on("SIGTERM", () => {}); console.log("child runs"); setTimeout(() => {}, 60000)'], { stdio: 'inherit' });
  setTimeout(() => {}, 60000);`;

describe('a program with its children', () => {
  it('is ended as a whole, even when a child does not want to', async () => {
    const tree = startProcessTree(process.execPath, ['-e', parent], { cwd: tmpdir(), env: process.env });
    assert.ok(tree.child.stdout !== null);
    // The output is closed only when nobody holds it any more, neither the program nor its child.
    const closed = once(tree.child, 'close').then(() => 'closed');
    await once(tree.child.stdout, 'data');
    await tree.stop();
    assert.equal(await Promise.race([closed, delay(5000, 'still open', { ref: false })]), 'closed');
  });

  it('leaves no listeners on this process', async () => {
    const before = process.listenerCount('SIGTERM') + process.listenerCount('exit');
    const tree = startProcessTree(process.execPath, ['-e', ''], { cwd: tmpdir(), env: process.env });
    await tree.stop();
    await tree.stop();
    assert.equal(process.listenerCount('SIGTERM') + process.listenerCount('exit'), before);
  });
});
