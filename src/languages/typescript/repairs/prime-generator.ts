import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { awaitPlace, insertion, nodeOf, type RepairTools } from '../repairs';
import { endOfLine, wholeStatement } from './handle-at-start';
import { indentAt, newLineOf } from './lines';

/** Adds `generator.next();` after the statement that makes a generator. */
export function primeGenerator(
  tools: RepairTools,
  { call }: Extract<Repair, { kind: 'prime-generator' }>,
): Fix | undefined {
  const { callee } = call;
  const generator = callee.kind === 'member' && callee.object.kind === 'name' ? callee.object : undefined;
  const made = generator?.binding?.initial;
  if (!made) return undefined;
  const isAsync = tools.types.isSometimesThenable(
    tools.types.checker.getTypeAtLocation(nodeOf(call)),
    nodeOf(call),
  );
  if (isAsync && awaitPlace(tools, call)?.edits.length !== 0) return undefined;
  let node: ts.Node = nodeOf(made);
  while (!tools.tsc.isVariableDeclaration(node)) {
    if (tools.tsc.isStatement(node)) return undefined;
    node = node.parent;
  }
  const statement = wholeStatement(tools, node);
  const sourceFile = node.getSourceFile();
  const at = statement && endOfLine(sourceFile, statement.end);
  if (!statement || at === undefined) return undefined;
  const line = `${isAsync ? 'await ' : ''}${generator.text}.next();`;
  const newText = `${newLineOf(sourceFile)}${indentAt(sourceFile, statement.getStart())}${line}`;
  return {
    title: message('Start the generator first'),
    safety: 'suggestion',
    edits: [insertion(sourceFile.fileName, at, newText)],
  };
}
