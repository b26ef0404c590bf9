import manifest from '../../package.json';

/** Address of a rule's page, for tools that open links in a browser. */
export function pageOf(rule: string, language: 'en' | 'ru'): string {
  const repository = manifest.repository.url.replace(/\.git$/, '');
  return `${repository}/blob/main/docs/${language}/rules/${rule}.md`;
}
