import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadPages, type LoadedPage } from '../../../src/documents/load';
import { readSnippets, root } from '../snippets/expansions';

const languagesOf = { python: ['python'], typescript: ['typescript', 'javascript'] } as const;

describe('the snippets that pages offer', () => {
  let pages: LoadedPage[] = [];

  before(async () => {
    pages = await loadPages(join(root, 'docs'));
  });

  it('exist, under that prefix, in the language they are offered in', () => {
    for (const { path, page } of pages) {
      for (const programmingLanguage of ['python', 'typescript'] as const) {
        const offered = page.snippets[programmingLanguage];
        if (offered === undefined) continue;
        for (const language of languagesOf[programmingLanguage]) {
          const prefixes = readSnippets(language).flatMap(({ prefix }) => prefix);
          assert.ok(prefixes.includes(offered), `${path}: ${language} has no snippet "${offered}"`);
        }
      }
    }
  });

  it('are for languages that the rule is for', () => {
    for (const { path, page } of pages) {
      if (page.kind !== 'rule') continue;
      for (const language of Object.keys(page.snippets)) {
        assert.ok(
          page.languages.some((one) => one === language),
          `${path}: the rule is not for ${language}`,
        );
      }
    }
  });

  it('are the same in every language of the pages', () => {
    const offered = (language: string) =>
      pages
        .filter((one) => one.language === language)
        .map(({ page }) => [page.kind, page.id, page.snippets] as const);
    assert.deepEqual(offered('ru'), offered('en'));
  });
});
