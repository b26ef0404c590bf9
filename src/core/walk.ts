import type { Block, FunctionFact, Statement, Value } from './facts';

export type Node = Value | Statement;

const STATEMENT_KINDS: ReadonlySet<string> = new Set<Statement['kind']>([
  'expression',
  'declare',
  'return',
  'throw',
  'block',
  'if',
  'loop',
  'try',
  'switch',
  'with',
  'jump',
  'function-declaration',
  'class-declaration',
]);

export function isStatement(node: Node): node is Statement {
  return STATEMENT_KINDS.has(node.kind);
}

/**
 * Calls `action` with each direct part of a node in evaluation order, without making a list of them: facts are walked
 * over and over. Bodies of nested functions and classes are not parts.
 */
export function forEachPart(node: Node, action: (part: Node) => void): void {
  switch (node.kind) {
    case 'call':
      action(node.callee);
      for (const { value } of node.args) action(value);
      return;
    case 'await':
    case 'unary':
      action(node.operand);
      return;
    case 'member':
      action(node.object);
      if (node.computed) action(node.computed);
      return;
    case 'choice':
      if (node.test) action(node.test);
      action(node.left);
      action(node.right);
      return;
    case 'sequence':
      node.values.forEach(action);
      return;
    case 'collection':
      for (const { computedKey, value } of node.elements) {
        if (computedKey) action(computedKey);
        action(value);
      }
      return;
    case 'assign':
      action(node.target);
      action(node.value);
      return;
    case 'binary':
      action(node.left);
      action(node.right);
      return;
    case 'template':
    case 'opaque':
      node.parts.forEach(action);
      return;
    case 'yield':
      if (node.operand) action(node.operand);
      return;
    case 'comprehension':
      for (const { source, conditions } of node.clauses) {
        action(source);
        conditions.forEach(action);
      }
      node.elements.forEach(action);
      return;
    case 'markup':
      if (node.component) action(node.component);
      for (const { value } of node.attributes) action(value);
      node.children.forEach(action);
      return;
    case 'name':
    case 'literal':
    case 'function':
    case 'class':
    case 'jump':
    case 'function-declaration':
    case 'class-declaration':
      return;
    case 'expression':
      action(node.value);
      return;
    case 'declare':
    case 'return':
    case 'throw':
      if (node.value) action(node.value);
      return;
    case 'block':
      node.body.forEach(action);
      return;
    case 'if':
      action(node.test);
      action(node.then);
      if (node.otherwise) action(node.otherwise);
      return;
    case 'loop':
      node.initial.forEach(action);
      if (node.source) action(node.source);
      if (node.test && node.form !== 'do') action(node.test);
      action(node.body);
      if (node.test && node.form === 'do') action(node.test);
      if (node.update) action(node.update);
      if (node.otherwise) action(node.otherwise);
      return;
    case 'try':
      action(node.block);
      for (const { types, body } of node.handlers) {
        types.forEach(action);
        action(body);
      }
      if (node.otherwise) action(node.otherwise);
      if (node.finalizer) action(node.finalizer);
      return;
    case 'switch':
      action(node.value);
      for (const { test, body } of node.cases) {
        if (test) action(test);
        body.forEach(action);
      }
      return;
    case 'with':
      for (const { value } of node.resources) action(value);
      action(node.body);
  }
}

/** The same as a list. */
export function partsOf(node: Node): Node[] {
  const parts: Node[] = [];
  forEachPart(node, (part) => parts.push(part));
  return parts;
}

/**
 * Visits a node and everything below it in source order, staying inside one function.
 * @param visit return `false` to skip the parts of a node.
 */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  const enter = (one: Node): void => {
    if (visit(one) !== false) forEachPart(one, enter);
  };
  enter(node);
}

/** The first node below `node` (itself included) that satisfies the test; nested functions are not entered. */
export function find(node: Node, test: (node: Node) => boolean): Node | undefined {
  if (test(node)) return node;
  for (const part of partsOf(node)) {
    const found = find(part, test);
    if (found) return found;
  }
  return undefined;
}

const values = new WeakMap<FunctionFact, readonly Value[]>();

/** All values of a function, its parameters' initial values included, nested functions not entered. */
export function valuesOf(fn: FunctionFact): readonly Value[] {
  const known = values.get(fn);
  if (known) return known;
  const found: Value[] = [];
  const collect = (node: Node): undefined => {
    if (!isStatement(node)) found.push(node);
  };
  for (const param of fn.params) if (param.initial) walk(param.initial, collect);
  walk(fn.body, collect);
  values.set(fn, found);
  return found;
}

/** The chain of parents of a node, nearest first, up to the function's body. */
export function* ancestors(node: Node): Generator<Node, void, undefined> {
  let parent: Node | undefined = node.parent;
  while (parent) {
    yield parent;
    parent = parent.parent;
  }
}

/** The statement a value belongs to. */
export function statementOf(value: Value): Statement {
  let node: Node = value;
  while (!isStatement(node)) node = node.parent;
  return node;
}

/** True when `node` is `ancestor` or lies below it in the same function. */
export function isWithin(node: Node, ancestor: Node): boolean {
  if (node === ancestor) return true;
  for (const parent of ancestors(node)) if (parent === ancestor) return true;
  return false;
}

/** The enclosing functions of a function, itself first, the module last. */
export function* enclosing(fn: FunctionFact): Generator<FunctionFact, void, undefined> {
  for (let current: FunctionFact | undefined = fn; current; current = current.parent) yield current;
}

/** The block whose direct child the statement is, if any. */
export function blockOf(statement: Statement): Block | undefined {
  return statement.parent?.kind === 'block' ? statement.parent : undefined;
}
