import type { ClassFact, FunctionFact } from '../../core/facts';
import type { Lowered } from './hints';
import type { ProjectModule } from './workspace';

/** What is known about a Python value without running it. */
export type PyType =
  | { readonly kind: 'module'; readonly module: ProjectModule }
  | { readonly kind: 'function'; readonly lowered: Lowered; readonly fn: FunctionFact }
  | { readonly kind: 'class'; readonly lowered: Lowered; readonly class: ClassFact }
  | { readonly kind: 'instance'; readonly lowered: Lowered; readonly class: ClassFact }
  /** A module outside the project, or something in one, by its full name. */
  | { readonly kind: 'outside'; readonly name: string }
  /** An object of a class outside the project. */
  | { readonly kind: 'outside-instance'; readonly name: string }
  | {
      readonly kind: 'awaitable';
      /** `context`: made for `async with`; some can be awaited too. */
      readonly form: 'coroutine' | 'task' | 'future' | 'context';
      readonly result: PyType | undefined;
    }
  | { readonly kind: 'iterator'; readonly isAsync: boolean }
  | { readonly kind: 'none' }
  /** A literal, a number, a string: nothing that could be awaited. */
  | { readonly kind: 'plain' };

/** True when two types are known to be the same. */
export function isSame(a: PyType, b: PyType): boolean {
  switch (a.kind) {
    case 'module':
      return b.kind === 'module' && a.module.base === b.module.base;
    case 'function':
      return (
        b.kind === 'function' && a.fn.file.file === b.fn.file.file && a.fn.span.start === b.fn.span.start
      );
    case 'class':
    case 'instance':
      return (
        b.kind === a.kind &&
        a.lowered.facts.file === b.lowered.facts.file &&
        a.class.span.start === b.class.span.start
      );
    case 'outside':
    case 'outside-instance':
      return b.kind === a.kind && a.name === b.name;
    case 'awaitable':
      return (
        b.kind === 'awaitable' &&
        a.form === b.form &&
        (a.result === b.result ||
          (a.result !== undefined && b.result !== undefined && isSame(a.result, b.result)))
      );
    case 'iterator':
      return b.kind === 'iterator' && a.isAsync === b.isAsync;
    case 'none':
    case 'plain':
      return a.kind === b.kind;
  }
}

/** The type that all of several values share, `None` aside; undefined when they differ or one is not known. */
export function agreed(types: readonly (PyType | undefined)[]): PyType | undefined {
  let common: PyType | undefined;
  for (const type of types) {
    if (!type) return undefined;
    if (type.kind === 'none') continue;
    if (common && !isSame(common, type)) return undefined;
    common ??= type;
  }
  return common ?? types[0];
}
