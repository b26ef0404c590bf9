/** How much a Python function plainly computes in Python code, which holds the GIL all the while. */
import type { Argument, Binding, Call, Comprehension, FunctionFact, Loop, Value } from '../core/facts';
import type { Asking } from '../core/questions';
import { functionOf } from '../core/rejections';
import type { Span } from '../core/text';
import { calleeName, importedPath } from '../core/uses';
import { ancestors, find, isStatement, partsOf, walk, type Node } from '../core/walk';

/** Rounds of a counting loop whose bounds the code does not fix. */
const COUNTED = 1000;
/** Rounds of a loop over a collection of unknown size: too few to be sure of anything. */
const COLLECTED = 30;
/** Rounds of a loop that halves or divides what it counts. */
const DIVIDED = 10;
/** A hash of a few bytes, in steps; a loop of unknown length that hashes is searching for something or stretching a key. */
const HASH = 1000;
/** From this many steps on a function is busy for tens of milliseconds. */
const MUCH = 1_000_000;
/** A function that calls itself twice is busy from this argument on. */
const DEEP = 20;
const FOLLOWED = 3;

const BUILTINS = new Set(
  (
    'abs all any bin bool bytearray bytes chr complex dict divmod enumerate filter float frozenset hash hex int ' +
    'isinstance len list map max min oct ord pow range reversed round set sorted str sum tuple zip'
  ).split(' '),
);
/** Methods of lists, dicts, sets, strings, bytes and hashes that only touch memory. */
const METHODS = new Set(
  (
    'add append appendleft as_integer_ratio bit_count bit_length clear copy count decode digest encode endswith ' +
    'extend find format from_bytes get hexdigest index insert is_integer isdigit items join keys lower lstrip pop ' +
    'popitem popleft remove replace reverse rstrip setdefault sort split startswith strip to_bytes upper values zfill'
  ).split(' '),
);
const MODULES = new Set(['math', 'cmath', 'itertools', 'operator', 'fractions', 'random', 'bisect', 'heapq']);
const CLOCKS = /^(?:time|monotonic|perf_counter|process_time)(?:_ns)?$/;
const HASHES = /^(?:new|md5|sha\d\w*|blake2[bs])$/;
/** Operators that compute the same way on numbers only. */
const ARITHMETIC = new Set(['+', '-', '*', '/', '//', '%', '**', '<<', '>>', '&', '|', '^']);
const DECORATORS = new Set(['staticmethod', 'classmethod']);
/** Libraries that compute in C, often without the GIL, or compile what looks like Python. */
const NATIVE =
  /^(?:numpy|scipy|pandas|polars|torch|tensorflow|jax|cupy|numba|cython|sympy|gmpy2|cv2|PIL|sklearn|ctypes|cffi|mypyc|taichi|pyarrow|xarray|dask)(?:\.|$)/;

/** Where a function is busy. */
export interface Busy {
  readonly fn: FunctionFact;
  /** The loop, or the sum of two calls of itself. */
  readonly span: Span;
}

interface Weight {
  readonly steps: number;
  readonly busy: Busy | undefined;
}

/** Parameters and the numbers they are called with. */
type Numbers = ReadonlyMap<Binding, number>;

/**
 * Where a call of a function computes for long without leaving Python code; undefined where that is not plain, and
 * where it may wait, read or write something, or call what is not known.
 * @param args what the function is called with.
 */
export function* busyPart(fn: FunctionFact, args: readonly Argument[]): Asking<Busy | undefined> {
  return (yield* weigh(fn, numbersOf(fn, args, new Map()), []))?.busy;
}

function* weigh(
  fn: FunctionFact,
  numbers: Numbers,
  callers: readonly FunctionFact[],
): Asking<Weight | undefined> {
  if (!isPlain(fn)) return undefined;
  const calls: Call[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'call') calls.push(node);
    return undefined;
  });
  const weights = new Map<Call, Weight>();
  for (const call of calls) {
    if (isHash(call)) {
      if (!call.args.every((argument) => isShort(argument.value))) return undefined;
      weights.set(call, { steps: HASH, busy: undefined });
    } else if (!isPure(call)) {
      const called = yield* functionOf(call.callee);
      if (!called) return undefined;
      if (called === fn || callers.includes(called)) continue;
      if (callers.length >= FOLLOWED) return undefined;
      const weight = yield* weigh(called, numbersOf(called, call.args, numbers), [...callers, fn]);
      if (!weight) return undefined;
      weights.set(call, weight);
    }
  }
  const branching = yield* branchingCall(fn, numbers);
  if (branching) return { steps: MUCH, busy: { fn, span: branching } };
  const steps = (node: Node): number => stepsOf(node, weights, numbers, steps);
  const inner = [...weights.values()].find((weight) => weight.busy)?.busy;
  const loop = find(
    fn.body,
    (node) => (node.kind === 'loop' || node.kind === 'comprehension') && steps(node) >= MUCH,
  );
  return { steps: steps(fn.body), busy: loop ? { fn, span: headOf(loop) } : inner };
}

function headOf(node: Node): Span {
  return node.kind === 'loop' ? { start: node.span.start, end: node.body.span.start } : node.span;
}

/** An ordinary function that nothing has wrapped, compiled or made remember its results, and that cannot wait. */
function isPlain(fn: FunctionFact): boolean {
  if (fn.isAsync || fn.isGenerator || fn.file.language !== 'python') return false;
  if (fn.file.imports.some((module) => NATIVE.test(module))) return false;
  if (!fn.decorators.every((value) => value.kind === 'name' && DECORATORS.has(value.text))) return false;
  return !find(fn.body, (node) => node.kind === 'with' || node.kind === 'await' || node.kind === 'yield');
}

function isPure(call: Call): boolean {
  const { callee } = call;
  const imported = importedPath(callee);
  if (imported && imported.module !== '') {
    if (imported.module === 'time') return CLOCKS.test(imported.path);
    return MODULES.has(imported.module);
  }
  if (callee.kind === 'name')
    return !callee.binding && (BUILTINS.has(callee.text) || /(?:Error|Exception)$/.test(callee.text));
  if (callee.kind !== 'member' || callee.name === undefined) return false;
  // A hash of much data releases the GIL.
  if (callee.name === 'update') return call.args.every((argument) => isShort(argument.value));
  return METHODS.has(callee.name);
}

function isHash(call: Call): boolean {
  const imported = importedPath(call.callee);
  return imported?.module === 'hashlib' && HASHES.test(imported.path);
}

/** Bytes or text of a few characters as far as can be told: a digest, a literal, a number as text. */
function isShort(value: Value, depth = 0): boolean {
  if (depth > 4) return false;
  const again = (part: Value | undefined) => part !== undefined && isShort(part, depth + 1);
  switch (value.kind) {
    case 'literal':
    case 'template':
      return true;
    case 'binary':
      return value.operator === '+' && again(value.left) && again(value.right);
    case 'name':
      return (
        again(value.binding?.initial) ||
        (value.binding?.references.some(
          ({ parent }) => parent.kind === 'assign' && parent.operator === '=' && again(parent.value),
        ) ??
          false)
      );
    case 'call': {
      const name = calleeName(value);
      if (name === 'digest' || name === 'hexdigest' || name === 'to_bytes' || name === 'str') return true;
      return name === 'encode' && value.callee.kind === 'member' && again(value.callee.object);
    }
    default:
      return false;
  }
}

function stepsOf(
  node: Node,
  weights: ReadonlyMap<Call, Weight>,
  numbers: Numbers,
  steps: (node: Node) => number,
): number {
  const sum = (nodes: readonly Node[]) => nodes.reduce((total, part) => total + steps(part), 0);
  switch (node.kind) {
    case 'loop': {
      const once = node.source ? [node.source] : [];
      return sum(once) + roundsOf(node, numbers) * sum(partsOf(node).filter((part) => part !== node.source));
    }
    case 'comprehension': {
      const inner = sum([...node.clauses.flatMap((clause) => clause.conditions), ...node.elements]);
      return roundsOfClauses(node, numbers) * inner;
    }
    case 'if':
      return steps(node.test) + Math.max(steps(node.then), node.otherwise ? steps(node.otherwise) : 0);
    case 'call':
      return (weights.get(node)?.steps ?? 0) + sum(partsOf(node));
    default:
      return (isArithmetic(node) ? 1 : 0) + sum(partsOf(node));
  }
}

function roundsOf(loop: Loop, numbers: Numbers): number {
  if (loop.source) return sizeOf(loop.source, numbers);
  const { test } = loop;
  if (!test) return COLLECTED;
  const divides = find(loop.body, (node) => {
    if (node.kind === 'assign') return /^(?:\/\/?|>>)=$/.test(node.operator);
    return node.kind === 'binary' && /^(?:\/\/?|>>)$/.test(node.operator);
  });
  if (divides) return DIVIDED;
  // What else counts by hand mostly reads a text to its end.
  const counts = find(test, isArithmetic) ?? find(loop.body, (node) => node.kind === 'call' && isHash(node));
  return counts ? COUNTED : COLLECTED;
}

function roundsOfClauses({ clauses }: Comprehension, numbers: Numbers): number {
  return clauses.reduce((product, clause) => product * sizeOf(clause.source, numbers), 1);
}

function sizeOf(source: Value, numbers: Numbers): number {
  if (source.kind === 'collection') return source.elements.length;
  if (source.kind === 'literal' && typeof source.value === 'string') return source.value.length;
  if (source.kind !== 'call') return COLLECTED;
  const imported = importedPath(source.callee);
  if (imported?.module === 'itertools') return imported.path === 'count' ? COUNTED : COLLECTED;
  const [first, second, third] = source.args.map((argument) => argument.value);
  if (imported?.module !== '' || !first) return COLLECTED;
  if (imported.path === 'enumerate' || imported.path === 'reversed') return sizeOf(first, numbers);
  if (imported.path !== 'range') return COLLECTED;
  const from = second ? constantOf(first, numbers) : 0;
  const to = constantOf(second ?? first, numbers);
  const step = third ? constantOf(third, numbers) : 1;
  if (from === undefined || to === undefined) return COUNTED;
  return Math.max(0, Math.ceil((to - from) / (step === undefined || step === 0 ? 1 : step)));
}

/** What the parameters stand for, where the call or their defaults give numbers. */
function numbersOf(fn: FunctionFact, args: readonly Argument[], outer: Numbers): Numbers {
  const numbers = new Map<Binding, number>();
  if (args.some((argument) => argument.spread)) return numbers;
  const isMethod = fn.owner !== undefined && !fn.isStatic;
  const params = isMethod ? fn.params.slice(1) : fn.params;
  const positional = args.filter((argument) => argument.keyword === undefined);
  params.forEach(({ binding, initial, rest }, i) => {
    if (!binding || rest) return;
    const given = (args.find((argument) => argument.keyword === binding.name) ?? positional[i])?.value;
    const number = given ? constantOf(given, outer) : initial && constantOf(initial, new Map());
    if (number !== undefined) numbers.set(binding, number);
  });
  return numbers;
}

function constantOf(value: Value, numbers: Numbers, depth = 0): number | undefined {
  if (depth > 6) return undefined;
  const again = (part: Value | undefined) => part && constantOf(part, numbers, depth + 1);
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'number' ? value.value : undefined;
    case 'unary': {
      const operand = again(value.operand);
      return value.operator === '-' && operand !== undefined ? -operand : undefined;
    }
    case 'binary': {
      const left = again(value.left);
      const right = again(value.right);
      return left === undefined || right === undefined ? undefined : compute(value.operator, left, right);
    }
    case 'name': {
      const { binding } = value;
      if (!binding || binding.destructured) return undefined;
      if (binding.references.some((name) => name.access !== 'read')) return undefined;
      return binding.kind === 'param' ? numbers.get(binding) : again(binding.initial);
    }
    case 'call':
      return calleeName(value) === 'int' ? again(value.args[0]?.value) : undefined;
    default:
      return undefined;
  }
}

function compute(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return left ** right;
    case '//':
      return Math.floor(left / right);
    case '<<':
      return left * 2 ** right;
    default:
      return undefined;
  }
}

/** `a[i] * b[i]`, `n % 2`, `total += 1`: some operand is plainly a number. */
function isArithmetic(node: Node): boolean {
  if (node.kind === 'binary')
    return ARITHMETIC.has(node.operator) && isCalculation(node.left, node.right, isNumber);
  if (node.kind !== 'assign' || !ARITHMETIC.has(node.operator.slice(0, -1))) return false;
  return isCalculation(node.target, node.value, isNumber);
}

function isCalculation(left: Value, right: Value, test: (value: Value) => boolean): boolean {
  const isText = (value: Value) =>
    value.kind === 'template' ||
    value.kind === 'collection' ||
    (value.kind === 'literal' && typeof value.value === 'string');
  return !isText(left) && !isText(right) && (test(left) || test(right));
}

function isNumber(node: Node): boolean {
  if (isStatement(node)) return false;
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'number';
    case 'name':
      return isCounter(node);
    case 'member':
      return node.computed !== undefined && find(node.computed, isCounter) !== undefined;
    case 'binary':
      return isArithmetic(node);
    case 'unary':
      return isNumber(node.operand);
    case 'call': {
      const imported = importedPath(node.callee);
      if (imported?.module === 'math') return true;
      return imported?.module === '' && /^(?:abs|int|float|len|ord|pow|round)$/.test(imported.path);
    }
    default:
      return false;
  }
}

/** A name that started as a number, or that takes the numbers of a `range` it stands under. */
function isCounter(node: Node): boolean {
  const binding = node.kind === 'name' ? node.binding : undefined;
  if (!binding) return false;
  if (!binding.destructured)
    return binding.initial?.kind === 'literal' && typeof binding.initial.value === 'number';
  for (const parent of ancestors(node)) {
    if (parent.kind === 'loop' && parent.bindings.includes(binding)) return isRange(parent.source);
    if (parent.kind === 'comprehension' && contains(parent.span, binding.span))
      return parent.clauses.every((clause) => isRange(clause.source));
  }
  return false;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function isRange(source: Value | undefined): boolean {
  return source?.kind === 'call' && calleeName(source) === 'range';
}

/** The sum of two calls of the function itself, each with a smaller number: twice the work for each step. */
function* branchingCall(fn: FunctionFact, numbers: Numbers): Asking<Span | undefined> {
  const first = fn.params[0]?.binding;
  const argument = first && numbers.get(first);
  if (argument !== undefined && argument < DEEP) return undefined;
  const isDescent = (value: Value): value is Call => {
    if (value.kind !== 'call' || calleeName(value) !== fn.name) return false;
    const [given] = value.args;
    return given?.value.kind === 'binary' && given.value.operator === '-' && isNumber(given.value.right);
  };
  const sums: { readonly left: Call; readonly right: Call; readonly span: Span }[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'binary' && isDescent(node.left) && isDescent(node.right))
      sums.push({ left: node.left, right: node.right, span: node.span });
    return undefined;
  });
  for (const { left, right, span } of sums) {
    if ((yield* functionOf(left.callee)) === fn && (yield* functionOf(right.callee)) === fn) return span;
  }
  return undefined;
}
