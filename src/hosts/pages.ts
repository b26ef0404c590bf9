import { repository } from '../../package.json';

/** Address of a rule's page, for tools that open links in a browser. */
export function pageOf(rule: string, language: 'en' | 'ru'): string {
  const address = repository.url.replace(/\.git$/, '');
  return `${address}/blob/main/docs/${language}/rules/${rule}.md`;
}
