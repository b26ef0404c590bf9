/** Whether code runs only until a cache is filled: `cache ??= read()`, `if (!cache) cache = read()`, an early return. */
import type { Assign, Block, If, Statement, Value } from './facts';
import { pathOf, rootName } from './uses';
import { find, isStatement, walk, type Node } from './walk';

/** True where a value is computed once and found in a cache from then on. */
export function isCacheFill(value: Value): boolean {
  let below: Node = value;
  let node: Node | undefined = value.parent;
  while (node) {
    if (guards(node, below)) return true;
    if (isStatement(node) && node.kind === 'block' && hasEarlyReturn(node, below)) return true;
    below = node;
    node = node.parent;
  }
  return false;
}

function guards(node: Node, below: Node): boolean {
  switch (node.kind) {
    case 'assign':
      return (
        (node.operator === '??=' || node.operator === '||=') && node.value === below && isState(node.target)
      );
    case 'choice':
      // `cache.get(key) ?? read(key)`, `cached || (cached = read())`
      if (node.operator === '??' || node.operator === '||')
        return node.right === below && isCacheRead(node.left);
      return (
        node.operator === '?:' &&
        node.test !== undefined &&
        node.test !== below &&
        testsCache(node.test, below)
      );
    case 'if':
      return node.test !== below && testsCache(node.test, below);
    default:
      return false;
  }
}

/** The test looks a cache up, and the guarded branch fills it. */
function testsCache(test: Value, branch: Node): boolean {
  return subjectsOf(test).some((subject) => fills(branch, subject));
}

/** `if (cache) return cache;` before the statement, in a block around it. */
function hasEarlyReturn(block: Block, below: Node): boolean {
  const at = block.body.indexOf(below as Statement);
  return block.body.slice(0, Math.max(0, at)).some((s) => s.kind === 'if' && isCacheHit(s, block));
}

function isCacheHit(statement: If, block: Block): boolean {
  const subjects = subjectsOf(statement.test);
  // Most tests look at something else.
  if (subjects.length === 0) return false;
  const leaves = find(statement.then, (n) => n.kind === 'return') as { value?: Value } | undefined;
  if (!leaves) return false;
  return subjects.some((subject) => {
    const root = keyOf(subject);
    if (leaves.value && keyOf(lookedUp(leaves.value)) === root) return true;
    return fills(block, subject);
  });
}

/** The caches a condition looks at: `x` of `!x`, `x === undefined`; `map` of `!map.has(key)`. */
function subjectsOf(test: Value): Value[] {
  switch (test.kind) {
    case 'unary':
      return subjectsOf(test.operand);
    case 'binary':
      return [...subjectsOf(test.left), ...subjectsOf(test.right)];
    case 'choice':
      return [...subjectsOf(test.left), ...subjectsOf(test.right)];
    case 'assign':
      return subjectsOf(test.value);
    case 'call':
    case 'name':
    case 'member':
      return isCacheRead(test) ? [lookedUp(test)] : [];
    default:
      return [];
  }
}

/** The thing looked into: `map` of `map.get(key)`, what a local name was read from, else the value itself. */
function lookedUp(value: Value): Value {
  if (value.kind === 'call' && value.callee.kind === 'member') return value.callee.object;
  if (value.kind === 'await') return lookedUp(value.operand);
  const read = cacheReadInto(value);
  if (read) return lookedUp(read);
  if (value.kind === 'member' && value.name === undefined) return value.object;
  return value;
}

function isCacheRead(value: Value): boolean {
  if (value.kind === 'call') {
    const { callee } = value;
    return (
      callee.kind === 'member' &&
      /^(?:get|has|peek|includes|lookup|fromCache|read)/.test(callee.name ?? '') &&
      isState(callee.object)
    );
  }
  if (value.kind === 'name' && value.binding?.fn === value.fn && value.binding.kind !== 'param')
    return cacheReadInto(value) !== undefined;
  return isState(value);
}

/** The cache read whose result a local name holds: `const hit = cache.get(key)`, `hit = cache.get(key)`. */
function cacheReadInto(value: Value): Value | undefined {
  if (value.kind !== 'name' || value.binding?.fn !== value.fn || value.binding.kind === 'param')
    return undefined;
  const { initial, references } = value.binding;
  const assigned = references.flatMap(({ parent, access }) =>
    access === 'write' && parent.kind === 'assign' && parent.operator === '=' ? [parent.value] : [],
  );
  return [...(initial ? [initial] : []), ...assigned].find(
    (read) => read.kind !== 'name' && isCacheRead(read),
  );
}

/** State that outlives the call: `this.x`, a variable of an outer scope or what hangs off it. */
function isState(value: Value): boolean {
  const root = rootName(value) ?? (value.kind === 'member' ? rootName(value.object) : undefined);
  if (!root) return false;
  if (!root.binding) return (root.text === 'this' || root.text === 'self') && value.kind === 'member';
  const { kind, fn } = root.binding;
  // Python's receiver is a parameter.
  if (kind === 'param' && value.kind === 'member' && /^(?:self|cls)$/.test(root.text)) return true;
  return kind !== 'import' && (fn !== root.fn || fn.kind === 'module');
}

function keyOf(value: Value): string | undefined {
  return pathOf(value) ?? (value.kind === 'member' ? pathOf(value.object) : undefined);
}

/** Whether a value is stored into the cache below a node: an assignment, or a call that puts something into it. */
function fills(node: Node, subject: Value): boolean {
  const key = keyOf(subject);
  if (key === undefined) return false;
  let found = false;
  walk(node, (n) => {
    if (n.kind === 'assign' && storesTo(n, key)) found = true;
    if (
      n.kind === 'call' &&
      n.callee.kind === 'member' &&
      /^(?:set|add|put|push|cache|store|save|remember)/.test(n.callee.name ?? '')
    ) {
      if (keyOf(n.callee.object) === key) found = true;
    }
    return undefined;
  });
  return found;
}

function storesTo({ target }: Assign, key: string): boolean {
  const written = pathOf(target) ?? (target.kind === 'member' ? pathOf(target.object) : undefined);
  return written !== undefined && (written === key || written.startsWith(`${key}.`));
}
