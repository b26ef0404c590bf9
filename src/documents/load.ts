import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePage, type Page, type PageKind } from './page';

/** Languages the documents are written in; each has a folder of that name. */
export const documentLanguages = ['en', 'ru'] as const;
export type DocumentLanguage = (typeof documentLanguages)[number];

export interface LoadedPage {
  readonly language: DocumentLanguage;
  /** Path below the docs folder with forward slashes, such as `en/concepts/queue.md`. */
  readonly path: string;
  readonly page: Page;
}

const folders: readonly { readonly name: string; readonly kind: PageKind }[] = [
  { name: 'concepts', kind: 'concept' },
  { name: 'rules', kind: 'rule' },
];

/**
 * Reads every page below a docs folder, for build scripts and tests.
 *
 * @param docsFolder the folder that holds `en/` and `ru/`
 * @returns the pages by language, then concepts before rules, then id
 * @throws {PageError} for the first page whose front matter is wrong
 */
export async function loadPages(docsFolder: string): Promise<LoadedPage[]> {
  const pages: LoadedPage[] = [];
  for (const language of documentLanguages) {
    for (const { name, kind } of folders) {
      for (const file of await markdownFiles(join(docsFolder, language, name))) {
        const path = `${language}/${name}/${file}`;
        const text = await readFile(join(docsFolder, path), 'utf8');
        pages.push({ language, path, page: parsePage(text, path, kind) });
      }
    }
  }
  return pages;
}

/** A folder that is not there yet holds no pages. */
async function markdownFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
