/** How much a call sets going at once. */
import { isBounded } from '../core/bounded';
import { functionsOf } from '../core/callees';
import type { Call, FunctionFact, Value } from '../core/facts';
import { message, type Message } from '../core/finding';
import type { Asking } from '../core/questions';
import { withCallbacks } from '../core/summaries';
import { outsideGlobal } from '../core/uses';
import { ancestors, find, isWithin } from '../core/walk';
import { entersLimiter, isLimiterCall, mapOf } from '../rules/unbounded-concurrency';
import { sizeOf } from './capacity';
import { shown } from './places';

/** The same work for each element of something, or a list of different work. */
type FanOut =
  | { readonly source: Value; readonly callback: Value }
  | { readonly count: number; readonly isPython: boolean };

export function* fanOutNote(call: Call): Asking<Message | undefined> {
  const fanOut = call.fn.file.language === 'python' ? gathered(call) : combined(call);
  return fanOut && (yield* noteOf(fanOut));
}

/** For `create_task` in a loop or comprehension. */
export function* repeatedNote(call: Call): Asking<Message | undefined> {
  const fanOut = repeated(call);
  return fanOut && (yield* noteOf(fanOut));
}

/** `pMap(urls, fetch, { concurrency: 10 })` says by itself how much runs at a time. */
export function mappedNote(call: Call): Message | undefined {
  const [first] = call.args;
  const size = sizeOf(call);
  if (!first || !size) return undefined;
  const source = shown(first.value);
  return size.text === 'Infinity'
    ? message('Fans out over `{source}`, unbounded.', { source })
    : message('Fans out over `{source}`, at most {count} at a time.', { source, count: size.text });
}

function* noteOf(fanOut: FanOut): Asking<Message> {
  if ('count' in fanOut) {
    const count = String(fanOut.count);
    return fanOut.isPython
      ? message('Fans out over {count} awaitables.', { count })
      : message('Fans out over {count} promises.', { count });
  }
  const source = shown(fanOut.source);
  const limiter = yield* limiterOf(fanOut.callback);
  if (limiter) {
    const size = sizeOf(limiter);
    return size && size.text !== 'Infinity'
      ? message('Fans out over `{source}`, at most {count} at a time.', { source, count: size.text })
      : message('Fans out over `{source}`, held back by `{limiter}`.', { source, limiter: shown(limiter) });
  }
  return isBounded(fanOut.source)
    ? message('Fans out over `{source}`, as many as the code fixes.', { source })
    : message('Fans out over `{source}`, unbounded.', { source });
}

/** What holds the work for one element back. */
function* limiterOf(callback: Value): Asking<Value | undefined> {
  if (callback.kind === 'function') return limiterIn(callback.function);
  const [known] = yield* functionsOf([callback]);
  return known?.target && limiterIn(known.target);
}

function limiterIn(fn: FunctionFact): Value | undefined {
  const entered = fn.file.language === 'python' ? find(fn.body, entersLimiter) : undefined;
  if (entered?.kind === 'with') {
    const resource = entered.resources[0]?.value;
    const callee = resource?.kind === 'call' ? resource.callee : undefined;
    return callee?.kind === 'member' ? callee.object : resource;
  }
  for (const part of withCallbacks(fn, { callbacks: 'all', counts: () => true })) {
    const call = part.calls.find((candidate) => isLimiterCall(candidate));
    if (call) return call.callee.kind === 'member' ? call.callee.object : call.callee;
  }
  return undefined;
}

/** `Promise.all(…)` */
function combined(call: Call): FanOut | undefined {
  const [first] = call.args;
  return first && !first.spread ? promisesIn(first.value, call, 0) : undefined;
}

function promisesIn(value: Value, wait: Call, depth: number): FanOut | undefined {
  if (depth > 4) return undefined;
  const map = mapOf(value);
  if (map) return { source: map.source, callback: map.callback };
  if (value.kind === 'collection' && value.form === 'array') {
    const spread = value.elements.find((element) => element.spread);
    return spread
      ? promisesIn(spread.value, wait, depth + 1)
      : { count: value.elements.length, isPython: false };
  }
  if (value.kind !== 'name') return undefined;
  return added(value, 'push', wait) ?? initialOf(value, (initial) => promisesIn(initial, wait, depth + 1));
}

/** `gather(…)`, `wait(…)`, `as_completed(…)` */
function gathered(call: Call): FanOut | undefined {
  const given = call.args.filter(({ keyword }) => keyword === undefined);
  const spread = given.find((argument) => argument.spread);
  if (spread) return awaitablesIn(spread.value, call, 0);
  const [first] = given;
  const isGather = call.callee.kind === 'member' ? call.callee.name === 'gather' : given.length !== 1;
  if (!first) return undefined;
  if (isGather) return { count: given.length, isPython: true };
  return (
    awaitablesIn(first.value, call, 0) ??
    (first.value.kind === 'call' ? { count: 1, isPython: true } : undefined)
  );
}

function awaitablesIn(value: Value, wait: Call, depth: number): FanOut | undefined {
  if (depth > 4) return undefined;
  switch (value.kind) {
    case 'comprehension': {
      const [clause] = value.clauses;
      const [element] = value.elements;
      return clause && element && !clause.isAsync
        ? { source: clause.source, callback: startedIn(element) }
        : undefined;
    }
    case 'collection': {
      const spread = value.elements.find((element) => element.spread);
      return spread
        ? awaitablesIn(spread.value, wait, depth + 1)
        : value.elements.length > 0
          ? { count: value.elements.length, isPython: true }
          : undefined;
    }
    case 'call': {
      const [first, second] = value.args;
      const name = outsideGlobal(value.callee);
      if (name === 'map' && first && second) return { source: second.value, callback: first.value };
      return first && (name === 'list' || name === 'tuple' || name === 'set')
        ? awaitablesIn(first.value, wait, depth + 1)
        : undefined;
    }
    case 'name':
      return (
        added(value, 'append', wait) ?? initialOf(value, (initial) => awaitablesIn(initial, wait, depth + 1))
      );
    default:
      return undefined;
  }
}

function initialOf(
  value: Value & { kind: 'name' },
  look: (initial: Value) => FanOut | undefined,
): FanOut | undefined {
  const { binding } = value;
  if (!binding?.initial || binding.destructured || binding.kind === 'param') return undefined;
  const found = look(binding.initial);
  // A list that is filled later is not as long as it was made.
  return found && 'count' in found && binding.references.some(({ parent }) => parent.kind === 'member')
    ? undefined
    : found;
}

/** `promises.push(f(x))` in a loop over something, before the wait. */
function added({ binding }: Value & { kind: 'name' }, method: string, wait: Call): FanOut | undefined {
  if (!binding || binding.kind === 'param') return undefined;
  for (const { parent } of binding.references) {
    if (parent.kind !== 'member' || parent.name !== method || parent.parent.kind !== 'call') continue;
    const call = parent.parent;
    const [given] = call.args;
    const found = given && repeated(call, wait, given.value);
    if (found) return found;
  }
  return undefined;
}

/** The nearest loop or comprehension that runs a call again and again without waiting in between. */
function repeated(call: Call, wait?: Call, started?: Value): FanOut | undefined {
  const work = started ?? call.args.find(({ keyword }) => keyword === undefined)?.value;
  if (!work) return undefined;
  for (const node of ancestors(call)) {
    if (wait && isWithin(wait, node)) return undefined;
    if (node.kind === 'comprehension') {
      const [clause] = node.clauses;
      if (clause && !clause.isAsync && node.elements.some((element) => isWithin(call, element)))
        return { source: clause.source, callback: startedIn(work) };
    }
    if (node.kind !== 'loop' || !isWithin(call, node.body)) continue;
    const isHeldUp =
      node.form !== 'for-of' || node.body.fn.awaits.some((other) => isWithin(other, node.body));
    return node.source && !isHeldUp ? { source: node.source, callback: startedIn(work) } : undefined;
  }
  return undefined;
}

const WRAPPERS = /^(?:create_task|ensure_future|wait_for|shield)$/;

/** `f` of `f(x)` and of `create_task(f(x))`: the function whose body runs for each element. */
function startedIn(value: Value): Value {
  if (value.kind !== 'call') return value;
  const { callee, args } = value;
  const name = callee.kind === 'member' ? callee.name : callee.kind === 'name' ? callee.text : undefined;
  const [first] = args;
  return name !== undefined && WRAPPERS.test(name) && first ? startedIn(first.value) : callee;
}
