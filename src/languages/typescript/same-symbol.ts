import type ts from 'typescript';
import { ownerMethod } from '../../core/callees';
import type { FunctionFact, Value } from '../../core/facts';

/**
 * Finds the first place of a file that names the same thing as a value does: a variable, or a member of `this` or of
 * something imported. What is asked of the thing itself, and not of the place, is asked once for all of them.
 * @param isName false for a place that stands for more than one thing.
 */
export function sameSymbols(isName: (place: ts.Node) => boolean): (value: Value) => ts.Node {
  const members = new Map<object, Map<string, ts.Node>>();
  return (value) => {
    const own = value.origin as ts.Node;
    if (value.kind === 'name') {
      const first = value.binding?.references[0]?.origin as ts.Node | undefined;
      return first && isName(first) ? first : own;
    }
    if (value.kind !== 'member' || value.name === undefined || value.object.kind !== 'name') return own;
    const { binding } = value.object;
    const owner =
      value.object.text === 'this' ? ownerOfThis(value.fn) : binding?.kind === 'import' ? binding : undefined;
    if (!owner) return own;
    let known = members.get(owner);
    if (!known) members.set(owner, (known = new Map<string, ts.Node>()));
    const first = known.get(value.name);
    if (!first) known.set(value.name, own);
    return first ?? own;
  };
}

/** The class whose instance `this` is in a function; undefined where it is the class itself or depends on the caller. */
function ownerOfThis(fn: FunctionFact): object | undefined {
  const method = ownerMethod(fn);
  return method && !method.isStatic && method.kind !== 'static-block' ? method.owner : undefined;
}
