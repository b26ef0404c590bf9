import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Session, rulesOf } from './support';

const ASYNC = 'async def call():\n    pass\n';
const SYNC = ASYNC.replace('async ', '');
const callerOf = (module: string) => `from ${module} import call\n\n\nasync def run():\n    call()\n`;
const UNAWAITED = ['unawaited-coroutine'];

describe('a workspace in the language server', () => {
  let session: Session;

  afterEach(() => session.end());

  it('knows what other files define, and what becomes of them on disk', async () => {
    session = await Session.start({ 'helper.py': ASYNC, 'caller.py': callerOf('helper') });
    const { client, folder } = session;
    const uri = session.uri('caller.py');
    const isFound = (found: readonly { code?: unknown }[]) => found.length === 1;
    const isClean = (found: readonly unknown[]) => found.length === 0;
    await client.open(uri, callerOf('helper'));
    assert.deepEqual(rulesOf(await client.diagnostics(uri, isFound)), UNAWAITED);

    session.write('helper.py', SYNC);
    await session.tell({ 'helper.py': 2 });
    await client.diagnostics(uri, isClean);

    session.write('helper.py', ASYNC);
    await session.tell({ 'helper.py': 2 });
    await client.diagnostics(uri, isFound);

    renameSync(join(folder, 'helper.py'), join(folder, 'moved.py'));
    await session.tell({ 'helper.py': 3, 'moved.py': 1 });
    await client.diagnostics(uri, isClean);
    await client.change(uri, [{ text: callerOf('moved') }]);
    await client.diagnostics(uri, isFound);

    session.write('package/inner.py', ASYNC);
    await session.tell({ package: 1 });
    await client.change(uri, [{ text: callerOf('package.inner') }]);
    await client.diagnostics(uri, isFound);
    rmSync(join(folder, 'package'), { recursive: true });
    await session.tell({ package: 3 });
    await client.diagnostics(uri, isClean);
  });

  it('takes the text of an open file before the one on disk', async () => {
    session = await Session.start({ 'helper.py': SYNC, 'caller.py': callerOf('helper') });
    const { client } = session;
    const [caller, helper] = [session.uri('caller.py'), session.uri('helper.py')];
    await client.open(caller, callerOf('helper'));
    await client.open(helper, ASYNC);
    await client.diagnostics(caller, (found) => found.length === 1);
    await session.tell({ 'helper.py': 2 });
    await client.close(helper);
    await client.diagnostics(caller, (found) => found.length === 0);
  });

  it('follows calls into other files to what blocks there', async () => {
    const helper = 'import time\n\n\ndef call():\n    time.sleep(1)\n';
    session = await Session.start({ 'helper.py': helper, 'caller.py': callerOf('helper') });
    const { client } = session;
    const uri = session.uri('caller.py');
    await client.open(uri, callerOf('helper'));
    const [finding] = await client.diagnostics(uri, (found) => found.length > 0);
    assert.equal(finding?.code, 'blocking-call-in-async');
    const elsewhere = (finding.relatedInformation ?? []).map(({ location }) => location.uri);
    assert.ok(elsewhere.includes(session.uri('helper.py')), elsewhere.join());
  });

  it('leaves out virtual environments and installed packages', async () => {
    session = await Session.start({
      'node_modules/one.py': ASYNC,
      '.venv/two.py': ASYNC,
      'venv/three.py': ASYNC,
      'myenv/pyvenv.cfg': '',
      'myenv/four.py': ASYNC,
      'a/site-packages/five.py': ASYNC,
      'own.py': ASYNC,
    });
    await session.client.indexed();
    assert.match(session.client.log.join('\n'), /^1 Python files/mu);
  });

  it('of 5,000 files is read with a progress, and answers meanwhile', async () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 5_000; i++) {
      const module = `from .m${(i + 1) % 5_000} import call as next_call\n\n\n`;
      files[`package/m${i}.py`] = `${module}${ASYNC}\n\nasync def run${i}():\n    await next_call()\n`.repeat(
        3,
      );
    }
    session = await Session.start(files);
    const { client } = session;
    const uri = session.uri('caller.py');
    await client.open(uri, ASYNC + callerOf('package.m4999'));
    await client.diagnostics(uri);
    const isIndexed = () => client.log.some((line) => line.startsWith('5000 Python files'));
    assert.ok(!isIndexed(), 'findings waited for the index');
    await client.until(isIndexed, () => 'the index of 5,000 files');
    await client.until(
      () => [...client.progress.values()].every(({ ended }) => ended),
      () => 'the progress to end',
    );
    const [shown] = [...client.progress.values()];
    const percentages = shown?.percentages ?? [];
    assert.ok(percentages.length > 10, `${percentages.length} reports`);
    assert.deepEqual(
      percentages,
      [...percentages].sort((a, b) => a - b),
    );
    assert.deepEqual(rulesOf(await client.diagnostics(uri, (found) => found.length > 0)), UNAWAITED);
  });

  it('is read no further when the progress is cancelled, and files still when they are needed', async () => {
    const files: Record<string, string> = { 'helper.py': ASYNC };
    const body = `${ASYNC}\n`.repeat(60);
    for (let i = 0; i < 400; i++) files[`zz/m${i}.py`] = body;
    session = await Session.start(files, {
      onProgress: (token, client) => void client.notify('window/workDoneProgress/cancel', { token }),
    });
    const { client } = session;
    await client.indexed();
    const [line = ''] = client.log.filter((text) => text.includes('Python files'));
    assert.match(line, /cancelled/u);
    const parsed = Number(/, (\d+) read/u.exec(line)?.[1]);
    assert.ok(parsed < 400, line);
    const uri = session.uri('caller.py');
    session.write('caller.py', callerOf('helper'));
    await session.tell({ 'helper.py': 1 });
    await client.open(uri, callerOf('helper'));
    await client.diagnostics(uri, (found) => found.length === 1);
  });
});
