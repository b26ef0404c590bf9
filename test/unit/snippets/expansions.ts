import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { expandSnippet, type TabStopValue } from './expand';

export const languages = ['typescript', 'javascript'] as const;
export type Language = (typeof languages)[number];

/** An entry of a snippet file, read as VS Code reads it. */
export interface SnippetEntry {
  readonly name: string;
  readonly prefix: readonly string[];
  readonly description: string;
  readonly body: string;
}

export const root = path.join(__dirname, '../../..');

/** Reads `snippets/<language>.json`. */
export function readSnippets(language: Language | 'python'): SnippetEntry[] {
  const text = readFileSync(path.join(root, 'snippets', `${language}.json`), 'utf8');
  const file = JSON.parse(text) as Record<string, Omit<SnippetEntry, 'name' | 'body'> & { body: string[] }>;
  return Object.entries(file).map(([name, entry]) => ({ ...entry, name, body: entry.body.join('\n') }));
}

/**
 * Expands a snippet and exports everything it declares, so that a test can call it.
 *
 * @param language The snippet file to take it from.
 * @param prefix One of its prefixes.
 * @param value Text for a tab stop instead of its default.
 */
export function expandWithExports(language: Language, prefix: string, value?: TabStopValue): string {
  const entry = readSnippets(language).find((one) => one.prefix.includes(prefix));
  if (!entry) throw new Error(`No ${language} snippet has the prefix "${prefix}".`);
  return withExports(expandSnippet(entry.body, value));
}

/** Adds an export of every top-level function, class and constant of a module. */
export function withExports(code: string): string {
  const names = [...code.matchAll(/^(?:async )?(?:function\*?|class|const) (\w+)/gm)].map(
    (match) => match[1],
  );
  return `${code}\n\nexport { ${names.join(', ')} };\n`;
}

/** A folder of expanded snippets inside the project, so that their imports resolve; removed with `remove()`. */
export class ExpansionFolder {
  readonly path: string;
  #count = 0;

  constructor() {
    const cache = path.join(root, '.cache');
    mkdirSync(cache, { recursive: true });
    this.path = mkdtempSync(path.join(cache, 'snippets-'));
    this.write('package.json', JSON.stringify({ type: 'module' }));
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /**
   * Writes the runnable JavaScript of a snippet's expansion.
   *
   * @returns The URL of the module.
   */
  module(language: Language, prefix: string, value?: TabStopValue): string {
    const code = expandWithExports(language, prefix, value);
    // JavaScript runs as it was inserted, but for the one syntax that Node 20 does not know yet.
    const needsTransform = language === 'typescript' || /^\s*using /m.test(code);
    const loader = language === 'typescript' ? 'ts' : 'js';
    const runnable = needsTransform ? transformSync(code, { loader, target: 'es2022' }).code : code;
    this.#count += 1;
    return pathToFileURL(this.write(`${language}-${this.#count}-${prefix}.js`, runnable)).href;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
