import type { Call, FileFacts } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { isStatement } from '../../../core/walk';
import { awaiting, mayAwait } from './awaiting';
import { nameOf } from './imports';
import { insertion, lineStart, replacement, textOf } from './lines';

/** `threading.Lock()` → `asyncio.Lock()`, `with lock:` → `async with lock:`, `jobs.get()` → `await jobs.get()`. */
export function asyncPrimitive({
  made,
  name,
  waits,
  scopes,
}: Extract<Repair, { kind: 'asyncio-primitive' }>): Fix | undefined {
  const { file } = made.fn;
  if (!waits.every(mayAwait) || !scopes.every(({ fn }) => fn.isAsync)) return undefined;
  const { text, edits } = nameOf(file, 'asyncio', name);
  const annotation = annotationOf(file, made, text);
  if (!annotation) return undefined;
  return {
    title: message('Use {name}', { name: `asyncio.${name}` }),
    safety: 'suggestion',
    edits: [
      ...edits,
      ...annotation,
      replacement(file, made.callee.span, text),
      ...scopes.map(({ span }) => insertion(file, span.start, 'async ')),
      ...waits.flatMap((call) => {
        const { before, after } = awaiting(call);
        return [insertion(file, call.span.start, before), ...after];
      }),
    ],
  };
}

/** What to change in `lock: threading.Lock = threading.Lock()`; undefined where the annotation says something else. */
function annotationOf(file: FileFacts, made: Call, text: string): readonly Edit[] | undefined {
  const { parent } = made;
  const start = isStatement(parent) ? parent.span.start : lineStart(file.text, made.span.start);
  const before = file.text.slice(start, made.span.start);
  if (/^\s*[\w.]+\s*=\s*$/.test(before)) return [];
  const annotated = /^(\s*[\w.]+\s*:\s*)([\w.]+)(?:\[[^=]*\])?\s*=\s*$/.exec(before);
  const [, head = '', type = ''] = annotated ?? [];
  if (type !== textOf(file, made.callee.span)) return undefined;
  const at = start + head.length;
  return [replacement(file, { start: at, end: at + type.length }, text)];
}
