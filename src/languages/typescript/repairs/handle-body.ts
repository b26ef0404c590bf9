import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { resultTypeOf, type RepairTools } from '../repairs';
import { aroundBody, CAUGHT } from './around-body';

/** Wraps the body of an async function in `try { … } catch (error) { console.error(error); }`. */
export function handleBody(
  tools: RepairTools,
  repair: Extract<Repair, { kind: 'handle-body' }>,
): Fix | undefined {
  const node = repair.function.origin as ts.FunctionLikeDeclaration;
  if (!repair.function.isAsync || !mayEndWithoutValue(tools, node)) return undefined;
  const edits = aroundBody(tools, repair.function, CAUGHT);
  return edits && { title: message('Catch the failure inside'), safety: 'suggestion', edits };
}

function mayEndWithoutValue({ tsc, types }: RepairTools, node: ts.FunctionLikeDeclaration): boolean {
  const type = resultTypeOf(tsc, node);
  if (!type) return true;
  const declared = types.checker.getTypeFromTypeNode(type);
  const [result] = types.checker.getTypeArguments(declared as ts.TypeReference);
  const { Void, Any, Unknown, Undefined } = tsc.TypeFlags;
  return result !== undefined && (result.flags & (Void | Any | Unknown | Undefined)) !== 0;
}
