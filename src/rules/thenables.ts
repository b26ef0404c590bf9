/** What the tables know of values that have a `then`. */
import type { Call, Value } from '../core/facts';
import { ask, type Asking, type PromiseAnswer, type TypeAnswer } from '../core/questions';
import { functionOf } from '../core/rejections';
import { walk } from '../core/walk';
import { LAZY_THENABLES, SELF_DRIVEN, type LazyTypes, type ThenableTypes } from '../knowledge/thenables';

function matches({ modules, name, member }: ThenableTypes, type: TypeAnswer): boolean {
  if (type.name === undefined || !name.test(type.name) || !modules.includes(type.module)) return false;
  return member === undefined || type.has(member);
}

/** The kind of query a type stands for that runs only when it is awaited. */
export function lazyTypes(type: TypeAnswer | undefined): LazyTypes | undefined {
  return type && LAZY_THENABLES.find((types) => matches(types, type));
}

/** Those of the values that have a `then`, but are no promise that anybody has to wait for. */
export function* selfDriven(
  values: readonly Value[],
  answers: readonly (PromiseAnswer | undefined)[],
): Asking<ReadonlySet<Value>> {
  const foreign = values.filter((_, i) => answers[i]?.thenable === 'yes' && answers[i].native !== 'yes');
  const types = yield* ask('type', foreign);
  return new Set(foreign.filter((_, i) => isSelfDriven(types[i])));
}

function isSelfDriven(type: TypeAnswer | undefined): boolean {
  return type !== undefined && SELF_DRIVEN.some((types) => matches(types, type));
}

/** Those of the values that are built step by step, so that a statement may go on with one. */
export function* builders(values: readonly Value[]): Asking<ReadonlySet<Value>> {
  const types = yield* ask('type', values);
  return new Set(values.filter((_, i) => lazyTypes(types[i])?.isBuilder === true));
}

/**
 * Whether a call makes a query: a step that changes one which somebody has already, `query.limit(3)` or
 * `paginate(query)`, does not.
 */
export function* beginsQuery(call: Call, types: LazyTypes, depth = 1): Asking<boolean> {
  if (!types.isBuilder) return true;
  let first = call;
  while (first.callee.kind === 'member' && first.callee.object.kind === 'call') first = first.callee.object;
  const given: Value[] = first.args.map(({ value }) => value);
  if (first.callee.kind === 'member' && !isBegunBy(first.callee.object, types))
    given.push(first.callee.object);
  const handed = given.filter(({ kind }) => kind === 'name' || kind === 'member');
  if ((yield* ask('type', handed)).some((type) => lazyTypes(type) !== undefined)) return false;
  const fn = yield* functionOf(first.callee);
  if (!fn) return true;
  // A function of the project gives either a new query or one that it keeps.
  const returned: Value[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'return' && node.value) returned.push(node.value);
    return undefined;
  });
  for (const value of returned)
    if (value.kind !== 'call' || depth === 0 || !(yield* beginsQuery(value, types, depth - 1))) return false;
  return returned.length > 0;
}

function isBegunBy(value: Value, { begunBy }: LazyTypes): boolean {
  return value.kind === 'member' && value.name !== undefined && (begunBy?.includes(value.name) ?? false);
}

/** Those of the calls that make a query which runs only when it is awaited. */
export function* lazyQueries(calls: readonly Call[]): Asking<ReadonlySet<Value>> {
  const types = yield* ask('type', calls);
  const found = new Set<Value>();
  for (const [i, call] of calls.entries()) {
    const lazy = lazyTypes(types[i]);
    if (lazy && (yield* beginsQuery(call, lazy))) found.add(call);
  }
  return found;
}
