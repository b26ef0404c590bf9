/** Where a function acquires locks and pooled objects, what gives them back, and who else could. */
import type { Await, Binding, Call, FileFacts, FunctionFact, Statement, Value } from '../core/facts';
import { calleeName, lastName, pathOf, useOf } from '../core/uses';
import { enclosing, isStatement, valuesOf, type Node } from '../core/walk';
import { isAcquire, isRelease } from '../knowledge/locks';

/** A lock, permit or pooled object that a function waited for. */
export interface Acquisition {
  readonly fn: FunctionFact;
  readonly wait: Await;
  /** `mutex.acquire()`. */
  readonly call: Call;
  /** What it is called on. */
  readonly receiver: Value;
  /** Names that take the result, whole or in part. */
  readonly results: readonly Binding[];
  readonly statement: Statement;
  /** Calls of the function itself that give it back. */
  readonly releases: ReadonlySet<Call>;
}

/** Functions that pass an awaitable on under a time limit or a shield. */
const WRAPPERS = new Set(['wait_for', 'shield']);

/** The acquisitions of a function that nothing else takes care of: no `using`, no release handed to anybody. */
export function acquisitionsOf(fn: FunctionFact): Acquisition[] {
  return fn.awaits.flatMap((wait): Acquisition[] => {
    const call = acquireIn(wait.operand);
    if (call?.callee.kind !== 'member') return [];
    const taken = takerOf(wait);
    if (!taken) return [];
    const receiver = call.callee.object;
    const releases = new Set(fn.calls.filter((other) => releasesIt(other, receiver, taken.results)));
    const acquisition = { fn, wait, call, receiver, ...taken, releases };
    return isHandedOut(acquisition) ? [] : [acquisition];
  });
}

function acquireIn(operand: Value): Call | undefined {
  if (operand.kind !== 'call') return undefined;
  const [first] = operand.args;
  if (first && WRAPPERS.has(calleeName(operand) ?? '')) return acquireIn(first.value);
  const { callee } = operand;
  if (callee.kind !== 'member' || callee.name === undefined) return undefined;
  return isAcquire(callee.name, lastName(callee.object)) ? operand : undefined;
}

/** The statement that takes the result and the names it goes to; undefined where it leaves for somewhere else. */
function takerOf(wait: Await): { results: readonly Binding[]; statement: Statement } | undefined {
  const { parent } = wait;
  if (isStatement(parent)) {
    if (parent.kind === 'expression') return { results: [], statement: parent };
    if (parent.kind === 'declare' && parent.disposal === undefined)
      return { results: parent.bindings, statement: parent };
    return undefined;
  }
  if (parent.kind !== 'assign' || !isStatement(parent.parent) || parent.parent.kind !== 'expression')
    return undefined;
  const { target } = parent;
  return target.kind === 'name' && target.binding && isLocal(target.binding, wait.fn)
    ? { results: [target.binding], statement: parent.parent }
    : undefined;
}

function isLocal(binding: Binding, fn: FunctionFact): boolean {
  return binding.fn === fn && fn.kind !== 'module' && !binding.exported;
}

/** `release()`, `client.release()`, `lock.release()`, `pool.release(client)`, `releaseLock(lock)`. */
function releasesIt(call: Call, receiver: Value, results: readonly Binding[]): boolean {
  const { callee } = call;
  const isResult = (value: Value) =>
    value.kind === 'name' && value.binding !== undefined && results.includes(value.binding);
  if (isResult(callee)) return true;
  const name = calleeName(call);
  if (name === undefined || !isRelease(name)) return false;
  if (callee.kind === 'member') {
    if (isResult(callee.object)) return true;
    if (pathOf(callee.object) !== undefined && pathOf(callee.object) === pathOf(receiver)) return true;
  }
  return call.args.some(
    ({ value }) => isResult(value) || (isNamed(value) && pathOf(value) === pathOf(receiver)),
  );
}

function isNamed(value: Value): boolean {
  return pathOf(value) !== undefined;
}

/** Whether somebody else may release it: the result or its `release` leaves the function or is seen by a closure. */
function isHandedOut({ fn, receiver, results, releases }: Acquisition): boolean {
  const isOurs = (value: Value): boolean =>
    (value.kind === 'name' && value.binding !== undefined && results.includes(value.binding)) ||
    (isNamed(value) && pathOf(value) === pathOf(receiver));
  for (const binding of results)
    if (binding.references.some((name) => name.fn !== fn || leaves(name, releases))) return true;
  return membersOf(fn.file).some((member) => {
    if (member.name === undefined || !isRelease(member.name) || !isOurs(member.object)) return false;
    if (member.fn !== fn) return releases.size === 0 || isInside(member.fn, fn);
    return useOf(member).kind !== 'called';
  });
}

/** True where a result goes to a place that outlives the function, or that may release it when nothing here does. */
function leaves(name: Value, releases: ReadonlySet<Call>): boolean {
  const use = useOf(name);
  switch (use.kind) {
    case 'returned':
    case 'stored':
    case 'yielded':
    case 'bound':
    case 'thrown':
      return true;
    case 'argument':
      return !releases.has(use.call) && releases.size === 0;
    case 'receiver':
      return use.call === undefined && use.member !== undefined && isRelease(use.member);
    default:
      return false;
  }
}

const members = new WeakMap<FileFacts, readonly Extract<Value, { kind: 'member' }>[]>();

/** Every member access of a file. */
function membersOf(facts: FileFacts): readonly Extract<Value, { kind: 'member' }>[] {
  let found = members.get(facts);
  if (!found) {
    found = facts.functions.flatMap((fn) => memberAccesses(fn));
    members.set(facts, found);
  }
  return found;
}

function memberAccesses(fn: FunctionFact): Extract<Value, { kind: 'member' }>[] {
  return valuesOf(fn).filter((value) => value.kind === 'member');
}

function isInside(fn: FunctionFact, outer: FunctionFact): boolean {
  for (const current of enclosing(fn)) if (current === outer) return true;
  return false;
}

/** Whether a node stands where a failure runs code that releases: a `try` with the release in a handler or `finally`. */
export function isProtected(node: Node, { releases }: Acquisition): boolean {
  for (
    let child = node, parent: Node | undefined = node.parent;
    parent;
    child = parent, parent = parent.parent
  ) {
    if (!isStatement(parent) || parent.kind !== 'try') continue;
    const { block, otherwise, finalizer, handlers } = parent;
    const cleanups = finalizer && child !== finalizer ? [finalizer] : [];
    if (child === block || (child === otherwise && cleanups.length > 0))
      cleanups.push(...(child === block ? handlers.map(({ body }) => body) : []));
    if ([...releases].some((call) => cleanups.some((body) => spans(body, call)))) return true;
  }
  return false;
}

function spans(outer: Node, inner: Node): boolean {
  return outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** The declaration or statement of its own that a release makes up: `release();`, `await pool.release(client)`. */
export function releaseStatement(call: Call): Statement | undefined {
  const value: Value = !isStatement(call.parent) && call.parent.kind === 'await' ? call.parent : call;
  return isStatement(value.parent) && value.parent.kind === 'expression' ? value.parent : undefined;
}
