/** How bad it is that nobody watches a promise. */
import type { FileFacts, Value } from '../core/facts';
import type { Asking } from '../core/questions';
import { functionOf, isCaught, keepsRejections } from '../core/rejections';
import { remarksAt } from '../core/remarks';
import type { Span } from '../core/text';
import { find } from '../core/walk';
import { isLookedAfter } from './safe-callees';

/** A comment that says nobody is meant to wait. */
const ON_PURPOSE =
  /\b(?:do(?:es)?(?: not|n['’]?t) (?:a?wait|block)|not? (?:a?wait(?:ed|ing)?|blocking)|without a?wait(?:ing)?|no need to a?wait|fire[- ]and[- ]forget|(?:in the|run in) background|on purpose|(?:remains?|stays?|left) (?:uncaught|unhandled)|deliberately|intentional(?:ly)?|promise\/catch-or-return|no-floating-promises)\b/i;

/** Whether a comment beside the code says that nobody is meant to wait. */
export function isOnPurpose(facts: FileFacts, span: Span): boolean {
  // `const p = …` is a fact without its keyword.
  const line = facts.text.slice(facts.text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  const start = span.start - (/\b(?:const|let|var)\s+$/.exec(line)?.[0].length ?? 0);
  return ON_PURPOSE.test(remarksAt(facts, { start, end: span.end }));
}

/** A call of a function of the project that deals with every failure itself: only the order of things is at stake. */
export function* keepsFailuresInside(value: Value): Asking<boolean> {
  if (value.kind !== 'call' || value.callee.kind === 'function') return false;
  const fn = yield* functionOf(value.callee);
  if (!fn || find(fn.body, (node) => node.kind === 'throw' && !isCaught(node))) return false;
  return yield* keepsRejections(fn, isLookedAfter, 4);
}
