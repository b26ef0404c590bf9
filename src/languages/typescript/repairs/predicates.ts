import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { awaitPlace, insertion, nodeOf, type RepairTools } from '../repairs';
import { receiverOf } from './for-each';
import { indentAt, newLineOf } from './lines';

/** `xs.filter(async …)` becomes `const verdicts = await Promise.all(xs.map(async …))` and a filter by them. */
export function filterInTwoSteps(
  tools: RepairTools,
  { call }: Extract<Repair, { kind: 'filter-in-two-steps' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = nodeOf(call);
  if (!tsc.isCallExpression(node) || node.arguments.length !== 1) return undefined;
  const [callback] = node.arguments;
  const receiver = receiverOf(tools, node);
  const place = awaitPlace(tools, call);
  const statement = statementBefore(tsc, node);
  if (!callback || receiver?.kind !== 'array' || !place || !statement) return undefined;
  const sourceFile = node.getSourceFile();
  const { file, text } = call.fn.file;
  const verdicts = freeName(text, 'verdicts');
  const source = receiver.node.getText();
  const isPath = /^[\w$.]+$/.test(source);
  const items = isPath ? source : freeName(text, 'items');
  const lineEnd = `${newLineOf(sourceFile)}${indentAt(sourceFile, statement.getStart())}`;
  const steps = [
    ...(isPath ? [] : [`const ${items} = ${source};`]),
    `const ${verdicts} = await Promise.all(${items}.map(${callback.getText()}));`,
  ];
  const edits = [
    ...place.edits,
    insertion(file, statement.getStart(), steps.map((step) => `${step}${lineEnd}`).join('')),
    {
      file,
      span: { start: callback.getStart(), end: callback.end },
      newText: `(_, i) => ${verdicts}[i]`,
    },
  ];
  if (!isPath) {
    const span = { start: receiver.node.getStart(), end: receiver.node.end };
    edits.push({ file, span, newText: items });
  }
  return { title: message('Await the answers first, then filter'), safety: 'suggestion', edits };
}

/** `xs.some(async …)` becomes `(await Promise.all(xs.map(async …))).some(Boolean)`; the same for `every`. */
export function awaitPredicate(
  tools: RepairTools,
  { call, method }: Extract<Repair, { kind: 'await-predicate' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = nodeOf(call);
  if (!tsc.isCallExpression(node)) return undefined;
  const receiver = receiverOf(tools, node);
  const place = awaitPlace(tools, call);
  if (receiver?.kind !== 'array' || !place) return undefined;
  const { file } = call.fn.file;
  return {
    title: message('Await all the answers first'),
    safety: 'suggestion',
    edits: [
      ...place.edits,
      insertion(file, node.getStart(), '(await Promise.all('),
      { file, span: receiver.name, newText: 'map' },
      insertion(file, node.end, `)).${method}(Boolean)`),
    ],
  };
}

/** The statement in a block before which other statements can be put without running more or less often. */
export function statementBefore(tsc: RepairTools['tsc'], node: ts.Node): ts.Statement | undefined {
  const { SyntaxKind: K } = tsc;
  const passing: ReadonlySet<ts.SyntaxKind> = new Set([
    K.ParenthesizedExpression,
    K.AsExpression,
    K.NonNullExpression,
    K.AwaitExpression,
    K.PropertyAccessExpression,
    K.CallExpression,
    K.VariableDeclaration,
    K.VariableDeclarationList,
  ]);
  let child = node;
  let { parent } = node;
  while (passing.has(parent.kind) || isAssignedValue(tsc, parent, child)) {
    if (tsc.isVariableDeclarationList(parent) && parent.declarations.length > 1) return undefined;
    // What stands before the call in the same expression runs before it now.
    if (tsc.isCallExpression(parent) && parent.expression !== child && !tsc.isIdentifier(parent.expression))
      return undefined;
    child = parent;
    ({ parent } = parent);
  }
  const isOwn =
    tsc.isExpressionStatement(parent) ||
    tsc.isReturnStatement(parent) ||
    tsc.isVariableStatement(parent) ||
    (tsc.isIfStatement(parent) && parent.expression === child);
  const holder = parent.parent;
  const isInBlock = tsc.isBlock(holder) || tsc.isSourceFile(holder) || tsc.isModuleBlock(holder);
  return isOwn && isInBlock ? (parent as ts.Statement) : undefined;
}

function isAssignedValue(tsc: RepairTools['tsc'], parent: ts.Node, child: ts.Node): boolean {
  return (
    tsc.isBinaryExpression(parent) &&
    parent.right === child &&
    parent.operatorToken.kind === tsc.SyntaxKind.EqualsToken
  );
}

/** A name that the file does not mention yet. */
export function freeName(text: string, wanted: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted}${i}`;
    if (!new RegExp(`\\b${name}\\b`).test(text)) return name;
  }
}
