/** Moving whole lines of source text one level inwards, as both languages' repairs need it. */
import type { Edit } from './finding';
import type { Span } from './text';

/** Lines that a repair moves, with what it has to know of the text around them. */
export interface Lines {
  /** From the beginning of the first line to the end of the last, line ending included. */
  readonly span: Span;
  /** White space the statements begin with. */
  readonly indent: string;
  /** White space of one more level. */
  readonly unit: string;
  readonly newLine: string;
}

/**
 * The lines between two statements that each have their own.
 * @returns undefined where statements share a line, or where a string goes over several of the lines: moving those
 * would change what it says.
 */
export function linesBetween(text: string, before: Span, after: Span): Lines | undefined {
  const tail = /^;?[ \t]*(?:(?:\/\/|#)[^\r\n]*)?(\r\n|\n|\r)/.exec(text.slice(before.end));
  if (!tail) return undefined;
  const start = before.end + tail[0].length;
  const end = lineStartAt(text, after.start);
  const head = text.slice(lineStartAt(text, before.start), before.start);
  const indent = /^[ \t]*/.exec(head)?.[0] ?? '';
  // The span of a declaration may begin at its first name.
  if (!/^(?:(?:const|let|var)\s+)?$/.test(head.slice(indent.length))) return undefined;
  if (text.slice(end, after.start) !== indent || end <= start) return undefined;
  const lines = text.slice(start, end);
  if (/"""|'''|\\\r?\n/.test(lines) || /`[^`]*[\r\n][^`]*`/.test(lines)) return undefined;
  return { span: { start, end }, indent, unit: unitOf(text), newLine: tail[1] ?? '\n' };
}

/**
 * Puts white space before every line that is not blank.
 * @param head text to put before the first line.
 */
export function indented(file: string, text: string, { span, unit }: Lines, head = ''): Edit[] {
  const edits: Edit[] = [];
  for (let at = span.start; at < span.end;) {
    const line = /^[^\r\n]*(?:\r\n|\n|\r|$)/.exec(text.slice(at, span.end))?.[0] ?? '';
    const newText = (at === span.start ? head : '') + (line.trim() === '' ? '' : unit);
    if (newText !== '') edits.push({ file, span: { start: at, end: at }, newText });
    at += Math.max(1, line.length);
  }
  return edits;
}

function lineStartAt(text: string, position: number): number {
  return Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
}

/** One level of indentation as the text writes it: that of its first indented line. */
function unitOf(text: string): string {
  return /^(\t| {2,8})(?=[^\s*])/m.exec(text)?.[1] ?? '  ';
}
