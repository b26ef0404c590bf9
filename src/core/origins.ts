/** Where a promise that somebody hands out comes from. */
import type { Assign, ClassFact, FunctionFact, Member, Name, Value } from './facts';
import { outsideGlobal, pathOf, rootName } from './uses';
import { ancestors, enclosing, isStatement, walk } from './walk';

/** The values that decide, without choices, sequences and awaits, which are judged by themselves. */
export function leavesOf(value: Value): Value[] {
  switch (value.kind) {
    case 'choice':
      return [...leavesOf(value.left), ...leavesOf(value.right)];
    case 'sequence':
      return leavesOf(value.values[value.values.length - 1] ?? value);
    case 'assign': {
      const { target } = value;
      const isStep = (target.kind === 'name' || target.kind === 'member') && isQueued(value, target);
      return isStep && isKeptElsewhere(target) ? [target] : leavesOf(value.value);
    }
    case 'await':
      return [];
    default:
      return [value];
  }
}

/** Every value a name of this file is given; undefined where it also gets others. */
export function writesOf({ binding }: Name): Value[] | undefined {
  if (!binding || binding.destructured || !/^(?:const|let|var)$/.test(binding.kind)) return undefined;
  const writes = binding.initial ? [binding.initial] : [];
  for (const reference of binding.references) {
    if (reference.access === 'read') continue;
    const { parent } = reference;
    if (isStatement(parent) || parent.kind !== 'assign' || parent.target !== reference) return undefined;
    writes.push(parent.value);
  }
  return writes;
}

/** What `this.x` is given in the function that reads it; nothing where it has not got a promise there before. */
export function memberWrites(member: Member): Value[] {
  const path = pathOf(member);
  const writes: Value[] = [];
  walk(member.fn.body, (node) => {
    if (node.kind === 'assign' && path !== undefined && pathOf(node.target) === path) writes.push(node.value);
    return undefined;
  });
  const isMade = writes.some(({ kind, span }) => kind === 'call' && span.start < member.span.start);
  return isMade ? writes : [];
}

/**
 * A promise in a field or a name around the function, which whoever put it there watches, the promise of a deferred there
 * that is made only when it is missing, or the end of a queue there that gets its handlers elsewhere.
 */
export function isKeptElsewhere(value: Value): boolean {
  if (value.kind !== 'name' && value.kind !== 'member') return false;
  const root = rootName(value);
  const isOutside = root && (root.binding ? root.binding.fn !== value.fn : root.text === 'this');
  if (!isOutside || (value.kind === 'member' && value.computed)) return false;
  let isKept = true;
  const [path, holder] = [pathOf(value), value.kind === 'member' ? pathOf(value.object) : undefined];
  walk(value.fn.body, (node) => {
    if (node.kind !== 'assign') return undefined;
    const target = pathOf(node.target);
    if (target !== undefined && target === path && !isQueued(node, value)) isKept = false;
    if (target !== undefined && target === holder && !isWhenMissing(node, target)) isKept = false;
    return undefined;
  });
  return isKept;
}

/** `queue = queue.then(step)` where somebody says `queue.catch(handler)`: the queue is watched as a whole. */
function isQueued({ operator, value }: Assign, queue: Name | Member): boolean {
  const path = pathOf(queue);
  if (operator !== '=' || path === undefined || !isChainOn(value, path)) return false;
  return queue.fn.file.functions.some(
    (fn) =>
      (queue.kind === 'name' || fn.owner === ownerOf(queue.fn)) &&
      fn.calls.some(
        ({ callee }) => callee.kind === 'member' && callee.name === 'catch' && pathOf(callee.object) === path,
      ),
  );
}

/** `p.then(f)`, `Promise.resolve(p).then(f)` and longer, and `Promise.resolve()`, with which a queue begins. */
function isChainOn(value: Value, path: string): boolean {
  if (value.kind !== 'call') return pathOf(value) === path;
  const { callee, args } = value;
  if (outsideGlobal(callee) === 'Promise.resolve') return !args[0] || pathOf(args[0].value) === path;
  return callee.kind === 'member' && /^(?:then|catch|finally)$/.test(callee.name ?? '')
    ? isChainOn(callee.object, path)
    : false;
}

function ownerOf(fn: FunctionFact): ClassFact | undefined {
  return [...enclosing(fn)].find(({ owner }) => owner)?.owner;
}

/** `x ??= …`, `if (!x) x = …`. */
function isWhenMissing(assign: Assign, path: string): boolean {
  if (assign.operator === '??=' || assign.operator === '||=') return true;
  for (const node of ancestors(assign))
    if (node.kind === 'if' && node.test.kind === 'unary' && node.test.operator === '!')
      return pathOf(node.test.operand) === path;
  return false;
}
