import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import type { RepairTools } from '../repairs';
import { indentAt, indentUnit, newLineOf } from './lines';

/** Enough to hide most of the waiting, few enough for any server, disk or pool of connections. */
const WORKERS = 4;
const ITERATOR_NAMES = ['queue', 'remaining', 'waiting', 'pending'];

/**
 * Runs the body of a `for … of` loop in a few workers that draw from one iterator. Left alone where the body could
 * mean something else inside a function, or would no longer type-check there.
 */
export function realisePool(
  tools: RepairTools,
  { loop }: Extract<Repair, { kind: 'pool' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = loop.origin as ts.Node;
  if (!tsc.isForOfStatement(node) || node.awaitModifier || !isInList(tsc, node)) return undefined;
  const { initializer, expression } = node;
  if (!tsc.isVariableDeclarationList(initializer)) return undefined;
  if ((initializer.flags & tsc.NodeFlags.BlockScoped) === 0) return undefined;
  if ((tools.types.program.getCompilerOptions().target ?? 0) < tsc.ScriptTarget.ES2015) return undefined;
  if (!movesInto(tools, node.statement, node)) return undefined;
  const sourceFile = node.getSourceFile();
  const { text } = sourceFile;
  const name = ITERATOR_NAMES.find((candidate) => !new RegExp(`\\b${candidate}\\b`, 'u').test(text));
  if (name === undefined) return undefined;

  const start = node.getStart();
  const indent = indentAt(sourceFile, start);
  const unit = indentUnit(sourceFile);
  const newLine = newLineOf(sourceFile);
  const loopText = text.slice(start, expression.getStart()) + name + text.slice(expression.end, node.end);
  const lines = loopText.split(/\r\n|\n|\r/u);
  const moved = lines.map((line, i) => (line === '' || i === 0 ? line : unit + unit + line)).join(newLine);
  const newText = [
    `const ${name} = ${iteratorOf(tools, expression)};`,
    `${indent}await Promise.all(`,
    `${indent}${unit}Array.from({ length: ${WORKERS} }, async () => {`,
    `${indent}${unit}${unit}${moved}`,
    `${indent}${unit}}),`,
    `${indent});`,
  ].join(newLine);
  return {
    title: message('Run up to {count} at a time', { count: String(WORKERS) }),
    safety: 'suggestion',
    edits: [{ file: sourceFile.fileName, span: { start, end: node.end }, newText }],
  };
}

function isInList(tsc: RepairTools['tsc'], { parent }: ts.Node): boolean {
  return tsc.isBlock(parent) || tsc.isSourceFile(parent) || tsc.isModuleBlock(parent);
}

/** An iterator that several loops can share: none of them may close it, so a generator's own will not do. */
function iteratorOf({ tsc, types }: RepairTools, source: ts.Expression): string {
  const { checker } = types;
  const type = checker.getTypeAtLocation(source);
  const text = source.getText();
  const isList = checker.isArrayType(type) || checker.isTupleType(type);
  const needsParentheses = !(
    tsc.isIdentifier(source) ||
    tsc.isPropertyAccessExpression(source) ||
    tsc.isElementAccessExpression(source) ||
    tsc.isCallExpression(source) ||
    tsc.isArrayLiteralExpression(source)
  );
  const symbol = type.getSymbol()?.name;
  if (isList || symbol === 'Set' || symbol === 'ReadonlySet')
    return `${needsParentheses ? `(${text})` : text}.values()`;
  return `[...${text}].values()`;
}

/** Whether statements keep their meaning and their types as part of a nested async arrow function. */
function movesInto({ tsc, types }: RepairTools, body: ts.Node, loop: ts.Node): boolean {
  const { checker } = types;
  const { text } = body.getSourceFile();
  let fits = true;
  const isInside = (declaration: ts.Node | undefined) =>
    declaration !== undefined &&
    declaration.getSourceFile() === body.getSourceFile() &&
    declaration.pos >= loop.pos &&
    declaration.end <= loop.end;
  const visit = (node: ts.Node): void => {
    if (!fits) return;
    if (tsc.isYieldExpression(node) || tsc.isReturnStatement(node)) {
      if (isOwn(tsc, node, body)) fits = false;
    }
    if (tsc.isIdentifier(node) && node.text === 'arguments') fits = false;
    // Indenting would change what a template says.
    if (
      (tsc.isTemplateExpression(node) || tsc.isNoSubstitutionTemplateLiteral(node)) &&
      /[\r\n]/u.test(text.slice(node.getStart(), node.end))
    )
      fits = false;
    if (tsc.isPropertyAccessExpression(node) && isNarrowed(checker, node, node.name)) fits = false;
    if (
      tsc.isIdentifier(node) &&
      !(tsc.isPropertyAccessExpression(node.parent) && node.parent.name === node)
    ) {
      const symbol = checker.getSymbolAtLocation(node);
      const declaration = symbol?.valueDeclaration;
      if (
        declaration &&
        !isInside(declaration) &&
        isReassignable(tsc, declaration) &&
        isNarrowed(checker, node, node)
      )
        fits = false;
    }
    tsc.forEachChild(node, visit);
  };
  visit(body);
  return fits;
}

/** Whether a statement belongs to the loop's own function, not to one nested in its body. */
function isOwn(tsc: RepairTools['tsc'], node: ts.Node, body: ts.Node): boolean {
  for (let current = node.parent; current !== body; current = current.parent)
    if (tsc.isFunctionLike(current)) return false;
  return true;
}

/** `let`, `var` and parameters lose what is known of their type inside a function; constants keep it. */
function isReassignable(tsc: RepairTools['tsc'], declaration: ts.Declaration): boolean {
  if (tsc.isParameter(declaration)) return true;
  return (
    tsc.isVariableDeclaration(declaration) &&
    (tsc.getCombinedNodeFlags(declaration) & tsc.NodeFlags.Const) === 0
  );
}

/** Whether the flow of control says more about a reference than its declaration. */
function isNarrowed(checker: ts.TypeChecker, node: ts.Node, name: ts.Node): boolean {
  const symbol = checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration) return false;
  const declared = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  if (!declared.isUnion()) return false;
  return checker.typeToString(checker.getTypeAtLocation(node)) !== checker.typeToString(declared);
}
