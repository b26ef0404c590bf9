import MarkdownIt from 'markdown-it';

/** A heading of a page. `line` is zero-based and counts from the start of the Markdown given. */
export interface Heading {
  readonly level: number;
  /** The heading as plain text, without the marks for code or emphasis. */
  readonly text: string;
  /** The fragment that links to it, as GitHub makes it. */
  readonly slug: string;
  readonly line: number;
}

/** A fenced code block. */
export interface CodeBlock {
  /** First word after the fence, such as `ts` or `python`; empty when there is none. */
  readonly language: string;
  /** The words after the language: `run`, `min=3.13`, `bad`, `fixed`… */
  readonly words: readonly string[];
  readonly code: string;
  /** Zero-based line of the opening fence in the Markdown given. */
  readonly line: number;
  /** Zero-based line after the closing fence. */
  readonly endLine: number;
}

const parser = new MarkdownIt({ html: false });

/**
 * The fragment GitHub gives a heading: lower case, punctuation dropped, spaces to hyphens. Letters of any script stay.
 */
export function slugOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-');
}

/** Every heading of `markdown`, in order; a repeated slug gets `-1`, `-2`… */
export function headingsOf(markdown: string): Heading[] {
  const tokens = parser.parse(markdown, {});
  const seen = new Map<string, number>();
  const headings: Heading[] = [];
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const text = (tokens[index + 1]?.children ?? []).map((child) => child.content).join('');
    const base = slugOf(text);
    const repeats = seen.get(base) ?? 0;
    seen.set(base, repeats + 1);
    headings.push({
      level: Number(token.tag.slice(1)),
      text,
      slug: repeats === 0 ? base : `${base}-${repeats}`,
      line: token.map?.[0] ?? 0,
    });
  });
  return headings;
}

/** Every fenced code block of `markdown`, in order. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  return parser
    .parse(markdown, {})
    .filter((token) => token.type === 'fence')
    .map((token) => {
      const [language = '', ...words] = token.info.trim().split(/\s+/u);
      return {
        language,
        words,
        code: token.content,
        line: token.map?.[0] ?? 0,
        endLine: token.map?.[1] ?? 0,
      };
    });
}

/** The target of every link and image of `markdown`, percent-decoded, in order; code is not searched. */
export function linksOf(markdown: string): string[] {
  return parser
    .parse(markdown, {})
    .flatMap((token) => token.children ?? [])
    .map((child) =>
      child.type === 'link_open'
        ? child.attrGet('href')
        : child.type === 'image'
          ? child.attrGet('src')
          : null,
    )
    .filter((target) => target !== null)
    .map((target) => decodeURI(String(target)));
}
