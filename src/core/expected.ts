import type { Value } from './facts';
import { calleeName } from './uses';
import { ancestors, isStatement, type Node } from './walk';

/** pytest, unittest, and what nose and trio's tests call them. */
const EXPECTING = /^(?:raises|warns|deprecated_call|assert_?(?:raises|warns)(?:_?regex)?|raises_?group)$/i;

/** Whether code stands in a `with pytest.raises(…)` or the like: that it fails is what is tested. */
export function isExpectedToFail(node: Node): boolean {
  let child = node;
  for (const parent of ancestors(node)) {
    if (
      isStatement(parent) &&
      parent.kind === 'with' &&
      parent.resources.some(({ value }) => value !== child && isExpecting(value))
    )
      return true;
    child = parent;
  }
  return false;
}

function isExpecting(value: Value): boolean {
  return value.kind === 'call' && EXPECTING.test(calleeName(value) ?? '');
}
