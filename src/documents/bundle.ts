import type { LoadedPage, DocumentLanguage } from './load';
import type { ConceptPage, RulePage } from './page';

type WithoutText<P> = Omit<P, 'body' | 'bodyLine' | 'headings'>;

export type BundledConcept = WithoutText<ConceptPage>;
export type BundledRule = WithoutText<RulePage>;
export type BundledPage = BundledConcept | BundledRule;

/**
 * Folder of the built pages. The manifest's `workbench.editorAssociations` knows it by this name, so that a link to a page
 * opens it readable and not as Markdown source.
 */
export const PAGES_FOLDER = 'async-patterns-docs';

/** What hovers and the search need of every page; the text itself lies beside it as Markdown files. */
export type DocumentBundle = Readonly<Record<DocumentLanguage, readonly BundledPage[]>>;

function withoutText({ page }: LoadedPage): BundledPage {
  const { id, title, summary } = page;
  if (page.kind === 'rule') {
    const { kind, languages, concepts, snippets } = page;
    return { kind, id, title, summary, languages, concepts, snippets };
  }
  const { kind, synonyms, anchors, hover, snippets } = page;
  return { kind, id, title, summary, synonyms, anchors, hover, snippets };
}

export function bundleOf(pages: readonly LoadedPage[]): DocumentBundle {
  const of = (language: DocumentLanguage) =>
    pages.filter((page) => page.language === language).map((page) => withoutText(page));
  return { en: of('en'), ru: of('ru') };
}

/** A page as the editor's Markdown preview shows it: with its title, without the front matter. */
export function readableText({ page }: LoadedPage): string {
  const startsWithTitle = page.headings[0]?.level === 1;
  return `${startsWithTitle ? '' : `# ${page.title}\n\n${page.summary}\n\n`}${page.body.trim()}\n`;
}
