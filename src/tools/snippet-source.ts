import { format, type Options } from 'prettier';
import tsBlankSpace from 'ts-blank-space';
import { parse } from 'yaml';

/** One entry of a VS Code snippet file. */
export interface Snippet {
  readonly prefix: readonly string[];
  readonly description: string;
  readonly body: readonly string[];
}

export type SnippetLanguage = 'typescript' | 'javascript' | 'python';

/** A readable snippet source: its comment header, read, and the code below it. */
export interface SnippetSource {
  readonly name: string;
  readonly prefix: readonly string[];
  readonly description: string;
  /** Text of the code that becomes a tab stop, by tab stop number; 0 is where the cursor ends. */
  readonly tabStops: ReadonlyMap<number, string>;
  readonly code: string;
}

/**
 * Reads a snippet source: a header of line comments (`//` or `#`) holding YAML with `name`, `prefix`, `description` and
 * `tabstops`, then the code. The code is ordinary, runnable code: each text listed under `tabstops` becomes a tab stop
 * wherever it stands as a whole word, and a comment holding only `$0` marks where the cursor ends.
 *
 * @param text The whole file.
 * @param file Its name, for messages.
 * @throws Error naming the file when the header is missing or incomplete.
 */
export function readSnippetSource(text: string, file: string): SnippetSource {
  const lines = text.split('\n');
  const headerEnd = lines.findIndex((line) => !/^(?:\/\/|#)/.test(line));
  const header: unknown = parse(
    lines
      .slice(0, headerEnd)
      .map((line) => line.replace(/^(?:\/\/|#) ?/, ''))
      .join('\n'),
  );
  const wrong = (what: string) => new Error(`${file}: ${what} in the comment at the top of the snippet.`);
  if (typeof header !== 'object' || header === null) throw wrong('nothing found');
  const { name, prefix, description, tabstops } = header as Record<string, unknown>;
  if (typeof name !== 'string') throw wrong('"name" must be a text');
  if (typeof description !== 'string') throw wrong('"description" must be a text');
  if (!Array.isArray(prefix) || prefix.length === 0 || !prefix.every((one) => typeof one === 'string')) {
    throw wrong('"prefix" must be a list of texts');
  }
  if (typeof tabstops !== 'object' || tabstops === null) throw wrong('"tabstops" must map numbers to texts');
  const tabStops = new Map<number, string>();
  for (const [number, stop] of Object.entries(tabstops)) {
    if (typeof stop !== 'string' || !/^\d+$/.test(number)) throw wrong(`tab stop ${number} must be a text`);
    tabStops.set(Number(number), stop);
  }
  const code = lines.slice(headerEnd).join('\n').trim();
  return { name, prefix, description, tabStops, code };
}

/**
 * Makes the snippet of one language out of a source.
 *
 * @param source The source, as {@link readSnippetSource} gives it; TypeScript for both TypeScript and JavaScript.
 * @param language The language to write. JavaScript loses its types and is laid out anew.
 * @throws Error naming the snippet when a tab stop's text does not occur, or two of them overlap.
 */
export async function makeSnippet(source: SnippetSource, language: SnippetLanguage): Promise<Snippet> {
  const code = await layOut(source.code, language);
  const body = withTabStops(code, source, language);
  return { prefix: source.prefix, description: source.description, body: body.split('\n') };
}

// Tabs, because VS Code turns each into one step of whatever indentation the file uses.
const layout: Options = { useTabs: true, singleQuote: true, printWidth: 80 };

async function layOut(code: string, language: SnippetLanguage): Promise<string> {
  switch (language) {
    case 'typescript':
      return (await format(code, { ...layout, parser: 'typescript' })).trimEnd();
    case 'javascript':
      return (await format(eraseTypes(code), { ...layout, parser: 'babel' })).trimEnd();
    case 'python':
      return code.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4));
  }
}

function eraseTypes(code: string): string {
  return tsBlankSpace(code, (node) => {
    const text = code.slice(node.pos, node.end).trim();
    throw new Error(`"${text}" has no JavaScript form.`);
  });
}

interface Stop {
  readonly start: number;
  readonly end: number;
  readonly number: number;
  readonly text: string;
}

const cursorComment = /(?:\/\/|#) \$0$/gm;

function withTabStops(code: string, source: SnippetSource, language: SnippetLanguage): string {
  const stops: Stop[] = [];
  const numbers = new Map<number, number>([[0, 0]]);
  for (const [number, text] of [...source.tabStops].sort(([a], [b]) => a - b)) {
    const found = [...code.matchAll(wholeWord(text))];
    if (found.length === 0) {
      // A tab stop on a type has no place in JavaScript.
      if (language === 'javascript') continue;
      throw new Error(`Snippet "${source.name}": tab stop ${number}, "${text}", does not occur in its code.`);
    }
    if (number > 0) numbers.set(number, numbers.size);
    for (const match of found) {
      stops.push({
        start: match.index,
        end: match.index + text.length,
        number: numbers.get(number) ?? number,
        text,
      });
    }
  }
  for (const match of code.matchAll(cursorComment)) {
    stops.push({ start: match.index, end: match.index + match[0].length, number: 0, text: '' });
  }
  if (stops.filter((stop) => stop.number === 0).length > 1) {
    throw new Error(`Snippet "${source.name}" has more than one place for the cursor to end.`);
  }
  stops.sort((a, b) => a.start - b.start);

  const written = new Set<number>();
  let body = '';
  let position = 0;
  for (const stop of stops) {
    if (stop.start < position) {
      throw new Error(`Snippet "${source.name}": tab stop ${stop.number}, "${stop.text}", overlaps another.`);
    }
    body += escapeText(code.slice(position, stop.start));
    const first = !written.has(stop.number) && stop.text !== '';
    body += first ? `\${${stop.number}:${escapeDefault(stop.text)}}` : `$${stop.number}`;
    written.add(stop.number);
    position = stop.end;
  }
  return body + escapeText(code.slice(position));
}

function wholeWord(text: string): RegExp {
  const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\w$#])${literal}(?![\\w$])`, 'g');
}

// Outside a placeholder VS Code's snippet grammar takes "}" as it is.
function escapeText(text: string): string {
  return text.replace(/[\\$]/g, '\\$&');
}

function escapeDefault(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
