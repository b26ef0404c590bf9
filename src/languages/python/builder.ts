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
  Binding,
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
import type { AttributeHint, Hint } from './hints';
import { Scope, type Declaration } from './scope';
import type { SyntaxNode } from './syntax';

/** The first parameter of a method. */
interface Receiver {
  readonly name: string;
  readonly owner: ClassFact;
}

/** The state of lowering one file, and the making of facts. */
export class Builder {
  readonly stars: string[] = [];
  readonly variables = new Map<Binding, Hint>();
  readonly returns = new Map<FunctionFact, Hint>();
  readonly entered = new Map<Binding, { readonly value: Value; readonly isAsync: boolean }>();
  readonly iterated = new Map<Binding, { readonly source: Value; readonly isAsync: boolean }>();
  readonly attributes = new Map<ClassFact, Map<string, AttributeHint[]>>();
  readonly receivers = new Map<Binding, { readonly owner: ClassFact; readonly isClass: boolean }>();
  protected readonly text: string;
  protected readonly module: FunctionDraft;
  protected scope: Scope;
  protected fn: FunctionDraft;
  protected receiver: Receiver | undefined;
  /** The class whose body is being lowered, not a function in it. */
  protected body: ClassFact | undefined;
  private readonly names: { name: Mutable<Name>; scope: Scope }[] = [];

  constructor(
    protected readonly file: FileFacts,
    protected readonly lists: FactLists,
    root: SyntaxNode,
  ) {
    const { text } = file;
    this.text = text;
    this.module = this.newFunction('module', undefined, { start: 0, end: text.length }, undefined);
    // IPython runs the cells of a notebook inside a coroutine.
    this.module.isAsync = file.file.endsWith('.ipynb');
    this.module.nameSpan = { start: root.start, end: root.start };
    this.fn = this.module;
    this.scope = new Scope(undefined, 'module', this.module);
  }

  /** Binds every name to what it means, once all declarations are known. */
  protected resolveNames(): void {
    const touched = new Set<BindingDraft>();
    for (const { name, scope } of this.names) {
      const binding = scope.resolve(name.text);
      if (!binding) continue;
      name.binding = binding;
      binding.references.push(name);
      touched.add(binding);
    }
    for (const binding of touched) {
      const { references } = binding;
      const isSorted = references.every((name, i) => (references[i - 1]?.span.start ?? 0) <= name.span.start);
      if (!isSorted) references.sort((a, b) => a.span.start - b.span.start);
      if (binding.kind === 'const' && binding.references.some((name) => name.access !== 'read'))
        binding.kind = 'let';
    }
  }

  /** Names of the module's own scope. */
  protected exportsOf(): Map<string, Binding> {
    return new Map([...this.scope.names()].map((binding) => [binding.name, binding]));
  }

  protected textOf(node: Span & { readonly text?: string | undefined }): string {
    return node.text ?? this.text.slice(node.start, node.end);
  }

  protected startsWith(node: SyntaxNode, word: string): boolean {
    return this.text.startsWith(word, node.start);
  }

  protected newFunction(
    kind: FunctionKind,
    name: SyntaxNode | undefined,
    span: Span,
    owner: ClassFact | undefined,
  ): FunctionDraft {
    const own = { start: span.start, end: span.end };
    const fn: FunctionDraft = {
      file: this.file,
      kind,
      name: name && this.textOf(name),
      isAsync: false,
      isGenerator: false,
      span: own,
      nameSpan: name ? spanOf(name) : { start: span.start, end: span.start + 'lambda'.length },
      // The body of a class is no function that a method could be nested in.
      parent: kind === 'module' ? undefined : this.body && kind !== 'static-block' ? this.fn.parent : this.fn,
      owner,
      isStatic: false,
      params: [],
      decorators: [],
      value: undefined,
      body: undefined as unknown as Block,
      calls: [],
      awaits: [],
      origin: own,
    };
    this.lists.functions.push(fn);
    return fn;
  }

  /** Runs `action` inside a function: its scope, its receiver if it is a method, and no class body. */
  protected inside<T>(
    fn: FunctionDraft,
    scope: Scope,
    context: { readonly receiver?: Receiver | undefined; readonly body?: ClassFact },
    action: () => T,
  ): T {
    const outer = { fn: this.fn, scope: this.scope, receiver: this.receiver, body: this.body };
    this.fn = fn;
    this.scope = scope;
    this.receiver = context.receiver ?? (context.body ? undefined : this.receiver);
    this.body = context.body;
    try {
      return action();
    } finally {
      this.fn = outer.fn;
      this.scope = outer.scope;
      this.receiver = outer.receiver;
      this.body = outer.body;
    }
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

  protected declare(
    name: SyntaxNode,
    declaration: Omit<Declaration, 'name' | 'span'>,
    scope: Scope = this.scope,
  ): { readonly binding: BindingDraft | undefined; readonly isNew: boolean } {
    return scope.declare({ ...declaration, name: this.textOf(name), span: spanOf(name) });
  }

  protected value<T extends Value>(node: Span, fields: ValueFields<T>): T {
    const value = this.complete(node, fields) as unknown as T;
    adoptParts(value);
    return value;
  }

  protected statement<T extends Statement>(node: Span, fields: StatementFields<T>): T {
    const statement = this.complete(node, fields) as unknown as T;
    adoptParts(statement);
    return statement;
  }

  /**
   * Adds what every fact has but `origin`, which nothing here needs. The fields become the fact: a copy of each would
   * double the cost of lowering, and a fourth added property would take V8 another allocation.
   */
  private complete(node: Span, fields: object): object {
    const fact = fields as { span?: Span; fn?: FunctionFact; parent?: undefined };
    fact.span = spanOf(node);
    fact.fn = this.fn;
    fact.parent = undefined;
    return fact;
  }

  protected opaque(node: Span, parts: readonly Value[]): Value {
    return this.value(node, { kind: 'opaque', parts });
  }

  protected name(
    node: Span & { readonly text?: string | undefined },
    access: Name['access'],
    scope: Scope = this.scope,
  ): Name {
    return this.newName(node, this.textOf(node), access, scope);
  }

  /** A name that stands inside a string (`'Node'` as an annotation). */
  protected namedInString(node: Span, text: string): Name {
    return this.newName(node, text, 'read', this.scope);
  }

  private newName(node: Span, text: string, access: Name['access'], scope: Scope): Name {
    // Half of all facts are names, so they are made whole at once.
    const name = {
      kind: 'name',
      text,
      binding: undefined,
      access,
      span: spanOf(node),
      fn: this.fn,
      parent: undefined,
    } as unknown as Mutable<Name>;
    this.names.push({ name, scope });
    return name;
  }

  protected attribute(owner: ClassFact, name: string, hint: AttributeHint): void {
    let attributes = this.attributes.get(owner);
    if (!attributes) this.attributes.set(owner, (attributes = new Map<string, AttributeHint[]>()));
    const known = attributes.get(name);
    if (known) known.push(hint);
    else attributes.set(name, [hint]);
  }
}

export function spanOf({ start, end }: Span): Span {
  return { start, end };
}
