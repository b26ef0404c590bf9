/** What lets a blocking call of Python pass: it is told not to wait, or nobody waits for it. */
import type { Call, FunctionFact, Statement, Value } from '../core/facts';
import { calleeName, pathOf } from '../core/uses';
import { ancestors, find, type Node } from '../core/walk';
import { contains } from '../core/text';

/** Python's sockets wait only until `setblocking(False)`, its queues and locks only until they are told not to. */
export function isToldNotToWait(call: Call, module: string, path: string): boolean {
  const { text } = call.fn.file;
  // Waiting for threads in the async function itself is the business of sync-primitive-in-async.
  if (call.fn.isAsync && /^(?:threading|queue|concurrent\.futures)$/.test(module)) return true;
  if (`${module}.${path}`.startsWith('socket.socket.')) {
    const isMadeHere = /\bsocket\.socket\(|\bcreate_(?:connection|server)\(/.test(text);
    return !isMadeHere || /\.setblocking\((?:False|0)\)|\.settimeout\(0/.test(text) || expectsBlocking(call);
  }
  const given = text.slice(call.span.start, call.span.end);
  if (/^wait(?:3|4|id|pid)$/.test(path)) return given.includes('WNOHANG');
  if (path.startsWith('spawn')) return /\bP_NOWAITO?\b/.test(given);
  if (RESOLVES.test(path) && isResolvedAtOnce(call)) return true;
  // Gives other threads a turn, and comes back at once.
  if (path === 'sleep' && isZero(call.args[0]?.value)) return true;
  if (path === 'select' && module === 'select') return isZero(call.args[3]?.value);
  // A driver's own way to connect without waiting.
  if (module === 'psycopg2') return /\basync_\b|'async'|"async"/.test(textOf(call.fn));
  if (/^smtplib$/.test(module) && /^SMTP(?:_SSL)?$/.test(path)) return connectsNowhere(call);
  if (/^(?:tarfile|zipfile|gzip|bz2|lzma)$/.test(module) && readsMemory(call)) return true;
  if (/(?:Queue)\.put$/.test(path) && !isBoundedQueue(call)) return true;
  return call.args.some(({ keyword, value }, i) => {
    if (value.kind !== 'literal') return false;
    if (keyword === 'timeout') return value.value === 0;
    const isFlag = keyword === 'block' || (keyword === undefined && i === 0 && /\.get$/.test(path));
    return isFlag && value.value === false;
  });
}

const RESOLVES = /^(?:getaddrinfo|gethostbyname|gethostbyname_ex)$/;

/** A numeric address is only parsed, and every system knows `localhost` itself. */
function isResolvedAtOnce(call: Call): boolean {
  const [host] = call.args;
  if (host?.value.kind === 'literal' && host.value.value === 'localhost') return true;
  const isNumeric = call.args.some(({ value }) => {
    const flags = value.kind === 'name' && value.binding?.initial ? value.binding.initial : value;
    return find(flags, (n) => n.kind === 'member' && n.name === 'AI_NUMERICHOST') !== undefined;
  });
  if (isNumeric) return true;
  const name = host && pathOf(host.value);
  return (
    name !== undefined &&
    [...ancestors(call)].some(
      (node) =>
        node.kind === 'if' &&
        node.test.kind === 'binary' &&
        /^(?:==|in)$/.test(node.test.operator) &&
        pathOf(node.test.left) === name &&
        find(node.test.right, (n) => n.kind === 'literal' && n.value === 'localhost') !== undefined,
    )
  );
}

function isZero(value: Value | undefined): boolean {
  return value?.kind === 'literal' && value.value === 0;
}

function textOf({ file, span }: FunctionFact): string {
  return file.text.slice(span.start, span.end);
}

/** `smtplib.SMTP()` without a host, which the function then connects to none. */
function connectsNowhere({ args, fn }: Call): boolean {
  const hasHost = args.some(({ keyword, spread }) => spread || keyword === undefined || keyword === 'host');
  return !hasHost && !fn.calls.some((other) => calleeName(other) === 'connect');
}

/** `tarfile.open(fileobj=…)`, `zipfile.ZipFile(io.BytesIO(data))`: no disk is waited for. */
function readsMemory({ args }: Call): boolean {
  return args.some(({ keyword, value }, i) => {
    if (keyword === 'fileobj') return true;
    const made = value.kind === 'name' && value.binding?.initial ? value.binding.initial : value;
    return i === 0 && made.kind === 'call' && calleeName(made) === 'BytesIO';
  });
}

/** `except asyncio.CancelledError`: the task was told to end, mostly because the program does. */
export function isAtItsEnd(call: Call): boolean {
  for (const node of ancestors(call)) {
    if (node.kind !== 'try') continue;
    const handler = node.handlers.find(({ body }) => contains(body.span, call.span));
    if (handler?.types.some((type) => ENDS.test(pathOf(type) ?? ''))) return true;
  }
  return false;
}

const ENDS = /(?:^|\.)(?:CancelledError|KeyboardInterrupt|SystemExit)$/;

/** `except BlockingIOError`: the socket says so instead of blocking. */
function expectsBlocking(call: Call): boolean {
  for (const node of ancestors(call)) {
    if (node.kind !== 'try') continue;
    const types = node.handlers.flatMap((handler) => handler.types);
    if (types.some((type) => /^(?:BlockingIOError|InterruptedError)$/.test(pathOf(type) ?? ''))) return true;
  }
  return false;
}

/**
 * Code for callers without an event loop, in functions that serve both: `if self.asynchronous: return …` and what
 * stands after it.
 */
export function isForSyncCallers(call: Call): boolean {
  if (/^_?(?:run_)?sync$/.test(call.fn.name ?? '')) return true;
  let below: Node = call;
  for (const node of ancestors(call)) {
    if (
      (node.kind === 'if' || node.kind === 'choice') &&
      node.test &&
      node.test !== below &&
      asksForLoop(node.test)
    )
      return true;
    if (node.kind === 'block') {
      const at = node.body.indexOf(below as Statement);
      const left = node.body
        .slice(0, Math.max(0, at))
        .some((s) => s.kind === 'if' && asksForLoop(s.test) && find(s.then, (n) => n.kind === 'return'));
      if (left) return true;
    }
    below = node;
  }
  return false;
}

function asksForLoop(test: Value): boolean {
  return (
    find(test, (node) => {
      const name = node.kind === 'name' ? node.text : node.kind === 'member' ? node.name : undefined;
      return /^_?(?:is_)?(?:async|asynchronous|in_async|running)(?:_mode|_loop)?$|async_/.test(name ?? '');
    }) !== undefined
  );
}

/** A queue made here without a size takes whatever it is given at once. */
function isBoundedQueue({ callee }: Call): boolean {
  const object = callee.kind === 'member' ? callee.object : callee;
  const made = object.kind === 'name' ? object.binding?.initial : undefined;
  return made?.kind === 'call' && made.args.length > 0;
}
