import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { endOfLine, insertion, lineBefore, newLineOf, replacement, textOf } from './lines';

/** Ends a handler with `raise`; what left it before (`pass`, `return`, `continue`) is replaced. */
export function reraise({ handler }: Extract<Repair, { kind: 'reraise' }>): Fix | undefined {
  const { body } = handler;
  const { file } = body.fn;
  const edit = (one: Edit): Fix => ({
    title: message('Raise the exception again'),
    safety: 'suggestion',
    edits: [one],
  });
  const last = body.body[body.body.length - 1];
  if (!last) {
    const [, comments = '', placeholder] =
      /^((?:\s*#.*\r?\n)*\s*)(pass|\.\.\.)\s*(?:#.*\s*)*$/.exec(textOf(file, body.span)) ?? [];
    if (placeholder === undefined) return undefined;
    const start = body.span.start + comments.length;
    return edit(replacement(file, { start, end: start + placeholder.length }, 'raise'));
  }
  if (last.kind === 'jump' || (last.kind === 'return' && !last.value))
    return edit(replacement(file, last.span, 'raise'));
  if (last.kind === 'return') return undefined;
  const end = endOfLine(file.text, last.span.end);
  const { indent, isAlone } = lineBefore(file.text, last.span.start);
  if (end === undefined || !isAlone) return undefined;
  return edit(insertion(file, end, `${newLineOf(file)}${indent}raise`));
}
