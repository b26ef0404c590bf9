import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadPages, type DocumentLanguage, type LoadedPage } from '../../../src/documents/load';
import { codeBlocksOf } from '../../../src/documents/markdown';
import { maximumSummaryLength } from '../../../src/documents/page';
import {
  differenceOf,
  examplesOf,
  mapWithLimit,
  pythonVersion,
  reaches,
  typeErrorsOf,
  type Example,
} from '../../support/examples';

const root = resolve(import.meta.dirname, '../../..');

const sections: Record<DocumentLanguage, readonly string[]> = {
  en: ['What it is', 'Python', 'TypeScript', 'Pitfalls', 'See also'],
  ru: ['Что это', 'Python', 'TypeScript', 'Подводные камни', 'Смотрите также'],
};

const promised = [
  'async-context-managers',
  'async-generators',
  'await',
  'blocking-code',
  'coroutine',
  'event-loop',
  'future',
  'gather',
  'generators',
  'gil',
  'lock',
  'queue',
  'semaphore',
  'task',
  'task-group',
  'threads-vs-async',
  'timeouts-and-cancellation',
  'why-async',
];

describe('concept pages', () => {
  let pages: LoadedPage[] = [];
  const inLanguage = (language: DocumentLanguage) => pages.filter((page) => page.language === language);

  before(async () => {
    pages = (await loadPages(join(root, 'docs'))).filter(({ page }) => page.kind === 'concept');
  });

  it('exist for the same ideas in every language', () => {
    const ids = (language: DocumentLanguage) => inLanguage(language).map(({ page }) => page.id);
    assert.deepEqual(ids('ru'), ids('en'));
    assert.deepEqual(
      promised.filter((id) => !ids('en').includes(id)),
      [],
    );
  });

  it('carry the same anchors and snippets in every language', () => {
    const technical = (language: DocumentLanguage) =>
      inLanguage(language).map(({ page }) =>
        page.kind === 'concept' ? { id: page.id, anchors: page.anchors, snippets: page.snippets } : page,
      );
    assert.deepEqual(technical('ru'), technical('en'));
  });

  it('claim each anchor once, so that a hover has one answer', () => {
    for (const programmingLanguage of ['python', 'typescript'] as const) {
      const anchors = inLanguage('en').flatMap(({ page }) =>
        page.kind === 'concept' ? page.anchors[programmingLanguage] : [],
      );
      assert.deepEqual(
        anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index),
        [],
      );
    }
  });

  it('have search words and a summary that fits a hover', () => {
    for (const { path, page } of pages) {
      assert.ok(page.kind === 'concept' && page.synonyms.length > 0, `${path}: no synonyms`);
      assert.ok(page.summary.length <= maximumSummaryLength && !page.summary.includes('\n'), path);
      assert.match(page.summary, /[.)]$/u, `${path}: the summary is no sentence`);
    }
  });

  it('have the sections in order', () => {
    for (const { path, language, page } of pages) {
      const titles = page.headings.filter(({ level }) => level === 2).map(({ text }) => text);
      assert.deepEqual(titles, sections[language], path);
      assert.deepEqual(
        page.headings.filter(({ level }) => level === 1).map(({ text }) => text),
        [],
        `${path}: the title stands in the front matter`,
      );
    }
  });

  it('have the same headings, tables and list items in every language', () => {
    const shape = ({ page }: LoadedPage) => [
      page.headings.map(({ level }) => level),
      page.body.split('\n').flatMap((line) => /^(?:\||- )/u.exec(line)?.[0] ?? []),
    ];
    for (const english of inLanguage('en')) {
      const russian = inLanguage('ru').find(({ page }) => page.id === english.page.id);
      assert.deepEqual(russian && shape(russian), shape(english), english.path);
    }
  });

  it('show the same code and the same output in every language', () => {
    const blocks = (page: LoadedPage) =>
      codeBlocksOf(page.page.body).map(({ language, words, code }) => ({ language, words, code }));
    for (const english of inLanguage('en')) {
      const russian = inLanguage('ru').find(({ page }) => page.id === english.page.id);
      assert.deepEqual(russian && blocks(russian), blocks(english), english.path);
    }
  });

  describe('examples', () => {
    let examples: Example[] = [];

    before(() => {
      // The Russian pages carry the same code: the test above keeps it so.
      const found = inLanguage('en').map(examplesOf);
      assert.deepEqual(
        found.flatMap(({ problems }) => problems),
        [],
      );
      examples = found.flatMap((page) => page.examples);
    });

    it('stand on every page in both programming languages', () => {
      for (const { path } of inLanguage('en')) {
        const own = examples.filter(({ place }) => place.startsWith(`${path}:`));
        assert.deepEqual([...new Set(own.map(({ language }) => language))].sort(), ['python', 'ts'], path);
      }
    });

    it('are short', () => {
      for (const { place, code } of examples) assert.ok(code.split('\n').length <= 41, place);
    });

    it('type-check', () => {
      const typescript = examples.filter(({ language }) => language === 'ts');
      assert.deepEqual(typeErrorsOf(typescript, join(root, 'test')), []);
    });

    it('print what the page says', async function () {
      const versions = { python: await pythonVersion(), ts: process.versions.node };
      const runnable = examples.filter(
        ({ language, minimum }) => !minimum || reaches(versions[language], minimum),
      );
      const folder = await mkdtemp(join(tmpdir(), 'concept-examples-'));
      try {
        const differences = await mapWithLimit(runnable, 2, async (example, index) => {
          const run = () => differenceOf(example, folder, `example-${index}`);
          // On a machine under heavy load two sleeps can end in the same turn of the loop; a wrong page differs twice.
          return (await run()) === undefined ? undefined : run();
        });
        assert.equal(differences.filter((difference) => difference !== undefined).join('\n'), '');
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
});
