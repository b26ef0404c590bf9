import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
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
