import type { BindingDraft } from '../../core/drafts';
import type { BindingKind, ClassFact, FunctionFact, ImportedName, Value } from '../../core/facts';
import type { Span } from '../../core/text';

export interface Declaration {
  readonly kind: BindingKind;
  readonly destructured?: boolean;
  readonly imported?: ImportedName;
  readonly declared?: FunctionFact | ClassFact;
  readonly exported?: boolean;
  readonly isPlain?: boolean;
  readonly initial?: Value | undefined;
}

/**
 * One lexical scope. Names are resolved after the whole file is lowered, when every declaration is known, so that
 * hoisting needs no second pass.
 */
export class Scope {
  private readonly bindings = new Map<string, BindingDraft>();

  constructor(
    readonly parent: Scope | undefined,
    /** True for the scope that `var` declarations of its function go to. */
    readonly isFunctionScope: boolean,
  ) {}

  declare(name: string, span: Span, fn: FunctionFact, declaration: Declaration): BindingDraft {
    const scope: Scope = declaration.kind === 'var' ? this.functionScope() : this;
    const known = scope.bindings.get(name);
    // A second `var`, an overload or a merged declaration is the same name.
    if (known) {
      known.declared ??= declaration.declared;
      known.exported ||= declaration.exported ?? false;
      return known;
    }
    const binding: BindingDraft = {
      name,
      kind: declaration.kind,
      fn,
      span,
      initial: declaration.initial,
      destructured: declaration.destructured ?? false,
      declared: declaration.declared,
      imported: declaration.imported,
      exported: declaration.exported ?? false,
      isPlain: declaration.isPlain ?? false,
      references: [],
    };
    scope.bindings.set(name, binding);
    return binding;
  }

  resolve(name: string): BindingDraft | undefined {
    return this.bindings.get(name) ?? this.parent?.resolve(name);
  }

  private functionScope(): Scope {
    return this.isFunctionScope || !this.parent ? this : this.parent.functionScope();
  }
}
