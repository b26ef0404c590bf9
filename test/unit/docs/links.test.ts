import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import MarkdownIt from 'markdown-it';
import { loadPages } from '../../../src/documents/load';
import { linksOf } from '../../../src/documents/markdown';

const docs = resolve(import.meta.dirname, '../../../docs');

describe('links of the pages', () => {
  it('lead to files and headings that exist', async () => {
    const pages = await loadPages(docs);
    const byPath = new Map(pages.map((loaded) => [loaded.path, loaded.page]));
    const broken: string[] = [];
    for (const { path, page } of pages) {
      for (const link of linksOf(page.body)) {
        if (/^[a-z][a-z+.-]*:/u.test(link)) continue;
        const [file = '', fragment] = link.split('#');
        const target = file === '' ? path : posix.join(posix.dirname(path), file);
        const targetPage = byPath.get(target);
        const exists = targetPage !== undefined || (await canRead(join(docs, target)));
        const headingExists =
          fragment === undefined || targetPage?.headings.some(({ slug }) => slug === fragment) === true;
        if (!exists || !headingExists) broken.push(`${path}: ${link}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  it('stand wherever a page names a rule that has a page', async () => {
    const pages = await loadPages(docs);
    const rules = new Set(pages.filter(({ page }) => page.kind === 'rule').map(({ page }) => page.id));
    const unlinked = pages.flatMap(({ path, page }) =>
      page.kind === 'concept'
        ? codeSpansOf(page.body)
            .filter((text) => rules.has(text))
            .map((id) => `${path}: \`${id}\` should link ../rules/${id}.md`)
        : [],
    );
    assert.deepEqual(unlinked, []);
  });

  it('lead to the same places in every language', async () => {
    const pages = await loadPages(docs);
    const targets = (language: string) =>
      pages
        .filter((loaded) => loaded.language === language)
        .map(({ page }) => [page.kind, page.id, [...new Set(linksOf(page.body))].sort()]);
    assert.deepEqual(targets('ru'), targets('en'));
  });

  it('of a rule name concepts that exist', async () => {
    const pages = await loadPages(docs);
    const missing = pages.flatMap(({ language, path, page }) =>
      page.kind === 'rule'
        ? page.concepts
            .filter((id) => !pages.some((other) => other.path === `${language}/concepts/${id}.md`))
            .map((id) => `${path}: ${id}`)
        : [],
    );
    assert.deepEqual(missing, []);
  });
});

async function canRead(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

/** The text of every `code span` of `markdown` that is no part of a link, in order; code blocks are not searched. */
function codeSpansOf(markdown: string): string[] {
  const spans: string[] = [];
  for (const token of new MarkdownIt().parse(markdown, {})) {
    let links = 0;
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') links++;
      else if (child.type === 'link_close') links--;
      else if (child.type === 'code_inline' && links === 0) spans.push(child.content);
    }
  }
  return spans;
}
