import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { statementOf } from '../../../core/walk';
import { insertion, lineBefore, newLineOf } from './lines';

/** Starts a generator on a line of its own before the first value is sent to it. */
export function primeGenerator({ call }: Extract<Repair, { kind: 'prime-generator' }>): Fix | undefined {
  const { callee } = call;
  if (callee.kind !== 'member' || callee.object.kind !== 'name') return undefined;
  const isAsync = callee.name === 'asend';
  if (isAsync && !call.fn.isAsync) return undefined;
  const { file } = call.fn;
  const statement = statementOf(call);
  const { indent, isAlone } = lineBefore(file.text, statement.span.start);
  // In the head of a loop or condition, or in a loop around the statement, the generator may have started already.
  if (!isAlone || !['expression', 'declare', 'return'].includes(statement.kind)) return undefined;
  for (let at = statement.parent; at; at = at.parent) if (at.kind === 'loop') return undefined;
  const name = callee.object.text;
  const start = isAsync ? `await anext(${name})` : `next(${name})`;
  return {
    title: message('Start the generator first'),
    safety: 'safe',
    edits: [insertion(file, statement.span.start, `${start}${newLineOf(file)}${indent}`)],
  };
}
