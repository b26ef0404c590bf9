import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import type { RepairTools } from '../repairs';

/** Takes `await` away from an expression, a loop or a declaration. */
export function removeAwait(
  { tsc }: RepairTools,
  { at }: Extract<Repair, { kind: 'remove-await' }>,
): Fix | undefined {
  const node = at.origin as ts.Node;
  const { file, text } = at.fn.file;
  const start = keywordOf(tsc, node);
  if (start === undefined) return undefined;
  const gap = /^await\s+/.exec(text.slice(start));
  // `await(x)` needs nothing behind the keyword to go; a comment there stays where it is.
  const end = start + (gap?.[0].length ?? 'await'.length);
  if (tsc.isAwaitExpression(node) && !canBegin(tsc, node, text)) return undefined;
  return {
    title: message('Remove await'),
    safety: 'suggestion',
    edits: [{ file, span: { start, end }, newText: '' }],
  };
}

function keywordOf(tsc: RepairTools['tsc'], node: ts.Node): number | undefined {
  if (tsc.isAwaitExpression(node)) return node.getStart();
  if (tsc.isForOfStatement(node)) return node.awaitModifier?.getStart();
  for (let outer = node; !tsc.isSourceFile(outer); outer = outer.parent) {
    if (!tsc.isVariableDeclarationList(outer)) continue;
    return outer.declarations.length === 1 && outer.getText().startsWith('await')
      ? outer.getStart()
      : undefined;
  }
  return undefined;
}

/** Whether what follows `await` may begin a statement of its own, where it would now begin one. */
function canBegin(tsc: RepairTools['tsc'], node: ts.AwaitExpression, text: string): boolean {
  let outer: ts.Node = node;
  while (outer.parent.getStart() === node.getStart() && !tsc.isStatement(outer)) outer = outer.parent;
  if (!tsc.isExpressionStatement(outer)) return true;
  const first = text.charAt(node.expression.getStart());
  if (first === '{' || /^(?:function|class|let)\b/.test(node.expression.getText())) return false;
  // Without a semicolon before it this would go on with the line above.
  return !/[([`/+-]/.test(first) || /[;{}]\s*$/.test(text.slice(0, node.getStart()));
}
