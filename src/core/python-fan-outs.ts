/** Places where Python starts a coroutine for each element of a collection without waiting in between. */
import { isBounded, isBoundedLoop } from './bounded';
import type { Binding, Call, Comprehension, FileFacts, Loop, Value } from './facts';
import { calleeName, nameIn, outsideGlobal } from './uses';
import { outsideName } from './callees';
import { ancestors, find, isWithin, type Node } from './walk';

/** Coroutines started for all elements of a collection whose size the code does not fix. */
export interface PythonFanOut {
  /** `gather(…)` or `create_task(…)`: where to point at. */
  readonly call: Call;
  /** What runs for each element: the callee of `f(x)`, or `f` of `map(f, xs)` and `start_soon(f, x)`. */
  readonly callback: Value;
  /** `f(x)`, where it is written. */
  readonly coroutine: Call | undefined;
}

interface Started {
  readonly callback: Value;
  readonly coroutine: Call | undefined;
}

const GATHERERS: ReadonlySet<string> = new Set(['gather', 'wait', 'as_completed']);
/** Starters that take a coroutine, of asyncio, an event loop or a task group. */
const STARTERS: ReadonlySet<string> = new Set(['create_task', 'ensure_future']);
/** What takes a coroutine and runs it as it is. */
const WRAPPERS: ReadonlySet<string> = new Set(['wait_for', 'shield']);

/**
 * Every fan-out of a file, in source order: `gather(*(f(x) for x in xs))` and its relatives, and tasks that a loop or
 * comprehension starts.
 * @param isSmall whether a source holds few elements for a reason that its syntax does not tell.
 */
export function pythonFanOuts(facts: FileFacts, isSmall: (source: Value) => boolean): PythonFanOut[] {
  const isFixed = (source: Value) => isBounded(source) || isSmall(source);
  return facts.functions
    .flatMap((fn) => fn.calls)
    .flatMap((call): PythonFanOut[] => {
      const name = calleeName(call);
      if (name === undefined) return [];
      const started =
        STARTERS.has(name) || (name === 'start_soon' && call.callee.kind === 'member')
          ? startedInRounds(call, isFixed)
          : GATHERERS.has(outsideName(call.callee)?.path ?? '') && isAsyncio(call)
            ? gathered(call, isFixed)
            : undefined;
      return started ? [{ call, ...started }] : [];
    });
}

function isAsyncio(call: Call): boolean {
  return /^asyncio(?:\.|$)/.test(outsideName(call.callee)?.module ?? '');
}

/** The coroutine that `create_task(f(x))` starts again and again. */
function startedInRounds(call: Call, isFixed: (source: Value) => boolean): Started | undefined {
  const given = call.args.find((a) => a.keyword === undefined || a.keyword === 'coro')?.value;
  if (!given || !repeats(call, isFixed)) return undefined;
  return calleeName(call) === 'start_soon' ? { callback: given, coroutine: undefined } : coroutineOf(given);
}

/** Whether a call runs for every element of something unbounded, with no wait from one to the next. */
function repeats(call: Call, isFixed: (source: Value) => boolean, wait?: Call): boolean {
  for (const node of ancestors(call)) {
    if (wait && isWithin(wait, node)) return false;
    if (node.kind === 'with' && node.isAsync) return false;
    if (node.kind === 'comprehension') {
      if (!node.elements.some((element) => isWithin(call, element))) continue;
      if (isUnbounded(node, isFixed)) return true;
    }
    if (node.kind !== 'loop' || !isWithin(call, node.body)) continue;
    if (node.form !== 'for-of' || waitsInside(node)) return false;
    if (node.source && !isFixed(node.source) && !isBoundedLoop(node)) return true;
  }
  return false;
}

function waitsInside(loop: Loop): boolean {
  return loop.body.fn.awaits.some((wait) => isWithin(wait, loop.body));
}

/** An `async for` clause waits for each element: whoever sends them sets the pace. */
function isUnbounded({ clauses }: Comprehension, isFixed: (source: Value) => boolean): boolean {
  return clauses.every((clause) => !clause.isAsync) && clauses.some((clause) => !isFixed(clause.source));
}

function gathered(call: Call, isFixed: (source: Value) => boolean): Started | undefined {
  const isVariadic = outsideName(call.callee)?.path === 'gather';
  for (const { value, spread, keyword } of call.args) {
    if (keyword !== undefined || spread !== isVariadic) continue;
    const started = startedBy(value, call, isFixed);
    if (started) return started;
  }
  return undefined;
}

function startedBy(
  value: Value,
  wait: Call,
  isFixed: (source: Value) => boolean,
  depth = 0,
): Started | undefined {
  if (depth > 4) return undefined;
  switch (value.kind) {
    case 'comprehension': {
      const [element] = value.elements;
      return element && isUnbounded(value, isFixed) ? coroutineOf(element) : undefined;
    }
    case 'collection':
      for (const element of value.elements) {
        const started = element.spread && startedBy(element.value, wait, isFixed, depth + 1);
        if (started) return started;
      }
      return undefined;
    case 'call': {
      const [first, second] = value.args;
      const name = outsideGlobal(value.callee);
      if (!first) return undefined;
      if (name === 'map')
        return second && !isFixed(second.value) && !isStarter(first.value)
          ? { callback: first.value, coroutine: undefined }
          : undefined;
      return name === 'list' || name === 'tuple' || name === 'set'
        ? startedBy(first.value, wait, isFixed, depth + 1)
        : undefined;
    }
    case 'name': {
      const { binding } = value;
      if (!binding?.initial || binding.destructured || binding.kind === 'param') return undefined;
      return (
        appended(binding, wait, isFixed) ??
        (binding.kind === 'const' ? startedBy(binding.initial, wait, isFixed, depth + 1) : undefined)
      );
    }
    default:
      return undefined;
  }
}

/** `coroutines.append(f(x))` in a loop before the wait. */
function appended(binding: Binding, wait: Call, isFixed: (source: Value) => boolean): Started | undefined {
  for (const { parent } of binding.references) {
    if (parent.kind !== 'member' || parent.name !== 'append' || parent.parent.kind !== 'call') continue;
    const call = parent.parent;
    const [first] = call.args;
    const started = first && coroutineOf(first.value);
    if (started && repeats(call, isFixed, wait)) return started;
  }
  return undefined;
}

/** `f(x)`, also inside `wait_for(f(x), 5)`. Tasks are found where they are started. */
function coroutineOf(value: Value): Started | undefined {
  if (value.kind !== 'call') return undefined;
  const [first] = value.args;
  if (WRAPPERS.has(calleeName(value) ?? '') && first) return coroutineOf(first.value);
  return isStarter(value.callee) ? undefined : { callback: value.callee, coroutine: value };
}

function isStarter(callee: Value): boolean {
  const name = callee.kind === 'member' ? callee.name : callee.kind === 'name' ? callee.text : undefined;
  return name !== undefined && STARTERS.has(name);
}

/** `for event in events: if isinstance(event, Open): create_task(…)`: each kind of element is served in its own way. */
export function isDispatch(call: Call): boolean {
  let below: Node = call;
  for (const node of ancestors(call)) {
    if (
      node.kind === 'if' &&
      node.test !== below &&
      find(node.test, (n) => n.kind === 'call' && calleeName(n) === 'isinstance')
    )
      return true;
    if (node.kind === 'loop') return false;
    below = node;
  }
  return false;
}

/** Workers that share a queue are as many as somebody decided, not as many as there are things to do. */
export function takesQueue(coroutine: Call | undefined): boolean {
  return coroutine?.args.some(({ value }) => /queue|^q$/i.test(nameIn(value) ?? '')) ?? false;
}

/** A client that is told how many connections it may open. */
export function hasConnectionLimit({ text }: FileFacts): boolean {
  return /\bTCPConnector\([^)]*\blimit|\bhttpx\.Limits\(|\blimits=/.test(text);
}
