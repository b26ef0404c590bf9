import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  CancellationTokenSource,
  LSPErrorCodes,
  ResponseError,
  type CodeAction,
  type Hover,
  type MarkupContent,
} from 'vscode-languageserver/node';
import { formatMessage } from '../../src/core/finding';
import {
  FINDINGS_CHANGED,
  SERVER_REQUESTS,
  type DiagnosticsResult,
  type LensesResult,
} from '../../src/core/protocol';
import { Client } from './client';
import { Session, places, rulesOf } from './support';

const root = join(__dirname, '../..');
const HEAD = 'import asyncio\n\n\nasync def work():\n';
const FORGOTTEN = `${HEAD}    asyncio.sleep(1)\n`;
const NEEDLESS = `${HEAD}    # async-patterns-ignore-next-line unawaited-coroutine\n    await asyncio.sleep(1)\n`;

describe('the language server', () => {
  let session: Session;

  afterEach(() => session.end());

  function actions(uri: string, line: number, character: number, only?: string[]): Promise<CodeAction[]> {
    const at = { line, character };
    return session.client.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: at, end: at },
      context: { diagnostics: [], ...(only && { only }) },
    });
  }

  async function hover(uri: string, line: number, character: number): Promise<string> {
    const found = await session.client.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
    return found ? (found.contents as MarkupContent).value : '';
  }

  it('says what it can do', async () => {
    session = await Session.start({});
    const { capabilities } = session.client.initialized;
    assert.equal(capabilities.positionEncoding, 'utf-16');
    assert.equal(capabilities.hoverProvider, true);
    assert.deepEqual(capabilities.codeActionProvider, {
      codeActionKinds: ['quickfix', 'source.fixAll.asyncPatterns', 'refactor.rewrite.asyncPatterns'],
    });
  });

  it('repairs a finding', async () => {
    session = await Session.start({});
    const uri = session.uri('a.py');
    await session.client.open(uri, FORGOTTEN);
    const [fix] = await actions(uri, 4, 10);
    assert.equal(fix?.title, 'Add await');
    assert.equal(fix.kind, 'quickfix');
    const at = { line: 4, character: 4 };
    assert.deepEqual(fix.edit?.changes, { [uri]: [{ range: { start: at, end: at }, newText: 'await ' }] });
    assert.deepEqual(await actions(uri, 3, 0), []);
  });

  it('tells what a line above an async function says', async () => {
    session = await Session.start({});
    const uri = session.uri('a.py');
    await session.client.open(uri, FORGOTTEN);
    const { lenses } = await session.client.connection.sendRequest<LensesResult>(SERVER_REQUESTS.lenses, {
      file: uri,
    });
    assert.deepEqual(
      lenses.map(({ range, parts }) => [range.start.line, parts.map(({ text }) => formatMessage(text))]),
      [[3, ['0 awaits', '1 unhandled promise']]],
    );
  });

  it('fixes all that is safe when asked by name', async () => {
    session = await Session.start({});
    const uri = session.uri('a.py');
    await session.client.open(uri, NEEDLESS);
    const [all, ...rest] = await actions(uri, 0, 0, ['source.fixAll']);
    assert.equal(rest.length, 0);
    assert.equal(all?.kind, 'source.fixAll.asyncPatterns');
    assert.deepEqual(all.edit?.changes?.[uri], [
      { range: { start: { line: 4, character: 0 }, end: { line: 5, character: 0 } }, newText: '' },
    ]);
  });

  it('explains words, APIs and findings in the language asked for', async () => {
    session = await Session.start({}, { locale: 'ru-RU' });
    const uri = session.uri('a.py');
    await session.client.open(
      uri,
      `${FORGOTTEN}    await work()\n    q = asyncio.Queue()\n    x = "await"\n`,
    );
    const [await_, queue] = [await hover(uri, 5, 6), await hover(uri, 6, 18)];
    assert.match(await_, /await\.md\)/u);
    assert.match(queue, /queue\.md\)/u);
    assert.match(await_, /Открыть страницу/u);
    assert.match(await hover(uri, 4, 6), /unawaited-coroutine\.md\)/u);
    assert.equal(await hover(uri, 7, 11), '');
    await session.client.notify('workspace/didChangeConfiguration', {
      settings: { asyncPatterns: { language: 'en', hover: 'brief' } },
    });
    const english = await hover(uri, 5, 6);
    assert.match(english, /Open the page/u);
    assert.ok(english.length < await_.length);
  });

  it('obeys its settings and says in one sentence what is wrong with them', async () => {
    session = await Session.start({}, { options: { rules: { 'unawaited-coroutin': 'off' } } });
    const { client } = session;
    await client.until(
      () => client.messages.length > 0,
      () => 'a message',
    );
    assert.deepEqual(client.messages, [
      'asyncPatterns.rules: there is no rule "unawaited-coroutin"; did you mean "unawaited-coroutine"?',
    ]);
    const uri = session.uri('a.py');
    await client.open(uri, FORGOTTEN);
    assert.equal((await client.diagnostics(uri)).length, 1);
    await client.notify('workspace/didChangeConfiguration', {
      settings: { asyncPatterns: { rules: { 'unawaited-coroutine': 'off' } } },
    });
    await client.diagnostics(uri, (found) => found.length === 0);
    await client.notify('workspace/didChangeConfiguration', {
      settings: { asyncPatterns: { rules: { 'unawaited-coroutine': 'hint' } } },
    });
    const [finding] = await client.diagnostics(uri, (found) => found.length === 1);
    assert.equal(finding?.severity, 4);
    assert.equal(client.messages.length, 1);
  });

  it('reads configuration files below its settings, and again when they change', async () => {
    const [json, toml] = ['sub/async-patterns.json', 'pyproject.toml'];
    session = await Session.start({
      [toml]: '[tool.async-patterns]\nrules = { unawaited-coroutine = "hint" }\n',
      [json]: JSON.stringify({
        rules: { 'unawaited-coroutine': 'information' },
        overrides: [{ files: ['*_test.py'], rules: { 'unawaited-coroutine': 'off' } }],
        ignore: ['generated'],
      }),
    });
    const { client } = session;
    const uris = ['a.py', 'sub/a.py', 'sub/a_test.py', 'sub/generated/a.py'].map((name) => session.uri(name));
    for (const uri of uris) await client.open(uri, FORGOTTEN);
    const severities = () =>
      Promise.all(uris.map(async (uri) => (await client.diagnostics(uri)).map(({ severity }) => severity)));
    assert.deepEqual(await severities(), [[4], [3], [], []]);

    const [outer = '', inner = ''] = uris;
    const isWarning = (found: readonly { severity?: number }[]) => found[0]?.severity === 2;
    session.write(toml, '[tool.async-patterns]\nrules = { unawaited-coroutine = "warning" }\n');
    await session.tell({ [toml]: 2 });
    await client.diagnostics(outer, isWarning);

    const wrong = { rule: {}, rules: { 'unawaited-coroutine': 'warning' } };
    session.write(json, JSON.stringify(wrong));
    await session.tell({ [json]: 2 });
    await client.diagnostics(inner, isWarning);
    session.write(json, JSON.stringify({ ...wrong, ignore: [] }));
    await session.tell({ [json]: 2 });
    await client.notify('workspace/didChangeConfiguration', {
      settings: { asyncPatterns: { rules: { 'unawaited-coroutine': 'error' } } },
    });
    await client.diagnostics(inner, ([found]) => found?.severity === 1);
    const path = join(session.folder, json);
    assert.deepEqual(client.messages, [`${path}: rule: there is no such key; did you mean "rules"?`]);
  });

  it('answers a cancelled request with an error that says so', async () => {
    session = await Session.start({});
    const { client } = session;
    const uri = session.uri('a.py');
    await client.open(uri, FORGOTTEN);
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri }, position: { line: 4, character: 6 } },
      source.token,
    );
    source.cancel();
    await assert.rejects(
      answer,
      (error) =>
        error instanceof ResponseError &&
        (error.code === LSPErrorCodes.RequestCancelled || error.code === LSPErrorCodes.ServerCancelled),
    );
    assert.notEqual(await hover(uri, 4, 6), '');
  });

  it('is asked for findings by an editor that shows them itself', async () => {
    session = await Session.start({ 'b.py': 'x = 1\n' }, { options: { diagnostics: false } });
    const { client } = session;
    let told = 0;
    client.connection.onNotification(FINDINGS_CHANGED, () => {
      told++;
    });
    assert.equal(client.initialized.capabilities.hoverProvider, undefined);
    const uri = session.uri('a.py');
    const ask = () =>
      client.connection.sendRequest<DiagnosticsResult | null>(SERVER_REQUESTS.diagnostics, { file: uri });
    // Not "nothing is wrong": whoever asks too early is to ask again.
    assert.equal(await ask(), null);
    await client.open(uri, FORGOTTEN);
    assert.deepEqual(places((await ask())?.diagnostics ?? []), ['unawaited-coroutine 4:4-4:20']);
    await client.indexed();
    session.write('b.py', 'x = 2\n');
    const before = told;
    await session.tell({ 'b.py': 2 });
    await ask();
    await ask();
    assert.ok(told > before);
    assert.equal(client.latest(uri), undefined);
  });

  it('reads the cells of a notebook as one module', async () => {
    session = await Session.start({});
    const { client } = session;
    const cells = [
      '%matplotlib inline\nimport asyncio',
      '!pip install x\nawait asyncio.sleep(1)\nasyncio.sleep(2)',
    ];
    const uris = cells.map((_, i) => `vscode-notebook-cell:/notes.ipynb#c${i}`);
    const cellDocument = (i: number) => ({ kind: 2, document: uris[i] });
    await client.notify('notebookDocument/didOpen', {
      notebookDocument: {
        uri: session.uri('notes.ipynb'),
        notebookType: 'jupyter-notebook',
        version: 1,
        cells: cells.map((_, i) => cellDocument(i)),
      },
      cellTextDocuments: cells.map((text, i) => ({ uri: uris[i], languageId: 'python', version: 1, text })),
    });
    const [first = '', second = ''] = uris;
    const of = (uri: string) => client.latest(uri)?.diagnostics ?? [];
    await client.until(
      () => of(second).length > 0,
      () => 'a finding in the second cell',
    );
    assert.deepEqual(places(of(second)), ['unawaited-coroutine 2:0-2:16']);
    assert.deepEqual(of(first), []);
    const [fix] = await actions(second, 2, 5);
    assert.equal(fix?.title, 'Add await');
    assert.deepEqual(Object.keys(fix.edit?.changes ?? {}), [second]);

    await client.notify('notebookDocument/didChange', {
      notebookDocument: { uri: session.uri('notes.ipynb'), version: 2 },
      change: {
        cells: {
          textContent: [
            { document: { uri: first, version: 2 }, changes: [{ text: 'from other import asyncio' }] },
          ],
        },
      },
    });
    await client.until(
      () => of(second).length === 0,
      () => 'the finding to go',
    );
  });

  it('names the line of a pyproject.toml that is wrong and goes on', async () => {
    session = await Session.start({ 'pyproject.toml': '[project\nrequires-python = ">=3.9"\n' });
    const uri = session.uri('a.py');
    await session.client.open(uri, FORGOTTEN);
    assert.deepEqual(rulesOf(await session.client.diagnostics(uri)), ['unawaited-coroutine']);
    assert.match(session.client.log.join('\n'), /pyproject\.toml: .+Correct it/u);
  });
});

describe('the language server as a command', () => {
  it('ends with 0 after a shutdown and with 1 without one', async () => {
    const client = await Client.start();
    assert.equal(await client.stop(), 0);
    const other = await Client.start();
    const exited = new Promise((resolve) => other.process.on('exit', resolve));
    await other.notify('exit', {});
    assert.equal(await exited, 1);
  });

  it('says how it wants to be started', () => {
    const { status, stderr } = spawnSync(
      join(root, 'node_modules/.bin/tsx'),
      [join(root, 'src/hosts/cli/main.ts'), 'server'],
      { encoding: 'utf8' },
    );
    assert.equal(status, 2);
    assert.match(stderr, /--stdio/u);
  });
});
