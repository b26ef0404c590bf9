import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceEvent, WorkspaceRequest } from '../../../src/core/workspace-protocol';
import { startCheck } from '../../../src/vscode/workspace/check-process';

const request: WorkspaceRequest = { folders: ['/w'], config: {}, unsaved: [], typescript: [], binaries: '' };

describe('the process of a check', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'async-patterns-process-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs a program in place of the check. */
  function start(name: string, code: string, onEvent: (event: WorkspaceEvent) => void) {
    const program = join(folder, `${name}.js`);
    writeFileSync(program, code);
    return startCheck({ program, request, memory: 512, onEvent });
  }

  it('is told what to do, tells what happens, and is done', async () => {
    const events: WorkspaceEvent[] = [];
    const code = `process.once('message', ({ folders }) => {
      process.send([{ kind: 'total', files: folders.length }, { kind: 'done' }], () => process.disconnect());
    });`;
    const check = start('done', code, (event) => events.push(event));
    assert.equal(await check.outcome, 'done');
    assert.deepEqual(events, [{ kind: 'total', files: 1 }]);
  });

  it('ends at once when it is cancelled, even while it is busy', async () => {
    const code = `process.once('message', () => {
      process.send([{ kind: 'total', files: 1 }], () => { for (;;); });
    });`;
    const check = start('busy', code, () => check.cancel());
    assert.equal(await check.outcome, 'cancelled');
  });

  it('that breaks off says neither', async () => {
    const broken = start('broken', 'process.exit(3);', () => undefined);
    assert.equal(await broken.outcome, 'ended');
    const missing = startCheck({
      program: join(folder, 'no.js'),
      request,
      memory: 512,
      onEvent: () => undefined,
    });
    assert.equal(await missing.outcome, 'ended');
  });
});
