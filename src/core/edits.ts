import type { Edit, Fix } from './finding';
import type { Span } from './text';

/**
 * Chooses the fixes that can be applied together: earlier ones win, later ones that touch the same text are left for
 * the next round. Insertions that several fixes share (an import) are made once.
 */
export function compatible(fixes: readonly Pick<Fix, 'edits'>[]): Edit[] {
  const chosen: Edit[] = [];
  for (const { edits } of fixes) {
    const fresh = edits.filter((edit) => !chosen.some((other) => isSame(edit, other)));
    if (fresh.some((edit) => chosen.some((other) => collide(edit, other)))) continue;
    chosen.push(...fresh);
  }
  return chosen;
}

function isSame(a: Edit, b: Edit): boolean {
  return (
    a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText
  );
}

function collide(a: Edit, b: Edit): boolean {
  if (a.file !== b.file) return false;
  const isInsertion = a.span.start === a.span.end && b.span.start === b.span.end;
  // Two insertions at one place would need an order; touching ranges of text do not disturb each other.
  if (isInsertion) return a.span.start === b.span.start;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

/** Applies edits that do not overlap to the text of one file; edits at one place keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits
    .map((edit, order) => ({ edit, order }))
    .sort(
      (a, b) =>
        a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order,
    );
  let result = '';
  let at = 0;
  for (const { edit } of sorted) {
    result += text.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return result + text.slice(at);
}

/** Removes a whole comment with the line it stands on alone, or one rule id with its comma. */
export function suppressionRemoval(file: string, text: string, comment: Span, rule: Span): Edit {
  const isList =
    rule.start !== comment.start && /[\w-]\s*,|,\s*[\w-]/.test(text.slice(comment.start, comment.end));
  if (isList) {
    const after = /^\s*,\s*/.exec(text.slice(rule.end, comment.end));
    if (after) return { file, span: { start: rule.start, end: rule.end + after[0].length }, newText: '' };
    const before = /\s*,\s*$/.exec(text.slice(comment.start, rule.start));
    return { file, span: { start: rule.start - (before?.[0].length ?? 0), end: rule.end }, newText: '' };
  }
  const lineStart =
    Math.max(text.lastIndexOf('\n', comment.start - 1), text.lastIndexOf('\r', comment.start - 1)) + 1;
  const alone = text.slice(lineStart, comment.start).trim() === '';
  const rest = /^[ \t]*(\r\n|\n|\r|$)/.exec(text.slice(comment.end));
  if (alone && rest)
    return { file, span: { start: lineStart, end: comment.end + rest[0].length }, newText: '' };
  const space = /[ \t]*$/.exec(text.slice(lineStart, comment.start));
  return { file, span: { start: comment.start - (space?.[0].length ?? 0), end: comment.end }, newText: '' };
}
