import { posix } from 'node:path';
import type { MarkdownIt } from 'markdown-it';
import { documentLanguages, type DocumentLanguage, type LoadedPage } from '../../documents/load';
import type { PageKind } from '../../documents/page';
import { languageOf } from './markdown';
import { siteTexts, type SiteTexts } from './texts';

export interface SiteLink {
  readonly title: string;
  /** Relative to the page that shows it, so that the site works below any address. */
  readonly href: string;
  readonly current: boolean;
  /** HTML. */
  readonly summary: string;
  readonly id: string;
}

/** All a layout needs to know about the page it surrounds. */
export interface SiteView {
  readonly language: DocumentLanguage;
  readonly texts: SiteTexts;
  /** Relative path to the site's root, such as `../../`. */
  readonly root: string;
  readonly home: string;
  readonly others: readonly {
    readonly language: DocumentLanguage;
    readonly name: string;
    readonly href: string;
  }[];
  readonly concepts: readonly SiteLink[];
  readonly rules: readonly SiteLink[];
  readonly page: ViewedPage | undefined;
}

export interface ViewedPage {
  readonly kind: PageKind;
  readonly id: string;
  /** HTML. */
  readonly summary: string;
  readonly synonyms: string;
  readonly programmingLanguages: readonly string[];
  readonly headings: readonly { readonly text: string; readonly slug: string }[];
}

const names = { typescript: 'TypeScript, JavaScript', python: 'Python' } as const;

/**
 * The view of the page at `filePathStem`, such as `/en/concepts/queue` or `/ru/index`.
 *
 * @param pages every page of the documents, in all languages
 */
export function viewOf(filePathStem: string, pages: readonly LoadedPage[], markdown: MarkdownIt): SiteView {
  const language = languageOf(filePathStem);
  const folder = posix.dirname(filePathStem);
  const to = (target: string) => posix.relative(folder, target);
  const own = pages.filter((page) => page.language === language);
  const stemOf = ({ path }: LoadedPage) => `/${path.replace(/\.md$/u, '')}`;
  const links = (kind: PageKind): SiteLink[] =>
    own
      .filter(({ page }) => page.kind === kind)
      .map((loaded) => ({
        id: loaded.page.id,
        title: loaded.page.title,
        href: to(`${stemOf(loaded)}.html`),
        current: stemOf(loaded) === filePathStem,
        summary: markdown.renderInline(loaded.page.summary),
      }))
      .sort((a, b) => a.title.localeCompare(b.title, language));
  const viewed = own.find((loaded) => stemOf(loaded) === filePathStem)?.page;
  return {
    language,
    texts: siteTexts[language],
    root: `${to('/')}/`.replace(/^\//u, './'),
    home: to(`/${language}/index.html`),
    others: documentLanguages
      .filter((other) => other !== language)
      .map((other) => ({
        language: other,
        name: siteTexts[other].name,
        href: to(`${filePathStem.replace(/^\/[a-z]+\//u, `/${other}/`)}.html`),
      })),
    concepts: links('concept'),
    rules: links('rule'),
    page: viewed && {
      kind: viewed.kind,
      id: viewed.id,
      summary: markdown.renderInline(viewed.summary),
      synonyms: viewed.kind === 'concept' ? viewed.synonyms.join(', ') : viewed.id,
      programmingLanguages: viewed.kind === 'rule' ? viewed.languages.map((name) => names[name]) : [],
      headings: viewed.headings.filter(({ level }) => level === 2),
    },
  };
}
