import type { Await, Call, FileFacts, Value } from '../core/facts';
import type { Span } from '../core/text';

/** What a hover is about. */
export type Place =
  | { readonly kind: 'call'; readonly call: Call; readonly span: Span }
  | { readonly kind: 'await'; readonly wait: Await; readonly span: Span };

const AWAIT = 'await';

/** The call or `await` whose own word is at an offset. */
export function placeAt({ functions }: FileFacts, offset: number): Place | undefined {
  const holds = ({ start, end }: Span) => start <= offset && offset < end;
  for (const { awaits, calls } of functions) {
    for (const wait of awaits) {
      const span = { start: wait.span.start, end: wait.span.start + AWAIT.length };
      if (holds(span)) return { kind: 'await', wait, span };
    }
    for (const call of calls) {
      const span = wordOf(call.callee);
      if (span && holds(span)) return { kind: 'call', call, span };
    }
  }
  return undefined;
}

function wordOf(callee: Value): Span | undefined {
  return callee.kind === 'name' ? callee.span : callee.kind === 'member' ? callee.nameSpan : undefined;
}

const LONGEST = 32;

/** A value as it is written, on one line, short enough for a note and free of what Markdown would take for its own. */
export function shown({ span, fn }: Value): string {
  const text = fn.file.text.slice(span.start, span.end).replace(/\s+/g, ' ').replace(/`/g, "'");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
