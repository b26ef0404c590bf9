import type ts from 'typescript';
import type { Span } from '../../core/text';

type TypeScript = typeof ts;

/** The innermost statements that hold a syntax error. */
export function brokenStatements(tsc: TypeScript, sourceFile: ts.SourceFile): Span[] {
  // Not in the public type, but present in every version: the errors the parser met, without a program.
  const errors = (sourceFile as { parseDiagnostics?: readonly { start?: number; length?: number }[] })
    .parseDiagnostics;
  return (errors ?? []).map((error) => {
    const at = error.start ?? 0;
    let innermost: ts.Node = sourceFile;
    const descend = (node: ts.Node): void => {
      if (at < node.pos || at > node.end) return;
      if (tsc.isStatement(node) && !tsc.isBlock(node)) innermost = node;
      tsc.forEachChild(node, descend);
    };
    tsc.forEachChild(sourceFile, descend);
    if (innermost === sourceFile) return { start: at, end: at + (error.length ?? 1) };
    return { start: innermost.getStart(sourceFile), end: innermost.end };
  });
}
