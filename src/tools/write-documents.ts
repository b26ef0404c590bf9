import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleOf, PAGES_FOLDER, readableText } from '../documents/bundle';
import { loadPages } from '../documents/load';

/** `preview.css` knows our pictures by this name. */
const IMAGES_FOLDER = 'async-patterns-images';

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
    const { text, images } = withImagesBeside(readableText(page));
    await writeFile(file, text);
    for (const image of images) {
      const copy = join(dirname(file), IMAGES_FOLDER, image);
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(join(docsFolder, page.language, 'images', image), copy);
    }
  }
}

/**
 * The Markdown preview shows only what lies in the folder of a page or below, so the pictures move there.
 */
function withImagesBeside(markdown: string): { text: string; images: readonly string[] } {
  const link = /\]\(\.\.\/images\/([\w.-]+)\)/gu;
  return {
    text: markdown.replace(link, `](${IMAGES_FOLDER}/$1)`),
    images: [...markdown.matchAll(link)].map(([, image = '']) => image),
  };
}
