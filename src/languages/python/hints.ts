import type { Binding, ClassFact, FileFacts, FunctionFact, Value } from '../../core/facts';

/** An annotation: a union of types. `None` is left out. */
export type Hint = readonly HintedType[];

/** One type of an annotation: the name it is written with, and what stands in its brackets. */
export interface HintedType {
  /** A name or member chain; resolved like any other value. */
  readonly type: Value;
  readonly args: readonly Hint[];
}

/** What a file says about types, beside its facts. */
export interface TypeHints {
  readonly variables: ReadonlyMap<Binding, Hint>;
  readonly returns: ReadonlyMap<FunctionFact, Hint>;
  /** Names that `with value as name` binds. */
  readonly entered: ReadonlyMap<Binding, { readonly value: Value; readonly isAsync: boolean }>;
  /** Names that a loop binds whole. */
  readonly iterated: ReadonlyMap<Binding, { readonly source: Value; readonly isAsync: boolean }>;
  /** Attributes: `self.x = value`, `self.x: T`, and assignments in the class body. */
  readonly attributes: ReadonlyMap<ClassFact, ReadonlyMap<string, readonly AttributeHint[]>>;
  /** What the module's own scope declares. */
  readonly exports: ReadonlyMap<string, Binding>;
  /** Modules of `from … import *`, in source order. */
  readonly stars: readonly string[];
  /** The class that a method's first parameter stands for. */
  readonly receivers: ReadonlyMap<Binding, { readonly owner: ClassFact; readonly isClass: boolean }>;
}

export interface AttributeHint {
  readonly hint: Hint | undefined;
  readonly value: Value | undefined;
}

/** A lowered file: its facts and what it says about types. */
export interface Lowered {
  readonly facts: FileFacts;
  readonly hints: TypeHints;
}
