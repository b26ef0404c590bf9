/** What an `await` means for the function around it. */
import { functionsOf } from '../core/callees';
import type { Await, FunctionFact } from '../core/facts';
import { message, type Message } from '../core/finding';
import { flow, type FlowClient } from '../core/flow';
import type { Asking } from '../core/questions';
import { find } from '../core/walk';

/** Where control came by since the `await` in question; undefined before it was reached. */
interface Passed {
  /** Waits on any path. */
  readonly all: ReadonlySet<object>;
  /** How many there are on the path with the fewest. */
  readonly least: number;
}

export function* suspensionNote(wait: Await): Asking<Message> {
  const { fn } = wait;
  const isPython = fn.file.language === 'python';
  if (isPython && wait.operand.kind === 'call') {
    const [callee] = yield* functionsOf([wait.operand.callee]);
    const target = callee?.target;
    if (target && neverWaits(target))
      return message('Does not suspend: `{name}` waits for nothing.', { name: target.name ?? '…' });
  }
  // A coroutine that is awaited runs on at once until something in it has to wait.
  const suspends = (isPython ? message('May suspend here') : message('Suspends here')).template;
  if (fn.kind === 'module') {
    return isPython
      ? message('{suspends}.', { suspends })
      : message('{suspends}: modules that import this one wait, too.', { suspends });
  }
  const passed = passedAfter(wait);
  if (!passed || passed.all.has(wait))
    return message('{suspends}, in every round of the loop.', { suspends });
  const count = passed.all.size;
  if (count === 0)
    return message('{suspends}; nothing more is awaited before the function returns.', { suspends });
  if (count > passed.least) {
    return count === 1
      ? message('{suspends}; at most 1 more await until the function returns.', { suspends })
      : message('{suspends}; up to {count} more awaits until the function returns.', {
          suspends,
          count: String(count),
        });
  }
  return count === 1
    ? message('{suspends}; 1 more await until the function returns.', { suspends })
    : message('{suspends}; {count} more awaits until the function returns.', {
        suspends,
        count: String(count),
      });
}

function neverWaits(fn: FunctionFact): boolean {
  if (!fn.isAsync || fn.isGenerator || fn.decorators.length > 0 || fn.awaits.length > 0) return false;
  return !find(
    fn.body,
    (node) =>
      (node.kind === 'with' && node.isAsync) ||
      (node.kind === 'loop' && node.form === 'for-await') ||
      (node.kind === 'comprehension' && node.clauses.some((clause) => clause.isAsync)),
  );
}

function passedAfter(wait: Await): Passed | undefined {
  const step = (at: object, state: Passed | null): Passed | null => {
    if (state) return { all: new Set([...state.all, at]), least: state.least + (state.all.has(at) ? 0 : 1) };
    return at === wait ? { all: new Set<object>(), least: 0 } : null;
  };
  const client: FlowClient<Passed | null> = {
    join: (a, b) => {
      if (!a || !b) return a ?? b;
      return { all: new Set([...a.all, ...b.all]), least: Math.min(a.least, b.least) };
    },
    same: (a, b) => a?.all.size === b?.all.size && a?.least === b?.least,
    evaluated: (value, state) => (value.kind === 'await' ? step(value, state) : state),
    suspended: (at, state) => step(at, state),
  };
  const { completed, thrown } = flow(wait.fn, null, client);
  // A function that only ends by an exception is judged by that.
  if (!completed) return thrown ?? undefined;
  return { all: new Set([...completed.all, ...(thrown?.all ?? [])]), least: completed.least };
}
