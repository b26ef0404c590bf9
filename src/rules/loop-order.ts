/** Signs that a loop's rounds belong one after another. All of them are read off the facts, without types. */
import type { Binding, Call, FileFacts, FunctionFact, Loop, Name, Statement, Value } from '../core/facts';
import { contains, type Span } from '../core/text';
import { calleeName, importedPath, lastName, pathOf, rootName } from '../core/uses';
import { ancestors, enclosing, isStatement, walk, type Node } from '../core/walk';
import { soundsLikeClient } from '../knowledge/python/resources';
import { PYTHON_FILLS } from '../knowledge/python/sequence';
import {
  ACCUMULATOR_NAME,
  CALLBACK_NAME,
  CARRY_OUT_NAME,
  DIALOGUE_NAME,
  EVENT_HANDLER_NAME,
  EVENT_NAME,
  ORDER_COMMENT,
  ORDERED_SOURCE,
  ROUND_NAME,
  RUN_METHOD,
  SCHEMA_NAME,
  SINK_METHODS,
  SINK_NAME,
  TEARDOWN_NAME,
  ORDERED_FUNCTION,
  TRANSACTION_CALL,
  TRANSACTION_NAME,
  WAIT_NAME,
} from '../knowledge/sequence';
import { isOrderedInPython } from './python-loop-order';

/** Whether anything shows that the rounds of a loop are meant to run, or have to run, one after another. */
export function isOrderedOnPurpose(
  facts: FileFacts,
  fn: FunctionFact,
  loop: Loop,
  awaited: readonly Call[],
): boolean {
  const nodes: Node[] = [];
  walk(loop.body, (node) => {
    nodes.push(node);
    return undefined;
  });
  return (
    (facts.language === 'python' && isOrderedInPython(facts, fn, loop, nodes, awaited)) ||
    !goesThroughItems(loop, nodes) ||
    !awaited.some((call) => isOfItem(call, loop)) ||
    leavesEarly(loop, nodes) ||
    carriesOver(loop, nodes) ||
    awaited.some((call) => isInOrder(call, loop)) ||
    waits(nodes) ||
    isWithinStream(fn, loop, nodes) ||
    isOnEvents(fn, loop, awaited) ||
    isInTransaction(facts, fn, awaited) ||
    hasParallelTwin(facts, fn, loop) ||
    speaksOfOrder(facts, fn, loop)
  );
}

/** Whether running rounds side by side would change the order in which a collection outside is filled. */
export function changesOrder(loop: Loop): boolean {
  let found = false;
  walk(loop.body, (node) => {
    if (node.kind === 'call' && node.callee.kind === 'member' && fills(node.callee.name ?? '')) {
      const root = rootName(node.callee);
      if (root && !isDeclaredIn(root, loop)) found = true;
    }
    if (node.kind === 'assign' && node.target.kind === 'member' && !isOfItem(node.target.object, loop))
      found = true;
    return !found;
  });
  return found;
}

function fills(method: string): boolean {
  return FILLS.has(method) || PYTHON_FILLS.test(method);
}

function isDeclaredIn({ binding }: Name, { span }: Loop): boolean {
  return binding !== undefined && contains(span, binding.span);
}

/** Whether a value mentions a name that the loop declares. */
export function isOfItem(value: Value, loop: Loop): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.kind === 'name' && isDeclaredIn(node, loop)) found = true;
    if (node.kind === 'function')
      found ||= loop.bindings.some((binding) =>
        binding.references.some((name) => contains(node.span, name.span)),
      );
    return !found;
  });
  return found;
}

/** A loop over items: `for … of` and `in`, or one that counts up by one through positions it uses. */
function goesThroughItems(loop: Loop, nodes: readonly Node[]): boolean {
  if (loop.source) {
    // Written out one by one, in an order somebody chose.
    if (loop.source.kind === 'collection') return false;
    const text = loop.source.fn.file.text.slice(loop.source.span.start, loop.source.span.end);
    const words = text.match(/[\w$]+/gu) ?? [];
    if (
      words.some((word) => ORDERED_SOURCE.test(word)) ||
      /\.(?:toR|r)everse(?:d)?\(|[sS]ort(?:ed)?\(/u.test(text)
    )
      return false;
    if (isPutInOrder(loop.source, loop)) return false;
    return !loop.bindings.some(({ name }) => ROUND_NAME.test(name) || ORDERED_SOURCE.test(name));
  }
  const [head] = loop.initial;
  const counter = head?.kind === 'declare' ? head.whole : undefined;
  const { update, test } = loop;
  if (!counter || !update || test?.kind !== 'binary' || ROUND_NAME.test(counter.name)) return false;
  const isStep = update.kind === 'unary' && update.operator === '++' && nameOf(update.operand) === counter;
  if (!isStep || (nameOf(test.left) !== counter && nameOf(test.right) !== counter)) return false;
  return nodes.some((node) => node.kind === 'member' && node.computed && nameOf(node.computed) === counter);
}

/** `items.sort()` or `items.reverse()` as a step before the loop. */
function isPutInOrder(source: Value, loop: Loop): boolean {
  const path = pathOf(source);
  return (
    path !== undefined &&
    loop.fn.calls.some(
      ({ callee, span }) =>
        callee.kind === 'member' &&
        (callee.name === 'sort' || callee.name === 'reverse') &&
        pathOf(callee.object) === path &&
        span.end <= loop.span.start,
    )
  );
}

function nameOf(value: Value): Binding | undefined {
  return value.kind === 'name' ? value.binding : undefined;
}

/** `break`, `return` and the like: how many rounds there are is decided on the way. */
function leavesEarly(loop: Loop, nodes: readonly Node[]): boolean {
  const firstAwait = nodes.find((node) => node.kind === 'await');
  return nodes.some((node) => {
    if (node.kind === 'return') return true;
    if (node.kind === 'throw') return firstAwait === undefined || node.span.start > firstAwait.span.start;
    if (node.kind === 'call')
      return /^(?:assert|expect|invariant)/u.test(calleeName(node) ?? pathOf(node.callee) ?? '');
    if (node.kind !== 'jump') return false;
    if (node.label !== undefined) return true;
    return node.form === 'break' && breakTarget(node) === loop;
  });
}

function breakTarget(jump: Statement): Node | undefined {
  for (const node of ancestors(jump)) if (node.kind === 'loop' || node.kind === 'switch') return node;
  return undefined;
}

const FILLS = new Set(['push', 'set', 'add', 'append', 'unshift']);
const TAKES = new Set(['pop', 'shift', 'unshift', 'splice', 'delete', 'clear', 'next']);

/** A value outside the loop that one round leaves for the next, or for what comes after the last. */
function carriesOver(loop: Loop, nodes: readonly Node[]): boolean {
  const isOutside = (name: Name) => name.text !== 'super' && !isDeclaredIn(name, loop);
  const filled = new Set<string>();
  for (const node of nodes) {
    if (node.kind === 'assign') {
      const root = rootName(node.target);
      if (!root || !isOutside(root)) continue;
      if (node.target.kind === 'name') {
        if (node.operator === '=' || node.value.kind !== 'literal') return true;
        if (isReadElsewhere(root.binding, node.span, loop)) return true;
      } else if (node.target.kind === 'member') {
        // `byName[item.name] = await …` fills places of their own; `this.current = …` is one place.
        if (node.target.name !== undefined || node.operator !== '=') return true;
        const path = pathOf(node.target.object);
        if (path === undefined) return true;
        filled.add(path);
      }
    }
    if (node.kind === 'unary' && /^(?:\+\+|--|delete)$/.test(node.operator)) {
      const root = rootName(node.operand);
      if (!root || !isOutside(root)) continue;
      if (node.operand.kind !== 'name' || !isStatement(node.parent)) return true;
      if (isReadElsewhere(root.binding, node.span, loop)) return true;
    }
    if (node.kind === 'call' && node.callee.kind === 'member') {
      const root = rootName(node.callee);
      const path = pathOf(node.callee.object);
      if (!root || !isOutside(root) || path === undefined) continue;
      if (TAKES.has(node.callee.name ?? '')) return true;
      if (FILLS.has(node.callee.name ?? '')) filled.add(path);
    }
  }
  return filled.size > 0 && nodes.some((node) => consults(node, filled));
}

function isReadElsewhere(binding: Binding | undefined, at: Span, loop: Loop): boolean {
  if (!binding) return true;
  return binding.references.some(({ span }) => contains(loop.span, span) && !contains(at, span));
}

/** Whether a node uses one of the collections otherwise than by filling it. */
function consults(node: Node, filled: ReadonlySet<string>): boolean {
  if (node.kind !== 'name' && node.kind !== 'member') return false;
  const path = pathOf(node);
  if (path === undefined || !filled.has(path)) return false;
  const { parent } = node;
  if (isStatement(parent) || parent.kind !== 'member' || parent.object !== node) return true;
  if (parent.access === 'write') return false;
  const outer = parent.parent;
  const isCalled = !isStatement(outer) && outer.kind === 'call' && outer.callee === parent;
  return !(isCalled && FILLS.has(parent.name ?? '') && isStatement(outer.parent));
}

/** An awaited call that takes part in something ordered: a sink, a list of callbacks, portions that run together. */
function isInOrder(call: Call, loop: Loop): boolean {
  if (call.form === 'import' || call.form === 'new') return true;
  const { callee, args } = call;
  const name = calleeName(call);
  const path = importedPath(callee);
  if (path?.module === '' && path.path.startsWith('Promise.')) return true;
  if (name !== undefined && (DIALOGUE_NAME.test(name) || CARRY_OUT_NAME.test(name))) return true;
  const root = rootName(callee);
  // What is called was handed in: only the caller knows whether its calls may overlap.
  if (callee.kind === 'name' && callee.binding?.kind === 'param') return true;
  if (
    name !== undefined &&
    callee.kind === 'member' &&
    isOfItem(callee.object, loop) &&
    /^on[A-Z]/u.test(name)
  )
    return true;
  if (root && isDeclaredIn(root, loop)) {
    // The item itself is called, or is one of a list of callbacks.
    if (callee.kind === 'name' || (name !== undefined && RUN_METHOD.test(name))) return true;
    if (CALLBACK_NAME.test(root.text) || (name !== undefined && TEARDOWN_NAME.test(name))) return true;
  } else if (callee.kind === 'member') {
    const receiver = lastName(callee.object);
    if (receiver !== undefined && isSinkName(receiver, call)) return true;
    if (name !== undefined && SINK_METHODS.has(name)) return true;
    // `handlers[i]()`.
    if (callee.computed && isOfItem(callee.computed, loop)) return true;
    if (root === undefined && callee.object.kind === 'call') return isInOrder(callee.object, loop);
  } else if (callee.kind !== 'name') {
    return true;
  }
  if (name !== undefined && /^(?:append|print|write(?!File|Json|Text|Package))/iu.test(name)) return true;
  return args.some(({ value, spread }) => {
    const text = lastName(value);
    if (text === undefined || spread) return false;
    const binding = value.kind === 'name' ? value.binding : undefined;
    if (value.kind === 'name' && isDeclaredIn(value, loop)) return CALLBACK_NAME.test(text);
    return isSinkName(text, call) || ACCUMULATOR_NAME.test(text) || isCollection(binding?.initial);
  });
}

/** An HTTP client of Python takes many requests at a time, although it may be called a session. */
function isSinkName(name: string, { fn }: Call): boolean {
  const { language, imports } = fn.file;
  return SINK_NAME.test(name) && !(language === 'python' && soundsLikeClient(imports, name));
}

/** An object made here that calls are handed to fill: `[]`, `{}`, `new Map()`. */
function isCollection(value: Value | undefined): boolean {
  if (value?.kind === 'collection') return value.elements.length === 0;
  return (
    value?.kind === 'call' &&
    value.form === 'new' &&
    /^(?:Map|Set|Array|WeakMap|WeakSet)$/u.test(calleeName(value) ?? '')
  );
}

/** A pause, a lock or a fan-out of its own in the body. */
function waits(nodes: readonly Node[]): boolean {
  return nodes.some((node) => {
    if (node.kind !== 'call') return false;
    if (WAIT_NAME.test(calleeName(node) ?? '')) return true;
    const path = importedPath(node.callee);
    return path?.module === '' && /^Promise\.(?:all|allSettled|any|race)$/u.test(path.path);
  });
}

/** A generator gives each value when it is asked for it, and a `for await` around the loop already runs in order. */
function isWithinStream(fn: FunctionFact, loop: Loop, nodes: readonly Node[]): boolean {
  if (fn.isGenerator || nodes.some((node) => node.kind === 'yield')) return true;
  for (const node of ancestors(loop)) if (node.kind === 'loop' && node.form === 'for-await') return true;
  return false;
}

function isOnEvents(fn: FunctionFact, loop: Loop, awaited: readonly Call[]): boolean {
  const names = [...enclosing(fn)].flatMap(({ name, kind }) => (kind === 'module' ? [] : (name ?? [])));
  if (names.some((name) => TEARDOWN_NAME.test(name) || ORDERED_FUNCTION.test(name))) return true;
  const callees = awaited.flatMap((call) => calleeName(call) ?? []);
  if (![...names, ...callees].some((name) => EVENT_HANDLER_NAME.test(name))) return false;
  const items = loop.bindings.map(({ name }) => name);
  const source = loop.source && lastName(loop.source);
  return [...names, ...items, source ?? '', ...callees].some((name) => EVENT_NAME.test(name));
}

function isInTransaction(facts: FileFacts, fn: FunctionFact, awaited: readonly Call[]): boolean {
  if (/(?:^|\/)migrations?\//u.test(facts.file)) return true;
  for (const call of awaited) {
    const name = calleeName(call);
    if (name !== undefined && SCHEMA_NAME.test(name)) return true;
    if (call.args.some(({ value }) => TRANSACTION_NAME.test(lastName(value) ?? ''))) return true;
    const root = rootName(call.callee);
    if (root && TRANSACTION_NAME.test(root.text)) return true;
  }
  for (const outer of enclosing(fn)) {
    if (outer.kind === 'module') break;
    if (SCHEMA_NAME.test(outer.name ?? '')) return true;
    if (outer.params.some(({ binding }) => binding && TRANSACTION_NAME.test(binding.name))) return true;
    if (outer.calls.some((call) => TRANSACTION_CALL.test(calleeName(call) ?? ''))) return true;
    const place = outer.value?.parent;
    if (
      place &&
      !isStatement(place) &&
      place.kind === 'call' &&
      /transaction/iu.test(calleeName(place) ?? '')
    )
      return true;
  }
  return false;
}

/** The same work done with `Promise.all` or `gather` in the other branch, or elsewhere in the function over the same source. */
function hasParallelTwin({ text }: FileFacts, fn: FunctionFact, loop: Loop): boolean {
  const fans = fn.calls.filter((call) => {
    const path = importedPath(call.callee);
    return (
      (path?.module === '' && /^Promise\.(?:all|allSettled)$/u.test(path.path)) ||
      (path?.module === 'asyncio' && /^(?:gather|wait|as_completed)$/u.test(path.path))
    );
  });
  if (fans.length === 0) return false;
  const branches = [...ancestors(loop)].flatMap((node) => (node.kind === 'if' ? [node] : []));
  if (branches.some((branch) => fans.some((call) => contains(branch.span, call.span)))) return true;
  const source = loop.source && text.slice(loop.source.span.start, loop.source.span.end);
  return source !== undefined && fans.some(({ span }) => text.slice(span.start, span.end).includes(source));
}

/** A comment in the loop, above it or above its function that speaks of order. */
function speaksOfOrder({ comments, text, language }: FileFacts, fn: FunctionFact, loop: Loop): boolean {
  return comments.some(({ span, text: words }) => {
    if (!ORDER_COMMENT.test(words)) return false;
    if (contains(loop.span, span)) return true;
    const isAbove = (start: number, head: RegExp) => {
      if (span.end > start || start - span.end > MAX_GAP) return false;
      const between = text
        .slice(span.end, start)
        .replace(language === 'python' ? PYTHON_COMMENTS : COMMENTS, '');
      return head.test(between);
    };
    return (
      isAbove(loop.span.start, /^\s*$/u) || (fn.kind !== 'module' && isAbove(fn.span.start, /^[^;{}]*$/u))
    );
  });
}

/** Characters between a comment and what it is about; longer ones are about something else. */
const MAX_GAP = 600;
const PYTHON_COMMENTS = /#[^\n]*/gu;
const COMMENTS = /\/\/[^\n]*|\/\*[^]*?\*\//gu;
