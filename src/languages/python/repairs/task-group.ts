import type { Statement } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import { indented, linesOf, type Lines } from '../../../core/indentation';
import type { Repair } from '../../../core/repair';
import { blockOf, find } from '../../../core/walk';
import { nameOf } from './imports';
import { replacement } from './lines';

const GROUP_NAMES = ['group', 'tasks', 'task_group'];

/**
 * Puts the statements from the first start up to the late await into `async with asyncio.TaskGroup()`: when one of them
 * fails, the group cancels its tasks and waits for them. The await stays behind it, where the task is done: inside, its
 * exception would be raised twice.
 */
export function taskGroup({ starts, until }: Extract<Repair, { kind: 'task-group' }>): Fix | undefined {
  const [start] = starts;
  if (!start) return undefined;
  const { file } = start.fn;
  const { text } = file;
  const body = blockOf(until)?.body ?? [];
  const earliest = Math.min(...starts.map(({ span }) => span.start));
  const from = body.findIndex(({ span }) => span.start <= earliest && earliest < span.end);
  const inside = body.slice(from, body.indexOf(until));
  const [first] = inside;
  const last = inside.at(-1);
  if (from < 0 || !first || !last || inside.some(leaves)) return undefined;
  // A coroutine is all that a group takes; `ensure_future` takes any awaitable, and may come with a loop.
  if (starts.some(({ args }) => args.some((a) => a.keyword === 'loop' || a.keyword === 'eager_start')))
    return undefined;
  if (starts.some(({ args }) => args[0]?.value.kind !== 'call')) return undefined;
  const lines = linesOf(text, first.span, last.span);
  const name = GROUP_NAMES.find((candidate) => !new RegExp(`\\b${candidate}\\b`, 'u').test(text));
  if (!lines || name === undefined) return undefined;
  const group = nameOf(file, 'asyncio', 'TaskGroup');
  const head = `${lines.indent}async with ${group.text}() as ${name}:${lines.newLine}`;
  const edits: Edit[] = [
    ...group.edits,
    ...indented(file.file, text, lines, head),
    ...starts.map(({ callee }) => replacement(file, callee.span, `${name}.create_task`)),
  ];
  return { title: message('Start the tasks in a TaskGroup'), safety: 'suggestion', edits };
}

/** `task = create_task(f())` … → the rest in `try`, with `task.cancel()` in `finally`; cancelling what is done does nothing. */
export function cancelInFinally({
  task,
  start,
  last,
}: Extract<Repair, { kind: 'cancel-in-finally' }>): Fix | undefined {
  const { file, text } = start.fn.file;
  const block = blockOf(start);
  const following = block?.body[block.body.indexOf(start) + 1];
  if (!following) return undefined;
  const isCancel = isCancelOf(last, task.name);
  if (isCancel && following === last) return undefined;
  const lines = linesOf(text, following.span, last.span);
  if (!lines) return undefined;
  const { indent, unit, newLine } = lines;
  const finalizer = `${indent}finally:${newLine}${indent}${unit}${task.name}.cancel()${newLine}`;
  const lineStart = last.span.start - indent.length;
  const body: Lines = isCancel ? { ...lines, span: { start: lines.span.start, end: lineStart } } : lines;
  const edits: Edit[] = indented(file, text, body, `${indent}try:${newLine}`);
  const place = isCancel
    ? { start: lineStart, end: lines.span.end }
    : { start: lines.span.end, end: lines.span.end };
  const gap = text[lines.span.end - 1] === '\n' ? '' : newLine;
  edits.push({ file, span: place, newText: isCancel ? finalizer : gap + finalizer });
  return { title: message('Cancel it in finally'), safety: 'suggestion', edits };
}

function isCancelOf(statement: Statement, name: string): boolean {
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return false;
  const { callee, args } = statement.value;
  return (
    callee.kind === 'member' &&
    callee.name === 'cancel' &&
    args.length === 0 &&
    callee.object.kind === 'name' &&
    callee.object.text === name
  );
}

/** `return`, `break` and `continue` would wait at the end of the group for tasks that go on; `yield` may not stand in one. */
function leaves(statement: Statement): boolean {
  return (
    find(statement, ({ kind }) => kind === 'return' || kind === 'jump' || kind === 'yield') !== undefined
  );
}
