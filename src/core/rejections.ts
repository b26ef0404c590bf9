/** Whether the rejection of a promise can reach anybody outside the code that starts it. */
import type { Await, Call, Declare, FunctionFact, Loop, Statement, Value } from './facts';
import { ask, askOne, type Asking } from './questions';
import { outsideGlobal } from './uses';
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

function isUndefined(value: Value): boolean {
  return value.kind === 'name' && value.text === 'undefined' && !value.binding;
}

/** Throws, or makes a rejected promise. */
function fails(node: Node): boolean {
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
export function* keepsRejections(
  fn: FunctionFact,
  isSafe?: (call: Call) => Asking<boolean>,
  depth = 2,
): Asking<boolean> {
  if (fn.isGenerator) return false;
  const returned: Value[] = [];
  const awaited: Value[] = [];
  const implicit: Node[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'await') {
      if (!hasRejectionHandler(node.operand) && !isCaught(node)) awaited.push(node.operand);
    } else if (isImplicitAwait(node)) {
      if (!isCaught(node)) implicit.push(node);
    } else if (node.kind === 'return' && node.value && node.value.kind !== 'await') {
      if (!hasRejectionHandler(node.value)) returned.push(node.value);
    }
    return undefined;
  });
  if (implicit.length > 0) return false;
  const answers = yield* ask('promise', returned);
  for (const leak of [...awaited, ...returned.filter((_, i) => answers[i]?.thenable !== 'no')]) {
    if (isPlainPromise(leak)) continue;
    if (leak.kind !== 'call' || leak.form !== 'call' || depth === 0) return false;
    if (isSafe && (yield* isSafe(leak))) continue;
    const called = yield* functionOf(leak.callee);
    if (!called || !(yield* keepsRejections(called, isSafe, depth - 1))) return false;
  }
  return true;
}

/** `Promise.resolve()`, or `new Promise((resolve) => …)` whose executor takes no `reject` and throws nothing. */
function isPlainPromise(value: Value): boolean {
  if (value.kind !== 'call') return false;
  if (outsideGlobal(value.callee) === 'Promise.resolve')
    return value.args.every((argument) => argument.value.kind !== 'call');
  if (value.form !== 'new') return false;
  const { callee, args } = value;
  if (callee.kind !== 'name' || callee.text !== 'Promise' || callee.binding) return false;
  const executor = args[0]?.value;
  if (executor?.kind !== 'function') return false;
  const { function: fn } = executor;
  return !fn.isAsync && fn.params.length < 2 && !find(fn.body, (node) => node.kind === 'throw');
}

function isImplicitAwait(node: Node): node is Loop | Declare {
  return node.kind === 'loop'
    ? node.form === 'for-await'
    : node.kind === 'declare' && node.disposal === 'await using';
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
  const declaration = yield* askOne('declaration', value);
  if (declaration?.file === undefined || declaration.start === undefined) return undefined;
  const facts = yield* askOne('facts', declaration.file);
  return facts?.functions.find((fn) => fn.span.start === declaration.start && fn.kind !== 'module');
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
