import type ts from 'typescript';

/** The white space a line begins with. */
export function indentAt(sourceFile: ts.SourceFile, position: number): string {
  const { text } = sourceFile;
  const start = text.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, position))?.[0] ?? '';
}

/** The line ending a file uses. */
export function newLineOf({ text }: ts.SourceFile): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/** One more level of indentation, as the file writes it: taken from the first indented line. */
export function indentUnit({ text }: ts.SourceFile): string {
  const first = /^(\t| {2,8})(?=[^\s*])/m.exec(text)?.[1];
  return first ?? '  ';
}
