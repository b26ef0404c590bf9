import type { Edit } from '../../../core/finding';

/** A semicolon at the end of a line, before a comment at most. */
const AT_END = /;(?=[ \t]*(?:\/\/.*)?$)/gm;
/** What may follow a statement without one: the end of its line, and none that begins as if it went on with this one. */
const MAY_END = /^[ \t]*(?:\/\/.*)?(?:\r?\n\s*(?![\s([`+\-*/,.])|$(?!\s))/;

/**
 * The text of an edit as a file would have it: without semicolons where no line of the file ends with one.
 * @param text of the file.
 */
export function asInFile(text: string, { span, newText }: Edit): string {
  if (!newText.includes(';') || text.search(AT_END) >= 0) return newText;
  const all = newText + text.slice(span.end);
  return newText.replace(AT_END, (semicolon, at: number) =>
    MAY_END.test(all.slice(at + 1)) ? '' : semicolon,
  );
}
