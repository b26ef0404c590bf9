import type ts from 'typescript';
import { nameAfter } from '../../core/drafts';
import type {
  Argument,
  Assign,
  Await,
  Binary,
  Call,
  Choice,
  ClassFact,
  Element,
  FunctionValue,
  Member,
  Value,
} from '../../core/facts';
import { accessOf } from './access';
import { Builder } from './builder';
import { propertyName } from './names';

type LoweringOfKind = (node: ts.Node) => Value;

/** Lowers expressions. */
export abstract class ExpressionLowering extends Builder {
  private readonly byKind = new Map<ts.SyntaxKind, LoweringOfKind>();

  constructor(...builder: ConstructorParameters<typeof Builder>) {
    super(...builder);
    this.registerKinds();
  }

  protected abstract functionValue(node: ts.FunctionLikeDeclaration): FunctionValue;

  protected abstract classFact(node: ts.ClassLikeDeclaration): ClassFact;

  protected expression(node: ts.Node): Value {
    const lowering = this.byKind.get(node.kind);
    if (lowering) return lowering(node);
    const parts: Value[] = [];
    this.tsc.forEachChild(node, (child) => {
      if (this.byKind.has(child.kind) || !this.tsc.isTypeNode(child)) {
        const part = this.expression(child);
        if (part.kind !== 'opaque' || part.parts.length > 0) parts.push(part);
      }
    });
    return this.opaque(node, parts);
  }

  private registerKinds(): void {
    const { SyntaxKind: K } = this.tsc;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names the kind of node at the call
    const on = <N extends ts.Node>(kinds: readonly ts.SyntaxKind[], lowering: (node: N) => Value) => {
      for (const kind of kinds) this.byKind.set(kind, lowering as unknown as LoweringOfKind);
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
    on<ts.PropertyAccessExpression>([K.PropertyAccessExpression], (node) => {
      const object = this.expression(node.expression);
      const { name } = node;
      const fields = {
        kind: 'member' as const,
        object,
        name: name.text,
        nameSpan: this.spanOfText(name, name.text),
        computed: undefined,
        optional: node.questionDotToken !== undefined,
        access: accessOf(this.tsc, node),
      };
      return this.value<Member>(node, fields, object);
    });
    on<ts.ElementAccessExpression>([K.ElementAccessExpression], (node) => {
      const key = node.argumentExpression;
      return this.value(node, {
        kind: 'member',
        object: this.expression(node.expression),
        name: this.tsc.isStringLiteralLike(key) ? key.text : undefined,
        nameSpan: this.spanOf(key),
        computed: this.expression(key),
        optional: node.questionDotToken !== undefined,
        access: accessOf(this.tsc, node),
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
    on<ts.Node>([K.MetaProperty], (node) => this.opaque(node, []));
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
      this.lists.imports.push(first.text);
    const callee = isImport ? this.opaque(node.expression, []) : this.expression(node.expression);
    const fields = {
      kind: 'call' as const,
      form: isImport ? ('import' as const) : ('call' as const),
      callee,
      args: this.args(node.arguments),
      optional: node.questionDotToken !== undefined,
    };
    const call = this.value<Call>(node, fields, callee);
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
    const left = this.expression(node.left);
    const right = this.expression(node.right);
    if (kind === K.CommaToken) {
      const values = left.kind === 'sequence' ? [...left.values, right] : [left, right];
      return this.value(node, { kind: 'sequence', values });
    }
    const operator = this.tsc.tokenToString(kind) ?? '';
    if (operator === '&&' || operator === '||' || operator === '??') {
      return this.value<Choice>(node, { kind: 'choice', operator, test: undefined, left, right }, left);
    }
    if (kind >= K.FirstAssignment && kind <= K.LastAssignment) {
      nameAfter(right, left.kind === 'name' ? left.text : left.kind === 'member' ? left.name : undefined);
      return this.value<Assign>(node, { kind: 'assign', operator, target: left, value: right }, left);
    }
    return this.value<Binary>(node, { kind: 'binary', operator, left, right }, left);
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
      const { name, objectAssignmentInitializer: initial } = node;
      const local = this.name(name, name.text);
      const value = initial ? this.opaque(node, [local, this.expression(initial)]) : local;
      return { key, computedKey: undefined, value, spread: false };
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

  /** Undefined for an element of the platform, which is written in lower case or with a namespace. */
  private component(tag: ts.JsxTagNameExpression): Value | undefined {
    if (this.tsc.isIdentifier(tag)) return /^[a-z]|-/.test(tag.text) ? undefined : this.expression(tag);
    return this.tsc.isPropertyAccessExpression(tag) ? this.expression(tag) : undefined;
  }

  private markup(
    node: ts.Node,
    tag: ts.JsxTagNameExpression | undefined,
    attributes: ts.JsxAttributes | undefined,
    children: readonly ts.JsxChild[],
  ): Value {
    const { tsc } = this;
    const component = tag && this.component(tag);
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
      return { key: this.textOf(attribute.name), computedKey: undefined, value, spread: false };
    });
    return this.value(node, {
      kind: 'markup',
      tag: (tag && this.textOf(tag)) ?? '',
      component,
      attributes: lowered,
      children: children.filter((child) => !tsc.isJsxText(child)).map((child) => this.expression(child)),
    });
  }
}
