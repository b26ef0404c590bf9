import type ts from 'typescript';
import type { Name } from '../../core/facts';

type TypeScript = typeof ts;

/** Whether a name or member is read, written or both (`x += 1`, `x++`) where it stands. */
export function accessOf(tsc: TypeScript, node: ts.Node): Name['access'] {
  let inner = node;
  let { parent } = node;
  while (
    tsc.isParenthesizedExpression(parent) ||
    tsc.isNonNullExpression(parent) ||
    tsc.isAsExpression(parent)
  ) {
    inner = parent;
    ({ parent } = parent);
  }
  if (tsc.isBinaryExpression(parent) && parent.left === inner) {
    const operator = parent.operatorToken.kind;
    if (operator === tsc.SyntaxKind.EqualsToken) return 'write';
    if (operator >= tsc.SyntaxKind.FirstAssignment && operator <= tsc.SyntaxKind.LastAssignment)
      return 'both';
    return 'read';
  }
  if (tsc.isPostfixUnaryExpression(parent)) return 'both';
  if (tsc.isPrefixUnaryExpression(parent)) {
    const step =
      parent.operator === tsc.SyntaxKind.PlusPlusToken || parent.operator === tsc.SyntaxKind.MinusMinusToken;
    return step ? 'both' : 'read';
  }
  if (tsc.isDeleteExpression(parent)) return 'write';
  if ((tsc.isForOfStatement(parent) || tsc.isForInStatement(parent)) && parent.initializer === inner)
    return 'write';
  return 'read';
}
