import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { RuleMeta } from '../../../src/core/rule';
import { loadPages, type DocumentLanguage } from '../../../src/documents/load';
import type { RulePage } from '../../../src/documents/page';
import { rules } from '../../../src/rules';
import { blocksOf } from '../../support/rule-pages';

const docs = resolve(import.meta.dirname, '../../../docs');

const others: Record<DocumentLanguage, string> = { en: 'Who else checks it', ru: 'Кто ещё это проверяет' };

const sections: Record<DocumentLanguage, readonly string[]> = {
  en: [
    'What it finds',
    'Why it matters',
    'How to repair it',
    'When it stays silent',
    'When to switch it off',
    others.en,
    'See also',
  ],
  ru: [
    'Что находит правило',
    'Почему это важно',
    'Как исправить',
    'Когда правило молчит',
    'Когда его отключать',
    others.ru,
    'Смотрите также',
  ],
};

interface RuleDocument {
  readonly path: string;
  readonly language: DocumentLanguage;
  readonly page: RulePage;
  readonly meta: RuleMeta;
}

describe('the form of a rule page', () => {
  const documents: RuleDocument[] = [];

  before(async () => {
    for (const { path, language, page } of await loadPages(docs)) {
      const rule = rules.find(({ meta }) => meta.id === page.id);
      // Whether every page has its rule is asked elsewhere.
      if (page.kind === 'rule' && rule) documents.push({ path, language, page, meta: rule.meta });
    }
    assert.ok(documents.length > 40);
  });

  it('is the same sections in the same order, none of them empty', () => {
    for (const { path, language, page } of documents) {
      const titles = page.headings.filter(({ level }) => level === 2).map(({ text }) => text);
      assert.deepEqual(titles, sections[language], path);
      for (const title of titles) assert.notEqual(sectionOf(page, title), '', `${path}: ${title}`);
    }
  });

  it('shows bad code in each language of the rule, good code, and the fixed code where there is a fix', () => {
    for (const { path, language, page, meta } of documents) {
      assert.deepEqual([...page.languages].sort(), [...meta.languages].sort(), `${path}: languages`);
      const blocks = blocksOf({ path, language, page });
      for (const programmingLanguage of meta.languages) {
        const isShown = blocks.some(
          ({ role, file }) => role === 'bad' && file.endsWith('.py') === (programmingLanguage === 'python'),
        );
        assert.ok(isShown, `${path}: no bad block for ${programmingLanguage}`);
      }
      const has = (wanted: string) => blocks.some(({ role }) => role === wanted);
      assert.ok(has('good'), `${path}: no good block`);
      assert.equal(
        has('fixed'),
        meta.fixes !== 'none',
        `${path}: has a fixed block, and fixes are "${meta.fixes}"`,
      );
    }
  });

  it('names the rules of other tools that asked the same question first', () => {
    for (const { path, language, page, meta } of documents) {
      const section = sectionOf(page, others[language]);
      for (const rule of meta.inspiredBy) {
        const name = rule.slice(Math.max(rule.lastIndexOf(' '), rule.lastIndexOf('/')) + 1);
        assert.ok(section.includes(name), `${path}: "${name}" is not named`);
      }
    }
  });

  it('names the same concepts as the rule itself', () => {
    for (const { path, page, meta } of documents) assert.deepEqual(page.concepts, meta.concepts, path);
  });
});

/** What stands between a heading and the next one. */
function sectionOf({ body, headings }: RulePage, title: string): string {
  const at = headings.findIndex(({ text }) => text === title);
  return body
    .split('\n')
    .slice((headings[at]?.line ?? 0) + 1, headings[at + 1]?.line)
    .join('\n')
    .trim();
}
