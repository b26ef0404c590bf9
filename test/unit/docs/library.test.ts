import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Library } from '../../../src/documents/library';
import { writeDocuments } from '../../../src/tools/write-documents';

function concept(id: string, title: string, anchors: string): string {
  return `---
id: ${id}
title: ${title}
summary: About ${title}.
synonyms: []
anchors: { python: [], typescript: [${anchors}] }
hover: { python: P., typescript: T. }
---

## What it is

Text with a [link](lock.md).
`;
}

describe('the library', () => {
  let folder: string;
  let library: Library;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'library-'));
    await mkdir(join(folder, 'docs/en/concepts'), { recursive: true });
    await mkdir(join(folder, 'docs/ru/concepts'), { recursive: true });
    await mkdir(join(folder, 'docs/en/rules'), { recursive: true });
    const write = (path: string, text: string) => writeFile(join(folder, 'docs', path), text);
    await write('en/concepts/lock.md', concept('lock', 'Lock', "'async-mutex', 'async-mutex.Mutex'"));
    await write('en/concepts/queue.md', concept('queue', 'Queue', "'p-queue', 'keyword:await'"));
    await write('ru/concepts/queue.md', concept('queue', 'Очередь', "'p-queue', 'keyword:await'"));
    await write(
      'en/rules/late-await.md',
      '---\nid: late-await\ntitle: Late\nsummary: S.\nlanguages: [typescript]\nconcepts: [queue]\n---\nBody.\n',
    );
    await writeDocuments(join(folder, 'docs'), join(folder, 'dist'));
    library = new Library(join(folder, 'dist'));
  });

  after(() => rm(folder, { recursive: true }));

  it('finds a concept by anchor in the language asked for', () => {
    assert.equal(library.conceptAt('p-queue', 'typescript', 'en')?.title, 'Queue');
    assert.equal(library.conceptAt('keyword:await', 'typescript', 'ru')?.title, 'Очередь');
    assert.equal(library.conceptAt('p-queue', 'python', 'en'), undefined);
  });

  it('falls back from a member to what holds it', () => {
    assert.equal(library.conceptAt('async-mutex.Mutex.acquire', 'typescript', 'en')?.id, 'lock');
    assert.equal(library.conceptAt('unknown.Mutex', 'typescript', 'en'), undefined);
  });

  it('gives the English page where there is no other', () => {
    assert.equal(library.conceptAt('async-mutex', 'typescript', 'ru')?.title, 'Lock');
    assert.equal(library.rule('late-await', 'ru')?.title, 'Late');
    assert.equal(library.pages('ru').length, 3);
  });

  it('names the file of a page, which has a title and keeps its links', async () => {
    const file = library.file('queue', 'ru');
    assert.equal(file, join(folder, 'dist/async-patterns-docs/ru/concepts/queue.md'));
    const text = await readFile(file, 'utf8');
    assert.match(text, /^# Очередь\n\nAbout Очередь\.\n\n## What it is\n/u);
    assert.match(text, /\[link\]\(lock\.md\)/u);
    assert.equal(library.file('lock', 'ru'), join(folder, 'dist/async-patterns-docs/en/concepts/lock.md'));
    assert.equal(library.file('nothing', 'en'), undefined);
  });
});
