import type { Call } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { ancestors, isStatement } from '../../../core/walk';
import { nameOf } from './imports';
import { insertion, replacement } from './lines';

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

/** What to put before a call to await it, and behind it where something is taken from its result. */
function awaiting(call: Call): { readonly before: string; readonly after: readonly Edit[] } {
  const { parent } = call;
  const isInner =
    !isStatement(parent) &&
    ((parent.kind === 'member' && parent.object === call) ||
      (parent.kind === 'call' && parent.callee === call));
  if (!isInner) return { before: 'await ', after: [] };
  return { before: '(await ', after: [insertion(call.fn.file, call.span.end, ')')] };
}

/** `await` is only legal directly in an async function, and not in a generator expression that runs elsewhere. */
function mayAwait(call: Call): boolean {
  if (!call.fn.isAsync) return false;
  for (const node of ancestors(call))
    if (node.kind === 'comprehension' && node.form === 'generator') return false;
  return true;
}
