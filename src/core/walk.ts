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

/** The direct parts of a node in evaluation order. Bodies of nested functions and classes are not parts. */
export function partsOf(node: Node): Node[] {
  switch (node.kind) {
    case 'call':
      return [node.callee, ...node.args.map((argument) => argument.value)];
    case 'await':
      return [node.operand];
    case 'member':
      return node.computed ? [node.object, node.computed] : [node.object];
    case 'choice':
      return node.test ? [node.test, node.left, node.right] : [node.left, node.right];
    case 'sequence':
      return [...node.values];
    case 'collection':
      return node.elements.flatMap((e) => (e.computedKey ? [e.computedKey, e.value] : [e.value]));
    case 'assign':
      return [node.target, node.value];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'template':
    case 'opaque':
      return [...node.parts];
    case 'yield':
      return node.operand ? [node.operand] : [];
    case 'comprehension':
      return [...node.clauses.flatMap((c) => [c.source, ...c.conditions]), ...node.elements];
    case 'markup':
      return [
        ...(node.component ? [node.component] : []),
        ...node.attributes.map((a) => a.value),
        ...node.children,
      ];
    case 'name':
    case 'literal':
    case 'function':
    case 'class':
    case 'jump':
    case 'function-declaration':
    case 'class-declaration':
      return [];
    case 'expression':
      return [node.value];
    case 'declare':
    case 'return':
    case 'throw':
      return node.value ? [node.value] : [];
    case 'block':
      return [...node.body];
    case 'if':
      return node.otherwise ? [node.test, node.then, node.otherwise] : [node.test, node.then];
    case 'loop': {
      const parts: Node[] = [...node.initial];
      if (node.source) parts.push(node.source);
      if (node.test && node.form !== 'do') parts.push(node.test);
      parts.push(node.body);
      if (node.test && node.form === 'do') parts.push(node.test);
      if (node.update) parts.push(node.update);
      if (node.otherwise) parts.push(node.otherwise);
      return parts;
    }
    case 'try': {
      const parts: Node[] = [node.block];
      for (const handler of node.handlers) parts.push(...handler.types, handler.body);
      if (node.otherwise) parts.push(node.otherwise);
      if (node.finalizer) parts.push(node.finalizer);
      return parts;
    }
    case 'switch':
      return [node.value, ...node.cases.flatMap((c) => [...(c.test ? [c.test] : []), ...c.body])];
    case 'with':
      return [...node.resources.map((r) => r.value), node.body];
  }
}

/**
 * Visits a node and everything below it in source order, staying inside one function.
 * @param visit return `false` to skip the parts of a node.
 */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  if (visit(node) === false) return;
  // As `partsOf`, without making lists for the kinds that nearly all nodes are of.
  switch (node.kind) {
    case 'name':
    case 'literal':
    case 'function':
      return;
    case 'member':
      walk(node.object, visit);
      if (node.computed) walk(node.computed, visit);
      return;
    case 'call':
      walk(node.callee, visit);
      for (const argument of node.args) walk(argument.value, visit);
      return;
    case 'expression':
      walk(node.value, visit);
      return;
    case 'block':
      for (const statement of node.body) walk(statement, visit);
      return;
    case 'binary':
      walk(node.left, visit);
      walk(node.right, visit);
      return;
    case 'declare':
    case 'return':
      if (node.value) walk(node.value, visit);
      return;
    default:
      for (const part of partsOf(node)) walk(part, visit);
  }
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
