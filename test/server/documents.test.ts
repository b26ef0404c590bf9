import assert from 'node:assert/strict';
import type { Diagnostic, Range } from 'vscode-languageserver/node';
import { randomNumbers } from '../unit/python/support/stdlib';
import { LineMap } from '../../src/core/text';
import { Session, places } from './support';

const HEAD = 'import asyncio\n\n\nasync def work():\n';

describe('documents in the language server', () => {
  let session: Session;

  before(async () => {
    session = await Session.start({});
  });

  after(() => session.end());

  /** Opens a text under a new name and waits for its findings. */
  async function findingsOf(name: string, text: string): Promise<readonly Diagnostic[]> {
    const uri = session.uri(name);
    await session.client.open(uri, text);
    const found = await session.client.diagnostics(uri);
    await session.client.close(uri);
    return found;
  }

  it('are judged when they are opened', async () => {
    assert.deepEqual(places(await findingsOf('opened.py', `${HEAD}    asyncio.sleep(1)\n`)), [
      'unawaited-coroutine 4:4-4:20',
    ]);
  });

  it('have their positions counted in UTF-16 units, whatever stands before', async () => {
    assert.deepEqual(
      places(
        await findingsOf('emoji.py', `${HEAD}    a = "😀🧵"; asyncio.sleep(1); b = "é𝒳"; asyncio.sleep(2)\n`),
      ),
      ['unawaited-coroutine 4:16-4:32', 'unawaited-coroutine 4:45-4:61'],
    );
  });

  it('may end their lines with CRLF and indent with tabs', async () => {
    const text = `${HEAD}\tif True:\n\t\tasyncio.sleep(1)\n`.replaceAll('\n', '\r\n');
    assert.deepEqual(places(await findingsOf('tabs.py', text)), ['unawaited-coroutine 5:2-5:18']);
  });

  it('may begin with a byte order mark', async () => {
    assert.deepEqual(places(await findingsOf('bom.py', `\uFEFF${HEAD}    asyncio.sleep(1)\n`)), [
      'unawaited-coroutine 4:4-4:20',
    ]);
  });

  it('keep the findings outside a broken line', async () => {
    const text = `${HEAD}    asyncio.sleep(1)\n    x = = 2\n    asyncio.sleep(2)\n`;
    assert.deepEqual(places(await findingsOf('broken.py', text)), [
      'unawaited-coroutine 4:4-4:20',
      'unawaited-coroutine 6:4-6:20',
    ]);
  });

  it('are known by a version that the findings name', async () => {
    const uri = session.uri('version.py');
    await session.client.open(uri, HEAD);
    await session.client.diagnostics(uri);
    const at = { line: 4, character: 0 };
    await session.client.change(uri, [{ range: { start: at, end: at }, text: '    asyncio.sleep(1)\n' }]);
    const found = await session.client.diagnostics(uri);
    assert.equal(session.client.latest(uri)?.version, 2);
    assert.deepEqual(places(found), ['unawaited-coroutine 4:4-4:20']);
  });

  it('have the same findings after many edits as if just opened', async () => {
    const pieces = [
      '    asyncio.sleep(1)\n',
      '    await asyncio.sleep(1)\n',
      '    asyncio.create_task(work())\n',
      'async def other():\n    work()\n',
      '    "😀" \'',
      '"""',
      '(\r\n',
      '    x = [',
      ')',
      '# note\n',
      '\t',
      '',
    ];
    const next = randomNumbers(20_251);
    const uri = session.uri('edited.py');
    let text = `${HEAD}${pieces[0]}${pieces[3]}`.repeat(8);
    await session.client.open(uri, text);
    for (let round = 0; round < 40; round++) {
      const changes: { range: Range; text: string }[] = [];
      for (let i = 0; i <= next(3); i++) {
        const lines = new LineMap(text);
        const start = next(text.length + 1);
        const end = Math.min(text.length, start + next(30));
        const inserted = pieces[next(pieces.length)] ?? '';
        const range = { start: lines.positionAt(start), end: lines.positionAt(end) };
        changes.push({ range, text: inserted });
        text = text.slice(0, lines.offsetAt(range.start)) + inserted + text.slice(lines.offsetAt(range.end));
      }
      await session.client.change(uri, changes);
      if (round % 8 !== 7) continue;
      const edited = await session.client.diagnostics(uri);
      const fresh = await findingsOf(`fresh${round}.py`, text);
      assert.deepEqual(places(edited), places(fresh), `round ${round}`);
    }
    await session.client.close(uri);
  });

  it('may have 20,000 lines', async () => {
    const part = 'async def step():\n    await work()\n    if work:\n        work()\n\n';
    const text = (HEAD + '    pass\n\n' + part.repeat(3_998)).trimEnd();
    assert.ok(text.split('\n').length > 19_990);
    const uri = session.uri('long.py');
    await session.client.open(uri, text);
    assert.equal((await session.client.diagnostics(uri)).length, 3_998);
    const at = { line: 9, character: 8 };
    await session.client.change(uri, [{ range: { start: at, end: at }, text: 'await ' }]);
    assert.equal((await session.client.diagnostics(uri)).length, 3_997);
    await session.client.close(uri);
  });

  it('are left alone beyond the limit of lines', async () => {
    const text = `${HEAD}    asyncio.sleep(1)\n${'\n'.repeat(20_000)}`;
    assert.deepEqual(await findingsOf('too-long.py', text), []);
  });

  it('lose their findings when they are closed', async () => {
    const uri = session.uri('closed.py');
    await session.client.open(uri, `${HEAD}    asyncio.sleep(1)\n`);
    assert.equal((await session.client.diagnostics(uri)).length, 1);
    await session.client.close(uri);
    await session.client.until(
      () => session.client.latest(uri)?.diagnostics.length === 0,
      () => 'the findings to go',
    );
  });
});
