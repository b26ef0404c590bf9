import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { isStatement, statementOf } from '../../../core/walk';
import type { RepairTools } from '../repairs';
import { indentAt, indentUnit, newLineOf } from './lines';

type JoinAwaits = Extract<Repair, { kind: 'join-awaits' }>;

const TITLE = message('Wait for them together with Promise.all');
const MAX_WIDTH = 100;

/** Turns `[await a, await b]`, or neighbouring statements that await one thing each, into one `Promise.all`. */
export function joinAwaits(tools: RepairTools, repair: JoinAwaits): Fix | undefined {
  const fix = joined(tools, repair);
  return fix && repair.isRefactoring ? { ...fix, isRefactoring: true } : fix;
}

function joined(tools: RepairTools, { awaits }: JoinAwaits): Fix | undefined {
  const [first] = awaits;
  if (!first) return undefined;
  const { parent } = first;
  if (!isStatement(parent) && parent.kind === 'collection')
    return joinElements(tools, parent.origin as ts.ArrayLiteralExpression);
  return joinStatements(
    tools,
    awaits.map((value) => statementOf(value).origin as ts.Node),
  );
}

function joinElements({ tsc }: RepairTools, array: ts.ArrayLiteralExpression): Fix | undefined {
  if (tsc.isPropertyAccessExpression(array.parent) || tsc.isElementAccessExpression(array.parent))
    return undefined;
  const sourceFile = array.getSourceFile();
  const file = sourceFile.fileName;
  const start = array.getStart();
  const edits = [{ file, span: { start, end: start }, newText: 'await Promise.all(' }];
  for (const element of array.elements) {
    if (!tsc.isAwaitExpression(element)) return undefined;
    const span = { start: element.getStart(), end: element.expression.getStart() };
    if (sourceFile.text.slice(span.start, span.end).trim() !== 'await') return undefined;
    edits.push({ file, span, newText: '' });
  }
  edits.push({ file, span: { start: array.end, end: array.end }, newText: ')' });
  return { title: TITLE, safety: 'suggestion', edits };
}

interface Part {
  readonly statement: ts.Statement;
  readonly keyword: string | undefined;
  /** What takes the awaited value; empty where nothing does. */
  readonly target: string;
  readonly operand: string;
}

function joinStatements(tools: RepairTools, nodes: readonly ts.Node[]): Fix | undefined {
  const parts = nodes.map((node) => partOf(tools, node));
  if (!parts.every((part) => part !== undefined)) return undefined;
  const [first] = parts;
  const last = parts[parts.length - 1];
  const keywords = new Set(parts.flatMap(({ keyword }) => keyword ?? []));
  if (!first || !last || keywords.size > 1) return undefined;
  const sourceFile = first.statement.getSourceFile();
  const { text } = sourceFile;
  for (const [i, { statement }] of parts.entries()) {
    const next = parts[i + 1];
    // A comment between two of them has no place in what replaces them.
    if (next && text.slice(statement.end, next.statement.getStart()).trim() !== '') return undefined;
  }
  const start = first.statement.getStart();
  const indent = indentAt(sourceFile, start);
  const [keyword] = keywords;
  const targets = parts.map(({ target }) => target);
  while (targets[targets.length - 1] === '') targets.pop();
  const list = targets.map((target, i) => (i > 0 && target !== '' ? ` ${target}` : target)).join(',');
  const head = keyword === undefined ? '' : `${keyword} [${list}] = `;
  const operands = parts.map(({ operand }) => operand);
  const semicolon = text[last.statement.end - 1] === ';' ? ';' : '';
  let newText = `${head}await Promise.all([${operands.join(', ')}])${semicolon}`;
  if (indent.length + newText.length > MAX_WIDTH && !newText.includes('\n')) {
    const newLine = newLineOf(sourceFile);
    const inner = `${newLine}${indent}${indentUnit(sourceFile)}`;
    newText = `${head}await Promise.all([${operands.map((o) => `${inner}${o},`).join('')}${newLine}${indent}])${semicolon}`;
  }
  const span = { start, end: last.statement.end };
  return { title: TITLE, safety: 'suggestion', edits: [{ file: sourceFile.fileName, span, newText }] };
}

function partOf({ tsc }: RepairTools, node: ts.Node): Part | undefined {
  if (tsc.isExpressionStatement(node)) {
    if (!tsc.isAwaitExpression(node.expression)) return undefined;
    return { statement: node, keyword: undefined, target: '', operand: operandOf(node.expression) };
  }
  if (!tsc.isVariableDeclaration(node) || node.type || !node.initializer) return undefined;
  const list = node.parent;
  const statement = list.parent;
  if (!tsc.isVariableDeclarationList(list) || list.declarations.length !== 1) return undefined;
  if (!tsc.isVariableStatement(statement) || statement.modifiers) return undefined;
  if (!tsc.isAwaitExpression(node.initializer)) return undefined;
  const keyword = /^\w+/.exec(list.getText())?.[0];
  return { statement, keyword, target: node.name.getText(), operand: operandOf(node.initializer) };
}

function operandOf({ expression }: ts.AwaitExpression): string {
  return expression.getText();
}
