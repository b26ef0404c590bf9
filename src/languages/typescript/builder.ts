import type ts from 'typescript';
import {
  adoptParts,
  type BindingDraft,
  type FactLists,
  type FunctionDraft,
  type Mutable,
  type StatementFields,
  type ValueFields,
} from '../../core/drafts';
import type {
  Block,
  ClassFact,
  FileFacts,
  FunctionFact,
  FunctionKind,
  Name,
  Statement,
  Value,
} from '../../core/facts';
import type { Span } from '../../core/text';
import { accessOf } from './access';
import { Scope, type Declaration } from './scope';

type TypeScript = typeof ts;

/** The state of lowering one file, and the making of facts. */
export class Builder {
  protected readonly module: FunctionDraft;
  protected scope = new Scope(undefined, true);
  protected fn: FunctionDraft;
  private readonly names: { name: Mutable<Name>; scope: Scope }[] = [];
  private readonly exportedNames: { name: string; scope: Scope }[] = [];

  /** @param tsc the TypeScript that made the tree: enum values differ between versions. */
  constructor(
    protected readonly tsc: TypeScript,
    protected readonly sourceFile: ts.SourceFile,
    protected readonly file: FileFacts,
    protected readonly lists: FactLists,
  ) {
    this.module = this.newFunction('module', undefined, sourceFile, undefined);
    this.fn = this.module;
  }

  /** Binds every name to what it means, once all declarations are known. */
  protected resolveNames(): void {
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

  protected spanOf(node: ts.Node): Span {
    return { start: node.getStart(this.sourceFile), end: node.end };
  }

  /** Where a node starts is looked for in the text: what starts with another starts where that does. */
  private spanFrom(node: ts.Node, first: Value | undefined): Span {
    return first && (first.origin as ts.Node).pos === node.pos
      ? { start: first.span.start, end: node.end }
      : this.spanOf(node);
  }

  /** The same for a name, whose text is known: it ends where the text does. */
  protected spanOfText(name: ts.Node, text: string): Span {
    const { end } = name;
    const start = end - text.length;
    // Written with an escape it is longer.
    return this.sourceFile.text.startsWith(text, start) ? { start, end } : this.spanOf(name);
  }

  protected textOf(node: ts.Node): string {
    return node.getText(this.sourceFile);
  }

  protected newFunction(
    kind: FunctionKind,
    name: string | undefined,
    node: ts.Node,
    owner: ClassFact | undefined,
  ): FunctionDraft {
    const span = this.spanOf(node);
    const nameNode = 'name' in node ? (node.name as ts.Node | undefined) : undefined;
    const fn: FunctionDraft = {
      file: this.file,
      kind,
      name,
      isAsync: false,
      isGenerator: false,
      span,
      nameSpan: nameNode && kind !== 'module' ? this.spanOf(nameNode) : this.firstToken(node, span),
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
    this.lists.functions.push(fn);
    return fn;
  }

  private firstToken(node: ts.Node, span: Span): Span {
    if (this.tsc.isSourceFile(node)) return { start: span.start, end: span.start };
    if (this.tsc.isArrowFunction(node)) return this.spanOf(node.equalsGreaterThanToken);
    const match = /^[\w$]+/.exec(this.sourceFile.text.slice(span.start, span.start + 40));
    return { start: span.start, end: span.start + (match?.[0].length ?? 1) };
  }

  /** Runs `action` inside a function, in a scope of its own. */
  protected inside<T>(fn: FunctionDraft, action: () => T): T {
    const outer = { fn: this.fn, scope: this.scope };
    this.fn = fn;
    this.scope = new Scope(outer.scope, true);
    try {
      return action();
    } finally {
      this.fn = outer.fn;
      this.scope = outer.scope;
    }
  }

  protected inBlockScope<T>(action: () => T): T {
    return this.inScope(new Scope(this.scope, false), action);
  }

  protected inScope<T>(scope: Scope, action: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    try {
      return action();
    } finally {
      this.scope = outer;
    }
  }

  /** Declares a name in the current scope. */
  protected declare(name: ts.Identifier, declaration: Declaration): BindingDraft {
    const { text } = name;
    return this.scope.declare(text, this.spanOfText(name, text), this.fn, declaration);
  }

  /** Marks what a name means where it stands as exported. */
  protected exportName(name: string): void {
    this.exportedNames.push({ name, scope: this.scope });
  }

  /** @param first the part that the value begins with, unless there are parentheses around it. */
  protected value<T extends Value>(node: ts.Node, fields: ValueFields<T>, first?: Value): T {
    const value = this.complete(node, fields, this.spanFrom(node, first)) as unknown as T;
    adoptParts(value);
    return value;
  }

  protected statement<T extends Statement>(node: ts.Node, fields: StatementFields<T>): T {
    const statement = this.complete(node, fields, this.spanOf(node)) as unknown as T;
    adoptParts(statement);
    return statement;
  }

  /** A value that is kept under no name that could be followed: neither discarded nor bound whole. */
  protected kept(node: ts.Node, value: Value): Statement {
    return this.statement(node, {
      kind: 'declare',
      bindings: [],
      value,
      disposal: undefined,
      whole: undefined,
    });
  }

  /** Adds what every fact has. The fields become the fact: a copy of each would cost time and memory. */
  private complete(node: ts.Node, fields: object, span: Span): object {
    const fact = fields as { span?: Span; fn?: FunctionFact; parent?: undefined; origin?: ts.Node };
    fact.span = span;
    fact.fn = this.fn;
    fact.parent = undefined;
    fact.origin = node;
    return fact;
  }

  protected opaque(node: ts.Node, parts: readonly Value[]): Value {
    return this.value(node, { kind: 'opaque', parts });
  }

  protected name(node: ts.Node, text: string): Name {
    const access = accessOf(this.tsc, node);
    const fields = { kind: 'name' as const, text, binding: undefined, access };
    const name = this.complete(node, fields, this.spanOfText(node, text)) as Name;
    this.names.push({ name, scope: this.scope });
    return name;
  }
}
