import { message, type Fix } from '../../../core/finding';
import { indented, linesBetween } from '../../../core/indentation';
import type { Repair } from '../../../core/repair';
import { unitIn } from './lines';

/**
 * `await lock.acquire(); …; lock.release()` → `async with lock: …`; a pooled object is released in `finally` instead,
 * since what gives it back differs from library to library.
 */
export function releaseInFinally({
  acquire,
  lock,
  release,
}: Extract<Repair, { kind: 'release-in-finally' }>): Fix | undefined {
  const { file, text } = acquire.fn.file;
  const lines = linesBetween(text, acquire.span, release.span, unitIn(acquire.fn));
  if (!lines) return undefined;
  const { indent, unit, newLine, span } = lines;
  if (lock && isPlainAcquire(text.slice(acquire.span.start, acquire.span.end))) {
    const rest = /^[ \t]*(?:\r\n|\n|\r|$)/.exec(text.slice(release.span.end));
    if (!rest) return undefined;
    const name = text.slice(lock.span.start, lock.span.end);
    return {
      title: message('Use async with'),
      safety: 'suggestion',
      edits: [
        { file, span: acquire.span, newText: `async with ${name}:` },
        ...indented(file, text, lines),
        { file, span: { start: span.end, end: release.span.end + rest[0].length }, newText: '' },
      ],
    };
  }
  return {
    title: message('Release it in finally'),
    safety: 'suggestion',
    edits: [
      ...indented(file, text, lines, `${indent}try:${newLine}`),
      { file, span: { start: span.end, end: span.end }, newText: `${indent}finally:${newLine}${unit}` },
    ],
  };
}

/** `await lock.acquire()` without a time limit or arguments. */
function isPlainAcquire(statement: string): boolean {
  return /^await\s+[\w.]+\.acquire\(\s*\)$/.test(statement);
}
