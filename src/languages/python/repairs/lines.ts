import type { FileFacts, FunctionFact } from '../../../core/facts';
import type { Edit } from '../../../core/finding';
import type { Span } from '../../../core/text';

/** The white space a line begins with, and whether anything but it stands before `position`. */
export function lineBefore(
  text: string,
  position: number,
): { readonly indent: string; readonly isAlone: boolean } {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const before = text.slice(start, position);
  return { indent: /^[ \t]*/.exec(before)?.[0] ?? '', isAlone: before.trim() === '' };
}

/** Offset after the rest of the line, a comment included; undefined where more code follows on it. */
export function endOfLine(text: string, position: number): number | undefined {
  const rest = /^[^\r\n]*/.exec(text.slice(position))?.[0] ?? '';
  return /^\s*(?:#.*)?$/.test(rest) ? position + rest.length : undefined;
}

/** The line ending a file uses. */
export function newLineOf({ text }: FileFacts): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

export function textOf(file: FileFacts, { start, end }: Span): string {
  return file.text.slice(start, end);
}

export function replacement(file: FileFacts, span: Span, newText: string): Edit {
  return { file: file.file, span, newText };
}

export function insertion(file: FileFacts, at: number, newText: string): Edit {
  return { file: file.file, span: { start: at, end: at }, newText };
}

/** One level of indentation as a function writes it: what its body has more than its head. */
export function unitIn(fn: FunctionFact): string {
  const { text } = fn.file;
  const [first] = fn.body.body;
  if (first && fn.kind !== 'module') {
    const head = lineBefore(text, fn.span.start).indent;
    const body = lineBefore(text, first.span.start);
    if (body.isAlone && body.indent.startsWith(head) && body.indent.length > head.length)
      return body.indent.slice(head.length);
  }
  return '    ';
}

/**
 * Whether whole lines can be moved inwards. A string that goes over several of them would say something else
 * afterwards.
 */
export function canMove(lines: string): boolean {
  return !/"""|'''|\\\r?\n/.test(lines);
}

/**
 * Moves whole lines one level inwards.
 * @param span from the beginning of the first line to the end of the last.
 * @param indent what the outermost of the lines begin with.
 * @param removed parts that another edit takes away with their lines.
 */
export function movedInwards(
  file: FileFacts,
  { start, end }: Span,
  indent: string,
  unit: string,
  removed: readonly Span[] = [],
): Edit[] {
  const edits: Edit[] = [];
  for (let at = start; at < end;) {
    const line = /^[^\r\n]*(?:\r\n|\n|\r|$)/.exec(file.text.slice(at, end))?.[0] ?? '';
    const isRemoved = removed.some((span) => span.start <= at && at < span.end);
    if (line.trim() !== '' && !isRemoved)
      edits.push(insertion(file, at + (line.startsWith(indent) ? indent.length : 0), unit));
    at += Math.max(1, line.length);
  }
  return edits;
}

/** Offset of the line a position is on. */
export function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}
