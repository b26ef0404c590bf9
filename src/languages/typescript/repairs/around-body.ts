import type ts from 'typescript';
import type { FunctionFact } from '../../../core/facts';
import type { Edit } from '../../../core/finding';
import { insertion, type RepairTools } from '../repairs';
import { returnsOf } from './for-each';
import { indentAt, indentUnit, newLineOf } from './lines';

/** Lines around the statements of a function; a tab at their beginning stands for one more level of indentation. */
export interface Frame {
  /** Before the statements, the last of them opening a block. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** `try { … } catch (error) { console.error(error); }`. */
export const CAUGHT: Frame = {
  before: ['try {'],
  after: ['} catch (error) {', '\tconsole.error(error);', '}'],
};

/** Puts lines around the body of a function; undefined where it returns values or begins with a directive. */
export function aroundBody(tools: RepairTools, fn: FunctionFact, frame: Frame): Edit[] | undefined {
  const { body } = fn.origin as ts.FunctionLikeDeclaration;
  if (!body) return undefined;
  const { file } = fn.file;
  return tools.tsc.isBlock(body)
    ? aroundBlock(tools.tsc, file, body, frame)
    : aroundExpression(tools, file, body, frame);
}

function aroundExpression(
  { tsc, types }: RepairTools,
  file: string,
  body: ts.Expression,
  frame: Frame,
): Edit[] {
  const sourceFile = body.getSourceFile();
  const newLine = newLineOf(sourceFile);
  const unit = indentUnit(sourceFile);
  const outer = indentAt(sourceFile, body.getStart());
  const isPromise = types.isSometimesThenable(types.checker.getTypeAtLocation(body), body);
  const word = !tsc.isAwaitExpression(body) && isPromise ? 'await ' : '';
  const lines = (texts: readonly string[]) => indented(texts, `${outer}${unit}`, unit).join(newLine);
  const before = `{${newLine}${lines(frame.before)}${newLine}${outer}${unit}${unit}${word}`;
  return [
    insertion(file, body.getStart(), before),
    insertion(file, body.end, `;${newLine}${lines(frame.after)}${newLine}${outer}}`),
  ];
}

function aroundBlock(
  tsc: RepairTools['tsc'],
  file: string,
  body: ts.Block,
  frame: Frame,
): Edit[] | undefined {
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
  const before = indented(frame.before, inner, unit).join(newLine);
  const after = indented(frame.after, inner, unit).join(newLine);
  if (!/[\r\n]/.test(text.slice(open, close))) {
    return [
      {
        file,
        span: { start: open, end: first.getStart() },
        newText: `${newLine}${before}${newLine}${inner}${unit}`,
      },
      { file, span: { start: last.end, end: close }, newText: `${newLine}${after}${newLine}${outer}` },
    ];
  }
  const literal = templateSpans(tsc, body);
  const edits = [insertion(file, open, `${newLine}${before}`)];
  for (const match of text.slice(open, close).matchAll(/\r\n|\n|\r/g)) {
    const start = open + match.index + match[0].length;
    const isBlank = start >= close || /^[ \t]*(?:[\r\n]|$)/.test(text.slice(start, close));
    const isInLiteral = literal.some((span) => span.start < start && start < span.end);
    if (!isBlank && !isInLiteral) edits.push(insertion(file, start, unit));
  }
  const lead = isAlone ? unit : `${newLine}${inner}`;
  edits.push(insertion(file, close, `${lead}${after.slice(inner.length)}${newLine}${outer}`));
  return edits;
}

function indented(lines: readonly string[], indent: string, unit: string): string[] {
  return lines.map((line) => `${indent}${line.replace(/^\t/, unit)}`);
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
