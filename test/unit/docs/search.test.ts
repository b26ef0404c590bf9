import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentsOf } from '../../../src/documents/contents';
import { Library } from '../../../src/documents/library';
import { PageSearch } from '../../../src/documents/search';
import { writeDocuments } from '../../../src/tools/write-documents';

const docs = join(import.meta.dirname, '../../../docs');

describe('the search over the pages', () => {
  let folder: string;
  let library: Library;
  let search: PageSearch;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'search-'));
    await writeDocuments(docs, folder);
    library = new Library(folder);
    search = new PageSearch(library);
  });

  after(() => rm(folder, { recursive: true }));

  const first = (query: string, language: 'en' | 'ru') => search.find(query, language)[0]?.id;

  it('finds every page by its title, its id and its synonyms, in its own language and in the other', () => {
    for (const written of ['en', 'ru'] as const) {
      for (const page of library.pages(written)) {
        const words = [page.title, page.id, ...(page.kind === 'concept' ? page.synonyms : [])];
        for (const language of ['en', 'ru'] as const) {
          for (const query of words) {
            const found = search.find(query, language);
            assert.ok(
              found.some(({ kind, id }) => kind === page.kind && id === page.id),
              `${language}: "${query}" does not find ${page.id}`,
            );
          }
        }
      }
    }
  });

  it('gives pages in the language of the reader, whatever the query is written in', () => {
    assert.match(search.find('back pressure', 'ru')[0]?.title ?? '', /[а-я]/u);
    assert.match(search.find('очередь', 'en')[0]?.title ?? '', /^[\w\s]+$/u);
  });

  it('puts the page that is about the word first', () => {
    assert.equal(first('semaphore', 'en'), 'semaphore');
    assert.equal(first('семафор', 'ru'), 'semaphore');
    assert.equal(first('очередь', 'ru'), 'queue');
    assert.equal(first('floating', 'ru'), 'floating-promise');
  });

  it('finds what is written in code, half a word and a word with a slip', () => {
    assert.equal(first('allSettled', 'en'), 'gather');
    assert.equal(first('p-limit', 'ru'), 'semaphore');
    assert.equal(first('sema', 'en'), 'semaphore');
    assert.equal(first('semafore', 'en'), 'semaphore');
    assert.deepEqual(search.find('xylophone', 'en'), []);
  });

  it('gives all pages in the order of the contents for an empty query', () => {
    const { concept, rule } = contentsOf(library.pages('ru'));
    assert.deepEqual(search.find(' ', 'ru'), [...concept, ...rule]);
    assert.equal(concept.length + rule.length, library.pages('ru').length);
    assert.ok(concept.findIndex(({ id }) => id === 'await') < concept.findIndex(({ id }) => id === 'queue'));
  });

  it('knows the page of a file', () => {
    const file = library.file('queue', 'ru') ?? '';
    assert.equal(library.pageOf(file, 'ru')?.id, 'queue');
    assert.equal(library.pageOf('/somewhere/concepts/queue.md', 'ru'), undefined);
  });
});
