/** Signs of an intended order that only Python has, or writes in its own way. */
import type { Call, FileFacts, FunctionFact, Loop, With } from '../core/facts';
import { calleeName, pathOf } from '../core/uses';
import { ancestors, enclosing, find, type Node } from '../core/walk';
import {
  PYTHON_HELD,
  PYTHON_ORDERED_CALL,
  PYTHON_PHASE,
  PYTHON_REGISTRY,
  PYTHON_STARTERS,
} from '../knowledge/python/sequence';
import { soundsLikeClient } from '../knowledge/python/resources';
import { CALLBACK_NAME, ORDER_COMMENT, WAIT_NAME } from '../knowledge/sequence';

/** Whether anything in Python's ways shows that the rounds of a loop belong one after another. */
export function isOrderedInPython(
  facts: FileFacts,
  fn: FunctionFact,
  loop: Loop,
  nodes: readonly Node[],
  awaited: readonly Call[],
): boolean {
  return (
    isOfAnotherLibrary(facts) ||
    isRegistry(facts, loop) ||
    awaited.some(isOrdered) ||
    nodes.some((node) => holds(node) || starts(node)) ||
    [...ancestors(loop)].some((node) => holds(node) || isPeriodic(node)) ||
    [...enclosing(fn)].some(({ name }) => name !== undefined && PYTHON_PHASE.test(name)) ||
    promisesOrder(facts, fn)
  );
}

/** trio and anyio have nurseries and task groups of their own. */
function isOfAnotherLibrary({ imports }: FileFacts): boolean {
  return (
    imports.some((module) => /^(?:trio|anyio|curio)(?:\.|$)/.test(module)) && !imports.includes('asyncio')
  );
}

function isRegistry({ text }: FileFacts, { source }: Loop): boolean {
  if (!source) return false;
  const words = text.slice(source.span.start, source.span.end).match(/\w+/g) ?? [];
  return words.some(
    (word) => CALLBACK_NAME.test(word) || PYTHON_REGISTRY.test(word) || /^stream$/.test(word),
  );
}

function isOrdered(call: Call): boolean {
  const name = calleeName(call);
  if (name === undefined || !PYTHON_ORDERED_CALL.test(name)) return false;
  const receiver = call.callee.kind === 'member' ? pathOf(call.callee.object)?.split('.').at(-1) : undefined;
  return receiver === undefined || !soundsLikeClient(call.fn.file.imports, receiver);
}

/** `async with self.lock`: rounds that run side by side would only wait for each other. */
function holds(node: Node): node is With {
  return (
    node.kind === 'with' &&
    node.isAsync &&
    node.resources.some(({ value }) => {
      const name = value.kind === 'call' ? calleeName(value) : pathOf(value)?.split('.').at(-1);
      return name !== undefined && PYTHON_HELD.test(name);
    })
  );
}

function starts(node: Node): boolean {
  return node.kind === 'call' && PYTHON_STARTERS.has(calleeName(node) ?? '');
}

/** Housekeeping that comes round again and again, with a pause: nobody waits for it. */
function isPeriodic(node: Node): boolean {
  return (
    node.kind === 'loop' &&
    node.form === 'while' &&
    find(node.body, (part) => part.kind === 'call' && WAIT_NAME.test(calleeName(part) ?? '')) !== undefined
  );
}

/** A docstring that speaks of order. */
function promisesOrder({ text }: FileFacts, fn: FunctionFact): boolean {
  const [first] = fn.body.body;
  if (fn.kind === 'module' || !first) return false;
  const head = text.slice(fn.nameSpan.end, first.span.start);
  return /["']/.test(head) && ORDER_COMMENT.test(head);
}
