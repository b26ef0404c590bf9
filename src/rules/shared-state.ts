/** Whether a function touches state that outlives its call, so that two calls at a time could get in each other's way. */
import { edgesOf, type Edge } from '../core/callees';
import type { FileFacts, FunctionFact, Value } from '../core/facts';
import type { Memo } from '../core/memo';
import type { Asking } from '../core/questions';
import { calleeName, rootName } from '../core/uses';
import { walk } from '../core/walk';
import { DIALOGUE_NAME } from '../knowledge/sequence';

const MAX_DEPTH = 3;
const MUTATORS = new Set(
  'push unshift pop shift splice set add delete clear append enqueue dequeue insert remove sort reverse fill'.split(
    ' ',
  ),
);

/** Whether one of the calls runs a function of the project that changes shared state, followed a few calls deep. */
export function* sharesState(edges: readonly Edge[], memo: Memo): Asking<boolean> {
  const visited = new Set<FunctionFact>();
  let level = edges.flatMap(({ target }) => target ?? []);
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: FunctionFact[] = [];
    for (const fn of level) {
      if (visited.has(fn)) continue;
      visited.add(fn);
      if (changesSharedState(fn, memo)) return true;
      for (const { target } of yield* edgesOf(fn, memo)) if (target) next.push(target);
    }
    level = next;
  }
  return false;
}

function changesSharedState(fn: FunctionFact, memo: Memo): boolean {
  const known = memo.get(fn, 'changes-shared-state');
  if (known) return known.value as boolean;
  let found = false;
  walk(fn.body, (node) => {
    if (node.kind === 'assign' && isShared(node.target, fn)) found = true;
    if (node.kind === 'unary' && /^(?:\+\+|--|delete)$/.test(node.operator) && isShared(node.operand, fn))
      found = true;
    // A dialogue is shared too: there is one person at the other end.
    if (node.kind === 'call' && DIALOGUE_NAME.test(calleeName(node) ?? '')) found = true;
    if (node.kind === 'call' && node.callee.kind === 'member' && MUTATORS.has(node.callee.name ?? ''))
      if (isShared(node.callee.object, fn)) found = true;
    return !found;
  });
  memo.set(fn, 'changes-shared-state', found, new Set<FileFacts>([fn.file]));
  return found;
}

/** A place outside the function: a member of `this` (not of one being made) or of an outer name, or such a name. */
function isShared(place: Value, fn: FunctionFact): boolean {
  const root = rootName(place);
  if (!root) return false;
  if (root.text === 'this' || root.text === 'self') return fn.kind !== 'constructor';
  const { binding } = root;
  if (!binding) return false;
  // What a parameter refers to belongs to somebody else, who may pass the same thing each time.
  if (binding.kind === 'param') return place.kind === 'member';
  return binding.fn !== fn;
}
