/** Places that outlive a call: fields of the object, variables of outer scopes, entries of maps kept there. */
import type { Assign, Call, FunctionFact, Value } from '../core/facts';
import { calleeName, isNothing, pathOf, rootName } from '../core/uses';
import { enclosing, isStatement } from '../core/walk';

/** What is known of a place after a test of it: something is there, or nothing is. */
export interface Look {
  readonly key: string;
  readonly present: boolean;
}

/** What puts a value into a place. */
export interface Store {
  readonly key: string;
  /** What the place is called in messages. */
  readonly name: string;
  /** The value that ends up there; undefined for `set.add(key)`. */
  readonly value: Value | undefined;
  readonly kind: 'variable' | 'entry' | 'member-of-set';
}

/** Names a place that outlives the calls of a function, so that two mentions of it can be compared. */
export function placeOf(value: Value, fn: FunctionFact): string | undefined {
  if (value.kind === 'member' && value.name === undefined) {
    const container = placeOf(value.object, fn);
    return container !== undefined && value.computed ? entryOf(container, value.computed) : undefined;
  }
  const path = pathOf(value);
  const root = rootName(value);
  if (path === undefined || !root) return undefined;
  if (/^(?:this|self|cls)$/.test(root.text))
    return value.kind === 'member' && (!root.binding || root.binding.kind === 'param') ? path : undefined;
  const { binding } = root;
  if (!binding || binding.fn === fn || !['let', 'var', 'const'].includes(binding.kind)) return undefined;
  if (binding.fn.kind !== 'module' && !runsAgain(fn, binding.fn)) return undefined;
  return `${path}@${binding.span.start}`;
}

const REPEATS =
  /^(?:map|forEach|flatMap|filter|some|every|find|reduce|on|addListener|addEventListener|use|all|get|post|put|patch|setInterval|handle|subscribe)$/;

/** Whether a nested function can run several times for one run of the outer one: not a callback that is given once. */
function runsAgain(fn: FunctionFact, outer: FunctionFact): boolean {
  for (const current of enclosing(fn)) {
    if (current === outer) return false;
    const call = current.value?.parent;
    const isGiven = call !== undefined && !isStatement(call) && call.kind === 'call';
    if (!isGiven || REPEATS.test(calleeName(call) ?? '')) return true;
  }
  return false;
}

function entryOf(container: string, key: Value): string {
  return `${container}[${key.fn.file.text.slice(key.span.start, key.span.end)}]`;
}

/** `map.get(key)`, `map.has(key)`, `map[key]`: the entry a call or member looks at. */
function entryLookedAt(value: Value, fn: FunctionFact): string | undefined {
  if (value.kind !== 'call' || value.callee.kind !== 'member') return placeOf(value, fn);
  const [key, ...others] = value.args;
  if (!key || others.length > 0 || !/^(?:get|has)$/.test(value.callee.name ?? '')) return undefined;
  const container = placeOf(value.callee.object, fn);
  return container === undefined ? undefined : entryOf(container, key.value);
}

/** The place a condition asks about, where its outcome says whether something is there. */
export function lookOf(test: Value, truth: boolean, fn: FunctionFact): Look | undefined {
  if (test.kind === 'binary') {
    if (test.operator === 'in' || test.operator === 'not in') {
      const container = placeOf(test.right, fn);
      if (container === undefined) return undefined;
      return { key: entryOf(container, test.left), present: truth === (test.operator === 'in') };
    }
    const other = isNothing(test.right) ? test.left : isNothing(test.left) ? test.right : undefined;
    if (!other) return undefined;
    const key = seenThrough(other, fn);
    if (key === undefined) return undefined;
    if (/^(?:===?|is)$/.test(test.operator)) return { key, present: !truth };
    return /^(?:!==?|is not)$/.test(test.operator) ? { key, present: truth } : undefined;
  }
  const key = seenThrough(test, fn);
  return key === undefined ? undefined : { key, present: truth };
}

/** A local name stands for the place it was read from: `const hit = cache.get(key); if (hit) …`. */
function seenThrough(value: Value, fn: FunctionFact): string | undefined {
  if (value.kind === 'name' && value.binding?.fn === fn) {
    const { initial, references } = value.binding;
    const isStable = references.every(({ access }) => access === 'read');
    return initial && isStable && initial.kind !== 'name' ? entryLookedAt(initial, fn) : undefined;
  }
  if (value.kind === 'assign') return entryLookedAt(value.value, fn);
  return entryLookedAt(value, fn);
}

/** What a value stores where others see it. */
export function storeOf(value: Assign | Call, fn: FunctionFact): Store | undefined {
  if (value.kind === 'assign') {
    const key = placeOf(value.target, fn);
    if (key === undefined) return undefined;
    const kind = value.target.kind === 'member' && value.target.computed ? 'entry' : 'variable';
    return { key, name: nameOf(value.target), value: value.value, kind };
  }
  const { callee, args } = value;
  const [key, stored] = args;
  if (callee.kind !== 'member' || !key) return undefined;
  const method = calleeName(value);
  if (method !== 'add' && !(method === 'set' && stored)) return undefined;
  const container = placeOf(callee.object, fn);
  if (container === undefined) return undefined;
  return {
    key: entryOf(container, key.value),
    name: nameOf(callee.object),
    value: stored?.value,
    kind: method === 'add' && !stored ? 'member-of-set' : 'entry',
  };
}

function nameOf(value: Value): string {
  if (value.kind === 'member') return value.name ?? nameOf(value.object);
  return value.kind === 'name' ? value.text : '';
}
