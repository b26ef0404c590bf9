import type { Handler, Statement } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { calleeName } from '../../../core/uses';
import { nameOf } from './imports';
import { endOfLine, insertion, lineBefore, newLineOf, replacement, textOf, unitIn } from './lines';

/** Ends a handler with `raise`; what left it before (`pass`, `return`, `continue`) is replaced. */
export function reraise({ handler }: Extract<Repair, { kind: 'reraise' }>): Fix | undefined {
  const { body } = handler;
  const { file } = body.fn;
  const names = handler.types.map((type) => textOf(file, type.span));
  const cancelled = names.find((name) => name.endsWith('CancelledError'));
  if (cancelled === undefined || names.length > 1) {
    if (body.body.every(onlyLeavesOrTells)) return letPass(handler, cancelled);
    if (cancelled !== undefined) return undefined;
  }
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

/**
 * Puts a handler before one that is also for other exceptions, which must not be raised again. What else is done there
 * would be left out for a cancellation.
 */
function letPass({ span, body }: Handler, written: string | undefined): Fix | undefined {
  const { fn } = body;
  const { file } = fn;
  const { indent, isAlone } = lineBefore(file.text, span.start);
  if (!isAlone) return undefined;
  const { text, edits } =
    written === undefined ? nameOf(file, 'asyncio', 'CancelledError') : { text: written, edits: [] };
  const line = newLineOf(file);
  const handler = `except ${text}:${line}${indent}${unitIn(fn)}raise${line}${indent}`;
  return {
    title: message('Let the cancellation pass'),
    safety: 'suggestion',
    edits: [...edits, insertion(file, span.start, handler)],
  };
}

const TELLS = /^(?:print|log|debug|info|warn|warning|error|exception|critical)$/;

function onlyLeavesOrTells(statement: Statement): boolean {
  return (
    statement.kind === 'jump' ||
    (statement.kind === 'return' && statement.value?.kind !== 'await') ||
    (statement.kind === 'expression' &&
      statement.value.kind === 'call' &&
      TELLS.test(calleeName(statement.value) ?? ''))
  );
}
