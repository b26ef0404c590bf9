import type { FileFacts } from '../../../core/facts';
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
