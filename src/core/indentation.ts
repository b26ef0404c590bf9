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
 * @param unit one level of indentation, where the caller knows it better than the first indented line of the text.
 */
export function linesBetween(text: string, before: Span, after: Span, unit?: string): Lines | undefined {
  const tail = /^;?[ \t]*(?:(?:\/\/|#)[^\r\n]*)?(\r\n|\n|\r)/.exec(text.slice(before.end));
  if (!tail) return undefined;
  const start = before.end + tail[0].length;
  const end = lineStartAt(text, after.start);
  const head = text.slice(lineStartAt(text, before.start), before.start);
  const indent = /^[ \t]*/.exec(head)?.[0] ?? '';
  // The span of a declaration may begin at its first name.
  if (!/^(?:(?:const|let|var)\s+)?$/.test(head.slice(indent.length))) return undefined;
  if (text.slice(end, after.start) !== indent || end <= start) return undefined;
  if (holdsLongString(text.slice(start, end))) return undefined;
  return { span: { start, end }, indent, unit: unit ?? unitOf(text), newLine: tail[1] ?? '\n' };
}

/**
 * The lines from the beginning of one statement of a block to the end of a later one of it, or of the same.
 * @returns undefined where they share a line with other statements, or where a string goes over several of the lines.
 */
export function linesOf(text: string, first: Span, last: Span): Lines | undefined {
  const start = lineStartAt(text, first.start);
  const indent = text.slice(start, first.start);
  const tail = /^;?[ \t]*(?:(?:\/\/|#)[^\r\n]*)?(\r\n|\n|\r|$)/.exec(text.slice(last.end));
  if (!tail || !/^[ \t]*$/.test(indent) || holdsLongString(text.slice(start, last.end))) return undefined;
  const newLine = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  return { span: { start, end: last.end + tail[0].length }, indent, unit: unitOf(text), newLine };
}

function holdsLongString(lines: string): boolean {
  return /"""|'''|\\\r?\n/.test(lines) || /`[^`]*[\r\n][^`]*`/.test(lines);
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
