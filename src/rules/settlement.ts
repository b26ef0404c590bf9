/** Whether a promise that is created here can reject before somebody has a chance to handle it. */
import type { Await, Binding, Call, FunctionFact, Statement, Value } from '../core/facts';
import { ask, type Asking } from '../core/questions';
import { bodyOf, fails, hasRejectionHandler } from '../core/rejections';
import {
  calleeName,
  catchesFailures,
  importedPath,
  isLiteral,
  isUndefined,
  optionOf,
  useOf,
} from '../core/uses';
import { isStatement, walk } from '../core/walk';
import {
  EVENT_BEFORE_ACTION,
  NEVER_REJECTING,
  PAUSE_NAME,
  PROMISIFIED_TIMERS,
} from '../knowledge/settlement';

/** Helpers are followed this far. */
const MAX_DEPTH = 3;

/** How a promise made by a call may come to reject. */
export type Rejection =
  | { readonly kind: 'never' }
  | { readonly kind: 'possible' }
  /** A deferred: only when one of these names, which hold its `reject`, is used. */
  | { readonly kind: 'deferred'; readonly rejects: readonly Binding[] };

const NEVER: Rejection = { kind: 'never' };
const POSSIBLE: Rejection = { kind: 'possible' };

/**
 * What can be said without asking anybody; undefined where the callee's declaration decides.
 * @param call the call that gives the promise.
 */
export function rejectionBySyntax(call: Call): Rejection | undefined {
  const { callee, args, form } = call;
  if (form === 'import') return args[0]?.value.kind === 'literal' ? NEVER : POSSIBLE;
  if (form === 'new') {
    const executor = args[0]?.value;
    const isPromise = callee.kind === 'name' && callee.text === 'Promise' && !callee.binding;
    if (!isPromise) return POSSIBLE;
    return executor?.kind === 'function' ? rejectionOfExecutor(executor.function) : NEVER;
  }
  if (callee.kind === 'function') return isContained(callee.function) ? NEVER : POSSIBLE;
  if (callee.kind === 'member') {
    if (hasRejectionHandler(call)) return NEVER;
    if (callee.name === 'then' || callee.name === 'finally') {
      const settled = callee.object.kind === 'call' ? rejectionBySyntax(callee.object) : undefined;
      // A handler further up the chain shows that its author has thought of the rejection.
      return settled?.kind === 'never' ? NEVER : POSSIBLE;
    }
  }
  if (args.some(({ value }) => forbidsRejection(value))) return NEVER;
  const imported = importedPath(callee);
  if (imported) {
    const known = neverRejects(imported.module, imported.path, call);
    if (known) return NEVER;
    if (imported.module === '' && imported.path === 'Promise.resolve')
      return args.every(({ value }) => value.kind !== 'call') ? NEVER : POSSIBLE;
    if (imported.module === '' && imported.path === 'Promise.withResolvers') return POSSIBLE;
  }
  const name = calleeName(call);
  if (name !== undefined && PAUSE_NAME.test(name) && args.length < 2) return NEVER;
  return isPromisifiedTimer(callee) && args.length < 3 ? NEVER : undefined;
}

/** Options with `reject: false`, as execa takes them: the result says what failed. */
function forbidsRejection(value: Value): boolean {
  if (value.kind === 'call' && importedPath(value.callee)?.path === 'Object.assign')
    return value.args.some((argument) => forbidsRejection(argument.value));
  return isLiteral(optionOf(value, 'reject'), false);
}

/** The same, after following the callee into the project's own code. */
export function* rejectionOf(call: Call, depth = 0): Asking<Rejection> {
  const bySyntax = rejectionBySyntax(call);
  if (bySyntax) return bySyntax;
  const [declared] = yield* ask('declaration', [call.callee]);
  if (!declared) return POSSIBLE;
  if (declared.module !== undefined) {
    return neverRejects(declared.module, declared.path, call) ? NEVER : POSSIBLE;
  }
  const fn = depth < MAX_DEPTH ? yield* bodyOf(declared) : undefined;
  return fn && (yield* neverRejectsFromInside(fn, depth + 1)) ? NEVER : POSSIBLE;
}

function neverRejects(module: string, path: string, { args }: Call): boolean {
  const key = `${module}:${path}`;
  if (!NEVER_REJECTING.has(key)) return false;
  const options = NEVER_REJECTING.get(key);
  return options === undefined || args.length <= options;
}

function rejectionOfExecutor(executor: FunctionFact): Rejection {
  if (executor.isAsync || throwsOutsideTry(executor.body.body)) return POSSIBLE;
  const reject = executor.params[1]?.binding;
  if (!reject || reject.references.length === 0) return NEVER;
  const holders: Binding[] = [];
  for (const reference of reject.references) {
    const use = useOf(reference);
    if (use.kind !== 'bound' || use.binding.fn === executor) return POSSIBLE;
    holders.push(use.binding);
  }
  return { kind: 'deferred', rejects: holders };
}

function throwsOutsideTry(body: readonly Statement[]): boolean {
  let found = false;
  for (const statement of body) {
    walk(statement, (node) => {
      if (node.kind === 'throw') found = true;
      return !(node.kind === 'try' && node.handlers.length > 0);
    });
  }
  return found;
}

function isPromisifiedTimer(callee: Value): boolean {
  const initial = callee.kind === 'name' ? callee.binding?.initial : callee;
  if (initial?.kind !== 'call' || calleeName(initial) !== 'promisify') return false;
  const target = initial.args[0]?.value;
  const name = target?.kind === 'name' ? target.text : target?.kind === 'member' ? target.name : undefined;
  return name !== undefined && PROMISIFIED_TIMERS.has(name);
}

function* neverRejectsFromInside(fn: FunctionFact, depth: number): Asking<boolean> {
  if (fn.isGenerator) return false;
  if (fn.isAsync) {
    if (isContained(fn)) return true;
    const pauses = yield* onlyPauses(fn, depth);
    return pauses;
  }
  if (throwsOutsideTry(fn.body.body)) return false;
  const returned: Value[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'return' && node.value) returned.push(node.value);
    return undefined;
  });
  if (returned.length === 0) return false;
  for (const value of returned) if (!(yield* isQuiet(value, depth))) return false;
  return true;
}

/** A returned value that is a promise which never rejects, or one that somebody else keeps and looks after. */
function* isQuiet(value: Value, depth: number): Asking<boolean> {
  if (value.kind === 'member' || value.kind === 'literal') return true;
  if (value.kind === 'name') {
    const { binding } = value;
    // Kept by an enclosing scope: shared, so its rejection reaches whoever asked first.
    if (binding && binding.fn !== value.fn) return true;
    if (binding?.initial?.kind === 'call') return yield* isQuiet(binding.initial, depth);
    return value.text === 'undefined';
  }
  if (value.kind === 'choice') {
    return (yield* isQuiet(value.left, depth)) && (yield* isQuiet(value.right, depth));
  }
  // `return (this.ready ??= this.open())`: shared, so its rejection reaches whoever asked first.
  if (value.kind === 'assign') return value.target.kind === 'member';
  return value.kind === 'call' && (yield* rejectionOf(value, depth)).kind === 'never';
}

/** An async function that does nothing but await pauses. */
function* onlyPauses(fn: FunctionFact, depth: number): Asking<boolean> {
  if (fails(fn.body) || fn.awaits.length === 0) return false;
  const awaited = new Set(fn.awaits.map(({ operand }) => operand));
  if (fn.calls.some((call) => !awaited.has(call))) return false;
  for (const { operand } of fn.awaits) {
    if (operand.kind !== 'call' || (yield* rejectionOf(operand, depth)).kind !== 'never') return false;
  }
  return true;
}

/** An async function all of whose awaits and throws are inside a `try` with a handler that stays quiet itself. */
function isContained(fn: FunctionFact): boolean {
  if (!fn.isAsync || fn.isGenerator) return false;
  let guarded = false;
  const isQuietStatement = (statement: Statement): boolean => {
    let quiet = true;
    walk(statement, (node) => {
      if (node.kind === 'try') {
        const [handler] = node.handlers;
        if (handler && catchesFailures(handler) && !mayFail(handler.body) && !mayFail(node.finalizer)) {
          guarded = true;
          return false;
        }
      }
      if (node.kind === 'throw' || node.kind === 'await') quiet = false;
      if (node.kind === 'loop' && node.form === 'for-await') quiet = false;
      if (node.kind === 'return' && node.value?.kind === 'call') quiet = false;
      return quiet;
    });
    return quiet;
  };
  return fn.body.body.every(isQuietStatement) && guarded;
}

function mayFail(statement: Statement | undefined): boolean {
  let fails = false;
  if (statement) {
    walk(statement, (node) => {
      if (node.kind === 'throw' || node.kind === 'await') fails = true;
      if (node.kind === 'return' && node.value?.kind === 'call') fails = true;
      return !fails;
    });
  }
  return fails;
}

/** An await that comes back before any other task runs: nothing can reject unseen meanwhile. */
export function isInstant({ operand }: Await): boolean {
  if (operand.kind === 'literal') return true;
  if (operand.kind === 'name') return isUndefined(operand);
  if (operand.kind !== 'call') return false;
  const path = importedPath(operand.callee);
  return (
    path?.module === '' &&
    path.path === 'Promise.resolve' &&
    operand.args.every(({ value }) => value.kind !== 'call' && value.kind !== 'name')
  );
}

/** `const { promise, reject } = Promise.withResolvers()`: rejects only through the `reject` taken out of it. */
export function withResolvers(call: Call): Rejection | undefined {
  const path = importedPath(call.callee);
  if (path?.module !== '' || path.path !== 'Promise.withResolvers') return undefined;
  const { parent } = call;
  if (!isStatement(parent) || parent.kind !== 'declare' || parent.whole) return undefined;
  return {
    kind: 'deferred',
    rejects: parent.bindings.filter(({ name }) => name !== 'promise' && name !== 'resolve'),
  };
}

/** A promise that its library's documents say to start before an action and to await after it. */
export function* isDocumentedIdiom(call: Call): Asking<boolean> {
  const name = calleeName(call);
  if (name === undefined || !EVENT_BEFORE_ACTION.name.test(name)) return false;
  const [declared] = yield* ask('declaration', [call.callee]);
  return declared?.module !== undefined && EVENT_BEFORE_ACTION.modules.has(declared.module);
}
