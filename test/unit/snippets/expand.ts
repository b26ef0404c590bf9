/** What a tab stop of an expanded snippet holds: its number, its default, and the result is the text to put there. */
export type TabStopValue = (number: number, fallback: string) => string;

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'stop'; readonly number: number; readonly fallback: readonly Part[] | undefined };

/**
 * Expands a snippet as VS Code does before anything is typed: every placeholder becomes its default, a choice its first
 * entry, a bare tab stop the default given elsewhere for its number, or nothing.
 * Grammar: https://code.visualstudio.com/docs/editing/userdefinedsnippets#_grammar (variables and transforms excepted).
 *
 * @param body The snippet's lines joined with line feeds.
 * @param value Text for a tab stop instead of its default.
 * @throws Error at a `$` that starts neither a tab stop, a placeholder nor a choice, and at an unclosed placeholder.
 */
export function expandSnippet(body: string, value: TabStopValue = (_number, fallback) => fallback): string {
  const parser = new SnippetParser(body);
  const parts = parser.parse();
  const fallbacks = new Map<number, readonly Part[]>();
  collectFallbacks(parts, fallbacks);

  const render = (list: readonly Part[]): string =>
    list
      .map((part) =>
        part.kind === 'text' ? part.text : value(part.number, render(fallbacks.get(part.number) ?? [])),
      )
      .join('');
  return render(parts);
}

function collectFallbacks(parts: readonly Part[], into: Map<number, readonly Part[]>): void {
  for (const part of parts) {
    if (part.kind === 'text' || part.fallback === undefined) continue;
    if (!into.has(part.number)) into.set(part.number, part.fallback);
    collectFallbacks(part.fallback, into);
  }
}

class SnippetParser {
  #position = 0;

  constructor(private readonly text: string) {}

  parse(): Part[] {
    return this.#parts(false);
  }

  #parts(inPlaceholder: boolean): Part[] {
    const parts: Part[] = [];
    while (this.#position < this.text.length) {
      const character = this.text.charAt(this.#position);
      if (character === '}' && inPlaceholder) return parts;
      if (character === '$') parts.push(this.#stop());
      else parts.push({ kind: 'text', text: this.#character('$}\\') });
    }
    if (inPlaceholder) throw this.#wrong('a placeholder is not closed');
    return parts;
  }

  #stop(): Part {
    const match = /^\$(?:(\d+)|\{(\d+)([}:|]))/.exec(this.text.slice(this.#position));
    if (!match) throw this.#wrong('"$" is neither escaped nor a tab stop');
    this.#position += match[0].length;
    const number = Number(match[1] ?? match[2]);
    if (match[3] === ':') {
      const fallback = this.#parts(true);
      this.#position += 1;
      return { kind: 'stop', number, fallback };
    }
    if (match[3] === '|')
      return { kind: 'stop', number, fallback: [{ kind: 'text', text: this.#firstChoice() }] };
    return { kind: 'stop', number, fallback: undefined };
  }

  #firstChoice(): string {
    let first = '';
    let ended = false;
    while (!this.text.startsWith('|}', this.#position)) {
      if (this.#position >= this.text.length) throw this.#wrong('a choice is not closed');
      if (this.text.charAt(this.#position) === ',') ended = true;
      const character = this.#character(',|\\');
      if (!ended) first += character;
    }
    this.#position += 2;
    return first;
  }

  /** Takes one character; a backslash before one of `escapable` is dropped. */
  #character(escapable: string): string {
    if (this.text.charAt(this.#position) === '\\') {
      const next = this.text.charAt(this.#position + 1);
      if (next !== '' && escapable.includes(next)) this.#position += 1;
    }
    const character = this.text.charAt(this.#position);
    this.#position += 1;
    return character;
  }

  #wrong(what: string): Error {
    const line = this.text.slice(0, this.#position).split('\n').length;
    return new Error(`Snippet line ${line}: ${what}.`);
  }
}
