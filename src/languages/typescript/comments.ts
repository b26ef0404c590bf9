import type ts from 'typescript';
import type { CommentFact } from '../../core/facts';

type TypeScript = typeof ts;

/**
 * Every comment of a file in source order. Candidates are found by text; those inside strings, templates, regular
 * expressions and JSX text are not comments.
 */
export function commentsOf(tsc: TypeScript, sourceFile: ts.SourceFile): CommentFact[] {
  const { text } = sourceFile;
  if (!/\/[/*]/.test(text)) return [];
  const literals: { start: number; end: number }[] = [];
  const collect = (node: ts.Node): void => {
    if (
      tsc.isStringLiteral(node) ||
      tsc.isJsxText(node) ||
      node.kind === tsc.SyntaxKind.RegularExpressionLiteral ||
      tsc.isNoSubstitutionTemplateLiteral(node) ||
      node.kind === tsc.SyntaxKind.TemplateHead ||
      node.kind === tsc.SyntaxKind.TemplateMiddle ||
      node.kind === tsc.SyntaxKind.TemplateTail
    ) {
      literals.push({ start: tsc.isJsxText(node) ? node.pos : node.getStart(sourceFile), end: node.end });
      return;
    }
    tsc.forEachChild(node, collect);
  };
  collect(sourceFile);
  literals.sort((a, b) => a.start - b.start);

  const comments: CommentFact[] = [];
  const pattern = /\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g;
  pattern.lastIndex = /^#!.*/.exec(text)?.[0].length ?? 0;
  let next = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = match.index;
    while ((literals[next]?.end ?? Infinity) <= start) next++;
    const literal = literals[next];
    if (literal && literal.start <= start) {
      pattern.lastIndex = literal.end;
      continue;
    }
    const whole = match[0];
    const inner = whole.startsWith('//') ? whole.slice(2) : whole.slice(2, -2);
    comments.push({ span: { start, end: start + whole.length }, text: inner.trim() });
  }
  return comments;
}
