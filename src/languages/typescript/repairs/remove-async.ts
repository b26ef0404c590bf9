import type ts from 'typescript';
import type { FunctionFact } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import type { RepairTools } from '../repairs';
import { removeAwait } from './remove-await';

/** Takes `async` away from a function, `Promise<…>` from its declared result, and `await` from the calls of it. */
export function removeAsync(
  tools: RepairTools,
  { function: fn, awaits }: Extract<Repair, { kind: 'remove-async' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = fn.origin as ts.FunctionLikeDeclaration;
  const { file, text } = fn.file;
  const modifiers = (node as { readonly modifiers?: readonly ts.ModifierLike[] }).modifiers ?? [];
  const keyword = modifiers.find(({ kind }) => kind === tsc.SyntaxKind.AsyncKeyword);
  if (!keyword || isTypedByComment(fn) || contradicts(tools, node)) return undefined;
  const edits: Edit[] = [];
  if (node.type) {
    const { type } = node;
    const [result, ...others] = tsc.isTypeReferenceNode(type) ? (type.typeArguments ?? []) : [];
    if (!result || others.length > 0) return undefined;
    edits.push({ file, span: { start: type.getStart(), end: type.end }, newText: result.getText() });
  }
  const gap = /^async\s*/.exec(text.slice(keyword.getStart()))?.[0].length ?? 'async'.length;
  edits.push({ file, span: { start: keyword.getStart(), end: keyword.getStart() + gap }, newText: '' });
  for (const at of awaits) {
    const removal = removeAwait(tools, { kind: 'remove-await', at });
    if (!removal) return undefined;
    edits.push(...removal.edits);
  }
  return { title: message('Remove async'), safety: 'suggestion', edits };
}

/** A comment for JavaScript declares the result, and tells of a promise as well. */
function isTypedByComment({ file, span }: FunctionFact): boolean {
  const line = file.text.lastIndexOf('\n', span.start) + 1;
  return file.comments.some(
    (comment) =>
      comment.span.end <= line &&
      file.text.slice(comment.span.end, line).trim() === '' &&
      /@returns?\s*\{/.test(comment.text),
  );
}

/** A type declared for the name the function is bound to, which speaks of a promise. */
function contradicts({ tsc }: RepairTools, node: ts.FunctionLikeDeclaration): boolean {
  const { parent } = node;
  return tsc.isVariableDeclaration(parent) && parent.type !== undefined;
}
