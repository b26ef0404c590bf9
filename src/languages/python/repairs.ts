import { suppressionRemoval } from '../../core/edits';
import type { FileFacts, Statement, Value } from '../../core/facts';
import { message, type Edit, type Fix } from '../../core/finding';
import type { Repair } from '../../core/repair';
import { releaseInFinally } from './repairs/release-in-finally';
import { isStatement, statementOf } from '../../core/walk';
import { mayAwait } from './repairs/awaiting';
import { doneInFinally } from './repairs/done-in-finally';
import { useFunction, wrapInCall } from './repairs/functions';
import { limitCoroutines } from './repairs/limit-coroutines';
import { pool } from './repairs/pool';
import { primeGenerator } from './repairs/prime-generator';
import { reraise } from './repairs/reraise';
import { setAsync } from './repairs/set-async';
import { cancelInFinally, taskGroup } from './repairs/task-group';
import { beforeTopLevel } from './repairs/top-level';
import { asyncPrimitive } from './repairs/async-primitive';
import { processPool } from './repairs/process-pool';
import { underLock } from './repairs/under-lock';
import { asyncTwin, awaitFuture, toThread } from './repairs/threads';

type Realiser<K extends Repair['kind']> = (repair: Extract<Repair, { kind: K }>) => Fix | undefined;

/** How each kind of repair becomes edits in Python; undefined where the repair would not be correct. */
const REALISERS: { readonly [K in Repair['kind']]?: Realiser<K> } = {
  await: addAwait,
  'await-instead': awaitInstead,
  'keep-task': keepTask,
  'pass-function': passFunction,
  'prime-generator': primeGenerator,
  reraise,
  'async-twin': asyncTwin,
  'to-thread': toThread,
  'set-async': setAsync,
  'use-function': useFunction,
  'wrap-in-call': wrapInCall,
  'release-in-finally': releaseInFinally,
  'task-group': taskGroup,
  pool,
  'cancel-in-finally': cancelInFinally,
  'process-pool': processPool,
  'await-future': awaitFuture,
  'asyncio-primitive': asyncPrimitive,
  'under-lock': underLock,
  'limit-coroutines': limitCoroutines,
  'done-in-finally': doneInFinally,
  'remove-suppression': ({ file, comment, rule }) => ({
    title: message('Remove the unused ignore comment'),
    safety: 'safe',
    edits: [suppressionRemoval(file.file, file.text, comment.span, rule)],
  }),
};

/** The edits that carry out a repair, or undefined where it does not apply. */
export function realise(repair: Repair): Fix | undefined {
  const realiser = REALISERS[repair.kind] as Realiser<Repair['kind']> | undefined;
  return realiser?.(repair);
}

function insertion(file: FileFacts, at: number, newText: string): Edit {
  return { file: file.file, span: { start: at, end: at }, newText };
}

function addAwait({ value, safety, all }: Extract<Repair, { kind: 'await' }>): Fix | undefined {
  if (!mayAwait(value) || all === true) return undefined;
  const { file } = value.fn;
  const [before, after] = awaitAround(value, value);
  const edits = [insertion(file, value.span.start, before)];
  if (after !== '') edits.push(insertion(file, value.span.end, after));
  return { title: message('Add await'), safety: safety ?? 'suggestion', edits };
}

/** What to put around a value so that it is awaited where `place` stands now. */
function awaitAround(value: Value, place: Value): readonly [string, string] {
  const { parent } = place;
  // `await a.b` waits for `a.b`: what is taken from the result needs parentheses around the whole.
  const isInner =
    !isStatement(parent) &&
    ((parent.kind === 'member' && parent.object === place) ||
      (parent.kind === 'call' && parent.callee === place));
  if (isInner) return ['(await ', ')'];
  const isTight = ['call', 'name', 'member', 'collection', 'comprehension', 'literal'].includes(value.kind);
  return isTight ? ['await ', ''] : ['await (', ')'];
}

/** `asyncio.run(f())` → `await f()`. Everything but the coroutine itself goes. */
function awaitInstead({ call, value }: Extract<Repair, { kind: 'await-instead' }>): Fix | undefined {
  if (!mayAwait(call)) return undefined;
  const { file } = call.fn;
  const [before, after] = awaitAround(value, call);
  // Comments between the parentheses would be lost.
  const dropped =
    file.text.slice(call.span.start, value.span.start) + file.text.slice(value.span.end, call.span.end);
  if (dropped.includes('#')) return undefined;
  const edits = [
    { file: file.file, span: { start: call.span.start, end: value.span.start }, newText: before },
    { file: file.file, span: { start: value.span.end, end: call.span.end }, newText: after },
  ];
  return { title: message('Await it instead'), safety: 'safe', edits };
}

/**
 * `create_task(f())` alone or bound to an unused name: a module-level set holds the task until it is done.
 * https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task
 */
function keepTask({ value }: Extract<Repair, { kind: 'keep-task' }>): Fix | undefined {
  const { file } = value.fn;
  const statement = statementOf(value);
  const isAlone = statement.kind === 'expression' && statement.value === value;
  const bound = statement.kind === 'declare' && statement.value === value ? statement.whole?.name : undefined;
  const line = ownLine(file.text, statement.span);
  if ((!isAlone && bound === undefined) || !line) return undefined;
  const newLine = file.text.includes('\r\n') ? '\r\n' : '\n';
  const set = taskSet(file);
  const name = bound ?? 'task';
  const tail = [`${set.name}.add(${name})`, `${name}.add_done_callback(${set.name}.discard)`]
    .map((text) => newLine + line.indent + text)
    .join('');
  const edits: Edit[] = [];
  if (!set.exists) {
    const at = beforeTopLevel(file, value);
    edits.push(insertion(file, at, `${set.name} = set()${newLine}${newLine}${newLine}`));
  }
  // The statement begins before the value where that stands in parentheses.
  if (bound === undefined) edits.push(insertion(file, statement.span.start, `${name} = `));
  edits.push(insertion(file, line.end, tail));
  return { title: message('Keep the task in a set until it is done'), safety: 'suggestion', edits };
}

/** `f(1)` → `f, 1` among the arguments of another call. */
function passFunction({ call }: Extract<Repair, { kind: 'pass-function' }>): Fix | undefined {
  const { text, file } = call.fn.file;
  const outer = call.parent;
  const isArgument =
    !isStatement(outer) && outer.kind === 'call' && outer.args.some((a) => a.value === call && !a.keyword);
  // Only `to_thread` hands keywords on, and a generator argument has no parentheses of its own.
  const isPlain = call.args.every((a) => a.keyword === undefined && a.value.kind !== 'comprehension');
  const last = !isStatement(outer) && outer.kind === 'call' ? outer.args.at(-1)?.value : undefined;
  if (!isArgument || !isPlain || last !== call) return undefined;
  const open = text.indexOf('(', call.callee.span.end);
  const inner = text.slice(open + 1, call.span.end - 1);
  if (inner.includes('#')) return undefined;
  const args = inner.trim().replace(/,$/, '');
  const edits = [
    {
      file,
      span: { start: call.callee.span.end, end: call.span.end },
      newText: args === '' ? '' : `, ${args}`,
    },
  ];
  return { title: message('Pass the function uncalled'), safety: 'safe', edits };
}

/** The indentation and end of the lines a statement has for itself; undefined where it shares them. */
function ownLine(
  text: string,
  { start, end }: Statement['span'],
): { readonly indent: string; readonly end: number } | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  const rest = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  if (indent.trim() !== '' || !/^\s*(?:#.*)?$/.test(rest)) return undefined;
  return { indent, end: end + rest.length };
}

/** The module's set of tasks: one that is there already, or a free name for a new one. */
function taskSet(file: FileFacts): { readonly name: string; readonly exists: boolean } {
  const [module] = file.functions;
  const taken = new Set<string>();
  for (const statement of module?.body.body ?? []) {
    if (statement.kind !== 'declare' || !statement.whole) continue;
    const { name } = statement.whole;
    const isSet =
      statement.value?.kind === 'call' &&
      statement.value.callee.kind === 'name' &&
      statement.value.callee.text === 'set';
    if (isSet && /tasks$/.test(name)) return { name, exists: true };
    taken.add(name);
  }
  return { name: taken.has('background_tasks') ? '_background_tasks' : 'background_tasks', exists: false };
}
