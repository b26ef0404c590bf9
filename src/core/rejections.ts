/** Whether the rejection of a promise can reach anybody outside the code that starts it. */
import { isLeftOut, isSurelyReached } from './branches';
import type { Await, Call, Declare, FunctionFact, Loop, Name, Statement, Value } from './facts';
import { isKeptElsewhere, leavesOf, memberWrites, writesOf } from './origins';
import { ask, askOne, type Asking, type DeclarationAnswer } from './questions';
import { isUndefined, outsideGlobal, pathOf, useOf } from './uses';
import { find, isStatement, walk, type Node } from './walk';

/** `p.catch(f)` or `p.then(g, f)`, also with `.finally(h)` behind it, where `f` can be a function and throws nothing. */
export function hasRejectionHandler(value: Value): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'member') return false;
  const { name, object } = value.callee;
  if (name === 'finally') return hasRejectionHandler(object);
  const handler =
    name === 'catch' ? value.args[0]?.value : name === 'then' ? value.args[1]?.value : undefined;
  if (!handler || handler.kind === 'literal' || isUndefined(handler)) return false;
  return handler.kind !== 'function' || !fails(handler.function.body);
}

/** Throws, or makes a rejected promise. */
export function fails(node: Node): boolean {
  return find(node, (part) => part.kind === 'throw' || isRejectedPromise(part)) !== undefined;
}

function isRejectedPromise(node: Node): boolean {
  if (node.kind !== 'call' || node.callee.kind !== 'member' || node.callee.name !== 'reject') return false;
  const { object } = node.callee;
  return object.kind === 'name' && object.text === 'Promise';
}

/**
 * Whether no failure of awaited or returned work leaves the function: every `await` stands in a `try` whose handler
 * does not throw, and every promise it returns has a rejection handler or comes from a function that is like this
 * itself. What fails at once does not count: it would fail in a function that is not async just as well.
 * @param isSafe whether a call is known to give a promise that never rejects.
 * @param depth how many calls to follow.
 */
export function* keepsRejections(fn: FunctionFact, isSafe?: IsSafe, depth = 2): Asking<boolean> {
  return yield* keeps(fn, undefined, { isSafe, depth, open: new Set(), isSame: true });
}

/**
 * Whether nobody has to watch the promise that a call gives: the function deals with every failure itself, an exception
 * included, or hands out a promise that is kept elsewhere and is somebody else's to watch.
 * @param depth how many calls to follow.
 */
export function* neverRejects(call: Call, isSafe?: IsSafe, depth = 4): Asking<boolean> {
  return yield* isQuietCall(call, { isSafe, depth, open: new Set(), isSame: true });
}

/** Whether a function gives no promise to this caller, as `load(callback)` with its callback. */
export function* givesNoPromise(call: Call): Asking<boolean> {
  if (call.form !== 'call') return false;
  const fn = yield* calledFunction(call);
  if (!fn || fn.isAsync || fn.isGenerator) return false;
  const returned: Value[] = [];
  const others: Value[] = [];
  walk(fn.body, (node) => {
    if (node.kind !== 'return' || !node.value) return undefined;
    const { value } = node;
    const isOther = (one: Node) => isLeftOut(one, fn, call);
    const writes = value.kind === 'name' ? writesOf(value) : undefined;
    if (isOther(node)) others.push(value);
    else if (writes?.some(isOther) === true) {
      others.push(value);
      returned.push(...writes.filter((one) => !isOther(one)));
    } else returned.push(value);
    return undefined;
  });
  if (others.length === 0) return false;
  return (yield* ask('promise', returned)).every(({ thenable }) => thenable === 'no');
}

type IsSafe = (call: Call) => Asking<boolean>;

interface Search {
  readonly isSafe: IsSafe | undefined;
  readonly depth: number;
  /** Functions under way: one that calls itself is judged by the rest of what it does. */
  readonly open: ReadonlySet<FunctionFact>;
  /** The promise is handed on as it is: nobody makes another one by waiting for it, which could reject as well. */
  readonly isSame: boolean;
  /** Paths of queues under way: `queue = queue.then(step)` is judged by its steps. */
  readonly queues?: ReadonlySet<string>;
}

function* keeps(fn: FunctionFact, call: Call | undefined, search: Search): Asking<boolean> {
  if (fn.isGenerator) return false;
  if (search.open.has(fn)) return true;
  const returned: Value[] = [];
  const awaited: Value[] = [];
  const implicit: Node[] = [];
  walk(fn.body, (node) => {
    if (call && isStatement(node) && isLeftOut(node, fn, call)) return false;
    if (node.kind === 'await') {
      if (!isCaught(node)) awaited.push(...leavesOf(node.operand));
    } else if (isImplicitAwait(node)) {
      if (!isCaught(node)) implicit.push(node);
    } else if (node.kind === 'return' && node.value) {
      returned.push(...leavesOf(node.value));
    }
    return undefined;
  });
  if (implicit.length > 0) return false;
  const answers = yield* ask('promise', returned);
  const isSame = search.isSame && !fn.isAsync;
  const inside: Search = { ...search, open: new Set([...search.open, fn]), isSame: false };
  for (const value of awaited) if (!(yield* isQuiet(value, call, inside))) return false;
  for (const [i, value] of returned.entries()) {
    if (answers[i]?.thenable === 'no' || (isSame && isKeptElsewhere(value)) || settles(value)) continue;
    if (!(yield* isQuiet(value, call, { ...inside, isSame }))) return false;
  }
  return true;
}

/**
 * Whether a promise cannot reject.
 * @param caller the call of the function that the value stands in.
 */
function* isQuiet(value: Value, caller: Call | undefined, search: Search): Asking<boolean> {
  switch (value.kind) {
    case 'literal':
      return true;
    case 'name':
    case 'member': {
      const path = pathOf(value);
      if (outsideGlobal(value) === 'undefined' || (path !== undefined && search.queues?.has(path) === true))
        return true;
      const writes = value.kind === 'name' ? writesOf(value) : memberWrites(value);
      if (!writes || writes.length === 0) return false;
      const inside: Search =
        path === undefined ? search : { ...search, queues: new Set([...(search.queues ?? []), path]) };
      const current = value.kind === 'name' ? lastOf(writes, value, caller) : writes;
      for (const written of current.flatMap(leavesOf))
        if (!(yield* isQuiet(written, caller, inside))) return false;
      return true;
    }
    case 'call':
      return (
        hasRejectionHandler(value) || isPlainPromise(value, caller) || (yield* isQuietCall(value, search))
      );
    default:
      return false;
  }
}

/** Of the values of a name those it can have where it is read: the last one that it surely has got before, and what follows. */
function lastOf(writes: readonly Value[], read: Name, caller: Call | undefined): readonly Value[] {
  const { fn } = read;
  if (read.binding?.fn !== fn || !isSurelyReached(read, fn, caller)) return writes;
  const sure = writes.filter(
    (written) => written.span.end <= read.span.start && isSurelyReached(written, fn, caller),
  );
  const since = sure[sure.length - 1]?.span.start ?? 0;
  // A function in between may run at any time.
  return writes.filter((written) => written.fn !== fn || written.span.end >= since);
}

function* isQuietCall(call: Call, search: Search): Asking<boolean> {
  if (call.form !== 'call' || search.depth === 0) return false;
  const { callee, args } = call;
  if (callee.kind === 'member' && (callee.name === 'then' || callee.name === 'finally')) {
    const derived: Search = { ...search, isSame: false };
    for (const { value } of args)
      if (value.kind === 'function' && !(yield* isQuietCallback(value, derived))) return false;
    const isClear = args.every(({ value }) => value.kind === 'function' || isSettler(value));
    if (isClear && (yield* isQuiet(callee.object, undefined, derived))) return true;
  }
  if (search.isSafe && (yield* search.isSafe(call))) return true;
  const combined = /^Promise\.(?:(allSettled)|all|any|race)$/.exec(outsideGlobal(callee) ?? '');
  if (combined)
    return (
      combined[1] !== undefined ||
      (yield* areQuiet(args[0]?.value, { ...search, isSame: false, depth: search.depth - 1 }))
    );
  const fn = yield* calledFunction(call);
  if (!fn || isUnfinished(fn)) return false;
  // What a function that is not async throws comes at once, to the caller itself.
  if ((fn.isAsync || !search.isSame) && throws(fn, call)) return false;
  return yield* keeps(fn, call, { ...search, depth: search.depth - 1 });
}

/** `throw new Error('not implemented')`: what it is overridden with could do anything. */
function isUnfinished({ body }: FunctionFact): boolean {
  return body.body[0]?.kind === 'throw';
}

function* isQuietCallback(value: Value, search: Search): Asking<boolean> {
  if (isSettler(value)) return true;
  const fn = yield* functionOf(value);
  return (
    fn !== undefined && !throws(fn) && (yield* keeps(fn, undefined, { ...search, depth: search.depth - 1 }))
  );
}

/** The promises in an array: written out, mapped, or pushed to a local name one by one. */
function* areQuiet(value: Value | undefined, search: Search): Asking<boolean> {
  if (value?.kind === 'collection') {
    for (const element of value.elements)
      if (element.spread || !(yield* isQuiet(element.value, undefined, search))) return false;
    return true;
  }
  if (value?.kind === 'call' && value.callee.kind === 'member' && value.callee.name === 'map') {
    const mapper = value.args[0]?.value;
    return mapper !== undefined && (yield* isQuietCallback(mapper, search));
  }
  const binding = value?.kind === 'name' ? value.binding : undefined;
  const initial = binding?.initial;
  if (!binding || binding.exported || initial?.kind !== 'collection') return false;
  for (const reference of binding.references) {
    if (reference === value) continue;
    const use = useOf(reference);
    if (use.kind !== 'receiver') return false;
    if (use.member === 'length') continue;
    if (use.member !== 'push' || !use.call) return false;
    for (const { value: pushed, spread } of use.call.args)
      if (spread || !(yield* isQuiet(pushed, undefined, search))) return false;
  }
  return yield* areQuiet(initial, search);
}

/** `return resolve(result)`: a callback that this function was given, and whose value means nothing. */
function settles(value: Value): boolean {
  return value.kind === 'call' && value.form === 'call' && isSettler(value.callee);
}

function isSettler(value: Value): boolean {
  return (
    value.kind === 'name' &&
    value.binding?.kind === 'param' &&
    /^(?:resolve|reject|res|rej|done|callback|cb)$/.test(value.text)
  );
}

/**
 * Whether an async function throws an exception that it does not catch itself. Those that say they cannot happen are
 * meant to be seen as unhandled.
 */
function throws(fn: FunctionFact, call?: Call): boolean {
  const thrown = find(
    fn.body,
    (node) =>
      node.kind === 'throw' &&
      !isCaught(node) &&
      !saysImpossible(node.value) &&
      !(call !== undefined && isLeftOut(node, fn, call)),
  );
  return thrown !== undefined;
}

const IMPOSSIBLE =
  /\b(?:internal error|invariant|unreachable|impossible|(?:should|must|can) ?(?:not|never|n['’]t) (?:be (?:here|reached)|happen)|never happens?|please report|bug in)\b/i;

function saysImpossible(value: Value | undefined): boolean {
  if (value?.kind !== 'call') return false;
  return value.args.some(
    ({ value: said }) =>
      said.kind === 'literal' && typeof said.value === 'string' && IMPOSSIBLE.test(said.value),
  );
}

/** `Promise.resolve()`, or `new Promise((resolve) => …)` whose executor cannot reject and throws nothing. */
function isPlainPromise(value: Call, caller?: Call): boolean {
  if (outsideGlobal(value.callee) === 'Promise.resolve')
    return value.args.every((argument) => argument.value.kind !== 'call');
  if (value.form !== 'new') return false;
  const { callee, args } = value;
  if (callee.kind !== 'name' || callee.text !== 'Promise' || callee.binding) return false;
  const executor = args[0]?.value;
  if (executor?.kind !== 'function') return false;
  const { function: fn } = executor;
  if (fn.isAsync || find(fn.body, (node) => node.kind === 'throw')) return false;
  const [, reject] = fn.params;
  if (!reject) return true;
  const uses = reject.binding?.references;
  return uses !== undefined && uses.every((use) => caller !== undefined && isLeftOut(use, value.fn, caller));
}

function isImplicitAwait(node: Node): node is Loop | Declare {
  return node.kind === 'loop'
    ? node.form === 'for-await'
    : node.kind === 'declare' && node.disposal === 'await using';
}

/** The function that a call runs, also `f.call(this)` and `f.apply(this, args)`. */
function* calledFunction({ callee }: Call): Asking<FunctionFact | undefined> {
  if (callee.kind === 'member' && (callee.name === 'call' || callee.name === 'apply')) {
    const fn = yield* functionOf(callee.object);
    if (fn) return fn;
  }
  const fn = yield* functionOf(callee);
  return fn && callee.kind === 'member' && isReplaced(fn, callee.name) ? undefined : fn;
}

/** A function that is only the first value of a property: `callbacks = { onClose: () => undefined }`. */
function isReplaced({ kind, value, file }: FunctionFact, name: string | undefined): boolean {
  if (name === undefined || !value || kind === 'method') return false;
  return new RegExp(`\\.${name.replace(/[$]/g, '\\$')}\\s*=[^=>]`).test(file.text);
}

/** The function a value stands for, where its body is part of the project. */
export function* functionOf(value: Value): Asking<FunctionFact | undefined> {
  if (value.kind === 'function') return value.function;
  if (value.kind === 'call' && value.callee.kind === 'member' && value.callee.name === 'bind')
    return yield* functionOf(value.callee.object);
  const named = value.kind === 'name' && value.binding?.kind === 'const' && value.binding.initial;
  // The name alone is the property where it is short for one: `{ handler }`.
  if (named && named.kind === 'function') return named.function;
  if (value.kind !== 'name' && value.kind !== 'member') return undefined;
  return yield* bodyOf(yield* askOne('declaration', value));
}

/** The function behind a declaration, where its body is part of the project. */
export function* bodyOf(declared: DeclarationAnswer | undefined): Asking<FunctionFact | undefined> {
  if (declared?.file === undefined || declared.start === undefined) return undefined;
  const facts = yield* askOne('facts', declared.file);
  return facts?.functions.find((fn) => fn.span.start === declared.start && fn.kind !== 'module');
}

/** Inside a `try` whose handler keeps what it catches. */
export function isCaught(node: Await | Statement): boolean {
  let child: Node = node;
  for (let parent: Node | undefined = node.parent; parent; child = parent, parent = parent.parent) {
    if (!isStatement(parent) || parent.kind !== 'try' || parent.block !== child) continue;
    const [handler] = parent.handlers;
    if (handler && handler.types.length === 0 && !fails(handler.body)) return true;
  }
  return false;
}
