import MarkdownIt from 'markdown-it';
import type { LoadedPage } from '../../src/documents/load';

/** A code block of a rule page that the tests analyse. */
export interface Block {
  readonly role: 'bad' | 'good' | 'fixed' | 'context';
  readonly file: string;
  /** Title of the fix a `fixed` block shows; the first fix when left out. */
  readonly fix: string | undefined;
  /** Text without the markers. */
  readonly code: string;
  /** `line:rule`, lines counted from 1. */
  readonly marked: readonly string[];
  readonly line: number;
}

const MARKER = / *(?:\/\/|#) ✗ ([\w-]+(?:, [\w-]+)*)$/u;

/**
 * Blocks of a rule page: ```` ```ts bad ````, `good`, `fixed` (what the first fix, or the one named as
 * `fixed="Title"`, makes of the bad block before it) and `context file=helper.ts` (a file the next blocks import).
 */
export function blocksOf({ page }: LoadedPage): Block[] {
  return new MarkdownIt().parse(page.body, {}).flatMap((token): Block[] => {
    const info = /^(ts|tsx|js|py) (bad|good|fixed|context)(?:="([^"]*)")?(?: file=(\S+))?$/.exec(
      token.info.trim(),
    );
    if (token.type !== 'fence' || !info) return [];
    const [, language = 'ts', role, fix, file] = info;
    const marked: string[] = [];
    const code = token.content
      .split('\n')
      .map((line, i) => {
        const marker = MARKER.exec(line);
        for (const id of marker?.[1]?.split(', ') ?? []) marked.push(`${i + 1}:${id}`);
        return line.replace(MARKER, '');
      })
      .join('\n');
    const line = page.bodyLine + (token.map?.[0] ?? 0) + 1;
    return [{ role: role as Block['role'], file: file ?? `example.${language}`, fix, code, marked, line }];
  });
}
