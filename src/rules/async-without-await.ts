import type { Await, Call, FileFacts, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isScript } from '../core/scripts';
import { useOf } from '../core/uses';
import { find, isStatement, valuesOf, walk } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'async-without-await',
    languages: ['typescript'],
    level: 'hint',
    preset: 'recommended',
    needs: 'types',
    summary: 'An async function that waits for nothing, where everybody who calls it is in sight.',
    concepts: ['coroutine', 'await'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['require-await', '@typescript-eslint/require-await'],
  },
  check,
};

interface Candidate {
  readonly fn: FunctionFact;
  readonly callers: readonly Call[];
  readonly returned: readonly Value[];
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const idle = facts.functions.filter(isIdle);
  if (idle.length === 0) return [];
  const uses = usesIn(facts);
  const candidates = idle.flatMap((fn): Candidate[] => {
    const callers = callersOf(fn, uses, facts);
    return callers ? [{ fn, callers, returned: returnedBy(fn) }] : [];
  });
  const answers = yield* ask(
    'promise',
    candidates.flatMap(({ returned }) => returned),
  );
  let next = 0;
  return candidates.flatMap(({ fn, callers, returned }): Report[] => {
    const results = returned.map(() => answers[next++]);
    // It passes a promise on, and `async` makes its failures rejections.
    if (results.some((answer) => answer?.thenable !== 'no')) return [];
    const name = fn.name ?? '';
    return [
      {
        span: fn.nameSpan,
        message:
          name.length <= 24
            ? message('{name} is async, but waits for nothing: remove async.', { name })
            : message('This function is async, but waits for nothing: remove async.'),
        repairs: [{ kind: 'remove-async', function: fn, awaits: callers.flatMap(awaitOf) }],
      },
    ];
  });
}

/** Async with a body in which nothing waits and nothing throws: a throw would reach callers at another time. */
function isIdle(fn: FunctionFact): boolean {
  if (!fn.isAsync || fn.isGenerator || fn.awaits.length > 0 || fn.decorators.length > 0) return false;
  if (fn.body.body.length === 0) return false;
  const waits = find(
    fn.body,
    (node) =>
      node.kind === 'throw' ||
      (node.kind === 'loop' && node.form === 'for-await') ||
      (node.kind === 'declare' && node.disposal === 'await using'),
  );
  return waits === undefined;
}

interface Uses {
  readonly functions: ReadonlyMap<FunctionFact, readonly Value[]>;
  /** Members by name. */
  readonly members: ReadonlyMap<string, readonly Value[]>;
  readonly exported: ReadonlySet<FunctionFact>;
}

/** Where the functions of a file are mentioned. */
function usesIn(facts: FileFacts): Uses {
  const functions = new Map<FunctionFact, Value[]>();
  const members = new Map<string, Value[]>();
  const exported = new Set<FunctionFact>();
  const add = <K>(map: Map<K, Value[]>, key: K, value: Value) => {
    const known = map.get(key);
    if (known) known.push(value);
    else map.set(key, [value]);
  };
  for (const value of facts.functions.flatMap(valuesOf)) {
    if (value.kind === 'member' && value.name !== undefined) add(members, value.name, value);
    if (value.kind !== 'name' || !value.binding) continue;
    const { declared, initial, kind } = value.binding;
    const bound =
      declared && 'params' in declared
        ? declared
        : kind === 'const' && initial?.kind === 'function'
          ? initial.function
          : undefined;
    if (!bound) continue;
    add(functions, bound, value);
    if (value.binding.exported) exported.add(bound);
  }
  return { functions, members, exported };
}

/** The calls of a function, where there are some and it is used in no other way; undefined otherwise. */
function callersOf(fn: FunctionFact, uses: Uses, facts: FileFacts): Call[] | undefined {
  if (uses.exported.has(fn) || (fn.parent?.kind === 'module' && isScript(facts))) return undefined;
  const isPrivate = fn.owner !== undefined && isPrivateMethod(fn);
  const mentions = isPrivate
    ? uses.members.get(fn.name ?? '')
    : fn.owner
      ? undefined
      : uses.functions.get(fn);
  if (!mentions || mentions.length === 0) return undefined;
  const calls: Call[] = [];
  for (const mention of mentions) {
    const { parent } = mention;
    if (isStatement(parent) || parent.kind !== 'call' || parent.callee !== mention) return undefined;
    if (!needsNoPromise(parent)) return undefined;
    calls.push(parent);
  }
  return calls;
}

/** `#method` or `private method`: nobody can override it or call it from another file. */
function isPrivateMethod({ file, span, nameSpan, name, kind }: FunctionFact): boolean {
  if (kind !== 'method' || name === undefined) return false;
  return name.startsWith('#') || /\bprivate\b/.test(file.text.slice(span.start, nameSpan.start));
}

/** Awaited, dropped, or returned by a function that is async itself. */
function needsNoPromise(call: Call): boolean {
  const { kind } = useOf(call);
  return (
    kind === 'awaited' ||
    kind === 'discarded' ||
    kind === 'voided' ||
    (kind === 'returned' && call.fn.isAsync)
  );
}

function awaitOf({ parent }: Call): Await[] {
  return !isStatement(parent) && parent.kind === 'await' ? [parent] : [];
}

function returnedBy(fn: FunctionFact): Value[] {
  const returned: Value[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'return' && node.value) returned.push(node.value);
    return undefined;
  });
  return returned;
}
