/**
 * Writes what follows from the rules: the registry, the settings schema in package.json with its English and Russian
 * texts, and the README's table; from the snippet sources: the snippet files and their table; the pictures of the pages;
 * and from the verdicts on real code `docs/PRECISION.md`. With `--check` it writes nothing and fails, naming the files
 * that are stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { documentLanguages, loadPages } from '../documents/load';
import { diagrams } from './diagrams/diagrams';
import { draw } from './diagrams/drawing';
import { precisionPage, readVerdicts } from './precision';
import { rulesTable, snippetsTable, withTable } from './readme-table';
import { registrySource, typeScriptRegistrySource, type RuleModule } from './registry';
import { loadRules, ruleIds } from './rules-folder';
import { englishTexts, isGeneratedKey, optionsSchema, ruleKey, rulesSchema } from './settings-schema';
import { makeSnippetFiles } from './snippet-files';
import type { Snippet, SnippetLanguage } from './snippet-source';

interface Manifest {
  contributes: { configuration: { properties: Record<string, { properties?: unknown }> }[] };
}

const root = join(__dirname, '../..');
const check = process.argv.includes('--check');
const stale: string[] = [];

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path);
  // Prettier knows no SVG.
  const formatted = path.endsWith('.svg')
    ? text
    : await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (existsSync(file) && readFileSync(file, 'utf8') === formatted) return;
  stale.push(path);
  if (check) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, formatted);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function manifest(modules: readonly RuleModule[]): string {
  const json = JSON.parse(read('package.json')) as Manifest;
  const setProperties = (setting: string, properties: unknown) => {
    for (const group of json.contributes.configuration) {
      const schema = group.properties[setting];
      if (schema) schema.properties = properties;
    }
  };
  setProperties('asyncPatterns.rules', rulesSchema(modules));
  setProperties('asyncPatterns.options', optionsSchema(modules));
  return JSON.stringify(json);
}

/** Texts kept by hand stay; generated keys are replaced by the ones given. */
function texts(path: string, generated: Readonly<Record<string, string>>): string {
  const kept = Object.entries(JSON.parse(read(path)) as Record<string, string>).filter(
    ([key]) => !isGeneratedKey(key),
  );
  return JSON.stringify({ ...Object.fromEntries(kept), ...generated });
}

/** Russian rule texts come from the Russian pages; those of options are written by hand and kept. */
async function russianTexts(modules: readonly RuleModule[]): Promise<Record<string, string>> {
  const summaries = new Map(
    (await loadPages(join(root, 'docs')))
      .filter(({ language, page }) => language === 'ru' && page.kind === 'rule')
      .map(({ page }) => [ruleKey(page.id), page.summary]),
  );
  const written = JSON.parse(read('package.nls.ru.json')) as Record<string, string>;
  const result: Record<string, string> = {};
  for (const key of Object.keys(englishTexts(modules))) {
    const text = summaries.get(key) ?? written[key];
    if (text !== undefined) result[key] = text;
  }
  return result;
}

async function main(): Promise<void> {
  // First the registry: a rule may import others only through it.
  await write('src/rules/index.ts', registrySource(ruleIds(join(root, 'src/rules'))));
  const modules = await loadRules(join(root, 'src/rules'));
  await write('src/rules/typescript.ts', typeScriptRegistrySource(modules));
  await write('package.json', manifest(modules));
  await write('package.nls.json', texts('package.nls.json', englishTexts(modules)));
  await write('package.nls.ru.json', texts('package.nls.ru.json', await russianTexts(modules)));
  const snippetFiles = await makeSnippetFiles(join(root, 'snippets/source'));
  for (const [language, text] of snippetFiles) await write(`snippets/${language}.json`, text);
  const tableOf = (language: SnippetLanguage) => {
    const snippets = JSON.parse(snippetFiles.get(language) ?? '{}') as Record<string, Snippet>;
    return snippetsTable(Object.values(snippets));
  };
  for (const language of documentLanguages) {
    for (const [name, diagram] of Object.entries(diagrams))
      await write(`docs/${language}/images/${name}.svg`, draw(diagram, language));
  }
  let readme = withTable(read('README.md'), 'rules', rulesTable(modules));
  readme = withTable(readme, 'snippets', tableOf('typescript'));
  readme = withTable(readme, 'python-snippets', tableOf('python'));
  await write('README.md', readme);
  await write('docs/PRECISION.md', precisionPage(readVerdicts(join(root, 'test/ecosystem/verdicts'))));
  if (!check || stale.length === 0) return;
  console.error(`Stale: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
  process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
