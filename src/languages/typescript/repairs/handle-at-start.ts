import type ts from 'typescript';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { statementOf } from '../../../core/walk';
import type { RepairTools } from '../repairs';
import { indentAt, newLineOf } from './lines';

type HandleAtStart = Extract<Repair, { kind: 'handle-at-start' }>;

/** Adds `p.catch(() => {});` on a line of its own after each statement that starts a promise. */
export function handleAtStart(tools: RepairTools, { starts }: HandleAtStart): Fix | undefined {
  const edits: Edit[] = [];
  for (const { binding, start } of starts) {
    const statement = wholeStatement(tools, statementOf(start).origin as ts.Node);
    if (!statement) return undefined;
    const sourceFile = statement.getSourceFile();
    const at = endOfLine(sourceFile, statement.end);
    if (at === undefined) return undefined;
    const access = isSometimesMissing(tools, statementOf(start).origin as ts.Node) ? '?.' : '.';
    const handler = `${binding.name}${access}catch(() => {}); // A rejection is thrown where it is awaited.`;
    const newText = `${newLineOf(sourceFile)}${indentAt(sourceFile, statement.getStart())}${handler}`;
    if (!edits.some((edit) => edit.span.start === at && edit.newText === newText))
      edits.push({ file: sourceFile.fileName, span: { start: at, end: at }, newText });
  }
  return { title: message('Handle the rejection where the promise starts'), safety: 'suggestion', edits };
}

/** The statement a start stands in, where another statement can follow it. */
export function wholeStatement({ tsc }: RepairTools, node: ts.Node): ts.Statement | undefined {
  const statement = tsc.isVariableDeclaration(node) ? node.parent.parent : node;
  if (!tsc.isVariableStatement(statement) && !tsc.isExpressionStatement(statement)) return undefined;
  const { parent } = statement;
  const isList =
    tsc.isBlock(parent) ||
    tsc.isSourceFile(parent) ||
    tsc.isModuleBlock(parent) ||
    tsc.isCaseOrDefaultClause(parent);
  return isList ? statement : undefined;
}

/** Where a line that holds nothing more than a comment after `end` stops. */
export function endOfLine({ text }: ts.SourceFile, end: number): number | undefined {
  const rest = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  return /^\s*(?:\/\/.*)?$/.test(rest) ? end + rest.length : undefined;
}

function isSometimesMissing({ tsc, types }: RepairTools, node: ts.Node): boolean {
  const value = tsc.isVariableDeclaration(node)
    ? tsc.isIdentifier(node.name) && node.initializer
    : tsc.isExpressionStatement(node) && tsc.isBinaryExpression(node.expression) && node.expression.right;
  return value ? types.promise(value).always === 'no' : false;
}
