import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import { makeSnippet, readSnippetSource, type Snippet, type SnippetLanguage } from './snippet-source';

const languagesOf: Readonly<Record<string, readonly SnippetLanguage[]>> = {
  '.ts': ['typescript', 'javascript'],
  '.py': ['python'],
};

/**
 * Makes the VS Code snippet files from the readable sources.
 *
 * @param folder The folder with the sources, `*.ts` and `*.py`; file names give the order.
 * @returns The text of each snippet file by language; a language without sources is absent.
 * @throws Error naming the source file or the snippet that cannot be read.
 */
export async function makeSnippetFiles(folder: string): Promise<Map<SnippetLanguage, string>> {
  const byLanguage = new Map<SnippetLanguage, Record<string, Snippet>>();
  const files = (await readdir(folder)).map((file) => path.parse(file));
  // By name without extension: "lock" comes before "lock-using".
  files.sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name));
  for (const { base: file, ext } of files) {
    const languages = languagesOf[ext] ?? [];
    if (languages.length === 0) continue;
    const source = readSnippetSource(await readFile(path.join(folder, file), 'utf8'), file);
    for (const language of languages) {
      const snippets = byLanguage.get(language) ?? {};
      if (source.name in snippets) throw new Error(`${file}: another snippet is named "${source.name}" too.`);
      snippets[source.name] = await makeSnippet(source, language);
      byLanguage.set(language, snippets);
    }
  }
  const texts = new Map<SnippetLanguage, string>();
  for (const [language, snippets] of byLanguage) {
    texts.set(language, await format(JSON.stringify(snippets), { parser: 'json', printWidth: 110 }));
  }
  return texts;
}
