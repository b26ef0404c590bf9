import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { awaiting, mayAwait } from './awaiting';
import { nameOf } from './imports';
import { insertion, replacement, textOf } from './lines';

/** `time.sleep(1)` → `await asyncio.sleep(1)`. */
export function asyncTwin({ call, twin }: Extract<Repair, { kind: 'async-twin' }>): Fix | undefined {
  if (twin.from !== 'coroutine' || !mayAwait(call)) return undefined;
  const { file } = call.fn;
  const { text, edits } = nameOf(file, twin.module, twin.name);
  const { before, after } = awaiting(call);
  return {
    title: message('Await {name}', { name: `${twin.module}.${twin.name}` }),
    safety: 'suggestion',
    edits: [...edits, replacement(file, call.callee.span, `${before}${text}`), ...after],
  };
}

/** `read(path)` → `await asyncio.to_thread(read, path)`. */
export function toThread({ call }: Extract<Repair, { kind: 'to-thread' }>): Fix | undefined {
  if (!mayAwait(call)) return undefined;
  const { file } = call.fn;
  const open = file.text.indexOf('(', call.callee.span.end);
  // A comment between the function and its arguments would end up among them.
  if (open < 0 || file.text.slice(call.callee.span.end, open).trim() !== '') return undefined;
  const [first] = call.args;
  // A generator needs parentheses of its own once it is not the only argument.
  if (first?.value.kind === 'comprehension' && first.value.form === 'generator') return undefined;
  const { text, edits } = nameOf(file, 'asyncio', 'to_thread');
  const { before, after } = awaiting(call);
  const separator = call.args.length > 0 ? ', ' : '';
  return {
    title: message('Run it in a thread'),
    safety: 'suggestion',
    edits: [
      ...edits,
      insertion(file, call.span.start, `${before}${text}(`),
      replacement(file, { start: call.callee.span.end, end: open + 1 }, separator),
      ...after,
    ],
  };
}

/** `future.result()` → `await asyncio.wrap_future(future)`. */
export function awaitFuture({ call }: Extract<Repair, { kind: 'await-future' }>): Fix | undefined {
  const { callee } = call;
  if (callee.kind !== 'member' || call.args.length > 0 || !mayAwait(call)) return undefined;
  const { file } = call.fn;
  const dropped = { start: callee.object.span.end, end: call.span.end };
  if (!/^\s*\.\s*result\s*\(\s*\)$/.test(textOf(file, dropped))) return undefined;
  const { text, edits } = nameOf(file, 'asyncio', 'wrap_future');
  const { before, after } = awaiting(call);
  return {
    title: message('Await the future'),
    safety: 'suggestion',
    edits: [
      ...edits,
      insertion(file, call.span.start, `${before}${text}(`),
      replacement(file, dropped, ')'),
      ...after,
    ],
  };
}
