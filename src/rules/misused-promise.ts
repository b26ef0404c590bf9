import type { Call, FunctionFact, Name, Value } from '../core/facts';
import { message, type Message } from '../core/finding';
import { ask, askOne, together, type Asking, type CallbackAnswer } from '../core/questions';
import { functionOf, keepsRejections } from '../core/rejections';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import {
  calleeName,
  headOf,
  importedPath,
  isLiteral,
  optionOf,
  outsideGlobal,
  pathOf,
  rootName,
} from '../core/uses';
import { enclosing, find, isStatement, statementOf, valuesOf, walk, type Node } from '../core/walk';
import {
  CALLERS,
  CAPTURE_OPTION,
  EFFECT_NAME,
  EFFECTS,
  EMITTER_METHOD,
  UI_HANDLERS,
  UI_LISTENERS,
  VALUE_TAKERS,
} from '../knowledge/callers';
import { isLookedAfter } from './safe-callees';
import { isEndOfProcess, isOnPurpose } from './unwatched';
import { selfDriven } from './thenables';

export const rule: Rule = {
  meta: {
    id: 'misused-promise',
    languages: ['typescript'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'A promise where its result is needed, or an async function where nobody looks at its promise.',
    concepts: ['await', 'future', 'gather'],
    options: {},
    fixes: 'both',
    supersedes: [],
    inspiredBy: ['@typescript-eslint/no-misused-promises'],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const values = facts.functions.flatMap(valuesOf);
  const reports = [
    ...(yield* conditions(facts.functions)),
    ...(yield* spreads(values)),
    ...(yield* callbacks(values)),
    ...(yield* overrides(facts.functions)),
  ];
  return reports;
}

function* conditions(functions: readonly FunctionFact[]): Asking<Report[]> {
  const tested = new Set<Value>();
  for (const fn of functions) for (const value of testsOf(fn)) tested.add(value);
  const candidates = [...tested];
  const answers = yield* ask('promise', candidates);
  const driven = yield* selfDriven(candidates, answers);
  // A promise that may be missing is tested for being there.
  return yield* unlessReported(
    candidates.filter((value, i) => answers[i]?.always === 'yes' && !driven.has(value)),
    (value) => ({
      span: value.span,
      message: message('A promise always counts as true: await it and test its result.'),
      repairs: [{ kind: 'await', value, safety: 'safe' }],
    }),
  );
}

function* spreads(values: readonly Value[]): Asking<Report[]> {
  const candidates: Value[] = [];
  for (const value of values) {
    const parts =
      value.kind === 'collection'
        ? value.elements
        : value.kind === 'markup'
          ? value.attributes
          : value.kind === 'call'
            ? value.args
            : [];
    for (const part of parts) if (part.spread && canBePromise(part.value)) candidates.push(part.value);
  }
  const answers = yield* ask('promise', candidates);
  return yield* unlessReported(
    candidates.filter((_, i) => answers[i]?.thenable === 'yes'),
    (value) => ({
      span: value.span,
      message: message('Spreading a promise copies nothing of its result: await it first.'),
      repairs: [{ kind: 'await', value, safety: 'safe' }],
    }),
  );
}

function* unlessReported(values: readonly Value[], report: (value: Value) => Report): Asking<Report[]> {
  const complaints = yield* ask('complaint', values);
  return values.filter((_, i) => !complaints[i]).map(report);
}

/** Every value whose truth decides something, `&&`, `||` and `!` taken apart. */
function testsOf(fn: FunctionFact): Value[] {
  return valuesTested(fn).filter((value) => !mayBeUnset(value) && !isDuckTest(value));
}

/** `let p: Promise<void>;` has no value before its first assignment, whatever its type says. */
function mayBeUnset(value: Value): boolean {
  if (value.kind !== 'name' || !value.binding) return false;
  const { kind, initial, destructured } = value.binding;
  return (kind === 'let' || kind === 'var') && !initial && !destructured;
}

/** `value && typeof value.then === 'function'` asks whether there is a promise at all. */
function isDuckTest(value: Value): boolean {
  const path = pathOf(value);
  if (path === undefined) return false;
  const isThen = (node: Node) => !isStatement(node) && pathOf(node) === `${path}.then`;
  for (
    let child = value;
    !isStatement(child.parent) && child.parent.kind === 'choice';
    child = child.parent
  ) {
    if (child.parent.left === child && find(child.parent.right, isThen)) return true;
  }
  return false;
}

function valuesTested(fn: FunctionFact): Value[] {
  const found: Value[] = [];
  const test = (value: Value): void => {
    if (value.kind === 'choice' && value.operator !== '?:') {
      test(value.left);
      test(value.right);
    } else if (canBeTestedPromise(value)) found.push(value);
  };
  const operand = (value: Value): void => {
    if (value.kind === 'choice' && value.operator !== '?:') {
      if (value.operator !== '??') operand(value.left);
    } else if (canBeTestedPromise(value)) found.push(value);
  };
  walk(fn.body, (node) => {
    if (node.kind === 'if') test(node.test);
    else if (node.kind === 'loop' && node.test) test(node.test);
    else if (node.kind === 'unary' && node.operator === '!') test(node.operand);
    else if (node.kind === 'choice' && node.test) test(node.test);
    else if (node.kind === 'choice') operand(node);
    return undefined;
  });
  return found;
}

/** Nothing that is there to be called or was caught, and nothing whose type says by its form that it is no promise. */
function canBeTestedPromise(value: Value): boolean {
  if (value.kind !== 'name') return canBePromise(value);
  const kind = value.binding?.kind;
  return !isPlain(value) && kind !== 'function' && kind !== 'class';
}

function canBePromise({ kind }: Value): boolean {
  return ['call', 'name', 'member', 'choice', 'sequence', 'assign', 'opaque'].includes(kind);
}

const PREDICATES: ReadonlySet<string> = new Set([
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'some',
]);

const JAVASCRIPT = /\.[cm]?jsx?$/;

interface Callback {
  readonly value: Value;
  /** The call it is an argument of. */
  readonly call: Call | undefined;
  /** The property or attribute it is bound to. */
  readonly key: string | undefined;
}

function* callbacks(values: readonly Value[]): Asking<Report[]> {
  const candidates: Callback[] = [];
  for (const value of values) addCallbacks(value, candidates);
  const answers = yield* ask(
    'callback',
    candidates.map(({ value }) => value),
  );
  const judged = yield* together(
    candidates.flatMap((callback, i) => {
      const answer = answers[i];
      return answer?.returnsPromise === 'yes' ? [judgeCallback(callback, answer)] : [];
    }),
  );
  return judged.filter((found) => found !== undefined);
}

function* judgeCallback(callback: Callback, answer: CallbackAnswer): Asking<Report | undefined> {
  if (yield* isArrayPredicate(callback)) return predicateReport(callback);
  if (yield* isEffect(callback)) return effectReport(callback);
  if (!(yield* isIgnored(callback, answer)) || (yield* isHarmless(callback))) return undefined;
  return yield* callbackReport(callback, answer);
}

/** Whether nobody looks at the promise: by the types, unless what is known of the library says otherwise. */
function* isIgnored(callback: Callback, answer: CallbackAnswer): Asking<boolean> {
  if (answer.expectsVoid === 'yes') return (yield* isHandedOn(callback, answer)) !== true;
  if (callback.call?.callee.kind !== 'member') return false;
  const { callee, fn } = callback.call;
  const isCandidate = CALLERS.some(
    ({ path, since }) =>
      since && fn.file.text.includes(since.package) && path.test(`Router.${callee.name ?? ''}`),
  );
  return isCandidate && (yield* isHandedOn(callback, answer)) === false;
}

/** Whether a known library passes the rejection on; undefined where nothing is known of it. */
function* isHandedOn({ value, call }: Callback, { expected }: CallbackAnswer): Asking<boolean | undefined> {
  const declared = call && (yield* askOne('declaration', call.callee));
  const names = [
    ...(declared ? [{ module: declared.module, name: declared.path }] : []),
    ...(expected ? [expected] : []),
  ];
  const maker = call && makerOf(call);
  const caller = CALLERS.find(
    ({ modules, path, makers }) =>
      names.some(({ module, name }) => module !== undefined && modules.includes(module) && path.test(name)) ||
      (maker && modules.includes(maker.module) && makers?.test(maker.path) === true),
  );
  if (!caller) return undefined;
  const { since, patches } = caller;
  if (!since) return true;
  const belongsTo = yield* askOne('package', value.fn.file.file);
  if (patches?.some((name) => belongsTo?.dependencies.has(name))) return true;
  const major = majorOf(belongsTo?.dependencies.get(since.package));
  return major === undefined ? undefined : major >= since.major;
}

/** What made the constant whose method is called: `express` of `const app = express()`. */
function makerOf({ callee }: Call): { readonly module: string; readonly path: string } | undefined {
  if (callee.kind !== 'member' || callee.object.kind !== 'name') return undefined;
  const { kind, initial } = callee.object.binding ?? {};
  return kind === 'const' && initial?.kind === 'call' ? importedPath(initial.callee) : undefined;
}

/** The only major version a range such as `^4.18.2` allows; undefined for wider ranges and other notations. */
function majorOf(range: string | undefined): number | undefined {
  const major = /^(?:npm:[^@]+@)?[~^=v]*(\d+)(?:\.|$)/.exec(range ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}

/** In TypeScript the compiler reports it. */
function* isEffect({ value, call }: Callback): Asking<boolean> {
  if (!call || call.args[0]?.value !== value || !JAVASCRIPT.test(value.fn.file.file)) return false;
  if (!EFFECT_NAME.test(calleeName(call) ?? '')) return false;
  const imported = importedPath(call.callee);
  if (imported && EFFECTS.has(`${imported.module}:${imported.path}`)) return true;
  const declared = yield* askOne('declaration', call.callee);
  return declared !== undefined && EFFECTS.has(`${declared.module ?? ''}:${lastName(declared.path)}`);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function effectReport({ value }: Callback): Report {
  return {
    span: headOf(value),
    message: message('An effect gives back its cleanup, not a promise: start the async work inside.'),
    repairs: [],
  };
}

/** The values that a node hands to somebody or keeps, where they may be functions that return a promise. */
function addCallbacks(node: Value, found: Callback[]): void {
  const add = (value: Value, call: Call | undefined, key: string | undefined): void => {
    if (value.kind === 'choice') for (const arm of armsOf(value)) add(arm, call, key);
    else if (mayReturnPromise(value)) found.push({ value, call, key });
  };
  switch (node.kind) {
    case 'call':
      if (isGivenValuesOnly(node)) break;
      for (const { value, spread } of node.args) if (!spread) add(value, node, undefined);
      break;
    case 'collection':
      if (node.form !== 'object') break;
      for (const { value, key, spread } of node.elements) if (!spread) add(value, undefined, key);
      break;
    case 'markup':
      for (const { value, key, spread } of node.attributes) if (!spread) add(value, undefined, key);
      break;
    case 'assign':
      add(node.value, undefined, undefined);
  }
  const { parent } = node;
  if (parent.kind === 'declare' || parent.kind === 'return') add(node, undefined, undefined);
}

/** A function of the language that takes values, and nothing that it would call and forget: `console.log`, `new Error`. */
function isGivenValuesOnly({ callee }: Call): boolean {
  const root = rootName(callee);
  return root !== undefined && !root.binding && VALUE_TAKERS.has(root.text);
}

/** What a choice between functions chooses from: the type of the whole may hide that one returns a promise. */
function armsOf(value: Value): Value[] {
  if (value.kind !== 'choice') return [value];
  return value.operator === '&&' ? armsOf(value.right) : [...armsOf(value.left), ...armsOf(value.right)];
}

/** A function that is async or returns something, or anything that may stand for one. */
function mayReturnPromise(value: Value): boolean {
  switch (value.kind) {
    case 'function': {
      const fn = value.function;
      if (fn.isGenerator || fn.kind === 'getter' || fn.kind === 'setter') return false;
      return fn.isAsync || returnsOf(fn).length > 0;
    }
    case 'name':
      return !isPlain(value);
    case 'member':
    case 'call':
      return true;
    default:
      return false;
  }
}

/** Kinds of values that are no functions, whatever they hold. */
const PLAIN: ReadonlySet<Value['kind']> = new Set(['literal', 'template', 'collection', 'binary', 'unary']);

/** `undefined`, `this`, what was caught, or a constant that was made as something other than a function. */
function isPlain({ text, binding }: Name): boolean {
  if (!binding) return text === 'undefined' || text === 'this';
  const { kind, initial, destructured } = binding;
  return (
    binding.isPlain ||
    kind === 'catch' ||
    (kind === 'const' && !destructured && initial !== undefined && PLAIN.has(initial.kind))
  );
}

function returnsOf(fn: FunctionFact): Value[] {
  const returned: Value[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'return' && node.value && canBePromise(node.value)) returned.push(node.value);
    return undefined;
  });
  return returned;
}

function* isArrayPredicate({ value, call }: Callback): Asking<boolean> {
  if (call?.callee.kind !== 'member' || call.args[0]?.value !== value) return false;
  if (!PREDICATES.has(call.callee.name ?? '')) return false;
  const declaration = yield* askOne('declaration', call.callee);
  return declaration?.module === '' && /Array\.\w+$/.test(declaration.path);
}

/** Take a function away again, and never call it. */
const REMOVERS: ReadonlySet<string> = new Set(['off', 'removeEventListener', 'removeListener']);

function* isHarmless({ value, call }: Callback): Asking<boolean> {
  if (call?.callee.kind === 'member' && REMOVERS.has(call.callee.name ?? '')) return true;
  // What an executor returns is its settling chain, and `async-promise-executor` judges that.
  if (call?.form === 'new' && outsideGlobal(call.callee) === 'Promise' && !isAsync(value)) return true;
  if (call && calleeName(call) === 'promisify') return true;
  // `finally` waits for the promise of its callback.
  if (call?.callee.kind === 'member' && call.callee.name === 'finally') {
    const receiver = yield* askOne('promise', call.callee.object);
    if (receiver.thenable === 'yes') return true;
  }
  if (call && capturesRejections(call)) return true;
  const fn = yield* functionOf(value);
  return fn !== undefined && (yield* keepsRejections(fn, isLookedAfter));
}

/** A listener of an emitter that is made with `captureRejections: true`. */
function capturesRejections({ callee, fn }: Call): boolean {
  if (callee.kind !== 'member' || !EMITTER_METHOD.test(callee.name ?? '')) return false;
  const { object } = callee;
  if (object.kind !== 'name' || !fn.file.text.includes(CAPTURE_OPTION)) return false;
  if (object.binding) {
    const { kind, initial } = object.binding;
    return kind === 'const' && initial?.kind === 'call' && hasCaptureOption(initial);
  }
  if (object.text !== 'this') return false;
  const owner = [...enclosing(fn)].find((outer) => outer.owner)?.owner;
  return (
    owner?.members.some(({ fn: member }) =>
      member?.calls.some(
        (call) => call.callee.kind === 'name' && call.callee.text === 'super' && hasCaptureOption(call),
      ),
    ) ?? false
  );
}

function hasCaptureOption({ args }: Call): boolean {
  return args.some(({ value }) => isLiteral(optionOf(value, CAPTURE_OPTION), true));
}

function isAsync(value: Value): boolean {
  return value.kind === 'function' && value.function.isAsync;
}

function predicateReport({ value, call }: Callback): Report {
  const name = call ? (calleeName(call) ?? '') : '';
  const repairs: Repair[] = [];
  if (call && name === 'filter') repairs.push({ kind: 'filter-in-two-steps', call });
  if (call && (name === 'some' || name === 'every'))
    repairs.push({ kind: 'await-predicate', call, method: name });
  return {
    span: headOf(value),
    message: message('{name} takes every promise for a yes: await the answers first.', { name }),
    repairs,
  };
}

function* callbackReport(callback: Callback, answer: CallbackAnswer): Asking<Report> {
  const { value, call, key } = callback;
  const { place, expected } = answer;
  const repairs: Repair[] = [];
  if (call && (yield* isForEach(call))) {
    if (value.kind === 'function') repairs.push({ kind: 'for-of', call, callback: value.function });
    repairs.push({ kind: 'await-map', call });
    return {
      span: headOf(value),
      message: message('forEach waits for none of these promises: use for … of or Promise.all.'),
      repairs: [...repairs, ...handling(value)],
      ...(isAccepted(value) && { level: 'hint' }),
    };
  }
  const isEvent =
    (place === 'attribute' && /^on[A-Z:_-]/i.test(key ?? '')) ||
    (expected && UI_HANDLERS.get(expected.module ?? '')?.test(expected.name) === true) ||
    (call !== undefined && (yield* isListenerOfPage(call)));
  const isMild =
    (call !== undefined && isEndOfProcess(call)) ||
    (isIncidental(value, place) && (yield* isHandedOn(callback, answer)) !== false);
  const name = call ? calleeName(call) : key;
  return {
    span: headOf(value),
    message: callbackMessage(place, name),
    repairs: handling(value),
    ...(isEvent || isHook(callback, answer) || isAccepted(value)
      ? { level: 'hint' }
      : isMild && { level: 'information' }),
  };
}

/** A comment beside the statement says that nobody is meant to wait, or another linter has been told so. */
function isAccepted(value: Value): boolean {
  const { start } = statementOf(value).span;
  return isOnPurpose(value.fn.file, { start, end: headOf(value).end });
}

/**
 * `{ after: close }`: who gives a promise on in hooks and options has mostly seen somebody wait for it. Not so for events,
 * and where a library has a name for what it expects.
 */
function isHook({ value, key }: Callback, { place, expected }: CallbackAnswer): boolean {
  if (place !== 'property' || isAsync(value) || /^on[A-Z_:-]/.test(key ?? '')) return false;
  return expected?.module === undefined;
}

/** Given on rather than written for the place: `timer = setTimeout(() => save(), 5)`, `this.report = options.report`. */
function isIncidental(value: Value, place: CallbackAnswer['place']): boolean {
  if (place === 'variable' || place === 'return') return true;
  if (value.kind !== 'function' || value.function.isAsync) return false;
  const [only] = value.function.body.body;
  return only?.kind === 'return' && only.implicit;
}

/** `element.addEventListener(…)` of the DOM; Node's own event targets end the process. */
function* isListenerOfPage({ callee }: Call): Asking<boolean> {
  if (callee.kind !== 'member' || !UI_LISTENERS.test(`.${callee.name ?? ''}`)) return false;
  const declared = yield* askOne('declaration', callee);
  return declared?.module === '' && /\/lib\.dom\./.test(declared.file ?? '');
}

function callbackMessage(place: CallbackAnswer['place'], name: string | undefined): Message {
  if (name === undefined || name.length > 24)
    return message('Nobody looks at the promise of this function: handle its failure inside.');
  if (place === 'argument')
    return message('{name} ignores the promise of this function: handle its failure inside.', { name });
  return message('The caller of {name} ignores its promise: handle its failure inside.', { name });
}

function* isForEach(call: Call): Asking<boolean> {
  if (call.callee.kind !== 'member' || call.callee.name !== 'forEach') return false;
  const declaration = yield* askOne('declaration', call.callee);
  return declaration?.module === '' && /(Array|Map|Set)\.forEach$/.test(declaration.path);
}

/** Ways to deal with a failure inside a function whose promise nobody sees. */
function handling(value: Value): Repair[] {
  if (value.kind !== 'function') return [];
  const fn = value.function;
  if (fn.isAsync) return [{ kind: 'handle-body', function: fn }];
  const [only, ...others] = returnsOf(fn);
  return only && others.length === 0 ? [{ kind: 'handle', value: only }] : [];
}

function* overrides(functions: readonly FunctionFact[]): Asking<Report[]> {
  // In JavaScript, people extend classes whose types they have never seen.
  const methods = functions.filter(
    (fn) =>
      fn.owner !== undefined &&
      !JAVASCRIPT.test(fn.file.file) &&
      !fn.isStatic &&
      !fn.isGenerator &&
      ['method', 'arrow', 'function'].includes(fn.kind) &&
      (fn.isAsync || returnsOf(fn).length > 0),
  );
  const answers = yield* ask('override', methods);
  const reports: Report[] = [];
  for (const [i, fn] of methods.entries()) {
    const answer = answers[i];
    if (answer?.returnsPromise !== 'yes' || answer.expectsVoid !== 'yes') continue;
    if (yield* keepsRejections(fn, isLookedAfter)) continue;
    reports.push({
      span: fn.nameSpan,
      message: message('The inherited type says this returns nothing: callers ignore its promise.'),
      repairs: fn.isAsync ? [{ kind: 'handle-body', function: fn }] : [],
    });
  }
  return reports;
}
