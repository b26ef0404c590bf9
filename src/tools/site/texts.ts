import type { DocumentLanguage } from '../../documents/load';

/** What the site itself says, around the pages. */
export interface SiteTexts {
  /** The language's own name. */
  readonly name: string;
  readonly home: string;
  readonly concepts: string;
  readonly rules: string;
  readonly contents: string;
  readonly onThisPage: string;
  readonly skip: string;
  readonly theme: string;
  readonly rule: string;
  readonly bad: string;
  readonly good: string;
  readonly fixed: string;
  readonly output: string;
  readonly context: string;
  readonly reported: string;
  /** `{code}` is the number. */
  readonly exit: string;
  /** `{version}` is a version of Python. */
  readonly since: string;
  readonly notFound: string;
  readonly notFoundText: string;
}

export const siteTexts: Readonly<Record<DocumentLanguage, SiteTexts>> = {
  en: {
    name: 'English',
    home: 'Home',
    concepts: 'Concepts',
    rules: 'Rules',
    contents: 'Contents',
    onThisPage: 'On this page',
    skip: 'Skip to the text',
    theme: 'Light or dark',
    rule: 'Rule',
    bad: 'Reported',
    good: 'Not reported',
    fixed: 'Repaired',
    output: 'Prints',
    context: 'Beside it',
    reported: 'reported line',
    exit: 'ends with exit code {code}',
    since: 'needs {version}',
    notFound: 'There is no such page',
    notFoundText: 'It may have moved. The home page lists all of them.',
  },
  ru: {
    name: 'Русский',
    home: 'Главная',
    concepts: 'Понятия',
    rules: 'Правила',
    contents: 'Содержание',
    onThisPage: 'На этой странице',
    skip: 'К тексту',
    theme: 'Светлая или тёмная тема',
    rule: 'Правило',
    bad: 'Замечание',
    good: 'Без замечаний',
    fixed: 'Исправлено',
    output: 'Вывод',
    context: 'Рядом лежит',
    reported: 'строка с замечанием',
    exit: 'завершается с кодом {code}',
    since: 'нужен {version}',
    notFound: 'Такой страницы нет',
    notFoundText: 'Возможно, она переехала. Все страницы перечислены на главной.',
  },
};
