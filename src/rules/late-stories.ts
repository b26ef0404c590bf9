/** How late uses of promises and tasks are told: one finding for each wait they were left alone during. */
import type { Late, Suspension } from '../core/pending';
import type { Span } from '../core/text';
import { isStatement } from '../core/walk';

/** One story per await that lets failures go by: every promise left alone during it. */
export function bySuspension(late: readonly Late[]): Late[][] {
  const groups = new Map<unknown, Late[]>();
  const sorted = [...late].sort((a, b) => a.use.span.start - b.use.span.start);
  for (const one of sorted) {
    const [first] = one.passed;
    const group = groups.get(first);
    if (!group) groups.set(first, [one]);
    else if (!group.some(({ binding }) => binding === one.binding)) group.push(one);
  }
  return [...groups.values()];
}

/** The await that comes too late, or the name where the promise is handed on. */
export function placeOf({ use }: Late): Span {
  const { parent } = use;
  return !isStatement(parent) && parent.kind === 'await' ? parent.span : use.span;
}

/** What to point at for a suspension: of a loop or `async with`, what its head waits for. */
export function headOf(suspension: Suspension): Span {
  if (suspension.kind === 'loop' && suspension.source) return suspension.source.span;
  if (suspension.kind === 'with') return suspension.resources[0]?.value.span ?? suspension.span;
  return suspension.span;
}
