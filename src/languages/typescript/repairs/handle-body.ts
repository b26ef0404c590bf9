import type ts from 'typescript';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { insertion, type RepairTools } from '../repairs';
import { returnsOf } from './for-each';
import { indentAt, indentUnit, newLineOf } from './lines';

/** Wraps the body of an async function in `try { … } catch (error) { console.error(error); }`. */
export function handleBody(
  tools: RepairTools,
  repair: Extract<Repair, { kind: 'handle-body' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = repair.function.origin as ts.FunctionLikeDeclaration;
  const { body } = node;
  if (!body || !repair.function.isAsync || !mayEndWithoutValue(tools, node)) return undefined;
  const edits = tsc.isBlock(body)
    ? aroundBlock(tsc, repair.function.file.file, body)
    : aroundExpression(tools, repair.function.file.file, body);
  return edits && { title: message('Catch the failure inside'), safety: 'suggestion', edits };
}

function mayEndWithoutValue({ tsc, types }: RepairTools, node: ts.FunctionLikeDeclaration): boolean {
  if (!node.type) return true;
  const declared = types.checker.getTypeFromTypeNode(node.type);
  const [result] = types.checker.getTypeArguments(declared as ts.TypeReference);
  const { Void, Any, Unknown, Undefined } = tsc.TypeFlags;
  return result !== undefined && (result.flags & (Void | Any | Unknown | Undefined)) !== 0;
}

function aroundExpression({ tsc, types }: RepairTools, file: string, body: ts.Expression): Edit[] {
  const sourceFile = body.getSourceFile();
  const newLine = newLineOf(sourceFile);
  const unit = indentUnit(sourceFile);
  const outer = indentAt(sourceFile, body.getStart());
  const isPromise = types.isSometimesThenable(types.checker.getTypeAtLocation(body), body);
  const word = !tsc.isAwaitExpression(body) && isPromise ? 'await ' : '';
  const before = `{${newLine}${outer}${unit}try {${newLine}${outer}${unit}${unit}${word}`;
  return [
    insertion(file, body.getStart(), before),
    insertion(file, body.end, `;${newLine}${catchLines(newLine, outer, unit)}${newLine}${outer}}`),
  ];
}

function aroundBlock(tsc: RepairTools['tsc'], file: string, body: ts.Block): Edit[] | undefined {
  const [first] = body.statements;
  const last = body.statements[body.statements.length - 1];
  if (!first || !last || returnsOf(tsc, body).some((statement) => statement.expression)) return undefined;
  if (tsc.isExpressionStatement(first) && tsc.isStringLiteral(first.expression)) return undefined;
  const sourceFile = body.getSourceFile();
  const { text } = sourceFile;
  const newLine = newLineOf(sourceFile);
  const unit = indentUnit(sourceFile);
  const open = body.getStart() + 1;
  const close = body.end - 1;
  const isAlone = /[\r\n][ \t]*$/.test(text.slice(open, close));
  const outer = indentAt(sourceFile, isAlone ? close : open);
  const inner = `${outer}${unit}`;
  if (!/[\r\n]/.test(text.slice(open, close))) {
    return [
      {
        file,
        span: { start: open, end: first.getStart() },
        newText: `${newLine}${inner}try {${newLine}${inner}${unit}`,
      },
      {
        file,
        span: { start: last.end, end: close },
        newText: `${newLine}${catchLines(newLine, outer, unit)}${newLine}${outer}`,
      },
    ];
  }
  const literal = templateSpans(tsc, body);
  const edits = [insertion(file, open, `${newLine}${inner}try {`)];
  for (const match of text.slice(open, close).matchAll(/\r\n|\n|\r/g)) {
    const start = open + match.index + match[0].length;
    const isBlank = start >= close || /^[ \t]*(?:[\r\n]|$)/.test(text.slice(start, close));
    const isInLiteral = literal.some((span) => span.start < start && start < span.end);
    if (!isBlank && !isInLiteral) edits.push(insertion(file, start, unit));
  }
  const lead = isAlone ? unit : `${newLine}${inner}`;
  const ending = catchLines(newLine, outer, unit).slice(inner.length);
  edits.push(insertion(file, close, `${lead}${ending}${newLine}${outer}`));
  return edits;
}

/** The lines from `} catch` to the end of the handler, one level inside `outer`. */
function catchLines(newLine: string, outer: string, unit: string): string {
  const inner = `${outer}${unit}`;
  return [`${inner}} catch (error) {`, `${inner}${unit}console.error(error);`, `${inner}}`].join(newLine);
}

/** Text whose line beginnings belong to a string. */
function templateSpans(tsc: RepairTools['tsc'], node: ts.Node): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  const visit = (part: ts.Node): void => {
    if (
      tsc.isNoSubstitutionTemplateLiteral(part) ||
      tsc.isTemplateHead(part) ||
      tsc.isTemplateMiddleOrTemplateTail(part)
    )
      spans.push({ start: part.getStart(), end: part.end });
    if (tsc.isJsxText(part)) spans.push({ start: part.getFullStart(), end: part.end });
    tsc.forEachChild(part, visit);
  };
  visit(node);
  return spans;
}
