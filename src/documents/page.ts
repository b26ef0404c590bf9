import { parse as parseYaml, YAMLParseError } from 'yaml';
import { headingsOf, type Heading } from './markdown';

export type PageKind = 'concept' | 'rule';

/** Programming languages the pages speak of; JavaScript is read as TypeScript. */
export const programmingLanguages = ['python', 'typescript'] as const;
export type ProgrammingLanguage = (typeof programmingLanguages)[number];

interface PageBase {
  /** The page's name in every language: the file's name without `.md`. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences of plain Markdown, at most {@link maximumSummaryLength} characters. */
  readonly summary: string;
  /** The Markdown below the front matter. */
  readonly body: string;
  /** Zero-based line of the file on which `body` starts. */
  readonly bodyLine: number;
  readonly headings: readonly Heading[];
}

/** A page on an idea (`docs/<language>/concepts`). */
export interface ConceptPage extends PageBase {
  readonly kind: 'concept';
  /** Words people search the page by, in the page's own language. */
  readonly synonyms: readonly string[];
  /**
   * Names on which the page's hover appears, resolved: `asyncio.Queue.put`, `p-limit` (a default export),
   * `async-mutex.Mutex.acquire`, a Node module without `node:` (`fs.readFileSync`), a global as `Promise.all`,
   * a keyword as `keyword:await`.
   */
  readonly anchors: Readonly<Record<ProgrammingLanguage, readonly string[]>>;
  /** Markdown of the hover, at most {@link maximumHoverLines} lines. */
  readonly hover: Readonly<Record<ProgrammingLanguage, string>>;
  readonly snippets: OfferedSnippets;
}

/** The prefix of the snippet to offer with the hover, per language, where there is one that helps. */
export type OfferedSnippets = Readonly<Partial<Record<ProgrammingLanguage, string>>>;

/** A page on a rule (`docs/<language>/rules`). */
export interface RulePage extends PageBase {
  readonly kind: 'rule';
  readonly languages: readonly ProgrammingLanguage[];
  /** Ids of the concept pages to read next. */
  readonly concepts: readonly string[];
  readonly snippets: OfferedSnippets;
}

export type Page = ConceptPage | RulePage;

export const maximumSummaryLength = 200;
export const maximumHoverLines = 6;

/** A page that cannot be read; the message names the file and, where there is one, the front matter key. */
export class PageError extends Error {
  constructor(
    readonly file: string,
    readonly key: string | undefined,
    problem: string,
  ) {
    super(`${file}: ${key === undefined ? '' : `"${key}" `}${problem}`);
    this.name = 'PageError';
  }
}

const keysOf = {
  concept: ['id', 'title', 'summary', 'synonyms', 'anchors', 'hover', 'snippets'],
  rule: ['id', 'title', 'summary', 'languages', 'concepts', 'snippets'],
} as const satisfies Record<PageKind, readonly string[]>;

/**
 * Reads one page.
 *
 * @param text the whole file, with `\n` or `\r\n` line ends
 * @param file the file's path with forward slashes, for messages; its base name must be the page's id
 * @throws {PageError} when the front matter is missing, is no YAML or breaks the form documented on the page types
 */
export function parsePage(text: string, file: string, kind: 'concept'): ConceptPage;
export function parsePage(text: string, file: string, kind: 'rule'): RulePage;
export function parsePage(text: string, file: string, kind: PageKind): Page;
export function parsePage(text: string, file: string, kind: PageKind): Page {
  const normalized = text.replace(/^\uFEFF/u, '').replaceAll('\r\n', '\n');
  const match = /^---\n(.*?\n)---\n/su.exec(normalized);
  if (!match)
    throw new PageError(file, undefined, 'must start with front matter between two lines of "---".');
  const [whole, yaml = ''] = match;
  const body = normalized.slice(whole.length);
  const front = new FrontMatter(file, readYaml(yaml, file));
  front.allowOnly(undefined, keysOf[kind]);

  const id = front.text('id');
  if (!file.endsWith(`/${id}.md`) && file !== `${id}.md`) {
    throw new PageError(file, 'id', `is "${id}", but must be the file's name without ".md".`);
  }
  const summary = front.text('summary');
  if (summary.length > maximumSummaryLength) {
    throw new PageError(
      file,
      'summary',
      `has ${summary.length} characters; at most ${maximumSummaryLength} fit.`,
    );
  }
  const base = {
    id,
    title: front.text('title'),
    summary,
    body,
    bodyLine: whole.split('\n').length - 1,
    headings: headingsOf(body),
  };
  front.allowOnly('snippets', programmingLanguages);
  const snippets: OfferedSnippets = {
    ...(front.has('snippets.python') && { python: front.text('snippets.python') }),
    ...(front.has('snippets.typescript') && { typescript: front.text('snippets.typescript') }),
  };
  if (kind === 'rule') {
    return {
      kind,
      ...base,
      snippets,
      languages: front.list('languages').map((name) => front.programmingLanguage('languages', name)),
      concepts: front.list('concepts'),
    };
  }
  for (const key of ['anchors', 'hover']) front.allowOnly(key, programmingLanguages);
  return {
    kind,
    ...base,
    synonyms: front.list('synonyms'),
    anchors: { python: front.list('anchors.python'), typescript: front.list('anchors.typescript') },
    hover: { python: front.hover('hover.python'), typescript: front.hover('hover.typescript') },
    snippets,
  };
}

function readYaml(yaml: string, file: string): unknown {
  try {
    return parseYaml(yaml);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [firstLine = ''] = error.message.split('\n');
    // The message counts lines from below the opening "---".
    const line = (error.linePos?.[0].line ?? 0) + 1;
    throw new PageError(
      file,
      undefined,
      `front matter is no valid YAML (line ${line}): ${firstLine.replace(/ at line \d+, column \d+:?$/u, '')}.`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Typed access to the YAML by dotted key; every mismatch is a {@link PageError}. */
class FrontMatter {
  readonly #file: string;
  readonly #root: Record<string, unknown>;

  constructor(file: string, root: unknown) {
    if (!isRecord(root))
      throw new PageError(file, undefined, 'front matter must be a list of "key: value" lines.');
    this.#file = file;
    this.#root = root;
  }

  #get(key: string): unknown {
    return key
      .split('.')
      .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), this.#root);
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  allowOnly(key: string | undefined, names: readonly string[]): void {
    const value = key === undefined ? this.#root : this.#get(key);
    if (value === undefined) return;
    if (!isRecord(value)) throw new PageError(this.#file, key, `must have the keys ${names.join(', ')}.`);
    const unknown = Object.keys(value).find((name) => !names.includes(name));
    if (unknown === undefined) return;
    const path = key === undefined ? unknown : `${key}.${unknown}`;
    throw new PageError(this.#file, path, `is not a known key; known here are ${names.join(', ')}.`);
  }

  text(key: string): string {
    const value = this.#get(key);
    if (typeof value !== 'string' || value.trim() === '') {
      throw new PageError(this.#file, key, 'must be a text that is not empty.');
    }
    return value.trim();
  }

  list(key: string): string[] {
    const value = this.#get(key);
    const isList =
      Array.isArray(value) && value.every((item) => typeof item === 'string' && item.trim() !== '');
    if (!isList) throw new PageError(this.#file, key, 'must be a list of texts, such as [a, b].');
    return value.map((item: string) => item.trim());
  }

  hover(key: string): string {
    const markdown = this.text(key);
    const lines = markdown.split('\n').length;
    if (lines <= maximumHoverLines) return markdown;
    throw new PageError(this.#file, key, `has ${lines} lines; at most ${maximumHoverLines} fit a hover.`);
  }

  programmingLanguage(key: string, name: string): ProgrammingLanguage {
    const language = programmingLanguages.find((known) => known === name);
    if (language !== undefined) return language;
    throw new PageError(this.#file, key, `names "${name}"; known are ${programmingLanguages.join(', ')}.`);
  }
}
