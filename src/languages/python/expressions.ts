import { adopt, adoptDefaults, nameAfter, type FunctionDraft } from '../../core/drafts';
import type {
  Argument,
  Await,
  Binary,
  Call,
  ComprehensionClause,
  Comprehension,
  Element,
  FunctionValue,
  Literal,
  Name,
  Param,
  Value,
} from '../../core/facts';
import type { Span } from '../../core/text';
import { pathOf } from '../../core/uses';
import { Builder, spanOf } from './builder';
import type { Hint, HintedType } from './hints';
import { Scope } from './scope';
import { numberValue, stringContent } from './strings';
import { childIn, childOf, childrenIn, type SyntaxNode } from './syntax';

const COMPREHENSIONS: Readonly<Record<string, Comprehension['form']>> = {
  list_comprehension: 'list',
  set_comprehension: 'set',
  dictionary_comprehension: 'dict',
  generator_expression: 'generator',
};

const COLLECTIONS: Readonly<Record<string, 'array' | 'set' | 'tuple'>> = {
  list: 'array',
  set: 'set',
  tuple: 'tuple',
  expression_list: 'tuple',
  pattern_list: 'tuple',
  tuple_pattern: 'tuple',
  list_pattern: 'array',
};

/** Wrappers of a type that say nothing about it. */
const TRANSPARENT: ReadonlySet<string> = new Set(['Annotated', 'Final', 'ClassVar', 'Required']);

/**
 * A type or another. Of `Connection | None` the connection is what matters; `Coroutine | None` however promises nothing:
 * a synchronous method says so about what its asynchronous overrides give.
 */
function eitherOf(hints: readonly Hint[]): Hint {
  const all = hints.flat();
  const isCertain = hints.every((hint) => hint.length > 0);
  return isCertain
    ? all
    : all.filter(({ type }) => !/(?:^|\.)(?:Coroutine|Awaitable)$/.test(pathOf(type) ?? ''));
}

interface ParameterDraft {
  readonly name: SyntaxNode;
  readonly span: Span;
  readonly initial: Value | undefined;
  readonly rest: boolean;
  readonly hint: Hint | undefined;
}

/** Lowers expressions. */
export class ExpressionLowering extends Builder {
  protected expression(node: SyntaxNode): Value {
    switch (node.type) {
      case 'identifier':
        return this.name(node, 'read');
      case 'attribute':
      case 'subscript':
        return this.member(node, 'read');
      case 'call':
        return this.call(node);
      case 'await':
        return this.awaited(node);
      case 'parenthesized_expression':
      case 'type':
      case 'as_pattern':
      case 'as_pattern_target': {
        const [inner] = node.children;
        return inner ? this.expression(inner) : this.opaque(node, []);
      }
      case 'string':
        return this.string(node);
      case 'concatenated_string':
        return this.concatenation(node);
      case 'integer':
      case 'float':
        return this.literal(node, numberValue(this.textOf(node)));
      case 'true':
      case 'false':
        return this.literal(node, node.type === 'true');
      case 'none':
        return this.literal(node, null);
      case 'list':
      case 'set':
      case 'tuple':
      case 'expression_list':
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
        return this.collection(node, node.children);
      case 'dictionary':
        return this.dictionary(node);
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node);
      case 'boolean_operator': {
        const { left, right } = this.sides(node);
        const operator = this.operatorOf(node) === 'and' ? '&&' : '||';
        return this.value(node, { kind: 'choice', operator, test: undefined, left, right });
      }
      case 'conditional_expression': {
        const [left, test, right] = node.children;
        if (!left || !test || !right) break;
        return this.value(node, {
          kind: 'choice',
          operator: '?:',
          test: this.expression(test),
          left: this.expression(left),
          right: this.expression(right),
        });
      }
      case 'not_operator':
      case 'unary_operator': {
        const operand = childIn(node, 'argument');
        if (!operand) break;
        const operator = node.type === 'not_operator' ? '!' : this.operatorOf(node);
        return this.value(node, { kind: 'unary', operator, operand: this.expression(operand) });
      }
      case 'binary_operator':
        return this.value<Binary>(node, {
          kind: 'binary',
          operator: this.operatorOf(node),
          ...this.sides(node),
        });
      case 'comparison_operator':
        return this.comparison(node);
      case 'named_expression':
        return this.walrus(node);
      case 'lambda':
        return this.lambda(node);
      case 'yield': {
        const [operand] = node.children;
        this.fn.isGenerator = true;
        return this.value(node, {
          kind: 'yield',
          operand: operand && this.expression(operand),
          delegates: /^yield\s+from\b/.test(this.text.slice(node.start, operand?.start ?? node.end)),
        });
      }
      case 'list_splat':
      case 'dictionary_splat': {
        const [inner] = node.children;
        if (inner) return this.opaque(node, [this.expression(inner)]);
        break;
      }
    }
    return this.opaque(node, this.interesting(node.children));
  }

  /** Lowers what may hold names or calls, and leaves the rest out. */
  protected interesting(nodes: readonly SyntaxNode[]): Value[] {
    return nodes
      .map((child) => this.expression(child))
      .filter((part) => part.kind !== 'opaque' || part.parts.length > 0);
  }

  /** Something that is assigned to: names in it are written. */
  protected target(node: SyntaxNode, access: 'write' | 'both' = 'write'): Value {
    switch (node.type) {
      case 'identifier':
        return this.name(node, access);
      case 'attribute':
      case 'subscript':
        return this.member(node, access);
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'expression_list':
      case 'tuple':
      case 'list':
        return this.value(node, {
          kind: 'collection',
          form: COLLECTIONS[node.type] ?? 'tuple',
          elements: node.children.map((child) => this.targetElement(child)),
        });
      case 'parenthesized_expression':
      case 'as_pattern_target': {
        const [inner] = node.children;
        if (inner) return this.target(inner, access);
      }
    }
    return this.expression(node);
  }

  private targetElement(node: SyntaxNode): Element {
    const spread = node.type === 'list_splat_pattern' || node.type === 'list_splat';
    const [inner] = node.children;
    const value = this.target(spread && inner ? inner : node);
    return { key: undefined, computedKey: undefined, value, spread };
  }

  private literal(node: Span, value: Literal['value']): Literal {
    return this.value<Literal>(node, { kind: 'literal', value });
  }

  private operatorOf(node: SyntaxNode): string {
    const operator = childIn(node, 'operator');
    return operator ? this.textOf(operator) : '';
  }

  private sides(node: SyntaxNode): { left: Value; right: Value } {
    const side = (field: string) => {
      const child = childIn(node, field);
      return child ? this.expression(child) : this.opaque(node, []);
    };
    return { left: side('left'), right: side('right') };
  }

  /** `a < b < c` is a chain: each comparison's left side is the chain so far. */
  private comparison(node: SyntaxNode): Value {
    let chain: Value | undefined;
    let operator = '';
    for (const child of node.children) {
      if (child.field === 'operators') {
        operator = this.textOf(child).replace(/\s+/g, ' ');
        continue;
      }
      const right = this.expression(child);
      chain = chain
        ? this.value<Binary>(
            { start: node.start, end: child.end },
            { kind: 'binary', operator, left: chain, right },
          )
        : right;
    }
    return chain ?? this.opaque(node, []);
  }

  private member(node: SyntaxNode, access: Name['access']): Value {
    const isAttribute = node.type === 'attribute';
    const object = childIn(node, isAttribute ? 'object' : 'value');
    if (!object) return this.opaque(node, this.interesting(node.children));
    const loweredObject = this.expression(object);
    if (isAttribute) {
      const name = childIn(node, 'attribute');
      return this.value(node, {
        kind: 'member',
        object: loweredObject,
        name: name && this.textOf(name),
        nameSpan: spanOf(name ?? node),
        computed: undefined,
        optional: false,
        access,
      });
    }
    const subscripts = childrenIn(node, 'subscript');
    const [first = node] = subscripts;
    const computed =
      subscripts.length === 1
        ? this.expression(first)
        : this.collection({ start: first.start, end: node.end - 1 }, subscripts, 'tuple');
    return this.value(node, {
      kind: 'member',
      object: loweredObject,
      name: computed.kind === 'literal' && typeof computed.value === 'string' ? computed.value : undefined,
      nameSpan: computed.span,
      computed,
      optional: false,
      access,
    });
  }

  private call(node: SyntaxNode): Value {
    const callee = childIn(node, 'function');
    const list = childIn(node, 'arguments');
    const call = this.value<Call>(node, {
      kind: 'call',
      form: 'call',
      callee: callee ? this.expression(callee) : this.opaque(node, []),
      args:
        list?.type === 'generator_expression'
          ? [{ value: this.expression(list), spread: false, keyword: undefined }]
          : (list?.children ?? []).map((child) => this.argument(child)),
      optional: false,
    });
    this.fn.calls.push(call);
    return call;
  }

  protected argument(node: SyntaxNode): Argument {
    const [first] = node.children;
    if (node.type === 'list_splat' || node.type === 'dictionary_splat')
      return {
        value: first ? this.expression(first) : this.opaque(node, []),
        spread: true,
        keyword: undefined,
      };
    if (node.type === 'keyword_argument') {
      const name = childIn(node, 'name');
      const value = childIn(node, 'value');
      const lowered = value ? this.expression(value) : this.opaque(node, []);
      const keyword = name && this.textOf(name);
      nameAfter(lowered, keyword);
      return { value: lowered, spread: false, keyword };
    }
    return { value: this.expression(node), spread: false, keyword: undefined };
  }

  private awaited(node: SyntaxNode): Value {
    const [operand] = node.children;
    if (!operand) return this.opaque(node, []);
    const awaiting = (span: Span, inner: SyntaxNode) => {
      const value = this.value<Await>(span, { kind: 'await', operand: this.expression(inner) });
      this.fn.awaits.push(value);
      return value;
    };
    // The grammar binds `await a ** b` as `await (a ** b)`; Python awaits first.
    const base = childIn(operand, 'left');
    const exponent = childIn(operand, 'right');
    if (operand.type === 'binary_operator' && this.operatorOf(operand) === '**' && base && exponent) {
      const left = awaiting({ start: node.start, end: base.end }, base);
      return this.value<Binary>(node, {
        kind: 'binary',
        operator: '**',
        left,
        right: this.expression(exponent),
      });
    }
    return awaiting(node, operand);
  }

  private string(node: SyntaxNode): Value {
    const parts = this.interpolations(node);
    if (parts.length > 0) return this.value(node, { kind: 'template', parts });
    return this.literal(node, stringContent(this.textOf(node)));
  }

  private interpolations(node: SyntaxNode): Value[] {
    const parts: Value[] = [];
    for (const child of node.children) {
      if (child.type === 'interpolation' || child.type === 'format_expression') {
        const expression = childIn(child, 'expression');
        if (expression) parts.push(this.expression(expression));
        const format = childIn(child, 'format_specifier');
        if (format) parts.push(...this.interpolations(format));
      }
    }
    return parts;
  }

  private concatenation(node: SyntaxNode): Value {
    const strings = node.children.filter((child) => child.type === 'string');
    const parts = strings.flatMap((child) => this.interpolations(child));
    if (parts.length > 0) return this.value(node, { kind: 'template', parts });
    return this.literal(node, strings.map((child) => stringContent(this.textOf(child))).join(''));
  }

  protected collection(
    span: Span & { readonly type?: string },
    nodes: readonly SyntaxNode[],
    form = COLLECTIONS[span.type ?? ''] ?? 'tuple',
  ): Value {
    const elements = nodes.map((child): Element => {
      const [inner] = child.children;
      const spread = child.type === 'list_splat' || child.type === 'list_splat_pattern';
      const value = this.expression(spread && inner ? inner : child);
      return { key: undefined, computedKey: undefined, value, spread };
    });
    return this.value(span, { kind: 'collection', form, elements });
  }

  private dictionary(node: SyntaxNode): Value {
    const elements = node.children.map((child): Element => {
      const key = childIn(child, 'key');
      const value = childIn(child, 'value');
      if (child.type === 'pair' && key && value) {
        const computedKey = this.expression(key);
        const name =
          computedKey.kind === 'literal' && typeof computedKey.value === 'string'
            ? computedKey.value
            : undefined;
        const lowered = this.expression(value);
        nameAfter(lowered, name);
        return { key: name, computedKey, value: lowered, spread: false };
      }
      const [inner] = child.children;
      const spread = child.type === 'dictionary_splat';
      const lowered = this.expression(spread && inner ? inner : child);
      return { key: undefined, computedKey: undefined, value: lowered, spread };
    });
    return this.value(node, { kind: 'collection', form: 'object', elements });
  }

  private comprehension(node: SyntaxNode): Value {
    const outer = this.scope;
    return this.inScope(new Scope(outer, 'comprehension', this.fn), () => {
      const clauses: (ComprehensionClause & { conditions: Value[] })[] = [];
      for (const child of node.children) {
        if (child.type === 'for_in_clause') {
          const rights = childrenIn(child, 'right');
          const [right] = rights;
          const lowerSource = () =>
            right && rights.length === 1
              ? this.expression(right)
              : this.collection({ start: right?.start ?? child.end, end: child.end }, rights, 'tuple');
          // Only the first source is evaluated outside the comprehension's own scope.
          const source = clauses.length === 0 ? this.inScope(outer, lowerSource) : lowerSource();
          const isAsync = this.startsWith(child, 'async');
          clauses.push({ isAsync, source, conditions: [] });
          const left = childIn(child, 'left');
          if (left) this.loopTarget(left, source, isAsync);
        } else if (child.type === 'if_clause') {
          const [condition] = child.children;
          if (condition) clauses[clauses.length - 1]?.conditions.push(this.expression(condition));
        }
      }
      const body = childIn(node, 'body');
      const elements =
        body?.type === 'pair'
          ? ['key', 'value'].flatMap((field) => {
              const part = childIn(body, field);
              return part ? [this.expression(part)] : [];
            })
          : body
            ? [this.expression(body)]
            : [];
      const form = COMPREHENSIONS[node.type] ?? 'list';
      return this.value<Comprehension>(node, { kind: 'comprehension', form, clauses, elements });
    });
  }

  /** Declares the names that a comprehension takes from its source. */
  private loopTarget(node: SyntaxNode, source: Value, isAsync: boolean): void {
    if (node.type === 'identifier') {
      const { binding } = this.declare(node, { kind: 'const', destructured: true });
      if (binding) this.iterated.set(binding, { source, isAsync });
      return;
    }
    for (const child of node.children) {
      if (child.type === 'identifier') this.declare(child, { kind: 'const', destructured: true });
      else this.loopTarget(child, source, isAsync);
    }
  }

  private walrus(node: SyntaxNode): Value {
    const name = childIn(node, 'name');
    const right = childIn(node, 'value');
    if (!name || !right) return this.opaque(node, this.interesting(node.children));
    const value = this.expression(right);
    const scope = this.scope.assigning();
    this.declare(name, { kind: 'let', initial: value }, scope);
    const target = this.name(name, 'write', scope);
    return this.value(node, { kind: 'assign', operator: ':=', target, value });
  }

  private lambda(node: SyntaxNode): Value {
    const parameters = this.parameters(childIn(node, 'parameters')?.children ?? []);
    const fn = this.newFunction('arrow', undefined, node, undefined);
    const body = childIn(node, 'body');
    this.inside(fn, new Scope(this.scope, 'function', fn), {}, () => {
      this.declareParameters(fn, parameters);
      const value = body ? this.expression(body) : this.opaque(node, []);
      const result = this.statement(value.span, { kind: 'return', value, implicit: true });
      fn.body = this.statement(value.span, { kind: 'block', body: [result] });
    });
    adoptDefaults(fn);
    const value = this.value<FunctionValue>(node, { kind: 'function', function: fn });
    fn.value = value;
    return value;
  }

  /** Lowers parameters as far as they are evaluated outside the function: defaults and annotations. */
  protected parameters(nodes: readonly SyntaxNode[]): ParameterDraft[] {
    return nodes.flatMap((node): ParameterDraft[] => {
      const splat = node.type === 'typed_parameter' ? (node.children[0] ?? node) : node;
      const rest = splat.type === 'list_splat_pattern' || splat.type === 'dictionary_splat_pattern';
      const [inner] = splat.children;
      const name = childIn(node, 'name') ?? (rest ? inner : splat);
      if (!name || node.type.endsWith('_separator')) return [];
      const type = childIn(node, 'type');
      const initial = childIn(node, 'value');
      const lowered = initial && this.expression(initial);
      if (lowered) nameAfter(lowered, this.textOf(name));
      return [
        {
          name,
          span: spanOf(node),
          initial: lowered,
          rest,
          // The annotation of `*args: T` is the type of one element.
          hint: type && !rest ? this.hintOf(type) : undefined,
        },
      ];
    });
  }

  /** Declares parameters in the function's own scope, which must be the current one. */
  protected declareParameters(fn: FunctionDraft, drafts: readonly ParameterDraft[]): void {
    fn.params = drafts.map(({ name, span, initial, rest, hint }): Param => {
      if (name.type !== 'identifier') {
        for (const child of name.children)
          if (child.type === 'identifier') this.declare(child, { kind: 'param' });
        return { binding: undefined, span, initial, rest };
      }
      const { binding } = this.declare(name, { kind: 'param' });
      if (binding && hint) this.variables.set(binding, hint);
      return { binding, span, initial, rest };
    });
  }

  /** Reads an annotation. Its names count as uses of what they name, but are no part of any statement. */
  protected hintOf(node: SyntaxNode | undefined): Hint {
    if (!node) return [];
    const [first, second] = node.children;
    switch (node.type) {
      case 'type':
      case 'parenthesized_expression':
        return this.hintOf(first);
      case 'identifier':
      case 'attribute':
        return [{ type: this.hinted(this.expression(node)), args: [] }];
      case 'subscript':
        return this.genericHint(childIn(node, 'value'), childrenIn(node, 'subscript'));
      case 'generic_type':
        return this.genericHint(first, childOf(node, 'type_parameter')?.children ?? []);
      case 'binary_operator':
        return eitherOf([childIn(node, 'left'), childIn(node, 'right')].map((side) => this.hintOf(side)));
      case 'union_type':
        return eitherOf([first, second].map((side) => this.hintOf(side)));
      case 'string':
        return this.quotedHint(node);
      default:
        return [];
    }
  }

  private genericHint(generic: SyntaxNode | undefined, args: readonly SyntaxNode[]): Hint {
    if (!generic) return [];
    const name = /[^.]*$/.exec(this.textOf(generic))?.[0] ?? '';
    if (name === 'Union') return eitherOf(args.map((arg) => this.hintOf(arg)));
    if (name === 'Optional') return eitherOf([this.hintOf(args[0]), []]);
    if (TRANSPARENT.has(name)) return this.hintOf(args[0]);
    return [{ type: this.hinted(this.expression(generic)), args: args.map((arg) => this.hintOf(arg)) }];
  }

  /** `'Node'`, `'a.Node | None'`, `'Optional[Node]'`; anything richer is not read. */
  private quotedHint(node: SyntaxNode): Hint {
    const content = stringContent(this.textOf(node)).trim();
    const match = /^(?:(?:\w+\.)?Optional\[)?([\p{L}_][\w.]*)\]?(?:\s*\|\s*None)?$/u.exec(content);
    const path = match?.[1];
    if (path === undefined || path === 'None') return [];
    const [root = '', ...rest] = path.split('.');
    let value: Value = this.namedInString(node, root);
    for (const name of rest) {
      value = this.value<Value>(node, {
        kind: 'member',
        object: value,
        name,
        nameSpan: spanOf(node),
        computed: undefined,
        optional: false,
        access: 'read',
      });
    }
    const hinted: HintedType = { type: this.hinted(value), args: [] };
    return [hinted];
  }

  private hinted(value: Value): Value {
    adopt(value, this.statement(value.span, { kind: 'block', body: [] }));
    return value;
  }
}
