import type ts from 'typescript';
import { adopt, adoptDefaults, nameAfter, type FunctionDraft, type Mutable } from '../../core/drafts';
import type {
  Binding,
  BindingKind,
  Block,
  ClassFact,
  ClassMember,
  FunctionFact,
  FunctionKind,
  FunctionValue,
  Name,
  Param,
  Statement,
  Value,
} from '../../core/facts';
import { ExpressionLowering } from './expressions';
import { propertyName } from './names';
import { isPlainType } from './plain-types';

/** Lowers functions, classes and the patterns that declare names. */
export abstract class FunctionLowering extends ExpressionLowering {
  protected abstract statementsOf(node: ts.Statement): Statement[];

  protected functionValue(node: ts.FunctionLikeDeclaration): FunctionValue {
    const kind: FunctionKind = this.tsc.isArrowFunction(node) ? 'arrow' : this.methodKind(node);
    const fn = this.functionFact(node, kind, undefined);
    const value = this.value<FunctionValue>(node, { kind: 'function', function: fn });
    fn.value = value;
    return value;
  }

  private methodKind(node: ts.FunctionLikeDeclaration): FunctionKind {
    const { tsc } = this;
    if (tsc.isMethodDeclaration(node)) return 'method';
    if (tsc.isGetAccessorDeclaration(node)) return 'getter';
    if (tsc.isSetAccessorDeclaration(node)) return 'setter';
    if (tsc.isConstructorDeclaration(node)) return 'constructor';
    return 'function';
  }

  protected functionFact(
    node: ts.FunctionLikeDeclaration,
    kind: FunctionKind,
    owner: ClassFact | undefined,
    prelude?: () => Statement[],
  ): FunctionDraft {
    const { tsc } = this;
    const unnamed = kind === 'constructor' ? 'constructor' : undefined;
    const name = node.name ? propertyName(tsc, node.name) : unnamed;
    const fn = this.newFunction(kind, name, node, owner);
    fn.isAsync = (tsc.getCombinedModifierFlags(node) & tsc.ModifierFlags.Async) !== 0;
    fn.isStatic = this.isStatic(node);
    fn.isGenerator = 'asteriskToken' in node && node.asteriskToken !== undefined;
    fn.decorators = tsc.canHaveDecorators(node)
      ? (tsc.getDecorators(node) ?? []).map((decorator) => this.expression(decorator.expression))
      : [];
    this.inside(fn, () => {
      if (tsc.isFunctionExpression(node) && node.name) {
        this.declare(node.name, { kind: 'function', declared: fn });
      }
      const params: Param[] = [];
      const defaults: Statement[] = [];
      for (const param of node.parameters) {
        const initial = param.initializer && this.expression(param.initializer);
        const bindings = this.declareNames(param.name, 'param', { defaults, type: param.type });
        params.push({
          binding: tsc.isIdentifier(param.name) ? bindings[0] : undefined,
          span: this.spanOf(param),
          initial,
          rest: param.dotDotDotToken !== undefined,
        });
      }
      fn.params = params;
      const head = [...defaults, ...(prelude?.() ?? [])];
      const { body } = node;
      if (!body) fn.body = this.statement(node, { kind: 'block', body: head });
      else if (tsc.isBlock(body)) {
        const tail = body.statements.flatMap((statement) => this.statementsOf(statement));
        fn.body = this.statement(body, { kind: 'block', body: [...head, ...tail] });
      } else {
        const value = this.expression(body);
        const result = this.statement(body, { kind: 'return', value, implicit: true });
        fn.body = this.statement(body, { kind: 'block', body: [...head, result] });
      }
    });
    adoptDefaults(fn);
    for (const decorator of fn.decorators) adopt(decorator, fn.body);
    return fn;
  }

  protected classFact(node: ts.ClassLikeDeclaration): ClassFact {
    const { tsc } = this;
    const members: ClassMember[] = [];
    const heritage: Value[] = [];
    const fact: ClassFact = {
      name: node.name?.text,
      span: this.spanOf(node),
      heritage,
      members,
      parent: this.fn,
    };
    this.lists.classes.push(fact);
    return this.inBlockScope(() => {
      if (tsc.isClassExpression(node) && node.name) {
        this.declare(node.name, { kind: 'class', declared: fact });
      }
      const anchor = this.statement<Block>(node, { kind: 'block', body: [] });
      for (const clause of node.heritageClauses ?? []) {
        if (clause.token !== tsc.SyntaxKind.ExtendsKeyword) continue;
        for (const type of clause.types) {
          const base = this.expression(type.expression);
          adopt(base, anchor);
          heritage.push(base);
        }
      }
      for (const outside of this.expressionsAround(node)) adopt(this.expression(outside), anchor);
      this.members(node, fact, members);
      return fact;
    });
  }

  /** What is evaluated where the class stands: decorators, but those of methods, and computed names. */
  private *expressionsAround(node: ts.ClassLikeDeclaration): Generator<ts.Expression> {
    const { tsc } = this;
    const decoratorsOf = (decorated: ts.Node) =>
      tsc.canHaveDecorators(decorated) ? (tsc.getDecorators(decorated) ?? []).map((d) => d.expression) : [];
    yield* decoratorsOf(node);
    for (const member of node.members) {
      if (tsc.isPropertyDeclaration(member)) yield* decoratorsOf(member);
      if (member.name && tsc.isComputedPropertyName(member.name)) yield member.name.expression;
      if (tsc.isMethodDeclaration(member) || tsc.isConstructorDeclaration(member))
        for (const param of member.parameters) yield* decoratorsOf(param);
    }
  }

  private members(node: ts.ClassLikeDeclaration, owner: ClassFact, members: ClassMember[]): void {
    const { tsc, scope } = this;
    const instanceFields = node.members.filter(
      (member): member is ts.PropertyDeclaration =>
        tsc.isPropertyDeclaration(member) && member.initializer !== undefined && !this.isStatic(member),
    );
    // Fields run in the constructor, but do not see its parameters.
    const prelude = () =>
      this.inScope(scope, () => instanceFields.map((field) => this.fieldStatement(field, owner, members)));
    let hasConstructor = false;
    for (const member of node.members) {
      if (tsc.isConstructorDeclaration(member) && member.body) {
        hasConstructor = true;
        const fn = this.functionFact(member, 'constructor', owner, prelude);
        members.push({ name: 'constructor', isStatic: false, fn, initial: undefined });
      } else if (
        tsc.isMethodDeclaration(member) ||
        tsc.isGetAccessorDeclaration(member) ||
        tsc.isSetAccessorDeclaration(member)
      ) {
        if (!member.body) continue;
        const fn = this.functionFact(member, this.methodKind(member), owner);
        members.push({ name: fn.name, isStatic: fn.isStatic, fn, initial: undefined });
      } else if (tsc.isClassStaticBlockDeclaration(member)) {
        const fn = this.staticBlock(member, owner, () => this.blockOf(member.body, member.body.statements));
        members.push({ name: undefined, isStatic: true, fn, initial: undefined });
      } else if (tsc.isPropertyDeclaration(member) && member.initializer && this.isStatic(member)) {
        this.staticBlock(member, owner, () =>
          this.statement<Block>(member, {
            kind: 'block',
            body: [this.fieldStatement(member, owner, members)],
          }),
        );
      }
    }
    if (!hasConstructor && instanceFields.length > 0) {
      // Field initialisers run in the constructor, so a class without one gets one that only does that.
      const fn = this.newFunction('constructor', 'constructor', node, owner);
      this.inside(fn, () => {
        fn.body = this.statement(node, { kind: 'block', body: prelude() });
      });
      members.push({ name: 'constructor', isStatic: false, fn, initial: undefined });
    }
  }

  private isStatic(member: ts.Declaration): boolean {
    return (this.tsc.getCombinedModifierFlags(member) & this.tsc.ModifierFlags.Static) !== 0;
  }

  /** Code that runs once, when the class is made. */
  private staticBlock(node: ts.Node, owner: ClassFact, body: () => Block): FunctionDraft {
    const fn = this.newFunction('static-block', undefined, node, owner);
    fn.isStatic = true;
    this.inside(fn, () => {
      fn.body = body();
    });
    return fn;
  }

  /** A field with an initialiser as the assignment to `this` that it is. */
  private fieldStatement(field: ts.PropertyDeclaration, owner: ClassFact, members: ClassMember[]): Statement {
    const name = propertyName(this.tsc, field.name);
    const initial = field.initializer ? this.expression(field.initializer) : this.opaque(field, []);
    nameAfter(initial, name);
    const fn = initial.kind === 'function' ? initial.function : undefined;
    if (fn) (fn as Mutable<FunctionFact>).owner = owner;
    const target = this.value<Value>(field.name, {
      kind: 'member',
      object: this.value<Name>(field.name, {
        kind: 'name',
        text: 'this',
        binding: undefined,
        access: 'read',
      }),
      name,
      nameSpan: this.spanOf(field.name),
      computed: undefined,
      optional: false,
      access: 'write',
    });
    members.push({ name, isStatic: this.isStatic(field), fn, initial });
    const value = this.value(field, { kind: 'assign', operator: '=', target, value: initial });
    return this.statement(field, { kind: 'expression', value });
  }

  /** Declares every name of a binding pattern and lowers the default values in it. */
  protected declareNames(
    name: ts.BindingName,
    kind: BindingKind,
    options: {
      exported?: boolean;
      initial?: Value | undefined;
      destructured?: boolean;
      /** As it is written for the whole pattern. */
      type?: ts.TypeNode | undefined;
      /** Takes the default values in the pattern. */
      defaults?: Statement[];
    } = {},
  ): Binding[] {
    const { tsc } = this;
    if (tsc.isIdentifier(name)) {
      return [
        this.declare(name, {
          kind,
          initial: options.initial,
          destructured: options.destructured ?? false,
          exported: options.exported ?? false,
          isPlain: isPlainType(tsc, options.type),
        }),
      ];
    }
    return name.elements.flatMap((element) => {
      if (tsc.isOmittedExpression(element)) return [];
      if (element.initializer) options.defaults?.push(this.defaultOf(element, element.initializer));
      return this.declareNames(element.name, kind, {
        ...options,
        initial: undefined,
        type: undefined,
        destructured: true,
      });
    });
  }

  /** Only evaluated where the value has nothing to take. */
  private defaultOf(element: ts.BindingElement, initializer: ts.Expression): Statement {
    const right = this.expression(initializer);
    const left = this.opaque(element.name, []);
    return this.kept(
      element,
      this.value(element, { kind: 'choice', operator: '??', test: undefined, left, right }),
    );
  }

  protected blockOf(node: ts.Node, statements: readonly ts.Statement[]): Block {
    return this.statement<Block>(node, {
      kind: 'block',
      body: statements.flatMap((s) => this.statementsOf(s)),
    });
  }
}
