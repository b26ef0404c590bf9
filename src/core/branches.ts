/** Which branches of a function a call leaves out by what it passes. */
import type { Binding, Call, FunctionFact, Member, Name, Statement, Value } from './facts';
import { isNothing, optionOf } from './uses';
import { isStatement, type Node } from './walk';

/**
 * Whether a part of a function, or of a function nested in it, is not reached when the function is called like this:
 * `if (callback)` without the callback, what follows `if (callback) { …; return; }` with it.
 * @param fn the function that is called.
 */
export function isLeftOut(node: Node, fn: FunctionFact, call: Call): boolean {
  let child = node;
  for (;;) {
    const { parent } = child;
    if (!parent) {
      if (child.fn === fn || !child.fn.value) return false;
      child = child.fn.value;
      continue;
    }
    if (!isStatement(parent)) {
      if (parent.kind === 'choice' && isOtherArm(parent, child, fn, call)) return true;
    } else if (parent.kind === 'if') {
      const holds = child === parent.test ? undefined : holdsFor(parent.test, fn, call);
      if (holds !== undefined && holds !== (child === parent.then)) return true;
    } else if (parent.kind === 'block' && isStatement(child)) {
      if (isBehindExit(parent.body, child, fn, call)) return true;
    }
    child = parent;
  }
}

/** Statements all of whose parts run when they do. */
const STRAIGHT: ReadonlySet<Statement['kind']> = new Set([
  'block',
  'expression',
  'declare',
  'return',
] as const);

/**
 * Whether a part of a function runs whenever the function is called like this: it stands in no loop, no `try` and no branch,
 * but for those that the call takes.
 * @param call not known where left out.
 */
export function isSurelyReached(node: Node, fn: FunctionFact, call: Call | undefined): boolean {
  if (node.fn !== fn) return false;
  let child = node;
  for (let parent = child.parent; parent; child = parent, parent = parent.parent) {
    if (!isStatement(parent)) {
      if (parent.kind === 'choice' && child !== parent.test) return false;
    } else if (parent.kind === 'if') {
      if (child === parent.test) continue;
      const holds = call && holdsFor(parent.test, fn, call);
      if (holds !== (child === parent.then)) return false;
    } else if (!STRAIGHT.has(parent.kind)) return false;
  }
  return true;
}

function isOtherArm(
  choice: Extract<Value, { kind: 'choice' }>,
  arm: Node,
  fn: FunctionFact,
  call: Call,
): boolean {
  if (arm === choice.test) return false;
  if (choice.test) {
    const holds = holdsFor(choice.test, fn, call);
    return holds !== undefined && holds !== (arm === choice.left);
  }
  if (arm === choice.left || choice.operator === '??') return false;
  const holds = holdsFor(choice.left, fn, call);
  return holds !== undefined && holds !== (choice.operator === '&&');
}

/** Behind a statement of the same block that ends the function for this call. */
function isBehindExit(
  body: readonly Statement[],
  statement: Statement,
  fn: FunctionFact,
  call: Call,
): boolean {
  for (const before of body) {
    if (before === statement) return false;
    if (before.kind !== 'if' || before.otherwise || !leaves(before.then)) continue;
    if (holdsFor(before.test, fn, call) === true) return true;
  }
  return false;
}

function leaves(statement: Statement): boolean {
  if (statement.kind === 'return' || statement.kind === 'throw') return true;
  const last = statement.kind === 'block' ? statement.body[statement.body.length - 1] : undefined;
  return last !== undefined && leaves(last);
}

/** Whether a condition on the parameters holds for a call; undefined where that is open. */
function holdsFor(test: Value, fn: FunctionFact, call: Call): boolean | undefined {
  switch (test.kind) {
    case 'name':
      return isGiven(test, fn, call);
    case 'unary': {
      if (test.operator !== '!') return undefined;
      const holds = holdsFor(test.operand, fn, call);
      return holds === undefined ? undefined : !holds;
    }
    case 'choice': {
      if (test.operator !== '&&' && test.operator !== '||') return undefined;
      const [left, right] = [holdsFor(test.left, fn, call), holdsFor(test.right, fn, call)];
      const decides = test.operator === '||';
      if (left === decides || right === decides) return decides;
      return left === undefined || right === undefined ? undefined : !decides;
    }
    case 'binary':
      return comparisonHolds(test, fn, call);
    case 'member':
      return optionHolds(test, fn, call);
    default:
      return undefined;
  }
}

/** `options?.flag`, of a parameter that is missing or an object that is written out. */
function optionHolds({ object, name }: Member, fn: FunctionFact, call: Call): boolean | undefined {
  if (object.kind !== 'name' || name === undefined) return undefined;
  const given = isGiven(object, fn, call);
  if (given !== true) return given;
  const value = call.args[indexOf(object.binding, fn)]?.value;
  if (value?.kind !== 'collection' || value.form !== 'object') return undefined;
  if (value.elements.some(({ key, spread }) => spread || key === undefined)) return undefined;
  const option = optionOf(value, name);
  if (!option) return false;
  return option.kind === 'literal' ? Boolean(option.value) : undefined;
}

/** `callback === undefined`, `typeof callback === 'function'` and the opposite of each. */
function comparisonHolds(
  { operator, left, right }: Extract<Value, { kind: 'binary' }>,
  fn: FunctionFact,
  call: Call,
): boolean | undefined {
  const isEqual = operator === '===' || operator === '==';
  if (!isEqual && operator !== '!==' && operator !== '!=') return undefined;
  let given: boolean | undefined;
  if (left.kind === 'name' && isNothing(right)) {
    const has = isGiven(left, fn, call);
    given = has === undefined ? undefined : !has;
  } else if (left.kind === 'unary' && left.operator === 'typeof' && left.operand.kind === 'name') {
    if (right.kind !== 'literal' || right.value !== 'function') return undefined;
    given = isGiven(left.operand, fn, call);
  }
  return given === undefined ? undefined : given === isEqual;
}

/** The place of a parameter; -1 for what is none. */
function indexOf(binding: Binding | undefined, fn: FunctionFact): number {
  return fn.params.findIndex((param) => param.binding === binding);
}

/**
 * Whether a parameter gets a value that holds in a condition: a function, an object or whatever has a name, since who
 * names it means to pass it.
 */
function isGiven({ binding, span }: Name, fn: FunctionFact, { args }: Call): boolean | undefined {
  const isChanged = binding?.references.some((one) => one.access !== 'read' && one.span.start < span.start);
  if (!binding || isChanged === true) return undefined;
  const index = indexOf(binding, fn);
  const param = fn.params[index];
  if (!param || param.rest || args.slice(0, index + 1).some(({ spread }) => spread)) return undefined;
  const value = args[index]?.value;
  if (!value || isNothing(value)) return param.initial ? undefined : false;
  switch (value.kind) {
    case 'function':
    case 'class':
    case 'collection':
    case 'name':
    case 'member':
      return true;
    case 'literal':
      return Boolean(value.value);
    default:
      return undefined;
  }
}
