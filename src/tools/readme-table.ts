import type { RuleModule } from './registry';
import type { Snippet } from './snippet-source';

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
  return table(['Rule | What it finds | Languages | Level | Fix', '--- | --- | --- | --- | ---', ...rows]);
}

/** The README's table of snippets, in Markdown: the prefix to type and what it gives. */
export function snippetsTable(snippets: readonly Snippet[]): string {
  const rows = snippets.map(
    ({ prefix: [first = ''], description }) => `\`${first}\` | ${description.replaceAll('|', '\\|')}`,
  );
  return table(['Type | and get', '--- | ---', ...rows]);
}

function table(rows: readonly string[]): string {
  return rows.map((row) => `| ${row} |`).join('\n');
}

/**
 * The README with the table between the markers of this name replaced.
 * @throws {Error} when a marker is missing.
 */
export function withTable(
  readme: string,
  name: 'rules' | 'snippets' | 'python-snippets',
  content: string,
): string {
  const startMarker = `<!-- ${name}:start (written by \`npm run generate\`) -->`;
  const endMarker = `<!-- ${name}:end -->`;
  const start = readme.indexOf(startMarker);
  const end = readme.indexOf(endMarker);
  if (start < 0 || end < start) {
    throw new Error(`README.md: the lines "${startMarker}" and "${endMarker}" are missing.`);
  }
  return `${readme.slice(0, start + startMarker.length)}\n\n${content}\n\n${readme.slice(end)}`;
}
