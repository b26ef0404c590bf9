import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { insertion, replacement } from './lines';

/** Puts `async` before a `with` or `for` statement, or takes it away. */
export function setAsync({ statement, isAsync }: Extract<Repair, { kind: 'set-async' }>): Fix | undefined {
  const { fn, span } = statement;
  const { file } = fn;
  const word = statement.kind === 'with' ? 'with' : 'for';
  if (!isAsync) {
    const async = /^async\s+/.exec(file.text.slice(span.start, span.end))?.[0];
    if (async === undefined) return undefined;
    return {
      title: message('Use {keyword}', { keyword: word }),
      safety: 'safe',
      edits: [replacement(file, { start: span.start, end: span.start + async.length }, '')],
    };
  }
  if (!fn.isAsync) return undefined;
  return {
    title: message('Use {keyword}', { keyword: `async ${word}` }),
    safety: 'safe',
    edits: [insertion(file, span.start, 'async ')],
  };
}
