import type ts from 'typescript';
import type { Name } from '../../core/facts';

type TypeScript = typeof ts;

/** The kinds of nodes around a name or member that may make it more than read, by version of TypeScript. */
const deciding = new WeakMap<TypeScript, ReadonlySet<ts.SyntaxKind>>();

function decidingKinds(tsc: TypeScript): ReadonlySet<ts.SyntaxKind> {
  const { SyntaxKind: K } = tsc;
  let kinds = deciding.get(tsc);
  if (!kinds) {
    kinds = new Set([
      ...[K.ParenthesizedExpression, K.NonNullExpression, K.AsExpression, K.SatisfiesExpression],
      ...[K.TypeAssertionExpression, K.BinaryExpression, K.PostfixUnaryExpression, K.PrefixUnaryExpression],
      ...[K.DeleteExpression, K.ForOfStatement, K.ForInStatement, K.ArrayLiteralExpression],
      ...[K.SpreadElement, K.SpreadAssignment, K.ShorthandPropertyAssignment, K.PropertyAssignment],
    ]);
    deciding.set(tsc, kinds);
  }
  return kinds;
}

/** Whether a name or member is read, written or both (`x += 1`, `x++`) where it stands. */
export function accessOf(tsc: TypeScript, node: ts.Node): Name['access'] {
  // Nearly everything is a callee, an argument or what a member is taken of.
  if (!decidingKinds(tsc).has(node.parent.kind)) return 'read';
  let inner = node;
  let { parent } = node;
  while (isTransparent(tsc, parent)) {
    inner = parent;
    ({ parent } = parent);
  }
  if (isPatternPart(tsc, parent, inner)) return isPattern(tsc, parent) ? 'write' : 'read';
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

function isTransparent(tsc: TypeScript, node: ts.Node): boolean {
  return (
    tsc.isParenthesizedExpression(node) ||
    tsc.isNonNullExpression(node) ||
    tsc.isAsExpression(node) ||
    tsc.isSatisfiesExpression(node) ||
    tsc.isTypeAssertionExpression(node)
  );
}

/** True where `part` stands in a literal at a place that an assignment to that literal would write to. */
function isPatternPart(tsc: TypeScript, node: ts.Node, part: ts.Node): boolean {
  return (
    tsc.isArrayLiteralExpression(node) ||
    tsc.isSpreadElement(node) ||
    tsc.isSpreadAssignment(node) ||
    (tsc.isShorthandPropertyAssignment(node) && node.name === part) ||
    (tsc.isPropertyAssignment(node) && node.initializer === part)
  );
}

/** True for a literal, or a part of one, that is assigned to: `[a, { b }] = …`, `for ([a] of …)`. */
function isPattern(tsc: TypeScript, literal: ts.Node): boolean {
  for (let node = literal; ; node = node.parent) {
    const { parent } = node;
    if (tsc.isBinaryExpression(parent))
      return parent.operatorToken.kind === tsc.SyntaxKind.EqualsToken && parent.left === node;
    if (tsc.isForOfStatement(parent) || tsc.isForInStatement(parent)) return parent.initializer === node;
    const isInLiteral = isPatternPart(tsc, parent, node) || tsc.isObjectLiteralExpression(parent);
    if (!isInLiteral && !tsc.isParenthesizedExpression(parent)) return false;
  }
}
