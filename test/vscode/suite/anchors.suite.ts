import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BundledConcept, DocumentBundle } from '../../../src/documents/bundle';
import type { ProgrammingLanguage } from '../../../src/documents/page';
import { anchorDocument } from '../../support/anchor-samples';
import { closeAllEditors, hoverText, openFile, positionOf, setSetting, until, waitForHover } from './support';

/** The folder has a configuration of its own, with all that the samples use. */
const FOLDER = 'anchors';
const tsconfig = {
  compilerOptions: {
    target: 'ESNext',
    lib: ['ESNext', 'DOM'],
    module: 'Preserve',
    moduleResolution: 'Bundler',
    types: ['node'],
    skipLibCheck: true,
    noEmit: true,
  },
};

function concepts(): BundledConcept[] {
  const extension = vscode.extensions.getExtension('async-patterns.async-patterns');
  if (!extension) throw new Error('the extension is not installed');
  const file = join(extension.extensionPath, 'dist/documents.json');
  const { en } = JSON.parse(readFileSync(file, 'utf8')) as DocumentBundle;
  return en.filter((page) => page.kind === 'concept');
}

const link = (page: string) => `command:asyncPatterns.openPage?%5B%22${page}%22%5D`;

/** Hovers on every anchor of every page and tells of those that do not lead there. */
async function wrongAnchors(language: ProgrammingLanguage, file: string): Promise<string[]> {
  const table = concepts().flatMap(({ id, anchors }) =>
    anchors[language].map((anchor) => ({ anchor, page: id })),
  );
  assert.ok(table.length > 50);
  const { text, offsets } = anchorDocument(
    language,
    table.map(({ anchor }) => anchor),
  );
  const { document } = await openFile(file, text);
  const positions = (anchor: string) =>
    (offsets.get(anchor) ?? []).map((offset) => document.positionAt(offset));
  const [first] = table;
  const [start] = first ? positions(first.anchor) : [];
  if (first && start) await waitForHover(document.uri, start, link(first.page), 60_000);
  const wrong: string[] = [];
  for (const { anchor, page } of table) {
    const hovers: string[] = [];
    for (const position of positions(anchor)) hovers.push(await hoverText(document.uri, position));
    if (!hovers.some((hover) => hover.includes(link(page)))) wrong.push(`${anchor} does not lead to ${page}`);
  }
  return wrong;
}

describe('a hover on an anchor', function () {
  this.timeout(180_000);

  before(async () => {
    await openFile(`${FOLDER}/tsconfig.json`, JSON.stringify(tsconfig));
  });

  afterEach(async () => {
    await setSetting('asyncPatterns.hover', undefined);
    await closeAllEditors();
  });

  it('leads to its page, for every anchor in TypeScript', async () => {
    assert.deepEqual(await wrongAnchors('typescript', `${FOLDER}/anchors.ts`), []);
  });

  it('leads to its page, for every anchor in Python', async () => {
    assert.deepEqual(await wrongAnchors('python', `${FOLDER}/anchors.py`), []);
  });

  it('is about what the name stands for, not about its letters', async () => {
    const text =
      'import multiprocessing\nfrom multiprocessing import Queue\nimport asyncio as aio\n\nours = Queue()\ntheirs = aio.Queue()\n';
    const python = (await openFile(`${FOLDER}/queues.py`, text)).document;
    await waitForHover(python.uri, positionOf(python, 'Queue()\n', 0).translate(1, 9), link('queue'));
    assert.ok(!(await hoverText(python.uri, positionOf(python, 'Queue()'))).includes(link('queue')));
    const local =
      'const Promise = { all: (x: number[]) => x };\nPromise.all([1]);\nglobalThis.Promise.all([2]);\nexport {};\n';
    const typescript = (await openFile(`${FOLDER}/local.ts`, local)).document;
    await waitForHover(typescript.uri, positionOf(typescript, 'all([2])'), link('gather'));
    assert.ok(
      !(await hoverText(typescript.uri, positionOf(typescript, 'all([1])'))).includes(link('gather')),
    );
  });

  it('says what is special about the code, also where it is brief', async () => {
    const text =
      'export async function run(urls: string[]): Promise<void> {\n  await Promise.all(urls.map((url) => fetch(url)));\n}\n';
    const { document } = await openFile(`${FOLDER}/notes.ts`, text);
    const position = positionOf(document, 'all(');
    const note = '→ Fans out over `urls`, unbounded.';
    assert.match(await waitForHover(document.uri, position, note), /\n- /u);
    await setSetting('asyncPatterns.hover', 'brief');
    await until(
      async () => {
        const hover = await hoverText(document.uri, position);
        return hover.includes(note) && hover.includes(link('gather')) && !/\n- /u.test(hover);
      },
      10_000,
      () => 'the hover stays long, or has no note',
    );
    const python = await openFile(
      `${FOLDER}/notes.py`,
      'import asyncio\n\n\nasync def run(n):\n    asyncio.create_task(run(n))\n',
    );
    await waitForHover(
      python.document.uri,
      positionOf(python.document, 'create_task'),
      '→ Nobody keeps this task: it may vanish before it is done.',
    );
  });
});
