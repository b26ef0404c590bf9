import type { Call, FunctionFact, Name, Value } from '../core/facts';
import { message, type Message } from '../core/finding';
import { ask, askOne, type Asking, type CallbackAnswer } from '../core/questions';
import { functionOf, keepsRejections } from '../core/rejections';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, headOf, outsideGlobal, pathOf } from '../core/uses';
import { find, isStatement, valuesOf, walk, type Node } from '../core/walk';

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
  // A promise that may be missing is tested for being there.
  return yield* unlessReported(
    candidates.filter((_, i) => answers[i]?.always === 'yes'),
    (value) => ({
      span: value.span,
      message: message('A promise always counts as true: await it and test its result.'),
      repairs: [{ kind: 'await', value, safety: 'safe' }],
    }),
  );
}

function* spreads(values: readonly Value[]): Asking<Report[]> {
  const candidates = values.flatMap((value): Value[] => {
    const parts =
      value.kind === 'collection'
        ? value.elements
        : value.kind === 'markup'
          ? value.attributes
          : value.kind === 'call'
            ? value.args
            : [];
    return parts.filter((part) => part.spread && canBePromise(part.value)).map((part) => part.value);
  });
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
    } else if (canBePromise(value)) found.push(value);
  };
  const operand = (value: Value): void => {
    if (value.kind === 'choice' && value.operator !== '?:') {
      if (value.operator !== '??') operand(value.left);
    } else if (canBePromise(value)) found.push(value);
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

interface Callback {
  readonly value: Value;
  /** The call it is an argument of. */
  readonly call: Call | undefined;
  /** The property or attribute it is bound to. */
  readonly key: string | undefined;
}

function* callbacks(values: readonly Value[]): Asking<Report[]> {
  const candidates = values.flatMap(callbacksIn);
  const answers = yield* ask(
    'callback',
    candidates.map(({ value }) => value),
  );
  const reports: Report[] = [];
  for (const [i, callback] of candidates.entries()) {
    const answer = answers[i];
    if (answer?.returnsPromise !== 'yes') continue;
    if (yield* isArrayPredicate(callback)) reports.push(predicateReport(callback));
    else if (answer.expectsVoid === 'yes' && !(yield* isHarmless(callback)))
      reports.push(yield* callbackReport(callback, answer));
  }
  return reports;
}

function callbacksIn(node: Value): Callback[] {
  const parts = ((): Callback[] => {
    switch (node.kind) {
      case 'call':
        return node.args
          .filter((argument) => !argument.spread)
          .map(({ value }) => ({ value, call: node, key: undefined }));
      case 'collection':
        return node.form === 'object'
          ? node.elements
              .filter((element) => !element.spread)
              .map(({ value, key }) => ({ value, call: undefined, key }))
          : [];
      case 'markup':
        return node.attributes
          .filter((attribute) => !attribute.spread)
          .map(({ value, key }) => ({ value, call: undefined, key }));
      case 'assign':
        return [{ value: node.value, call: undefined, key: undefined }];
      default:
        return [];
    }
  })();
  const { parent } = node;
  const isBound = parent.kind === 'declare' || parent.kind === 'return';
  if (isBound) parts.push({ value: node, call: undefined, key: undefined });
  return parts
    .flatMap((part) => armsOf(part.value).map((value) => ({ ...part, value })))
    .filter(({ value }) => mayReturnPromise(value));
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
  // `finally` waits for the promise of its callback.
  if (call?.callee.kind === 'member' && call.callee.name === 'finally') {
    const receiver = yield* askOne('promise', call.callee.object);
    if (receiver.thenable === 'yes') return true;
  }
  const fn = yield* functionOf(value);
  return fn !== undefined && (yield* keepsRejections(fn));
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

function* callbackReport({ value, call, key }: Callback, { place }: CallbackAnswer): Asking<Report> {
  const repairs: Repair[] = [];
  if (call && (yield* isForEach(call))) {
    if (value.kind === 'function') repairs.push({ kind: 'for-of', call, callback: value.function });
    repairs.push({ kind: 'await-map', call });
    return {
      span: headOf(value),
      message: message('forEach waits for none of these promises: use for … of or Promise.all.'),
      repairs: [...repairs, ...handling(value)],
    };
  }
  const isEvent = place === 'attribute' && /^on[A-Z:_-]/i.test(key ?? '');
  const name = call ? calleeName(call) : key;
  return {
    span: headOf(value),
    message: callbackMessage(place, name),
    repairs: handling(value),
    ...(isEvent && { level: 'hint' }),
  };
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
  const methods = functions.filter(
    (fn) =>
      fn.owner !== undefined &&
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
    if (yield* keepsRejections(fn)) continue;
    reports.push({
      span: fn.nameSpan,
      message: message('The inherited type says this returns nothing: callers ignore its promise.'),
      repairs: fn.isAsync ? [{ kind: 'handle-body', function: fn }] : [],
    });
  }
  return reports;
}
