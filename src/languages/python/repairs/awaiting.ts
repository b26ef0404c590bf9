import type { Call, Value } from '../../../core/facts';
import type { Edit } from '../../../core/finding';
import { ancestors, isStatement } from '../../../core/walk';
import { insertion } from './lines';

/** What to put before a call to await it, and behind it where something is taken from its result. */
export function awaiting(call: Call): { readonly before: string; readonly after: readonly Edit[] } {
  const { parent } = call;
  const isInner =
    !isStatement(parent) &&
    ((parent.kind === 'member' && parent.object === call) ||
      (parent.kind === 'call' && parent.callee === call));
  if (!isInner) return { before: 'await ', after: [] };
  return { before: '(await ', after: [insertion(call.fn.file, call.span.end, ')')] };
}

/** `await` is only legal directly in an async function, and not in a generator expression that runs elsewhere. */
export function mayAwait(value: Value): boolean {
  if (!value.fn.isAsync) return false;
  for (const node of ancestors(value))
    if (node.kind === 'comprehension' && node.form === 'generator') return false;
  return true;
}
