import type { Await, Binding, Call, ClassFact, FunctionFact, Name, Statement, Value } from './facts';
import { forEachPart } from './walk';

/** A fact while it is being built. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type BindingDraft = Mutable<Binding> & { references: Name[] };

export type FunctionDraft = Mutable<FunctionFact> & { calls: Call[]; awaits: Await[] };

// `Omit` over a union would merge its members; distribute instead.
/** What sets one kind of value apart from another; the builder adds the rest. */
export type ValueFields<T> = T extends Value ? Omit<T, 'span' | 'fn' | 'parent' | 'origin'> : never;

/** What sets one kind of statement apart from another; the builder adds the rest. */
export type StatementFields<T> = T extends Statement ? Omit<T, 'span' | 'fn' | 'parent' | 'origin'> : never;

/** The lists of a file's facts while they fill. */
export interface FactLists {
  readonly functions: FunctionFact[];
  readonly classes: ClassFact[];
  readonly imports: string[];
}

/** Makes `parent` the parent of a part. */
export function adopt(part: Value | Statement, parent: Value | Statement): void {
  (part as { parent: unknown }).parent = parent;
}

/** Makes a new value or statement the parent of its parts. */
export function adoptParts(node: Value | Statement): void {
  forEachPart(node, (part) => adopt(part, node));
}

/** Gives an anonymous function the name of what it is bound to, as JavaScript does. */
export function nameAfter(value: Value, name: string | undefined): void {
  if (value.kind === 'function' && value.function.name === undefined)
    (value.function as Mutable<FunctionFact>).name = name;
}

/** Default values are evaluated elsewhere in Python, but belong to the function as its facts are read. */
export function adoptDefaults(fn: FunctionFact): void {
  for (const { initial } of fn.params) if (initial) adopt(initial, fn.body);
}
