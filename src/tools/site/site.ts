import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Eleventy, UserConfig } from '@11ty/eleventy';
import { loadPages, type LoadedPage } from '../../documents/load';
import { createMarkdown } from './markdown';
import { siteTexts } from './texts';
import { viewOf } from './view';

const root = resolve(__dirname, '../../..');
const here = relative(root, __dirname).replaceAll('\\', '/');

export interface SiteOptions {
  /** Folder to write into; what it held is gone afterwards. */
  readonly out: string;
  /** Path under which the site will be served, with slashes at both ends; only the 404 page has to know. */
  readonly base: string;
}

/**
 * Builds the documents into a static site with a search that needs no server.
 *
 * @throws {PageError} for the first page whose front matter is wrong; Error when the search index cannot be made
 */
export async function buildSite(options: SiteOptions): Promise<void> {
  await rm(options.out, { recursive: true, force: true });
  await mkdir(options.out, { recursive: true });
  await (await eleventy(options, 'build')).write();
  await writeSearchIndex(options.out);
}

/** Builds and serves the site, and builds it again when a page changes, until the process ends. */
export async function serveSite(options: SiteOptions, port: number): Promise<void> {
  await buildSite(options);
  const site = await eleventy(options, 'serve');
  await site.init();
  await site.watch();
  await site.serve(port);
}

async function eleventy({ out, base }: SiteOptions, runMode: 'build' | 'serve'): Promise<Eleventy> {
  // Eleventy and Pagefind are ES modules, which a CommonJS module cannot require.
  const { Eleventy } = await import('@11ty/eleventy');
  const site = new Eleventy('docs', relative(root, resolve(out)), {
    configPath: null,
    quietMode: true,
    runMode,
    config: (config) => configure(config, base),
  });
  if (runMode === 'build') site.disableLogger();
  return site;
}

async function configure(config: UserConfig, base: string): Promise<void> {
  const markdown = await createMarkdown(translateFix);
  let pages: readonly LoadedPage[] = [];
  config.on('eleventy.before', async () => {
    pages = await loadPages(join(root, 'docs'));
  });
  config.setTemplateFormats(['md', 'njk']);
  config.setLayoutsDirectory(`../${here}/layouts`);
  config.setLibrary('md', markdown);
  config.ignores.add('docs/*.md');
  config.ignores.add('docs/walkthrough/**');
  config.addWatchTarget(`${here}/**`);
  // Code of the pages is full of braces that a template engine would take for its own.
  config.addGlobalData('markdownTemplateEngine', false);
  config.addGlobalData('layout', 'page.njk');
  config.addGlobalData('permalink', () => ({ page }: { page: { filePathStem: string } }) => {
    return `${page.filePathStem}.html`;
  });
  config.addFilter('view', (filePathStem: string) => viewOf(filePathStem, pages, markdown));
  config.addTemplate('index.njk', '', {
    layout: 'start.njk',
    permalink: '/index.html',
    languages: siteTexts,
  });
  config.addTemplate('404.njk', '', {
    layout: 'not-found.njk',
    permalink: '/404.html',
    languages: siteTexts,
    base,
  });
  config.addPassthroughCopy({
    [`${here}/assets`]: 'assets',
    'docs/en/images': 'en/images',
    'docs/ru/images': 'ru/images',
  });
}

/** Titles of fixes in Russian, from the texts of the extension. */
function translateFix(title: string): string {
  const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.ru.json'), 'utf8')) as Record<
    string,
    string
  >;
  return bundle[title] ?? title;
}

async function writeSearchIndex(folder: string): Promise<void> {
  const pagefind = await import('pagefind');
  const { index, errors } = await pagefind.createIndex();
  if (!index) throw new Error(`The search index cannot be made: ${errors.join(' ')}`);
  const added = await index.addDirectory({ path: folder });
  const written = await index.writeFiles({ outputPath: join(folder, 'pagefind') });
  await pagefind.close();
  const failed = [...added.errors, ...written.errors];
  if (failed.length > 0) throw new Error(`The search index cannot be made: ${failed.join(' ')}`);
}
