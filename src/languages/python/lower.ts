import { adopt, adoptDefaults, nameAfter, type FactLists } from '../../core/drafts';
import type {
  Binding,
  Block,
  ClassFact,
  ClassMember,
  CommentFact,
  FileFacts,
  FunctionKind,
  Handler,
  Loop,
  Statement,
  SwitchCase,
  Value,
} from '../../core/facts';
import type { Span } from '../../core/text';
import { spanOf } from './builder';
import { ExpressionLowering } from './expressions';
import type { Lowered } from './hints';
import { Scope } from './scope';
import { childIn, childOf, childrenIn, commentsIn, type Syntax, type SyntaxNode } from './syntax';

export type { Lowered } from './hints';

export interface LoweringInput {
  readonly file: string;
  readonly text: string;
  readonly syntax: Syntax;
  readonly broken: readonly Span[];
}

/** Lowers a parsed Python file to facts and type hints. Any tree will do, however broken. */
export function lower({ file, text, syntax: { root, content }, broken }: LoweringInput): Lowered {
  const lists: FactLists = { functions: [], classes: [], imports: [] };
  const comments = commentsIn(content).map(({ start, end }): CommentFact => ({
    span: { start, end },
    text: text.slice(start + 1, end).trim(),
  }));
  const facts: FileFacts = { file, language: 'python', text, broken, comments, ...lists };
  return new Lowering(facts, lists, root).lower(root);
}

class Lowering extends ExpressionLowering {
  lower(root: SyntaxNode): Lowered {
    const { module, file } = this;
    module.body = this.block(root);
    this.resolveNames();
    const { variables, returns, entered, iterated, attributes, stars, receivers } = this;
    const exports = this.exportsOf();
    return {
      facts: file,
      hints: { variables, returns, entered, iterated, attributes, exports, stars, receivers },
    };
  }

  private block(
    node: SyntaxNode | undefined,
    at: Span | undefined = node,
    head: readonly Statement[] = [],
  ): Block {
    const body = [...head];
    for (const child of node?.children ?? []) body.push(...this.statements(child));
    return this.statement<Block>(at ?? { start: 0, end: 0 }, { kind: 'block', body });
  }

  /** A node's body, or an empty block at its end where a syntax error has left it none. */
  private suite(node: SyntaxNode, field = 'body'): Block {
    const body = childIn(node, field) ?? childOf(node, 'block');
    return this.block(body, body ?? { start: node.end, end: node.end });
  }

  private statements(node: SyntaxNode): Statement[] {
    switch (node.type) {
      case 'expression_statement':
        return this.expressionStatement(node);
      case 'return_statement': {
        const [value] = node.children;
        return [
          this.statement(node, { kind: 'return', value: value && this.expression(value), implicit: false }),
        ];
      }
      case 'raise_statement':
        return [this.raise(node)];
      case 'if_statement':
        return [this.condition(node, childrenIn(node, 'alternative'))];
      case 'for_statement':
        return [this.forLoop(node)];
      case 'while_statement':
        return [this.whileLoop(node)];
      case 'try_statement':
        return [this.tryStatement(node)];
      case 'with_statement':
        return [this.withStatement(node)];
      case 'match_statement':
        return [this.matchStatement(node)];
      case 'function_definition':
        return this.functionDefinition(node, []);
      case 'class_definition':
        return this.classDefinition(node, []);
      case 'decorated_definition': {
        const decorators = node.children.filter((child) => child.type === 'decorator');
        const definition = childIn(node, 'definition');
        if (definition?.type === 'function_definition')
          return this.functionDefinition(definition, decorators);
        return definition ? this.classDefinition(definition, decorators) : [];
      }
      case 'import_statement':
        for (const child of childrenIn(node, 'name')) this.importModule(child);
        return [];
      case 'import_from_statement':
        this.importNames(node);
        return [];
      case 'future_import_statement':
        this.lists.imports.push('__future__');
        return [];
      case 'global_statement':
      case 'nonlocal_statement':
        for (const child of node.children)
          this.scope.redirect(this.textOf(child), node.type === 'global_statement' ? 'global' : 'nonlocal');
        return [];
      case 'delete_statement':
        return this.deletion(node);
      case 'assert_statement':
        return [this.assertion(node)];
      case 'break_statement':
      case 'continue_statement': {
        const form = node.type === 'break_statement' ? 'break' : 'continue';
        return [this.statement(node, { kind: 'jump', form, label: undefined })];
      }
      case 'pass_statement':
      case 'comment':
        return [];
      case 'type_alias_statement': {
        const name = childIn(node, 'left')?.children[0];
        if (name?.type === 'identifier') this.declare(name, { kind: 'const' });
        return [];
      }
      case 'block':
        return [this.block(node)];
      case 'ERROR':
        return this.wreckage(node);
      default: {
        const parts = this.interesting(node.children);
        if (parts.length === 0) return [];
        return [this.statement(node, { kind: 'expression', value: this.opaque(node, parts) })];
      }
    }
  }

  /** What the parser could not put together: statements in it stand, the rest only counts as uses of its names. */
  private wreckage(node: SyntaxNode): Statement[] {
    return node.children.flatMap((child) => {
      if (/_(?:statement|definition)$/.test(child.type) || child.type === 'ERROR' || child.type === 'block')
        return this.statements(child);
      const parts = this.interesting([child]);
      if (parts.length === 0) return [];
      return [this.statement(child, { kind: 'expression', value: this.opaque(child, parts) })];
    });
  }

  private expressionStatement(node: SyntaxNode): Statement[] {
    const [first] = node.children;
    if (!first) return [];
    if (node.children.length > 1) {
      const value = this.collection(node, node.children, 'tuple');
      return [this.statement(node, { kind: 'expression', value })];
    }
    switch (first.type) {
      case 'assignment':
        return this.assignment(first);
      case 'augmented_assignment': {
        const left = childIn(first, 'left');
        const right = childIn(first, 'right');
        const operator = childIn(first, 'operator');
        if (!left || !right) break;
        if (left.type === 'identifier') this.declare(left, { kind: 'let' });
        const target = this.target(left, 'both');
        const value = this.value(first, {
          kind: 'assign',
          operator: operator ? this.textOf(operator) : '+=',
          target,
          value: this.expression(right),
        });
        return [this.statement(node, { kind: 'expression', value })];
      }
      // Doc strings and placeholders do nothing.
      case 'ellipsis':
        return [];
      case 'string':
      case 'concatenated_string': {
        const value = this.expression(first);
        return value.kind === 'literal' ? [] : [this.statement(node, { kind: 'expression', value })];
      }
    }
    return [this.statement(node, { kind: 'expression', value: this.expression(first) })];
  }

  /** The right side of an assignment; in `a = b = f()` that is an assignment itself. */
  private assigned(node: SyntaxNode): Value {
    if (node.type !== 'assignment') return this.expression(node);
    const left = childIn(node, 'left');
    const right = childIn(node, 'right');
    if (!left || !right) return this.opaque(node, this.interesting(node.children));
    const value = this.assigned(right);
    this.declareTargets(left, value);
    this.noteAttribute(left, undefined, value);
    return this.value(node, { kind: 'assign', operator: '=', target: this.target(left), value });
  }

  private assignment(node: SyntaxNode): Statement[] {
    const left = childIn(node, 'left');
    const right = childIn(node, 'right');
    const type = childIn(node, 'type');
    if (!left) return [];
    const hint = type && this.hintOf(type);
    const value = right && this.assigned(right);
    this.noteAttribute(left, hint, value);
    if (left.type === 'identifier') {
      if (value) nameAfter(value, this.textOf(left));
      const { binding, isNew } = this.declare(left, { kind: 'const', initial: value });
      if (binding && hint) this.variables.set(binding, hint);
      if (binding && isNew) {
        const bindings = [binding];
        return [
          this.statement(node, { kind: 'declare', bindings, value, disposal: undefined, whole: binding }),
        ];
      }
    } else if (value) {
      const names = plainNames(left);
      if (names) {
        const declared = names.map((name) => this.declare(name, { kind: 'const', destructured: true }));
        if (declared.every(({ isNew }) => isNew)) {
          const bindings = declared.flatMap(({ binding }) => (binding ? [binding] : []));
          return [
            this.statement(node, { kind: 'declare', bindings, value, disposal: undefined, whole: undefined }),
          ];
        }
      } else this.declareTargets(left, undefined);
    }
    if (!value) return [];
    const target = this.target(left);
    if (target.kind === 'member') nameAfter(value, target.name);
    const assign = this.value(node, { kind: 'assign', operator: '=', target, value });
    return [this.statement(node, { kind: 'expression', value: assign })];
  }

  /** Makes the names in an assignment's target known to the scope. */
  private declareTargets(node: SyntaxNode, initial: Value | undefined): void {
    if (node.type === 'identifier') {
      this.declare(node, { kind: 'const', initial, destructured: initial === undefined });
      return;
    }
    if (node.type === 'attribute' || node.type === 'subscript') return;
    for (const child of node.children) this.declareTargets(child, undefined);
  }

  /** Remembers `self.x = value` and the assignments of a class body. */
  private noteAttribute(
    left: SyntaxNode,
    hint: ReturnType<Lowering['hintOf']> | undefined,
    value: Value | undefined,
  ): void {
    if (left.type === 'identifier') {
      if (this.body) this.attribute(this.body, this.textOf(left), { hint, value });
      return;
    }
    const object = left.type === 'attribute' ? childIn(left, 'object') : undefined;
    const name = childIn(left, 'attribute');
    if (!object || !name || !this.receiver || this.textOf(object) !== this.receiver.name) return;
    this.attribute(this.receiver.owner, this.textOf(name), { hint, value });
  }

  private raise(node: SyntaxNode): Statement {
    const cause = childIn(node, 'cause');
    const exception = node.children.find((child) => child !== cause);
    if (!exception) return this.statement(node, { kind: 'throw', value: undefined });
    const value = this.expression(exception);
    if (!cause) return this.statement(node, { kind: 'throw', value });
    const values = [this.expression(cause), value];
    return this.statement(node, { kind: 'throw', value: this.value(node, { kind: 'sequence', values }) });
  }

  private condition(node: SyntaxNode, alternatives: readonly SyntaxNode[]): Statement {
    const test = childIn(node, 'condition');
    const loweredTest = test ? this.expression(test) : this.opaque(node, []);
    const then = this.suite(node, 'consequence');
    const [next, ...rest] = alternatives;
    const otherwise = !next
      ? undefined
      : next.type === 'elif_clause'
        ? this.condition(next, rest)
        : this.suite(next);
    return this.statement(node, { kind: 'if', test: loweredTest, then, otherwise });
  }

  private loop(
    node: SyntaxNode,
    fields: Pick<Loop, 'form' | 'initial' | 'source' | 'test' | 'bindings'>,
  ): Statement {
    const body = this.suite(node);
    const alternative = childIn(node, 'alternative');
    const otherwise = alternative && this.suite(alternative);
    return this.statement(node, { kind: 'loop', ...fields, update: undefined, body, otherwise });
  }

  private forLoop(node: SyntaxNode): Statement {
    const isAsync = this.startsWith(node, 'async');
    const left = childIn(node, 'left');
    const right = childIn(node, 'right');
    const source = right ? this.expression(right) : this.opaque(node, []);
    const bindings: Binding[] = [];
    const initial: Statement[] = [];
    if (left) {
      const names = left.type === 'identifier' ? [left] : plainNames(left);
      if (!names) {
        this.declareTargets(left, undefined);
        initial.push(this.statement(left, { kind: 'expression', value: this.target(left) }));
      }
      for (const name of names ?? []) {
        const { binding, isNew } = this.declare(name, { kind: 'const', destructured: true });
        if (binding) {
          bindings.push(binding);
          if (isNew && name === left) this.iterated.set(binding, { source, isAsync });
        }
        if (!isNew)
          initial.push(this.statement(name, { kind: 'expression', value: this.name(name, 'write') }));
      }
    }
    return this.loop(node, {
      form: isAsync ? 'for-await' : 'for-of',
      initial,
      source,
      test: undefined,
      bindings,
    });
  }

  private whileLoop(node: SyntaxNode): Statement {
    const test = childIn(node, 'condition');
    return this.loop(node, {
      form: 'while',
      initial: [],
      source: undefined,
      test: test ? this.expression(test) : this.opaque(node, []),
      bindings: [],
    });
  }

  private tryStatement(node: SyntaxNode): Statement {
    const block = this.suite(node);
    const handlers = node.children
      .filter((child) => child.type === 'except_clause')
      .map((child) => this.handler(child));
    const otherwise = childOf(node, 'else_clause');
    const finalizer = childOf(node, 'finally_clause');
    return this.statement(node, {
      kind: 'try',
      block,
      handlers,
      otherwise: otherwise && this.suite(otherwise),
      finalizer: finalizer && this.suite(finalizer),
    });
  }

  private handler(node: SyntaxNode): Handler {
    let alias = childIn(node, 'alias');
    const types = childrenIn(node, 'value').flatMap((value) => {
      let type: SyntaxNode | undefined = value;
      if (value.type === 'as_pattern') {
        alias ??= childIn(value, 'alias');
        [type] = value.children;
      }
      if (!type) return [];
      return type.type === 'tuple' ? type.children.map((t) => this.expression(t)) : [this.expression(type)];
    });
    const name = alias?.type === 'as_pattern_target' ? alias.children[0] : alias;
    const binding = name?.type === 'identifier' ? this.declare(name, { kind: 'catch' }).binding : undefined;
    return { span: spanOf(node), types, binding, body: this.suite(node) };
  }

  private withStatement(node: SyntaxNode): Statement {
    const isAsync = this.startsWith(node, 'async');
    const clause = childOf(node, 'with_clause');
    const items = (clause?.children ?? [])
      .flatMap((item) => (item.type === 'with_item' ? item.children : [item]))
      .flatMap((value) => insideParentheses(value));
    const head: Statement[] = [];
    const resources = items.map((item) => {
      const isNamed = item.type === 'as_pattern';
      const [subject] = item.children;
      const value = this.expression(isNamed && subject ? subject : item);
      const target = isNamed ? childIn(item, 'alias')?.children[0] : undefined;
      const bindings: Binding[] = [];
      if (!target) return { value, bindings };
      const names = target.type === 'identifier' ? [target] : plainNames(target);
      for (const name of names ?? []) {
        const { binding, isNew } = this.declare(name, { kind: 'const', destructured: true });
        if (!binding) continue;
        bindings.push(binding);
        if (name === target && !this.entered.has(binding)) this.entered.set(binding, { value, isAsync });
        if (!isNew) head.push(this.statement(name, { kind: 'expression', value: this.name(name, 'write') }));
      }
      if (!names) {
        this.declareTargets(target, undefined);
        head.push(this.statement(target, { kind: 'expression', value: this.target(target) }));
      }
      return { value, bindings };
    });
    const body = childIn(node, 'body');
    const block = this.block(body, body ?? { start: node.end, end: node.end }, head);
    return this.statement(node, { kind: 'with', isAsync, resources, body: block });
  }

  private matchStatement(node: SyntaxNode): Statement {
    const subjects = childrenIn(node, 'subject');
    const [subject] = subjects;
    const value =
      subject && subjects.length === 1
        ? this.expression(subject)
        : this.collection(
            { start: subject?.start ?? node.start, end: subject?.end ?? node.end },
            subjects,
            'tuple',
          );
    const clauses = (childIn(node, 'body')?.children ?? []).filter((child) => child.type === 'case_clause');
    const cases = clauses.map((clause): SwitchCase => {
      const patterns = clause.children.filter((child) => child.type === 'case_pattern');
      const parts = patterns.flatMap((pattern) => this.pattern(pattern));
      const guard = childIn(clause, 'guard')?.children[0];
      if (guard) parts.push(this.expression(guard));
      const [pattern] = patterns;
      const catchesAll = patterns.length === 1 && pattern && !guard && isIrrefutable(pattern, this.text);
      const test = catchesAll ? undefined : this.opaque(pattern ?? clause, parts);
      return { test, body: this.suite(clause, 'consequence').body };
    });
    return this.statement(node, { kind: 'switch', value, cases });
  }

  /** Declares what a pattern captures and returns the values it compares with. */
  private pattern(node: SyntaxNode): Value[] {
    switch (node.type) {
      case 'dotted_name': {
        const [only, ...more] = node.children;
        if (!only) return [];
        if (more.length > 0) return [this.dotted(node)];
        if (this.textOf(only) !== '_') this.declare(only, { kind: 'const', destructured: true });
        return [];
      }
      case 'class_pattern': {
        const [type, ...rest] = node.children;
        return [...(type ? [this.dotted(type)] : []), ...rest.flatMap((child) => this.pattern(child))];
      }
      case 'keyword_pattern':
        return node.children.slice(1).flatMap((child) => this.pattern(child));
      case 'identifier':
        if (this.textOf(node) !== '_') this.declare(node, { kind: 'const', destructured: true });
        return [];
      default:
        return node.children.flatMap((child) => this.pattern(child));
    }
  }

  /** `a.b.c` of a pattern, an import or a class name as a value. */
  private dotted(node: SyntaxNode): Value {
    const [first, ...rest] = node.children;
    if (!first) return this.opaque(node, []);
    let value: Value = this.name(first, 'read');
    for (const part of rest) {
      value = this.value<Value>(
        { start: node.start, end: part.end },
        {
          kind: 'member',
          object: value,
          name: this.textOf(part),
          nameSpan: spanOf(part),
          computed: undefined,
          optional: false,
          access: 'read',
        },
      );
    }
    return value;
  }

  private deletion(node: SyntaxNode): Statement[] {
    const targets = node.children.flatMap((child) =>
      child.type === 'expression_list' ? child.children : [child],
    );
    return targets.map((target) => {
      const value = this.value(target, { kind: 'unary', operator: 'delete', operand: this.target(target) });
      return this.statement(node, { kind: 'expression', value });
    });
  }

  /** `assert test, message` is `if test: … else: raise`. */
  private assertion(node: SyntaxNode): Statement {
    const [condition, reason] = node.children;
    const test = condition ? this.expression(condition) : this.opaque(node, []);
    const then = this.block(undefined, { start: test.span.end, end: test.span.end });
    const value = reason && this.expression(reason);
    const otherwise = this.statement(reason ?? node, { kind: 'throw', value });
    return this.statement(node, { kind: 'if', test, then, otherwise });
  }

  private importModule(node: SyntaxNode): void {
    const isAliased = node.type === 'aliased_import';
    const module = isAliased ? childIn(node, 'name') : node;
    const alias = isAliased ? childIn(node, 'alias') : node.children[0];
    if (!module || !alias) return;
    const name = this.textOf(module).replace(/\s+/g, '');
    this.lists.imports.push(name);
    // `import a.b` binds `a`.
    const bound = isAliased ? name : this.textOf(alias);
    this.declare(alias, { kind: 'import', imported: { module: bound, name: '*' } });
  }

  private importNames(node: SyntaxNode): void {
    const from = childIn(node, 'module_name');
    if (!from) return;
    const module = this.textOf(from).replace(/\s+/g, '');
    this.lists.imports.push(module);
    if (childOf(node, 'wildcard_import')) this.stars.push(module);
    for (const child of childrenIn(node, 'name')) {
      const isAliased = child.type === 'aliased_import';
      const name = isAliased ? childIn(child, 'name') : child;
      const alias = isAliased ? childIn(child, 'alias') : child.children[0];
      if (name && alias)
        this.declare(alias, { kind: 'import', imported: { module, name: this.textOf(name) } });
    }
  }

  private functionDefinition(node: SyntaxNode, decorators: readonly SyntaxNode[]): Statement[] {
    const owner = this.body;
    const name = childIn(node, 'name');
    const loweredDecorators = decorators.flatMap((decorator) => {
      const [value] = decorator.children;
      return value ? [this.expression(value)] : [];
    });
    const parameters = this.parameters(childIn(node, 'parameters')?.children ?? []);
    const returnType = childIn(node, 'return_type');
    const hint = returnType && this.hintOf(returnType);
    const decoratedWith = loweredDecorators.map((d) => this.textOf(d.span));
    const fn = this.newFunction(
      owner ? methodKind(name && this.textOf(name), decoratedWith) : 'function',
      name,
      node,
      owner,
    );
    fn.isAsync = this.startsWith(node, 'async');
    fn.isStatic = decoratedWith.some((d) => d === 'staticmethod' || d === 'classmethod');
    fn.decorators = loweredDecorators;
    if (hint) this.returns.set(fn, hint);
    const isStaticMethod = decoratedWith.includes('staticmethod');
    const [first] = parameters;
    const receiver =
      owner && first && !isStaticMethod && !first.rest ? { name: this.textOf(first.name), owner } : undefined;
    this.inside(fn, new Scope(this.scope, 'function', fn), { receiver }, () => {
      this.declareParameters(fn, parameters);
      const binding = fn.params[0]?.binding;
      if (receiver && binding) {
        const isClass = decoratedWith.includes('classmethod') || fn.name === '__new__';
        this.receivers.set(binding, { owner: receiver.owner, isClass });
      }
      fn.body = this.suite(node);
    });
    adoptDefaults(fn);
    for (const decorator of fn.decorators) adopt(decorator, fn.body);
    if (name) this.declare(name, { kind: 'function', declared: fn });
    if (owner) {
      const members = owner.members as ClassMember[];
      members.push({ name: fn.name, isStatic: fn.isStatic, fn, initial: undefined });
      return [];
    }
    return [this.statement(node, { kind: 'function-declaration', function: fn })];
  }

  private classDefinition(node: SyntaxNode, decorators: readonly SyntaxNode[]): Statement[] {
    const name = childIn(node, 'name');
    const members: ClassMember[] = [];
    const heritage: Value[] = [];
    const fact: ClassFact = {
      name: name && this.textOf(name),
      span: spanOf(node),
      heritage,
      members,
      parent: this.fn,
    };
    this.lists.classes.push(fact);
    const anchor = this.statement<Block>(node, { kind: 'block', body: [] });
    const outside = (value: Value): Value => {
      adopt(value, anchor);
      return value;
    };
    for (const decorator of decorators) {
      const [value] = decorator.children;
      if (value) outside(this.expression(value));
    }
    for (const child of childIn(node, 'superclasses')?.children ?? []) {
      const { value, keyword } = this.argument(child);
      outside(value);
      if (keyword === undefined) heritage.push(value);
    }
    const at = this.lists.functions.length;
    const body = this.newFunction('static-block', undefined, node, fact);
    body.isStatic = true;
    body.nameSpan = spanOf(name ?? node);
    this.inside(body, new Scope(this.scope, 'class', body), { body: fact }, () => {
      body.body = this.suite(node);
    });
    for (const [attribute, [first]] of this.attributes.get(fact) ?? []) {
      if (first?.value?.fn !== body) continue;
      const fn = first.value.kind === 'function' ? first.value.function : undefined;
      members.push({ name: attribute, isStatic: true, fn, initial: first.value });
    }
    if (body.body.body.length === 0 && body.calls.length === 0) this.lists.functions.splice(at, 1);
    if (name) this.declare(name, { kind: 'class', declared: fact });
    return [this.statement(node, { kind: 'class-declaration', class: fact })];
  }
}

function methodKind(name: string | undefined, decorators: readonly string[]): FunctionKind {
  if (name === '__init__') return 'constructor';
  if (decorators.some((d) => /(?:^|[._])(?:cached_)?property$/.test(d))) return 'getter';
  return decorators.some((d) => /\.setter$/.test(d)) ? 'setter' : 'method';
}

/** The names of a tuple or list of plain names (`a, *b`); undefined where something else is assigned to. */
function plainNames(node: SyntaxNode): readonly SyntaxNode[] | undefined {
  const names: SyntaxNode[] = [];
  for (const child of node.children) {
    if (child.type === 'identifier') names.push(child);
    else if (
      /^(?:pattern_list|tuple_pattern|list_pattern|list_splat_pattern|list_splat|tuple|list)$/.test(
        child.type,
      )
    ) {
      const inner = plainNames(child);
      if (!inner) return undefined;
      names.push(...inner);
    } else return undefined;
  }
  return /^(?:attribute|subscript)$/.test(node.type) ? undefined : names;
}

/** `with (a as x, b as y):` may be read as a tuple. */
function insideParentheses(node: SyntaxNode): readonly SyntaxNode[] {
  const mayHold = node.type === 'tuple' || node.type === 'parenthesized_expression';
  return mayHold && node.children.some((child) => child.type === 'as_pattern') ? node.children : [node];
}

/** `case _:` and `case name:` match everything. */
function isIrrefutable(pattern: SyntaxNode, text: string): boolean {
  const [only] = pattern.children;
  if (!only) return text.slice(pattern.start, pattern.end).trim() === '_';
  return only.type === 'dotted_name' && only.children.length === 1;
}
