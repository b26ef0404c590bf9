/** Whether a collection has a size that the code fixes, so that working on all of it at once is no risk. */
import type { Binding, Call, Loop, Value } from './facts';
import { calleeName, importedPath, lastName, optionOf, pathOf } from './uses';

// Names that say: a part of a collection, cut to a size.
const PART =
  /(?:^|[a-z_])(?:chunk|batch|page|slice|window|subset)(?:_?(?:items?|ids?|entries|rows|records|files|urls|keys))?$/i;
const PARTS = /(?:chunk|batch|page|slice|window)(?:s|es)?$/i;
/** Names of a number of workers rather than of a number of things. */
const WIDTH =
  /concurren|worker|parallel|pool|limit|thread|cpu|max|size|shard|replica|retries|attempts|width|degree/i;
/** Constants by convention, and lists of what the program knows itself. */
const CONSTANT = /^(?:[A-Z][A-Z0-9_]*|(?:default|supported|known|required|built_?in)[A-Z_]\w*)$/;

// Methods whose result is no larger than what they are called on.
const KEEPS_SIZE = new Set(
  'map filter sort toSorted reverse toReversed slice fill flat entries keys values items copy toArray copyWithin with'.split(
    ' ',
  ),
);

/** True for literals, constants made of literals, `Object.keys` of a literal, chunks and pages. */
export function isBounded(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  const again = (part: Value) => isBounded(part, depth + 1);
  switch (value.kind) {
    case 'collection':
      return value.elements.every((element) => !element.spread || again(element.value));
    case 'await':
      return again(value.operand);
    case 'choice':
      return again(value.left) && again(value.right);
    case 'literal':
      return true;
    case 'name':
      return PART.test(value.text) || CONSTANT.test(value.text) || isBoundedBinding(value.binding, depth);
    case 'member': {
      if (value.computed) return PARTS.test(lastName(value.object) ?? '') || isCutOff(value.computed);
      return value.name !== undefined && (PART.test(value.name) || CONSTANT.test(value.name));
    }
    case 'call':
      return isBoundedCall(value, depth);
    default:
      return false;
  }
}

/** `:10` or `i : i + 10` of a Python slice: it ends somewhere. */
function isCutOff(subscript: Value): boolean {
  const { file } = subscript.fn;
  return (
    file.language === 'python' &&
    subscript.kind === 'opaque' &&
    /^[^:]*:\s*[^\s:]/.test(file.text.slice(subscript.span.start, subscript.span.end))
  );
}

function isBoundedBinding(binding: Binding | undefined, depth: number): boolean {
  if (!binding) return false;
  if (binding.kind === 'param') return binding.fn.params.some((p) => p.rest && p.binding === binding);
  if (binding.kind !== 'const' && binding.kind !== 'let') return false;
  if (!binding.initial || binding.destructured) return false;
  const grows = binding.references.some((name) => {
    if (name.access !== 'read') return true;
    const { parent } = name;
    if (parent.kind !== 'member' || parent.object !== name) return false;
    return (
      /^(?:push|unshift|splice|add|set|concat|append|appendleft|extend|insert|update|setdefault)$/.test(
        parent.name ?? '',
      ) || parent.access !== 'read'
    );
  });
  return !grows && isBounded(binding.initial, depth + 1);
}

function isBoundedCall(call: Call, depth: number): boolean {
  const again = (part: Value) => isBounded(part, depth + 1);
  const { callee, args } = call;
  const name = calleeName(call);
  const [first] = args;
  if (callee.kind === 'member' && callee.object.kind === 'name' && !callee.object.binding) {
    const { text } = callee.object;
    if (text === 'Object' && first) return isFixedObject(first.value) || again(first.value);
    if (text === 'Array' && name === 'of') return args.every((a) => !a.spread || again(a.value));
    if (text === 'Array' && name === 'from' && first) return isFixedLength(first.value) || again(first.value);
    if (text === 'Promise' && first) return again(first.value);
  }
  if (
    callee.kind === 'name' &&
    /^(?:Array|Set|Map|list|tuple|set|sorted|reversed|enumerate)$/.test(callee.text) &&
    !callee.binding
  ) {
    if (!first) return true;
    return callee.text === 'Array' ? args.length > 1 || isFixedCount(first.value) : again(first.value);
  }
  if (name === 'islice' && args.length > 1) return true;
  // `zip` is as long as its shortest argument.
  if (name === 'zip' && callee.kind === 'name' && !callee.binding)
    return args.some((a) => !a.spread && again(a.value));
  if (name !== undefined && /^(?:range|times)$/.test(name)) return args.every((a) => isFixedCount(a.value));
  if (name !== undefined && /^(?:cpus|availableParallelism|cpu_count)$/.test(name)) return true;
  if (callee.kind !== 'member' || name === undefined) return false;
  if ((name === 'slice' && args.length === 2) || (name === 'splice' && args.length >= 2)) return true;
  if (name === 'slice' && first?.value.kind === 'unary' && first.value.operator === '-') return true;
  if (name === 'split') return callee.object.kind === 'literal';
  if (name === 'concat') return again(callee.object) && args.every((a) => again(a.value));
  return KEEPS_SIZE.has(name) && again(callee.object);
}

/** An object literal, a constant made of one, an enum. */
function isFixedObject(value: Value): boolean {
  if (value.kind === 'collection') return value.elements.every((element) => !element.spread);
  if (value.kind !== 'name') return false;
  const { binding } = value;
  if (!binding) return false;
  // An enum is lowered to a constant without a value.
  if (binding.kind === 'const' && !binding.initial && !binding.destructured) return true;
  const grows = binding.references.some(
    ({ parent }) => parent.kind === 'member' && parent.access !== 'read' && parent.computed !== undefined,
  );
  return (
    binding.kind === 'const' &&
    !grows &&
    binding.initial?.kind === 'collection' &&
    isFixedObject(binding.initial)
  );
}

/** `{ length: n }` where `n` counts workers, not things. */
function isFixedLength(value: Value): boolean {
  if (value.kind !== 'collection' || value.form !== 'object') return false;
  const length = optionOf(value, 'length');
  return length !== undefined && isFixedCount(length);
}

function isFixedCount(value: Value): boolean {
  switch (value.kind) {
    case 'literal':
      return true;
    case 'name':
      return (
        CONSTANT.test(value.text) ||
        WIDTH.test(value.text) ||
        (value.binding?.kind === 'const' &&
          value.binding.initial !== undefined &&
          isFixedCount(value.binding.initial))
      );
    case 'member':
      return value.name !== undefined && (CONSTANT.test(value.name) || WIDTH.test(value.name));
    case 'call':
      // `Math.min(width, items.length)` is as small as its smallest part.
      return importedPath(value.callee)?.path === 'Math.min'
        ? value.args.some((a) => isFixedCount(a.value))
        : value.args.length > 0 && value.args.every((a) => isFixedCount(a.value));
    case 'binary':
      return isFixedCount(value.left) && isFixedCount(value.right);
    case 'choice':
      return isFixedCount(value.left) && isFixedCount(value.right);
    default:
      return false;
  }
}

/** A loop whose number of rounds the code fixes. */
export function isBoundedLoop(loop: Loop): boolean {
  if (loop.source) return isBounded(loop.source) || (loop.form === 'for-in' && isFixedObject(loop.source));
  if (loop.form !== 'for' || loop.test?.kind !== 'binary') return false;
  const { left, right } = loop.test;
  const length = right.kind === 'member' && right.name === 'length' ? right.object : undefined;
  if (length) return isBounded(length);
  const counter = loop.bindings[0]?.name ?? pathOf(left);
  return isFixedCount(counter !== undefined && pathOf(right) === counter ? left : right);
}
