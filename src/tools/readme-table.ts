import type { RuleModule } from './registry';

const START = '<!-- rules:start (written by `npm run generate`) -->';
const END = '<!-- rules:end -->';

const languageNames = { typescript: 'TypeScript, JavaScript', python: 'Python' } as const;
const fixNames = { safe: 'yes', suggestion: 'suggested', both: 'yes', none: '' } as const;

/** The README's table of rules, in Markdown. */
export function rulesTable(modules: readonly RuleModule[]): string {
  const rows = modules.map(({ id, rule: { meta } }) =>
    [
      `[\`${id}\`](docs/en/rules/${id}.md)`,
      meta.summary.replaceAll('|', '\\|'),
      meta.languages.map((language) => languageNames[language]).join(', '),
      meta.preset === 'recommended' ? meta.level : `${meta.level} (${meta.preset})`,
      fixNames[meta.fixes],
    ].join(' | '),
  );
  return ['Rule | What it finds | Languages | Level | Fix', '--- | --- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`)
    .join('\n');
}

/**
 * The README with the table between its markers replaced.
 * @throws {Error} when a marker is missing.
 */
export function withRulesTable(readme: string, modules: readonly RuleModule[]): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md: the lines "${START}" and "${END}" are missing.`);
  return `${readme.slice(0, start + START.length)}\n\n${rulesTable(modules)}\n\n${readme.slice(end)}`;
}
