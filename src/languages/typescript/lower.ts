import type ts from 'typescript';
import type {
  Argument,
  Await,
  Binding,
  BindingKind,
  Block,
  Call,
  ClassFact,
  ClassMember,
  CommentFact,
  Element,
  FileFacts,
  FunctionFact,
  FunctionKind,
  FunctionValue,
  Handler,
  Name,
  Param,
  Statement,
  SwitchCase,
  Value,
} from '../../core/facts';
import type { Span } from '../../core/text';
import { partsOf } from '../../core/walk';
import { commentsOf } from './comments';
import { Scope, type BindingDraft, type Mutable } from './scope';

type TypeScript = typeof ts;

/**
 * Lowers a parsed file to facts. Needs parent pointers in the tree and no type information.
 * @param tsc the TypeScript that made the tree: enum values differ between versions.
 */
export function lower(tsc: TypeScript, sourceFile: ts.SourceFile): FileFacts {
  return new Lowering(tsc, sourceFile).file;
}

type FunctionDraft = Mutable<FunctionFact> & { calls: Call[]; awaits: Await[] };
type ExpressionLowering = (node: ts.Node) => Value;

// `Omit` over a union would merge its members; distribute instead.
type Fields<T> = T extends Value ? Omit<T, 'span' | 'fn' | 'parent' | 'origin'> : never;
type StatementFields<T> = T extends Statement ? Omit<T, 'span' | 'fn' | 'parent' | 'origin'> : never;

class Lowering {
  readonly file: FileFacts;
  private readonly functions: FunctionFact[] = [];
  private readonly classes: ClassFact[] = [];
  private readonly imports: string[] = [];
  private readonly names: { name: Mutable<Name>; scope: Scope }[] = [];
  private readonly exportedNames: { name: string; scope: Scope }[] = [];
  private readonly expressions = new Map<ts.SyntaxKind, ExpressionLowering>();
  private scope = new Scope(undefined, true);
  private fn: FunctionDraft;

  constructor(
    private readonly tsc: TypeScript,
    private readonly sourceFile: ts.SourceFile,
  ) {
    let comments: CommentFact[] | undefined;
    this.file = {
      file: sourceFile.fileName,
      language: 'typescript',
      text: sourceFile.text,
      functions: this.functions,
      classes: this.classes,
      // Few analyses need comments, and finding them costs a walk of its own.
      get comments() {
        return (comments ??= commentsOf(tsc, sourceFile));
      },
      broken: brokenStatements(tsc, sourceFile),
      imports: this.imports,
    };
    this.registerExpressions();
    this.fn = this.newFunction('module', undefined, sourceFile, undefined);
    this.fn.body = this.blockOf(sourceFile, sourceFile.statements);
    this.resolveNames();
  }

  private resolveNames(): void {
    for (const { name, scope } of this.names) {
      const binding = scope.resolve(name.text);
      name.binding = binding;
      binding?.references.push(name);
    }
    for (const { name, scope } of this.exportedNames) {
      const binding = scope.resolve(name);
      if (binding) binding.exported = true;
    }
  }

  private span(node: ts.Node): Span {
    return { start: node.getStart(this.sourceFile), end: node.end };
  }

  private newFunction(
    kind: FunctionKind,
    name: string | undefined,
    node: ts.Node,
    owner: ClassFact | undefined,
  ): FunctionDraft {
    const span = this.span(node);
    const nameNode = 'name' in node ? (node.name as ts.Node | undefined) : undefined;
    const fn: FunctionDraft = {
      file: this.file,
      kind,
      name,
      isAsync: false,
      isGenerator: false,
      span,
      nameSpan: nameNode && kind !== 'module' ? this.span(nameNode) : this.firstToken(node, span),
      parent: kind === 'module' ? undefined : this.fn,
      owner,
      isStatic: false,
      params: [],
      decorators: [],
      value: undefined,
      body: undefined as unknown as Block,
      calls: [],
      awaits: [],
      origin: node,
    };
    this.functions.push(fn);
    return fn;
  }

  private firstToken(node: ts.Node, span: Span): Span {
    if (this.tsc.isSourceFile(node)) return { start: span.start, end: span.start };
    if (this.tsc.isArrowFunction(node)) return this.span(node.equalsGreaterThanToken);
    const match = /^[\w$]+/.exec(this.sourceFile.text.slice(span.start, span.start + 40));
    return { start: span.start, end: span.start + (match?.[0].length ?? 1) };
  }

  /** Runs `body` with another current function and scope. */
  private inside<T>(fn: FunctionDraft, scope: Scope, body: () => T): T {
    const outer = { fn: this.fn, scope: this.scope };
    this.fn = fn;
    this.scope = scope;
    try {
      return body();
    } finally {
      this.fn = outer.fn;
      this.scope = outer.scope;
    }
  }

  private inBlockScope<T>(body: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(outer, false);
    try {
      return body();
    } finally {
      this.scope = outer;
    }
  }

  private value<T extends Value>(node: ts.Node, fields: Fields<T>): T {
    const value = {
      ...fields,
      span: this.span(node),
      fn: this.fn,
      parent: undefined,
      origin: node,
    } as unknown as T;
    for (const part of partsOf(value)) (part as Mutable<Value>).parent = value;
    return value;
  }

  private statement<T extends Statement>(node: ts.Node, fields: StatementFields<T>): T {
    const statement = {
      ...fields,
      span: this.span(node),
      fn: this.fn,
      parent: undefined,
      origin: node,
    } as unknown as T;
    for (const part of partsOf(statement)) (part as { parent: unknown }).parent = statement;
    return statement;
  }

  private registerExpressions(): void {
    const { SyntaxKind: K } = this.tsc;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names the kind of node at the call
    const on = <N extends ts.Node>(kinds: readonly ts.SyntaxKind[], lowering: (node: N) => Value) => {
      for (const kind of kinds) this.expressions.set(kind, lowering as unknown as ExpressionLowering);
    };
    on<ts.ParenthesizedExpression | ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression>(
      [
        K.ParenthesizedExpression,
        K.AsExpression,
        K.SatisfiesExpression,
        K.NonNullExpression,
        K.TypeAssertionExpression,
        K.PartiallyEmittedExpression,
        K.ExpressionWithTypeArguments,
      ],
      (node) => this.expression(node.expression),
    );
    on<ts.CallExpression>([K.CallExpression], (node) => this.call(node));
    on<ts.NewExpression>([K.NewExpression], (node) => this.construction(node));
    on<ts.TaggedTemplateExpression>([K.TaggedTemplateExpression], (node) => this.taggedTemplate(node));
    on<ts.AwaitExpression>([K.AwaitExpression], (node) => {
      const value = this.value<Await>(node, { kind: 'await', operand: this.expression(node.expression) });
      this.fn.awaits.push(value);
      return value;
    });
    on<ts.Identifier>([K.Identifier], (node) => this.name(node, node.text));
    on<ts.Node>([K.ThisKeyword], (node) => this.name(node, 'this'));
    on<ts.Node>([K.SuperKeyword], (node) => this.name(node, 'super'));
    on<ts.PropertyAccessExpression>([K.PropertyAccessExpression], (node) =>
      this.value(node, {
        kind: 'member',
        object: this.expression(node.expression),
        name: node.name.text,
        nameSpan: this.span(node.name),
        computed: undefined,
        optional: node.questionDotToken !== undefined,
        access: this.accessOf(node),
      }),
    );
    on<ts.ElementAccessExpression>([K.ElementAccessExpression], (node) => {
      const key = node.argumentExpression;
      return this.value(node, {
        kind: 'member',
        object: this.expression(node.expression),
        name: this.tsc.isStringLiteralLike(key) ? key.text : undefined,
        nameSpan: this.span(key),
        computed: this.expression(key),
        optional: node.questionDotToken !== undefined,
        access: this.accessOf(node),
      });
    });
    on<ts.FunctionExpression | ts.ArrowFunction>([K.FunctionExpression, K.ArrowFunction], (node) =>
      this.functionValue(node),
    );
    on<ts.ClassExpression>([K.ClassExpression], (node) =>
      this.value(node, { kind: 'class', class: this.classFact(node) }),
    );
    on<ts.ConditionalExpression>([K.ConditionalExpression], (node) =>
      this.value(node, {
        kind: 'choice',
        operator: '?:',
        test: this.expression(node.condition),
        left: this.expression(node.whenTrue),
        right: this.expression(node.whenFalse),
      }),
    );
    on<ts.BinaryExpression>([K.BinaryExpression], (node) => this.binary(node));
    on<ts.ArrayLiteralExpression>([K.ArrayLiteralExpression], (node) =>
      this.value(node, {
        kind: 'collection',
        form: 'array',
        elements: node.elements.map((element) => this.element(element)),
      }),
    );
    on<ts.ObjectLiteralExpression>([K.ObjectLiteralExpression], (node) =>
      this.value(node, {
        kind: 'collection',
        form: 'object',
        elements: node.properties.map((property) => this.property(property)),
      }),
    );
    on<ts.PrefixUnaryExpression>([K.PrefixUnaryExpression], (node) =>
      this.value(node, {
        kind: 'unary',
        operator: this.tsc.tokenToString(node.operator) ?? '',
        operand: this.expression(node.operand),
      }),
    );
    on<ts.PostfixUnaryExpression>([K.PostfixUnaryExpression], (node) =>
      this.value(node, {
        kind: 'unary',
        operator: this.tsc.tokenToString(node.operator) ?? '',
        operand: this.expression(node.operand),
      }),
    );
    const word = (operator: string) => (node: ts.VoidExpression) =>
      this.value(node, { kind: 'unary', operator, operand: this.expression(node.expression) });
    on<ts.VoidExpression>([K.VoidExpression], word('void'));
    on<ts.VoidExpression>([K.TypeOfExpression], word('typeof'));
    on<ts.VoidExpression>([K.DeleteExpression], word('delete'));
    on<ts.YieldExpression>([K.YieldExpression], (node) =>
      this.value(node, {
        kind: 'yield',
        operand: node.expression && this.expression(node.expression),
        delegates: node.asteriskToken !== undefined,
      }),
    );
    on<ts.TemplateExpression>([K.TemplateExpression], (node) =>
      this.value(node, {
        kind: 'template',
        parts: node.templateSpans.map((part) => this.expression(part.expression)),
      }),
    );
    on<ts.LiteralLikeNode>([K.StringLiteral, K.NoSubstitutionTemplateLiteral], (node) =>
      this.value(node, { kind: 'literal', value: node.text }),
    );
    on<ts.NumericLiteral>([K.NumericLiteral], (node) =>
      this.value(node, { kind: 'literal', value: Number(node.text) }),
    );
    on<ts.Node>([K.TrueKeyword], (node) => this.value(node, { kind: 'literal', value: true }));
    on<ts.Node>([K.FalseKeyword], (node) => this.value(node, { kind: 'literal', value: false }));
    on<ts.Node>([K.NullKeyword], (node) => this.value(node, { kind: 'literal', value: null }));
    on<ts.JsxElement>([K.JsxElement], (node) =>
      this.markup(node, node.openingElement.tagName, node.openingElement.attributes, node.children),
    );
    on<ts.JsxSelfClosingElement>([K.JsxSelfClosingElement], (node) =>
      this.markup(node, node.tagName, node.attributes, []),
    );
    on<ts.JsxFragment>([K.JsxFragment], (node) => this.markup(node, undefined, undefined, node.children));
    on<ts.JsxExpression>([K.JsxExpression], (node) =>
      node.expression ? this.expression(node.expression) : this.opaque(node, []),
    );
  }

  private expression(node: ts.Node): Value {
    const lowering = this.expressions.get(node.kind);
    if (lowering) return lowering(node);
    const parts: Value[] = [];
    this.tsc.forEachChild(node, (child) => {
      if (this.expressions.has(child.kind) || !this.tsc.isTypeNode(child)) {
        const part = this.expression(child);
        if (part.kind !== 'opaque' || part.parts.length > 0) parts.push(part);
      }
    });
    return this.opaque(node, parts);
  }

  private opaque(node: ts.Node, parts: readonly Value[]): Value {
    return this.value(node, { kind: 'opaque', parts });
  }

  private name(node: ts.Node, text: string): Name {
    const name = this.value<Name>(node, {
      kind: 'name',
      text,
      binding: undefined,
      access: this.accessOf(node),
    });
    this.names.push({ name, scope: this.scope });
    return name;
  }

  private accessOf(node: ts.Node): Name['access'] {
    const { tsc } = this;
    let inner = node;
    let { parent } = node;
    while (
      tsc.isParenthesizedExpression(parent) ||
      tsc.isNonNullExpression(parent) ||
      tsc.isAsExpression(parent)
    ) {
      inner = parent;
      ({ parent } = parent);
    }
    if (tsc.isBinaryExpression(parent) && parent.left === inner) {
      const operator = parent.operatorToken.kind;
      if (operator === tsc.SyntaxKind.EqualsToken) return 'write';
      if (operator >= tsc.SyntaxKind.FirstAssignment && operator <= tsc.SyntaxKind.LastAssignment)
        return 'both';
      return 'read';
    }
    if (tsc.isPostfixUnaryExpression(parent)) return 'both';
    if (tsc.isPrefixUnaryExpression(parent)) {
      const step =
        parent.operator === tsc.SyntaxKind.PlusPlusToken ||
        parent.operator === tsc.SyntaxKind.MinusMinusToken;
      return step ? 'both' : 'read';
    }
    if (tsc.isDeleteExpression(parent)) return 'write';
    if ((tsc.isForOfStatement(parent) || tsc.isForInStatement(parent)) && parent.initializer === inner)
      return 'write';
    return 'read';
  }

  private args(nodes: readonly ts.Expression[] | undefined): Argument[] {
    return (nodes ?? []).map((node) =>
      this.tsc.isSpreadElement(node)
        ? { value: this.expression(node.expression), spread: true, keyword: undefined }
        : { value: this.expression(node), spread: false, keyword: undefined },
    );
  }

  private call(node: ts.CallExpression): Value {
    const isImport = node.expression.kind === this.tsc.SyntaxKind.ImportKeyword;
    const first = node.arguments[0];
    const callsRequire = this.tsc.isIdentifier(node.expression) && node.expression.text === 'require';
    if ((isImport || callsRequire) && first && this.tsc.isStringLiteralLike(first))
      this.imports.push(first.text);
    const callee = isImport ? this.opaque(node.expression, []) : this.expression(node.expression);
    const call = this.value<Call>(node, {
      kind: 'call',
      form: isImport ? 'import' : 'call',
      callee,
      args: this.args(node.arguments),
      optional: node.questionDotToken !== undefined,
    });
    this.fn.calls.push(call);
    return call;
  }

  private construction(node: ts.NewExpression): Value {
    const callee = this.expression(node.expression);
    const args = this.args(node.arguments);
    const call = this.value<Call>(node, { kind: 'call', form: 'new', callee, args, optional: false });
    this.fn.calls.push(call);
    return call;
  }

  private taggedTemplate(node: ts.TaggedTemplateExpression): Value {
    const callee = this.expression(node.tag);
    const spans = this.tsc.isTemplateExpression(node.template) ? node.template.templateSpans : [];
    const args = this.args(spans.map((span) => span.expression));
    const call = this.value<Call>(node, { kind: 'call', form: 'tagged', callee, args, optional: false });
    this.fn.calls.push(call);
    return call;
  }

  private binary(node: ts.BinaryExpression): Value {
    const { SyntaxKind: K } = this.tsc;
    const kind = node.operatorToken.kind;
    const left = () => this.expression(node.left);
    const right = () => this.expression(node.right);
    if (kind === K.CommaToken) {
      const first = left();
      const values = first.kind === 'sequence' ? [...first.values, right()] : [first, right()];
      return this.value(node, { kind: 'sequence', values });
    }
    const operator = this.tsc.tokenToString(kind) ?? '';
    if (operator === '&&' || operator === '||' || operator === '??') {
      return this.value(node, { kind: 'choice', operator, test: undefined, left: left(), right: right() });
    }
    if (kind >= K.FirstAssignment && kind <= K.LastAssignment) {
      const target = left();
      const value = right();
      nameAfter(
        value,
        target.kind === 'name' ? target.text : target.kind === 'member' ? target.name : undefined,
      );
      return this.value(node, { kind: 'assign', operator, target, value });
    }
    return this.value(node, { kind: 'binary', operator, left: left(), right: right() });
  }

  private element(node: ts.Expression): Element {
    const spread = this.tsc.isSpreadElement(node);
    const value = this.expression(spread ? node.expression : node);
    return { key: undefined, computedKey: undefined, value, spread };
  }

  private property(node: ts.ObjectLiteralElementLike): Element {
    const { tsc } = this;
    if (tsc.isSpreadAssignment(node)) {
      return {
        key: undefined,
        computedKey: undefined,
        value: this.expression(node.expression),
        spread: true,
      };
    }
    const key = propertyName(tsc, node.name);
    if (tsc.isShorthandPropertyAssignment(node)) {
      return { key, computedKey: undefined, value: this.name(node.name, node.name.text), spread: false };
    }
    const computedKey = tsc.isComputedPropertyName(node.name)
      ? this.expression(node.name.expression)
      : undefined;
    const value = tsc.isPropertyAssignment(node)
      ? this.expression(node.initializer)
      : this.functionValue(node);
    nameAfter(value, key);
    return { key, computedKey, value, spread: false };
  }

  private markup(
    node: ts.Node,
    tag: ts.JsxTagNameExpression | undefined,
    attributes: ts.JsxAttributes | undefined,
    children: readonly ts.JsxChild[],
  ): Value {
    const { tsc } = this;
    const lowered: Element[] = (attributes?.properties ?? []).map((attribute) => {
      if (tsc.isJsxSpreadAttribute(attribute)) {
        return {
          key: undefined,
          computedKey: undefined,
          value: this.expression(attribute.expression),
          spread: true,
        };
      }
      const value = attribute.initializer
        ? this.expression(attribute.initializer)
        : this.opaque(attribute, []);
      return { key: attribute.name.getText(this.sourceFile), computedKey: undefined, value, spread: false };
    });
    return this.value(node, {
      kind: 'markup',
      tag: tag?.getText(this.sourceFile) ?? '',
      attributes: lowered,
      children: children.filter((child) => !tsc.isJsxText(child)).map((child) => this.expression(child)),
    });
  }

  private functionValue(node: ts.FunctionLikeDeclaration): FunctionValue {
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

  private functionFact(
    node: ts.FunctionLikeDeclaration,
    kind: FunctionKind,
    owner: ClassFact | undefined,
    prelude?: () => Statement[],
  ): FunctionDraft {
    const { tsc } = this;
    const name = node.name
      ? propertyName(tsc, node.name)
      : kind === 'constructor'
        ? 'constructor'
        : undefined;
    const fn = this.newFunction(kind, name, node, owner);
    const flags = tsc.getCombinedModifierFlags(node);
    fn.isAsync = (flags & tsc.ModifierFlags.Async) !== 0;
    fn.isStatic = (flags & tsc.ModifierFlags.Static) !== 0;
    fn.isGenerator = 'asteriskToken' in node && node.asteriskToken !== undefined;
    fn.decorators = tsc.canHaveDecorators(node)
      ? (tsc.getDecorators(node) ?? []).map((decorator) => this.expression(decorator.expression))
      : [];
    this.inside(fn, new Scope(this.scope, true), () => {
      if (tsc.isFunctionExpression(node) && node.name) {
        this.scope.declare({
          name: node.name.text,
          kind: 'function',
          fn,
          span: this.span(node.name),
          declared: fn,
        });
      }
      const params: Param[] = [];
      for (const param of node.parameters) {
        const initial = param.initializer && this.expression(param.initializer);
        const bindings = this.declareNames(param.name, 'param');
        params.push({
          binding: tsc.isIdentifier(param.name) ? bindings[0] : undefined,
          span: this.span(param),
          initial,
          rest: param.dotDotDotToken !== undefined,
        });
      }
      fn.params = params;
      const head = prelude?.() ?? [];
      const { body } = node;
      if (!body) fn.body = this.statement(node, { kind: 'block', body: head });
      else if (tsc.isBlock(body)) {
        const tail = body.statements.flatMap((statement) => this.statementsOf(statement));
        fn.body = this.statement(body, { kind: 'block', body: [...head, ...tail] });
      } else {
        const value = this.expression(body);
        const result = this.statement(body, { kind: 'return', value, implicit: true });
        fn.body = this.statement(body, { kind: 'block', body: [result] });
      }
      for (const param of params) if (param.initial) (param.initial as { parent: unknown }).parent = fn.body;
    });
    for (const decorator of fn.decorators) (decorator as { parent: unknown }).parent = fn.body;
    return fn;
  }

  private classFact(node: ts.ClassLikeDeclaration): ClassFact {
    const { tsc } = this;
    const members: ClassMember[] = [];
    const heritage: Value[] = [];
    const fact: ClassFact = {
      name: node.name?.text,
      span: this.span(node),
      heritage,
      members,
      parent: this.fn,
    };
    this.classes.push(fact);
    return this.inBlockScope(() => {
      if (tsc.isClassExpression(node) && node.name) {
        const span = this.span(node.name);
        this.scope.declare({ name: node.name.text, kind: 'class', fn: this.fn, span, declared: fact });
      }
      const anchor = this.statement<Block>(node, { kind: 'block', body: [] });
      for (const clause of node.heritageClauses ?? []) {
        if (clause.token !== tsc.SyntaxKind.ExtendsKeyword) continue;
        for (const type of clause.types) {
          const base = this.expression(type.expression);
          (base as { parent: unknown }).parent = anchor;
          heritage.push(base);
        }
      }
      const fields = node.members.filter(
        (m): m is ts.PropertyDeclaration =>
          tsc.isPropertyDeclaration(m) &&
          !tsc.isAutoAccessorPropertyDeclaration(m) &&
          m.initializer !== undefined,
      );
      const isStatic = (m: ts.PropertyDeclaration) =>
        (tsc.getCombinedModifierFlags(m) & tsc.ModifierFlags.Static) !== 0;
      const instanceFields = fields.filter((m) => !isStatic(m));
      const prelude = () => instanceFields.map((field) => this.fieldStatement(field, fact, members));
      let hasConstructor = false;
      for (const member of node.members) {
        if (tsc.isConstructorDeclaration(member) && member.body) {
          hasConstructor = true;
          const fn = this.functionFact(member, 'constructor', fact, prelude);
          members.push({ name: 'constructor', isStatic: false, fn, initial: undefined });
        } else if (
          tsc.isMethodDeclaration(member) ||
          tsc.isGetAccessorDeclaration(member) ||
          tsc.isSetAccessorDeclaration(member)
        ) {
          if (!member.body) continue;
          const fn = this.functionFact(member, this.methodKind(member), fact);
          members.push({ name: fn.name, isStatic: fn.isStatic, fn, initial: undefined });
        } else if (tsc.isClassStaticBlockDeclaration(member)) {
          const fn = this.newFunction('static-block', undefined, member, fact);
          fn.isStatic = true;
          this.inside(fn, new Scope(this.scope, true), () => {
            fn.body = this.blockOf(member.body, member.body.statements);
          });
          members.push({ name: undefined, isStatic: true, fn, initial: undefined });
        }
      }
      if (!hasConstructor && instanceFields.length > 0) {
        // Field initialisers run in the constructor, so a class without one gets one that only does that.
        const fn = this.newFunction('constructor', 'constructor', node, fact);
        this.inside(fn, new Scope(this.scope, true), () => {
          fn.body = this.statement(node, { kind: 'block', body: prelude() });
        });
        members.push({ name: 'constructor', isStatic: false, fn, initial: undefined });
      }
      for (const field of fields.filter(isStatic)) {
        const fn = this.newFunction('static-block', undefined, field, fact);
        fn.isStatic = true;
        this.inside(fn, new Scope(this.scope, true), () => {
          fn.body = this.statement(field, {
            kind: 'block',
            body: [this.fieldStatement(field, fact, members)],
          });
        });
      }
      return fact;
    });
  }

  /** A field with an initialiser as the assignment to `this` that it is. */
  private fieldStatement(field: ts.PropertyDeclaration, owner: ClassFact, members: ClassMember[]): Statement {
    const name = propertyName(this.tsc, field.name);
    const initial = field.initializer ? this.expression(field.initializer) : this.opaque(field, []);
    nameAfter(initial, name);
    if (initial.kind === 'function') (initial.function as Mutable<FunctionFact>).owner = owner;
    const isStatic = (this.tsc.getCombinedModifierFlags(field) & this.tsc.ModifierFlags.Static) !== 0;
    const target = this.value<Value>(field.name, {
      kind: 'member',
      object: this.value<Name>(field.name, {
        kind: 'name',
        text: 'this',
        binding: undefined,
        access: 'read',
      }),
      name,
      nameSpan: this.span(field.name),
      computed: undefined,
      optional: false,
      access: 'write',
    });
    members.push({ name, isStatic, fn: initial.kind === 'function' ? initial.function : undefined, initial });
    const value = this.value(field, { kind: 'assign', operator: '=', target, value: initial });
    return this.statement(field, { kind: 'expression', value });
  }

  /** Declares every name of a binding pattern and lowers the default values in it. */
  private declareNames(
    name: ts.BindingName,
    kind: BindingKind,
    options: {
      exported?: boolean;
      initial?: Value | undefined;
      destructured?: boolean;
      defaults?: Value[];
    } = {},
  ): Binding[] {
    const { tsc } = this;
    if (tsc.isIdentifier(name)) {
      return [
        this.scope.declare({
          name: name.text,
          kind,
          fn: this.fn,
          span: this.span(name),
          initial: options.initial,
          destructured: options.destructured ?? false,
          exported: options.exported ?? false,
        }),
      ];
    }
    return name.elements.flatMap((element) => {
      if (tsc.isOmittedExpression(element)) return [];
      if (element.initializer) options.defaults?.push(this.expression(element.initializer));
      return this.declareNames(element.name, kind, { ...options, initial: undefined, destructured: true });
    });
  }

  private blockOf(node: ts.Node, statements: readonly ts.Statement[]): Block {
    return this.statement<Block>(node, {
      kind: 'block',
      body: statements.flatMap((s) => this.statementsOf(s)),
    });
  }

  private one(node: ts.Statement): Statement {
    const statements = this.statementsOf(node);
    const [only] = statements;
    return only && statements.length === 1
      ? only
      : this.statement<Block>(node, { kind: 'block', body: statements });
  }

  private statementsOf(node: ts.Statement): Statement[] {
    const { tsc } = this;
    const { SyntaxKind: K } = tsc;
    switch (node.kind) {
      case K.ExpressionStatement: {
        const { expression } = node as ts.ExpressionStatement;
        return [this.statement(node, { kind: 'expression', value: this.expression(expression) })];
      }
      case K.VariableStatement: {
        const { declarationList, modifiers } = node as ts.VariableStatement;
        const exported = modifiers?.some((m) => m.kind === K.ExportKeyword) ?? false;
        const ambient = modifiers?.some((m) => m.kind === K.DeclareKeyword) ?? false;
        return ambient ? [] : this.declarations(declarationList, exported);
      }
      case K.FunctionDeclaration: {
        const declaration = node as ts.FunctionDeclaration;
        if (!declaration.body) return [];
        const fn = this.functionFact(declaration, 'function', undefined);
        if (declaration.name) {
          this.scope.declare({
            name: declaration.name.text,
            kind: 'function',
            fn: this.fn,
            span: this.span(declaration.name),
            declared: fn,
            exported: declaration.modifiers?.some((m) => m.kind === K.ExportKeyword) ?? false,
          });
        }
        return [this.statement(node, { kind: 'function-declaration', function: fn })];
      }
      case K.ClassDeclaration: {
        const declaration = node as ts.ClassDeclaration;
        if (declaration.modifiers?.some((m) => m.kind === K.DeclareKeyword)) return [];
        const fact = this.classFact(declaration);
        if (declaration.name) {
          this.scope.declare({
            name: declaration.name.text,
            kind: 'class',
            fn: this.fn,
            span: this.span(declaration.name),
            declared: fact,
            exported: declaration.modifiers?.some((m) => m.kind === K.ExportKeyword) ?? false,
          });
        }
        return [this.statement(node, { kind: 'class-declaration', class: fact })];
      }
      case K.ReturnStatement: {
        const { expression } = node as ts.ReturnStatement;
        const value = expression && this.expression(expression);
        return [this.statement(node, { kind: 'return', value, implicit: false })];
      }
      case K.ThrowStatement: {
        const value = this.expression((node as ts.ThrowStatement).expression);
        return [this.statement(node, { kind: 'throw', value })];
      }
      case K.Block:
        return [this.inBlockScope(() => this.blockOf(node, (node as ts.Block).statements))];
      case K.IfStatement: {
        const { expression, thenStatement, elseStatement } = node as ts.IfStatement;
        return [
          this.statement(node, {
            kind: 'if',
            test: this.expression(expression),
            then: this.one(thenStatement),
            otherwise: elseStatement && this.one(elseStatement),
          }),
        ];
      }
      case K.ForStatement:
      case K.ForOfStatement:
      case K.ForInStatement:
      case K.WhileStatement:
      case K.DoStatement:
        return [this.inBlockScope(() => this.loop(node as ts.IterationStatement))];
      case K.TryStatement:
        return [this.tryStatement(node as ts.TryStatement)];
      case K.SwitchStatement:
        return [this.switchStatement(node as ts.SwitchStatement)];
      case K.LabeledStatement: {
        const { label, statement } = node as ts.LabeledStatement;
        const body = this.statementsOf(statement);
        const [only] = body;
        if (only?.kind === 'loop' && only.label === undefined) {
          (only as { label?: string }).label = label.text;
          return body;
        }
        return [this.statement<Block>(node, { kind: 'block', body, label: label.text })];
      }
      case K.BreakStatement:
      case K.ContinueStatement: {
        const form = node.kind === K.BreakStatement ? 'break' : 'continue';
        const label = (node as ts.BreakOrContinueStatement).label?.text;
        return [this.statement(node, { kind: 'jump', form, label })];
      }
      case K.ImportDeclaration:
        this.importDeclaration(node as ts.ImportDeclaration);
        return [];
      case K.ImportEqualsDeclaration:
        this.importEquals(node as ts.ImportEqualsDeclaration);
        return [];
      case K.ExportDeclaration:
        this.exportDeclaration(node as ts.ExportDeclaration);
        return [];
      case K.ExportAssignment: {
        const { expression } = node as ts.ExportAssignment;
        if (tsc.isIdentifier(expression))
          this.exportedNames.push({ name: expression.text, scope: this.scope });
        const value = this.expression(expression);
        // An exported value is kept by the module: bound, not discarded.
        return [
          this.statement(node, {
            kind: 'declare',
            bindings: [],
            value,
            disposal: undefined,
            whole: undefined,
          }),
        ];
      }
      case K.ModuleDeclaration: {
        const { body, modifiers } = node as ts.ModuleDeclaration;
        const ambient = modifiers?.some((m) => m.kind === K.DeclareKeyword) ?? false;
        if (ambient || !body || !tsc.isModuleBlock(body)) return [];
        return [this.inBlockScope(() => this.blockOf(node, body.statements))];
      }
      case K.EnumDeclaration: {
        const { name } = node as ts.EnumDeclaration;
        this.scope.declare({ name: name.text, kind: 'const', fn: this.fn, span: this.span(name) });
        return [];
      }
      default:
        return [];
    }
  }

  private declarations(list: ts.VariableDeclarationList, exported = false): Statement[] {
    const { tsc } = this;
    const scoped: number = list.flags & tsc.NodeFlags.BlockScoped;
    const letFlag: number = tsc.NodeFlags.Let;
    const kind: BindingKind = scoped === 0 ? 'var' : scoped === letFlag ? 'let' : 'const';
    return list.declarations.map((declaration) => {
      const value = declaration.initializer && this.expression(declaration.initializer);
      const isWhole = tsc.isIdentifier(declaration.name);
      if (value && isWhole) nameAfter(value, declaration.name.getText(this.sourceFile));
      const defaults: Value[] = [];
      const bindings = this.declareNames(declaration.name, kind, { exported, initial: value, defaults });
      const imported = value && importedByRequire(value);
      if (imported) {
        for (const binding of bindings) {
          const name = isWhole ? '*' : this.destructuredName(declaration.name, binding.name);
          (binding as BindingDraft).imported = { module: imported, name };
        }
      }
      for (const part of defaults) (part as { parent: unknown }).parent = value ?? undefined;
      return this.statement(declaration, {
        kind: 'declare',
        bindings,
        value,
        disposal: this.disposal(list),
        whole: isWhole ? bindings[0] : undefined,
      });
    });
  }

  private destructuredName(pattern: ts.BindingName, local: string): string {
    const { tsc } = this;
    if (tsc.isObjectBindingPattern(pattern)) {
      for (const element of pattern.elements) {
        if (!tsc.isIdentifier(element.name) || element.name.text !== local) continue;
        const { propertyName: property } = element;
        return property && tsc.isIdentifier(property) ? property.text : local;
      }
    }
    return local;
  }

  private disposal(list: ts.VariableDeclarationList): 'using' | 'await using' | undefined {
    // TypeScript 5.0 and 5.1 know no `using`: the flags are missing there.
    const flags = this.tsc.NodeFlags as { Using?: number; AwaitUsing?: number };
    if (flags.Using === undefined || flags.AwaitUsing === undefined) return undefined;
    const scoped = list.flags & this.tsc.NodeFlags.BlockScoped;
    return scoped === flags.AwaitUsing ? 'await using' : scoped === flags.Using ? 'using' : undefined;
  }

  private loop(node: ts.IterationStatement): Statement {
    const { tsc } = this;
    const bindings: Binding[] = [];
    const target = (initializer: ts.ForInitializer): Statement[] => {
      if (tsc.isVariableDeclarationList(initializer)) {
        for (const declaration of initializer.declarations) {
          bindings.push(...this.declareNames(declaration.name, 'const', { destructured: true }));
        }
        return [];
      }
      return [this.statement(initializer, { kind: 'expression', value: this.expression(initializer) })];
    };
    const base = { initial: [], source: undefined, test: undefined, update: undefined, otherwise: undefined };
    if (tsc.isForOfStatement(node) || tsc.isForInStatement(node)) {
      const source = this.expression(node.expression);
      const initial = target(node.initializer);
      const form = tsc.isForInStatement(node) ? 'for-in' : node.awaitModifier ? 'for-await' : 'for-of';
      const disposal = tsc.isVariableDeclarationList(node.initializer)
        ? this.disposal(node.initializer)
        : undefined;
      const body = this.one(node.statement);
      return this.statement(node, { kind: 'loop', ...base, form, initial, source, bindings, disposal, body });
    }
    if (tsc.isForStatement(node)) {
      const { initializer } = node;
      const initial = !initializer
        ? []
        : tsc.isVariableDeclarationList(initializer)
          ? this.declarations(initializer)
          : [this.statement(initializer, { kind: 'expression', value: this.expression(initializer) })];
      return this.statement(node, {
        kind: 'loop',
        ...base,
        form: 'for',
        initial,
        test: node.condition && this.expression(node.condition),
        update: node.incrementor && this.expression(node.incrementor),
        bindings,
        body: this.one(node.statement),
      });
    }
    const isDo = tsc.isDoStatement(node);
    const { expression } = node as ts.WhileStatement | ts.DoStatement;
    if (isDo) {
      const body = this.one(node.statement);
      return this.statement(node, {
        kind: 'loop',
        ...base,
        form: 'do',
        test: this.expression(expression),
        bindings,
        body,
      });
    }
    const test = this.expression(expression);
    return this.statement(node, {
      kind: 'loop',
      ...base,
      form: 'while',
      test,
      bindings,
      body: this.one(node.statement),
    });
  }

  private tryStatement(node: ts.TryStatement): Statement {
    const scoped = (block: ts.Block) => this.inBlockScope(() => this.blockOf(block, block.statements));
    const block = scoped(node.tryBlock);
    const handlers: Handler[] = [];
    const { catchClause } = node;
    if (catchClause) {
      this.inBlockScope(() => {
        const name = catchClause.variableDeclaration?.name;
        const bindings = name ? this.declareNames(name, 'catch') : [];
        handlers.push({
          span: this.span(catchClause),
          types: [],
          binding: bindings[0],
          body: this.blockOf(catchClause.block, catchClause.block.statements),
        });
      });
    }
    const finalizer = node.finallyBlock && scoped(node.finallyBlock);
    return this.statement(node, { kind: 'try', block, handlers, otherwise: undefined, finalizer });
  }

  private switchStatement(node: ts.SwitchStatement): Statement {
    const value = this.expression(node.expression);
    return this.inBlockScope(() => {
      const cases: SwitchCase[] = node.caseBlock.clauses.map((clause) => ({
        test: this.tsc.isCaseClause(clause) ? this.expression(clause.expression) : undefined,
        body: clause.statements.flatMap((statement) => this.statementsOf(statement)),
      }));
      return this.statement(node, { kind: 'switch', value, cases });
    });
  }

  private importDeclaration(node: ts.ImportDeclaration): void {
    const { tsc } = this;
    if (!tsc.isStringLiteral(node.moduleSpecifier)) return;
    const module = node.moduleSpecifier.text;
    this.imports.push(module);
    const clause = node.importClause;
    if (!clause) return;
    const declare = (name: ts.Identifier, imported: string) =>
      this.scope.declare({
        name: name.text,
        kind: 'import',
        fn: this.fn,
        span: this.span(name),
        imported: { module, name: imported },
      });
    if (clause.name) declare(clause.name, 'default');
    const { namedBindings } = clause;
    if (!namedBindings) return;
    if (tsc.isNamespaceImport(namedBindings)) declare(namedBindings.name, '*');
    else for (const e of namedBindings.elements) declare(e.name, (e.propertyName ?? e.name).text);
  }

  private importEquals(node: ts.ImportEqualsDeclaration): void {
    const { tsc } = this;
    const reference = node.moduleReference;
    if (!tsc.isExternalModuleReference(reference) || !tsc.isStringLiteral(reference.expression)) return;
    const module = reference.expression.text;
    this.imports.push(module);
    this.scope.declare({
      name: node.name.text,
      kind: 'import',
      fn: this.fn,
      span: this.span(node.name),
      imported: { module, name: '*' },
    });
  }

  private exportDeclaration(node: ts.ExportDeclaration): void {
    const { tsc } = this;
    if (node.moduleSpecifier) {
      if (tsc.isStringLiteral(node.moduleSpecifier)) this.imports.push(node.moduleSpecifier.text);
      return;
    }
    if (!node.exportClause || !tsc.isNamedExports(node.exportClause)) return;
    for (const element of node.exportClause.elements) {
      this.exportedNames.push({ name: (element.propertyName ?? element.name).text, scope: this.scope });
    }
  }
}

/** The name of a property, or undefined where it is computed. */
function propertyName(tsc: TypeScript, name: ts.PropertyName | ts.BindingName): string | undefined {
  if (tsc.isIdentifier(name) || tsc.isPrivateIdentifier(name)) return name.text;
  if (tsc.isStringLiteralLike(name) || tsc.isNumericLiteral(name)) return name.text;
  return undefined;
}

/** Gives an anonymous function the name of what it is bound to, as JavaScript does. */
function nameAfter(value: Value, name: string | undefined): void {
  if (value.kind === 'function' && value.function.name === undefined) {
    (value.function as Mutable<FunctionFact>).name = name;
  }
}

/** The module of `require('…')`, seen through the helpers that compilers put around it. */
function importedByRequire(value: Value): string | undefined {
  if (value.kind !== 'call') return undefined;
  const { callee, args } = value;
  const [first] = args;
  const name = callee.kind === 'name' ? callee.text : callee.kind === 'member' ? callee.name : undefined;
  if (first?.value.kind === 'call' && name !== undefined && INTEROP_HELPER.test(name))
    return importedByRequire(first.value);
  if (callee.kind !== 'name' || callee.text !== 'require') return undefined;
  return first?.value.kind === 'literal' && typeof first.value.value === 'string'
    ? first.value.value
    : undefined;
}

const INTEROP_HELPER = /^_*(?:importDefault|importStar|interop_?require_?(?:default|wildcard))$/i;

/** The innermost statements that hold a syntax error. */
function brokenStatements(tsc: TypeScript, sourceFile: ts.SourceFile): Span[] {
  // Not in the public type, but present in every version: the errors the parser met, without a program.
  const errors = (sourceFile as { parseDiagnostics?: readonly { start?: number; length?: number }[] })
    .parseDiagnostics;
  return (errors ?? []).map((error) => {
    const at = error.start ?? 0;
    let innermost: ts.Node = sourceFile;
    const descend = (node: ts.Node): void => {
      if (at < node.pos || at > node.end) return;
      if (tsc.isStatement(node) && !tsc.isBlock(node)) innermost = node;
      tsc.forEachChild(node, descend);
    };
    tsc.forEachChild(sourceFile, descend);
    if (innermost === sourceFile) return { start: at, end: at + (error.length ?? 1) };
    return { start: innermost.getStart(sourceFile), end: innermost.end };
  });
}
