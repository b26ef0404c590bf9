import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleOf, PAGES_FOLDER, readableText } from '../documents/bundle';
import { loadPages } from '../documents/load';

/**
 * Writes `documents.json` (what hovers need), the pages as the editor shows them, and what the walkthrough shows into a folder.
 * @throws {PageError} for the first page whose front matter is wrong.
 */
export async function writeDocuments(docsFolder: string, outFolder: string): Promise<void> {
  const pages = await loadPages(docsFolder);
  await mkdir(outFolder, { recursive: true });
  await writeFile(join(outFolder, 'documents.json'), JSON.stringify(bundleOf(pages)));
  const walkthrough = join(docsFolder, 'walkthrough');
  if (existsSync(walkthrough)) await cp(walkthrough, join(outFolder, 'walkthrough'), { recursive: true });
  for (const page of pages) {
    const file = join(outFolder, PAGES_FOLDER, page.path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, readableText(page));
  }
}
