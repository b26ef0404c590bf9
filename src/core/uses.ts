import type { Binding, Call, Handler, Name, Statement, Value } from './facts';
import type { Span } from './text';
import { isStatement } from './walk';

/** What becomes of a value at the place where it is computed. */
export type Use =
  | { readonly kind: 'discarded'; readonly statement: Statement }
  | { readonly kind: 'awaited' }
  | { readonly kind: 'returned' }
  | { readonly kind: 'thrown' }
  | { readonly kind: 'voided' }
  /** Bound whole to a name. */
  | { readonly kind: 'bound'; readonly binding: Binding }
  | { readonly kind: 'argument'; readonly call: Call; readonly index: number }
  /** The object a member is taken from; `call` when the member is called at once (`p.then(…)`). */
  | { readonly kind: 'receiver'; readonly member: string | undefined; readonly call: Call | undefined }
  | { readonly kind: 'called'; readonly call: Call }
  | { readonly kind: 'condition' }
  | { readonly kind: 'stored' }
  | { readonly kind: 'yielded' }
  | { readonly kind: 'iterated' }
  | { readonly kind: 'operand' };

/**
 * What becomes of a value, seen through choices (`a ? p : q`, `a && p`), sequences and array literals that pass it on.
 */
export function useOf(value: Value): Use {
  const parent = value.parent;
  if (isStatement(parent)) {
    switch (parent.kind) {
      case 'expression':
        return { kind: 'discarded', statement: parent };
      case 'return':
        return { kind: 'returned' };
      case 'throw':
        return { kind: 'thrown' };
      case 'declare':
        return parent.whole ? { kind: 'bound', binding: parent.whole } : { kind: 'stored' };
      case 'loop':
        return parent.source === value
          ? { kind: 'iterated' }
          : parent.test === value
            ? { kind: 'condition' }
            : { kind: 'discarded', statement: parent };
      case 'if':
        return { kind: 'condition' };
      default:
        return { kind: 'operand' };
    }
  }
  switch (parent.kind) {
    case 'await':
      return { kind: 'awaited' };
    case 'call': {
      if (parent.callee === value) return { kind: 'called', call: parent };
      return { kind: 'argument', call: parent, index: parent.args.findIndex((a) => a.value === value) };
    }
    case 'member': {
      if (parent.object !== value) return { kind: 'operand' };
      const outer = parent.parent;
      const call =
        !isStatement(outer) && outer.kind === 'call' && outer.callee === parent ? outer : undefined;
      return { kind: 'receiver', member: parent.name, call };
    }
    case 'choice':
      if (parent.test === value) return { kind: 'condition' };
      return useOf(parent);
    case 'sequence':
      return parent.values[parent.values.length - 1] === value ? useOf(parent) : discardedIn(parent);
    case 'collection': {
      const use = useOf(parent);
      return use.kind === 'bound' ? { kind: 'stored' } : use;
    }
    case 'assign': {
      if (parent.value !== value) return { kind: 'operand' };
      const { target } = parent;
      return target.kind === 'name' && target.binding
        ? { kind: 'bound', binding: target.binding }
        : { kind: 'stored' };
    }
    case 'unary':
      if (parent.operator === 'void') return { kind: 'voided' };
      return parent.operator === '!' ? { kind: 'condition' } : { kind: 'operand' };
    case 'yield':
      return { kind: 'yielded' };
    case 'comprehension':
      return parent.clauses.some((c) => c.source === value) ? { kind: 'iterated' } : { kind: 'stored' };
    default:
      return { kind: 'operand' };
  }
}

function discardedIn(value: Value): Use {
  let node: Value | Statement = value;
  while (!isStatement(node)) node = node.parent;
  return { kind: 'discarded', statement: node };
}

/** Dotted path of a name or member chain (`this.pool.query`), or undefined where a part is computed or called. */
export function pathOf(value: Value): string | undefined {
  if (value.kind === 'name') return value.text;
  if (value.kind === 'member' && value.name !== undefined) {
    const object = pathOf(value.object);
    return object === undefined ? undefined : `${object}.${value.name}`;
  }
  return undefined;
}

/** The last name of a path: `readFile` of `fs.promises.readFile`. */
export function lastName(value: Value): string | undefined {
  return value.kind === 'name' ? value.text : value.kind === 'member' ? value.name : undefined;
}

/** The same; of a call it is what is called. */
export function nameIn(value: Value): string | undefined {
  return lastName(value.kind === 'call' ? value.callee : value);
}

/** `undefined`, unless the file declares something of that name. */
export function isUndefined(value: Value): boolean {
  return value.kind === 'name' && value.text === 'undefined' && !value.binding;
}

/** `undefined`, `null`, `None`. */
export function isNothing(value: Value): boolean {
  if (value.kind === 'literal') return value.value === null || value.value === undefined;
  return isUndefined(value);
}

/** What an object that is written out has under a name. */
export function optionOf(value: Value, name: string): Value | undefined {
  if (value.kind !== 'collection') return undefined;
  return value.elements.find(({ key }) => key === name)?.value;
}

/** Whether a value is written as this literal. */
export function isLiteral(value: Value | undefined, literal: boolean): boolean {
  return value?.kind === 'literal' && value.value === literal;
}

/** The name at the bottom of a member chain: `fs` of `fs.promises.readFile`. */
export function rootName(value: Value): Name | undefined {
  let current = value;
  while (current.kind === 'member') current = current.object;
  return current.kind === 'name' ? current : undefined;
}

/** The last name of a callee: `readFile` of `fs.promises.readFile`. */
export function calleeName({ callee }: Call): string | undefined {
  return lastName(callee);
}

/**
 * The imported or global path of a callee without asking for types: `fs.readFileSync` for
 * `import { readFileSync as read } from 'node:fs'; read()`, `Promise.all` for the global. Undefined for local names.
 * The `node:` prefix is dropped; `module` is empty for globals.
 */
export function importedPath(value: Value): { readonly module: string; readonly path: string } | undefined {
  const root = rootName(value);
  const path = pathOf(value);
  if (!root || path === undefined) return undefined;
  if (!root.binding) return { module: '', path };
  const imported = root.binding.imported;
  if (!imported) return undefined;
  const rest = path.slice(root.text.length + 1);
  const module = imported.module.replace(/^node:/, '');
  const names = imported.name === '*' || imported.name === 'default' ? [rest] : [imported.name, rest];
  return { module, path: names.filter((name) => name !== '').join('.') || imported.name };
}

/** Dotted path of a global: `Promise.all`; undefined for names the file declares, imports, or members of `this`. */
export function outsideGlobal(value: Value): string | undefined {
  const found = importedPath(value);
  return found?.module === '' && !/^(?:this|super)(?:\.|$)/.test(found.path) ? found.path : undefined;
}

/** Whether a handler gets every failure: one without types, or Python's `except Exception`, past which only cancellations go. */
export function catchesFailures({ types }: Handler): boolean {
  return types.length === 0 || types.some((type) => /(?:^|\.)(?:Base)?Exception$/.test(pathOf(type) ?? ''));
}

/** Where to point at a value: the first word of a function, whose body would be too much to underline, else all of it. */
export function headOf(value: Value): Span {
  if (value.kind !== 'function') return value.span;
  const { span, function: fn } = value;
  return { start: span.start, end: Math.max(fn.nameSpan.end, span.start + 1) };
}
