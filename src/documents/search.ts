import MiniSearch from 'minisearch';
import type { BundledPage } from './bundle';
import { contentsOf } from './contents';
import type { Library } from './library';
import type { DocumentLanguage } from './load';

interface Entry {
  readonly key: string;
  readonly title: string;
  readonly words: string;
  readonly summary: string;
}

/** A page's key: concepts and rules have names of their own. */
function keyOf({ kind, id }: BundledPage): string {
  return `${kind} ${id}`;
}

const LANGUAGES: readonly DocumentLanguage[] = ['en', 'ru'];

/** Finds pages by words of any language they are written in, by what is written in code, and in spite of a slip of the key. */
export class PageSearch {
  private index: MiniSearch<Entry> | undefined;

  constructor(private readonly library: Library) {}

  /** The pages that a query is about, best first; all of them in the order of the contents for an empty one. */
  find(query: string, language: DocumentLanguage): BundledPage[] {
    const { concept, rule } = contentsOf(this.library.pages(language));
    const pages = [...concept, ...rule];
    if (query.trim() === '') return pages;
    this.index ??= this.build();
    const byKey = new Map(pages.map((page) => [keyOf(page), page]));
    return this.index.search(query).flatMap(({ id }) => byKey.get(String(id)) ?? []);
  }

  private build(): MiniSearch<Entry> {
    const entries = new Map<string, Entry>();
    for (const language of LANGUAGES) {
      for (const page of this.library.pages(language)) {
        const key = keyOf(page);
        const known = entries.get(key) ?? {
          key,
          title: '',
          words: page.id.replaceAll('-', ' '),
          summary: '',
        };
        const more =
          page.kind === 'concept'
            ? [...page.synonyms, ...page.anchors.python, ...page.anchors.typescript]
            : [page.id, ...page.concepts];
        entries.set(key, {
          key,
          title: `${known.title} ${page.title}`,
          words: `${known.words} ${more.join(' ')}`,
          summary: `${known.summary} ${page.summary}`,
        });
      }
    }
    const index = new MiniSearch<Entry>({
      idField: 'key',
      fields: ['title', 'words', 'summary'],
      tokenize: (text) => text.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== ''),
      processTerm: (term) => term.toLowerCase().replaceAll('ё', 'е'),
      searchOptions: {
        boost: { title: 4, words: 2 },
        combineWith: 'AND',
        prefix: true,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      },
    });
    index.addAll([...entries.values()]);
    return index;
  }
}
