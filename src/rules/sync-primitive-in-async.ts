import type { Call, FunctionFact, Value, With } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type DeclarationAnswer } from '../core/questions';
import type { Repair } from '../core/repair';
import type { PythonVersion, Report, Rule, RuleContext } from '../core/rule';
import { hasOwnThread, isTestFile } from '../core/startup';
import { calleeName, pathOf } from '../core/uses';
import { find, statementOf, walk } from '../core/walk';
import { twinOf } from './thread-objects';

export const rule: Rule = {
  meta: {
    id: 'sync-primitive-in-async',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A lock, queue, event or future of threads is waited for in an async function and stops the event loop.',
    concepts: ['lock', 'queue', 'threads-vs-async'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

const WAITS: ReadonlySet<string> = new Set([
  'acquire',
  'wait',
  'wait_for',
  'get',
  'put',
  'join',
  'result',
  'exception',
]);

/** By module and qualified name: what waits for other threads. */
const WAITING =
  /^(?:threading\.(?:(?:Lock|RLock|Semaphore|BoundedSemaphore|Condition)\.acquire|(?:Event|Barrier|Condition)\.wait|Condition\.wait_for|Thread\.join)|queue\.(?:Queue\.(?:get|put|join)|SimpleQueue\.get)|concurrent\.futures\.Future\.(?:result|exception))$/;

const LOCKS: ReadonlySet<string> = new Set(['Lock', 'RLock', 'Semaphore', 'BoundedSemaphore', 'Condition']);

function* check({ facts, python }: RuleContext): Asking<readonly Report[]> {
  if (!/\b(?:threading|queue|concurrent)\b/.test(facts.text) || isTestFile(facts)) return [];
  const functions = facts.functions.filter((fn) => fn.isAsync && !hasOwnThread(fn));
  const held = functions.flatMap(locksHeld);
  const types = yield* ask(
    'type',
    held.map(({ value }) => value),
  );
  const reports = held.flatMap(({ value }, i): Report[] => {
    const type = types[i];
    if (type?.module !== 'threading' || !LOCKS.has(type.name ?? '')) return [];
    return [
      {
        span: value.span,
        message: message('A thread lock is held across await and can stop the loop: use asyncio.{name}.', {
          name: type.name === 'RLock' ? 'Lock' : (type.name ?? 'Lock'),
        }),
        repairs: twinOf(value, `threading.${type.name ?? ''}`, python),
      },
    ];
  });
  const calls = functions
    .flatMap((fn) => fn.calls)
    .filter((call) => call.callee.kind === 'member' && WAITS.has(calleeName(call) ?? ''));
  const declarations = yield* ask(
    'declaration',
    calls.map((call) => call.callee),
  );
  calls.forEach((call, i) => {
    const declared = declarations[i];
    if (declared && waits(call, declared)) reports.push(report(call, declared, python));
  });
  return reports;
}

/** Values of `with` statements whose body waits. */
function locksHeld(fn: FunctionFact): { readonly value: Value; readonly at: With }[] {
  const held: { value: Value; at: With }[] = [];
  walk(fn.body, (node) => {
    if (node.kind !== 'with' || node.isAsync) return undefined;
    const suspends = find(
      node.body,
      (part) =>
        part.kind === 'await' ||
        (part.kind === 'with' && part.isAsync) ||
        (part.kind === 'loop' && part.form === 'for-await'),
    );
    if (suspends) for (const { value } of node.resources) held.push({ value, at: node });
    return undefined;
  });
  return held;
}

function waits(call: Call, { module, path }: DeclarationAnswer): boolean {
  if (!WAITING.test(`${module ?? ''}.${path}`) || isToldNotToWait(call, path)) return false;
  if (path.endsWith('Queue.get') && asksFirst(call)) return false;
  if (path === 'Queue.put') return hasSize(call);
  if (path.startsWith('Future.')) return !isKnownDone(call);
  if (path.endsWith('.acquire')) return !isBrief(call);
  if (path === 'Thread.join') return !isEnding(call) && !follows(call, TELLS_TO_STOP);
  if (/^(?:Barrier|Event)\.wait$/.test(path)) return !follows(call, /^start$/);
  return true;
}

/** `acquire(False)`, `get(block=False)`, `join(timeout=0)`. */
function isToldNotToWait({ args }: Call, path: string): boolean {
  return args.some(({ keyword, value }, i) => {
    if (value.kind !== 'literal') return false;
    if (keyword === 'timeout') return value.value === 0;
    if (keyword === 'block' || keyword === 'blocking') return value.value === false;
    if (keyword !== undefined || i !== 0) return false;
    return /\.(?:acquire|get)$/.test(path) ? value.value === false : value.value === 0;
  });
}

/** `if not queue.empty(): queue.get()`. */
function asksFirst(call: Call): boolean {
  const queue = receiverOf(call);
  return call.fn.calls.some(
    (other) => /^(?:empty|qsize)$/.test(calleeName(other) ?? '') && receiverOf(other) === queue,
  );
}

/** Only a queue with a size makes its producers wait. */
function hasSize({ callee }: Call): boolean {
  const object = callee.kind === 'member' ? callee.object : callee;
  const made = object.kind === 'name' ? object.binding?.initial : undefined;
  return made?.kind === 'call' && made.args.length > 0;
}

/** Somebody has asked or waited for the future before its result is read. */
function isKnownDone({ callee, fn, span }: Call): boolean {
  const future = callee.kind === 'member' ? pathOf(callee.object) : undefined;
  return fn.calls.some((other) => {
    if (other.span.start >= span.start) return false;
    if (/^(?:wait|wrap_future|as_completed|gather)$/.test(calleeName(other) ?? '')) return true;
    return (
      calleeName(other) === 'done' && other.callee.kind === 'member' && pathOf(other.callee.object) === future
    );
  });
}

/** A lock that is released before anything waits is held for a moment only. */
function isBrief(call: Call): boolean {
  const lock = receiverOf(call);
  const release = call.fn.calls.find(
    (other) =>
      calleeName(other) === 'release' && receiverOf(other) === lock && other.span.start > call.span.end,
  );
  return release !== undefined && !awaitsBetween(call, release);
}

/** A thread that was started here, and for whose work something has been awaited since, is about to end. */
function isEnding(call: Call): boolean {
  const thread = receiverOf(call);
  const start = call.fn.calls.find(
    (other) =>
      calleeName(other) === 'start' && receiverOf(other) === thread && other.span.end < call.span.start,
  );
  return start !== undefined && awaitsBetween(start, call);
}

const TELLS_TO_STOP = /^(?:set|put|put_nowait|stop|shutdown|close)$/;

/** Directly after a statement that calls a method of that name: the thread was just started, or told to stop. */
function follows(call: Call, before: RegExp): boolean {
  const statement = statementOf(call);
  const block = statement.parent;
  if (block?.kind !== 'block') return false;
  const previous = block.body[block.body.indexOf(statement) - 1];
  return (
    previous?.kind === 'expression' &&
    previous.value.kind === 'call' &&
    previous.value.callee.kind === 'member' &&
    before.test(calleeName(previous.value) ?? '')
  );
}

function awaitsBetween(first: Call, second: Call): boolean {
  return first.fn.awaits.some(({ span }) => span.start > first.span.end && span.start < second.span.start);
}

function receiverOf({ callee }: Call): string | undefined {
  return callee.kind === 'member' ? pathOf(callee.object) : undefined;
}

function report(call: Call, { module, path }: DeclarationAnswer, python: PythonVersion): Report {
  const type = `${module ?? ''}.${path.replace(/\.\w+$/, '')}`;
  const object = call.callee.kind === 'member' ? call.callee.object : call.callee;
  const repairs: Repair[] = [...twinOf(object, type, python)];
  if (path === 'Future.result' && call.args.length === 0) repairs.push({ kind: 'await-future', call });
  return {
    span: call.span,
    message: message("{name} stops the event loop: use asyncio's own, or a thread.", {
      name: `${module ?? ''}.${path}`,
    }),
    repairs: [...repairs, { kind: 'to-thread', call }],
  };
}
