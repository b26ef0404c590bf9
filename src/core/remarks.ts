/** What people write beside their code. */
import type { FileFacts } from './facts';
import type { Span } from './text';

/** The comments on the lines of a span and directly above it, as one text; empty where there are none. */
export function remarksAt({ comments, text }: FileFacts, span: Span): string {
  const near: string[] = [];
  let top = span.start;
  // Upwards, so that a comment of several lines is followed to its beginning.
  for (const comment of [...comments].reverse()) {
    if (comment.span.start > span.end) {
      if (!text.slice(span.end, comment.span.start).includes('\n')) near.unshift(comment.text);
    } else if (comment.span.start > span.start || isDirectlyAbove(text, comment.span, top)) {
      near.unshift(comment.text);
      top = Math.min(top, comment.span.start);
    } else break;
  }
  return near.join('\n');
}

function isDirectlyAbove(text: string, comment: Span, below: number): boolean {
  const between = text.slice(comment.end, below);
  if (/\S/.test(between) || (between.match(/\n/g)?.length ?? 0) > 1) return false;
  // A comment at the end of another statement's line speaks of that one.
  const lineStart = text.lastIndexOf('\n', comment.start) + 1;
  return text.slice(lineStart, comment.start).trim() === '';
}
