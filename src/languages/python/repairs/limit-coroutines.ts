import type { Call, Statement, Value } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { ancestors, isStatement, isWithin, statementOf } from '../../../core/walk';
import { nameOf } from './imports';
import { insertion, lineBefore, lineStart, newLineOf, replacement, textOf, unitIn } from './lines';
import { freeName } from './names';

/** As many at a time as the same repair of TypeScript lets run. */
const WIDTH = 8;

/**
 * `gather(*(f(x) for x in xs))` → `gather(*(limited(f, x) for x in xs))`, with a local `limited` that runs a function
 * under a semaphore. The function gets there uncalled, so that nothing starts early, and its arguments are evaluated
 * where they are now: loop variables keep the value of their round.
 */
export function limitCoroutines(repair: Extract<Repair, { kind: 'limit-coroutines' }>): Fix | undefined {
  const { call, callback, coroutine } = repair;
  const { fn } = call;
  const { file } = fn;
  const isBody = fn.kind === 'function' || fn.kind === 'method' || (fn.kind === 'module' && fn.isAsync);
  if (!isBody || callback.fn !== fn) return undefined;
  const head = headOf(coroutine ?? callback);
  const { indent, isAlone } = lineBefore(file.text, head.span.start);
  if (!isAlone || /^(?:elif|else|except|finally|case)\b/.test(textOf(file, head.span))) return undefined;
  const limited = freeName(file, ['limited', 'run_limited']);
  const semaphore = freeName(file, ['semaphore', 'limit_semaphore']);
  const started = coroutine ? limitedCall(coroutine, call, limited) : limitedMap(callback, call, limited);
  if (!started) return undefined;
  const unit = unitIn(fn);
  const { text, edits } = nameOf(file, 'asyncio', 'Semaphore');
  const [params, args] = started.hasKeywords
    ? ['function, /, *args, **kwargs', '*args, **kwargs']
    : ['function, *args', '*args'];
  const lines = [
    `${semaphore} = ${text}(${WIDTH.toString()})`,
    '',
    `async def ${limited}(${params}):`,
    `${unit}async with ${semaphore}:`,
    `${unit}${unit}return await function(${args})`,
    '',
  ];
  const newLine = newLineOf(file);
  const block = lines.map((line) => (line === '' ? newLine : indent + line + newLine)).join('');
  return {
    title: message('Limit how many run at a time'),
    safety: 'suggestion',
    edits: [
      ...edits,
      insertion(file, aboveComments(file.text, head.span.start, indent), block),
      ...started.edits,
    ],
  };
}

interface Started {
  readonly edits: readonly Edit[];
  readonly hasKeywords: boolean;
}

/** `f(x)` → `limited(f, x)`. */
function limitedCall(coroutine: Call, call: Call, limited: string): Started | undefined {
  const { file } = coroutine.fn;
  const { text } = file;
  const { parent } = coroutine;
  // A time limit around it would count the time in the queue.
  if (!isStatement(parent) && parent.kind === 'call' && parent !== call && !isAppend(parent))
    return undefined;
  const open = text.indexOf('(', coroutine.callee.span.end);
  if (open < 0 || text.slice(coroutine.callee.span.end, open).trim() !== '') return undefined;
  const [first] = coroutine.args;
  // A generator needs parentheses of its own once it is not the only argument.
  if (
    first?.value.kind === 'comprehension' &&
    text[first.value.span.start] === '(' &&
    first.value.span.start === open
  )
    return undefined;
  const isBare = /^\s*\)$/.test(text.slice(open + 1, coroutine.span.end));
  return {
    hasKeywords: coroutine.args.some(
      (argument) =>
        argument.keyword !== undefined ||
        (argument.spread && /\*\*\s*$/.test(text.slice(open, argument.value.span.start))),
    ),
    edits: [
      insertion(file, coroutine.span.start, `${limited}(`),
      replacement(file, { start: coroutine.callee.span.end, end: open + 1 }, isBare ? '' : ', '),
    ],
  };
}

function isAppend({ callee }: Call): boolean {
  return callee.kind === 'member' && callee.name === 'append';
}

/** `map(f, xs)` → `(limited(f, item) for item in xs)`. */
function limitedMap(callback: Value, call: Call, limited: string): Started | undefined {
  const { parent } = callback;
  if (isStatement(parent) || parent.kind !== 'call' || parent === call) return undefined;
  const [given, source] = parent.args;
  const { file } = callback.fn;
  if (given?.value !== callback || !source || source.spread || parent.args.length !== 2) return undefined;
  if (textOf(file, parent.span).includes('#')) return undefined;
  const f = textOf(file, callback.span);
  const item = /\bitem\b/.test(f + limited) ? 'each' : 'item';
  const newText = `(${limited}(${f}, ${item}) for ${item} in ${textOf(file, source.value.span)})`;
  return { edits: [replacement(file, parent.span, newText)], hasKeywords: false };
}

/** The outermost loop around what is started, or its own statement: one semaphore holds for all rounds. */
function headOf(started: Value): Statement {
  let head: Statement = statementOf(started);
  for (const node of ancestors(started))
    if (node.kind === 'loop' && isWithin(started, node.body)) head = node;
  return head;
}

/** Start of the line of a statement, or of the comments right above it. */
function aboveComments(text: string, position: number, indent: string): number {
  let at = lineStart(text, position);
  while (at > 0) {
    const previous = lineStart(text, at - 1);
    const line = text.slice(previous, at);
    if (!line.startsWith(`${indent}#`)) break;
    at = previous;
  }
  return at;
}
