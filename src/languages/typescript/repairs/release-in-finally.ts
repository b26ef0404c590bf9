import { message, type Fix } from '../../../core/finding';
import { indented, linesBetween } from '../../../core/indentation';
import type { Repair } from '../../../core/repair';
import type { RepairTools } from '../repairs';

/** Puts what stands between acquiring and releasing into `try { … } finally { release(); }`. */
export function releaseInFinally(
  _tools: RepairTools,
  { acquire, between, release }: Extract<Repair, { kind: 'release-in-finally' }>,
): Fix | undefined {
  const { file, text } = acquire.fn.file;
  // A block hides what it declares from what comes after it.
  const hides = between.some((statement) => {
    if (statement.kind === 'function-declaration' || statement.kind === 'class-declaration') return true;
    if (statement.kind !== 'declare') return false;
    return statement.bindings.some(
      ({ references, exported }) =>
        exported || references.some(({ span }) => span.start >= release.span.start),
    );
  });
  const lines = linesBetween(text, acquire.span, release.span);
  if (hides || !lines) return undefined;
  const { indent, unit, newLine, span } = lines;
  return {
    title: message('Release it in finally'),
    safety: 'suggestion',
    edits: [
      ...indented(file, text, lines, `${indent}try {${newLine}`),
      { file, span: { start: span.end, end: span.end }, newText: `${indent}} finally {${newLine}${unit}` },
      {
        file,
        span: { start: release.span.end, end: release.span.end },
        newText: `${newLine}${indent}}`,
      },
    ],
  };
}
