import type { BindingDraft } from '../../core/drafts';
import type { BindingKind, ClassFact, FunctionFact, ImportedName, Value } from '../../core/facts';
import type { Span } from '../../core/text';

export interface Declaration {
  readonly name: string;
  readonly kind: BindingKind;
  readonly span: Span;
  readonly destructured?: boolean;
  readonly imported?: ImportedName;
  readonly declared?: FunctionFact | ClassFact;
  readonly initial?: Value | undefined;
}

export type ScopeKind = 'module' | 'function' | 'class' | 'comprehension';

/**
 * One of Python's scopes: only modules, functions, classes and comprehensions make one; any binding in it makes a name
 * local to all of it. Names are resolved when the whole file is lowered.
 */
export class Scope {
  private readonly bindings = new Map<string, BindingDraft>();
  /** Names that `global` and `nonlocal` send elsewhere. */
  private readonly elsewhere = new Map<string, 'global' | 'nonlocal'>();

  constructor(
    readonly parent: Scope | undefined,
    readonly kind: ScopeKind,
    /** The function whose code runs in the scope. */
    readonly fn: FunctionFact,
  ) {}

  /** Says that assignments to a name in this scope are to another scope's. */
  redirect(name: string, to: 'global' | 'nonlocal'): void {
    this.elsewhere.set(name, to);
  }

  /**
   * Declares a name. `isNew` is false where the scope knew it already or where it belongs to another scope: then the
   * binding is an assignment.
   */
  declare(declaration: Declaration): { readonly binding: BindingDraft | undefined; readonly isNew: boolean } {
    const { name } = declaration;
    const redirected = this.elsewhere.get(name);
    if (redirected === 'nonlocal') return { binding: undefined, isNew: false };
    const scope = redirected === 'global' ? this.module() : this;
    const known = scope.bindings.get(name);
    if (known) {
      known.declared ??= declaration.declared;
      return { binding: known, isNew: false };
    }
    const binding: BindingDraft = {
      name,
      kind: declaration.kind,
      fn: scope.fn,
      span: declaration.span,
      initial: declaration.initial,
      destructured: declaration.destructured ?? false,
      declared: declaration.declared,
      imported: declaration.imported,
      // Python hides nothing: every name of a module can be imported.
      exported: scope.kind === 'module',
      isPlain: false,
      references: [],
    };
    scope.bindings.set(name, binding);
    return { binding, isNew: scope === this };
  }

  /** The scope that a walrus assigns in: comprehensions hand it on. */
  assigning(): Scope {
    return this.kind === 'comprehension' && this.parent ? this.parent.assigning() : this;
  }

  /** The binding that a name used directly in this scope means. */
  resolve(name: string): BindingDraft | undefined {
    return this.lookUp(name, this);
  }

  private lookUp(name: string, from: Scope): BindingDraft | undefined {
    // A class body's names are not visible to the functions in it.
    if (this.kind !== 'class' || from === this || this.isBodyOf(from)) {
      if (this.elsewhere.get(name) === 'global') return this.module().bindings.get(name);
      const binding = this.bindings.get(name);
      if (binding) return binding;
    }
    return this.parent?.lookUp(name, from);
  }

  /** Every name of the scope itself. */
  names(): IterableIterator<BindingDraft> {
    return this.bindings.values();
  }

  /** True where only comprehensions lie between this class scope and the other. */
  private isBodyOf(inner: Scope): boolean {
    let scope: Scope | undefined = inner;
    while (scope && scope !== this) {
      if (scope.kind !== 'comprehension') return false;
      scope = scope.parent;
    }
    return true;
  }

  private module(): Scope {
    return this.parent ? this.parent.module() : this;
  }
}
