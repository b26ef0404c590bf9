import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES_FOLDER } from './bundle';
import type { BundledConcept, BundledPage, BundledRule, DocumentBundle } from './bundle';
import type { DocumentLanguage } from './load';
import type { ProgrammingLanguage } from './page';

/** The built documents; read from disk when first asked for. */
export class Library {
  private bundle: DocumentBundle | undefined;
  private readonly byAnchor = new Map<string, Map<string, BundledConcept>>();

  /** @param folder where the build put `documents.json` and the pages. */
  constructor(private readonly folder: string) {}

  /** All pages of a language; one that is only written in English is given in English. */
  pages(language: DocumentLanguage): readonly BundledPage[] {
    const bundle = this.load();
    const own = bundle[language];
    const missing = bundle.en.filter(
      ({ kind, id }) => !own.some((page) => page.kind === kind && page.id === id),
    );
    return [...own, ...missing];
  }

  /** The page that a file of the built documents is; undefined for any other file. */
  pageOf(file: string, language: DocumentLanguage): BundledPage | undefined {
    const [, folder, id] = /[\\/]([a-z]+s)[\\/]([\w-]+)\.md$/u.exec(file) ?? [];
    if (id === undefined || !file.includes(PAGES_FOLDER)) return undefined;
    return folder === 'rules' ? this.rule(id, language) : this.concept(id, language);
  }

  rule(id: string, language: DocumentLanguage): BundledRule | undefined {
    return this.pages(language).find((page): page is BundledRule => page.kind === 'rule' && page.id === id);
  }

  concept(id: string, language: DocumentLanguage): BundledConcept | undefined {
    return this.pages(language).find(
      (page): page is BundledConcept => page.kind === 'concept' && page.id === id,
    );
  }

  /** The concept a name stands for; `async-mutex.Mutex.acquire` falls back to `async-mutex.Mutex` and `async-mutex`. */
  conceptAt(
    anchor: string,
    programmingLanguage: ProgrammingLanguage,
    language: DocumentLanguage,
  ): BundledConcept | undefined {
    const anchors = this.anchors(programmingLanguage, language);
    for (let name = anchor; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const concept = anchors.get(name);
      if (concept) return concept;
    }
    return undefined;
  }

  /** The concept a hover explains: of the first anchor that has one, else the page it names. */
  conceptOf(
    hover: {
      readonly anchors: readonly string[];
      readonly language: ProgrammingLanguage;
      readonly page?: string;
    },
    language: DocumentLanguage,
  ): BundledConcept | undefined {
    for (const anchor of hover.anchors) {
      const concept = this.conceptAt(anchor, hover.language, language);
      if (concept) return concept;
    }
    return hover.page === undefined ? undefined : this.concept(hover.page, language);
  }

  /** Path of a page's Markdown file; undefined when there is no such page. */
  file(id: string, language: DocumentLanguage): string | undefined {
    const bundle = this.load();
    for (const from of language === 'en' ? (['en'] as const) : ([language, 'en'] as const)) {
      const page = bundle[from].find((candidate) => candidate.id === id);
      if (page) return join(this.folder, PAGES_FOLDER, from, `${page.kind}s`, `${id}.md`);
    }
    return undefined;
  }

  private load(): DocumentBundle {
    this.bundle ??= JSON.parse(readFileSync(join(this.folder, 'documents.json'), 'utf8')) as DocumentBundle;
    return this.bundle;
  }

  private anchors(
    programmingLanguage: ProgrammingLanguage,
    language: DocumentLanguage,
  ): Map<string, BundledConcept> {
    const key = `${programmingLanguage} ${language}`;
    let anchors = this.byAnchor.get(key);
    if (!anchors) {
      anchors = new Map();
      for (const page of this.pages(language)) {
        if (page.kind !== 'concept') continue;
        for (const anchor of page.anchors[programmingLanguage]) anchors.set(anchor, page);
      }
      this.byAnchor.set(key, anchors);
    }
    return anchors;
  }
}
