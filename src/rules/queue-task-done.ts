import { localTarget } from '../core/callees';
import type { Binding, Call, FileFacts, Value } from '../core/facts';
import { message } from '../core/finding';
import { flow } from '../core/flow';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName } from '../core/uses';
import { ancestors, isStatement, valuesOf } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'queue-task-done',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A queue is joined, but an item taken from it is not marked done on every path: join() never returns.',
    concepts: ['queue'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** A queue as one file knows it: a name, or an attribute of a class. */
type Key = Binding | string;

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/\.join\(/.test(facts.text) || !/\.get\(/.test(facts.text)) return [];
  const calls = facts.functions.flatMap((fn) => fn.calls);
  const names = namesOf(calls);
  const groupOf = (call: Call) => {
    const key = call.callee.kind === 'member' ? keyOf(call.callee.object) : undefined;
    return key === undefined ? undefined : names(key);
  };
  const joins = calls.filter((call) => calleeName(call) === 'join' && call.args.length === 0);
  const types = yield* ask(
    'type',
    joins.map(({ callee }) => (callee.kind === 'member' ? callee.object : callee)),
  );
  const joined = new Map<Key, Call>();
  joins.forEach((call, i) => {
    const group = groupOf(call);
    const type = types[i];
    const isQueue = type?.module === 'asyncio' && /Queue$/.test(type.name ?? '');
    if (group !== undefined && isQueue && !joined.has(group)) joined.set(group, call);
  });
  const reports: Report[] = [];
  for (const [group, join] of joined) {
    const gets = calls.filter(
      (call) => calleeName(call) === 'get' && groupOf(call) === group && call.fn.isAsync,
    );
    if (gets.length === 0) continue;
    if (!facts.text.includes('task_done')) {
      if (staysHere(facts, group, names))
        reports.push({
          span: join.span,
          message: message('Nothing calls task_done() for this queue, so join() waits for ever.'),
          related: gets
            .slice(0, 3)
            .map((get) => ({ file: facts.file, span: get.span, message: message('an item is taken here') })),
          repairs: gets.every((get) => isOnlyOne(get, gets))
            ? [{ kind: 'done-in-finally', takes: gets.map((get) => ({ get, dones: [] })) }]
            : [],
        });
      continue;
    }
    for (const get of gets) {
      const dones = get.fn.calls.filter(
        (call) => calleeName(call) === 'task_done' && groupOf(call) === group,
      );
      if (!isOnlyOne(get, gets) || dones.length === 0 || !skipsDone(get, new Set(dones))) continue;
      reports.push({
        span: get.span,
        message: message('On some path this item is not marked done, so join() waits for ever.'),
        related: [{ file: facts.file, span: join.span, message: message('joined here') }],
        repairs: [{ kind: 'done-in-finally', takes: [{ get, dones }] }],
      });
    }
  }
  return reports;
}

function isOnlyOne(get: Call, gets: readonly Call[]): boolean {
  return gets.filter((other) => other.fn === get.fn).length === 1;
}

function keyOf(value: Value): Key | undefined {
  if (value.kind === 'name') return value.binding;
  if (value.kind !== 'member' || value.computed || value.name === undefined) return undefined;
  const { object } = value;
  if (object.kind !== 'name' || object.binding?.kind !== 'param') return undefined;
  const { owner } = object.binding.fn;
  return owner && object.text === 'self' ? `${owner.span.start.toString()}.${value.name}` : undefined;
}

/** Parameters are other names of what the file's own calls pass for them. */
function namesOf(calls: readonly Call[]): (key: Key) => Key {
  const other = new Map<Key, Key>();
  const first = (key: Key): Key => {
    let current = key;
    for (let next = other.get(current); next !== undefined; next = other.get(current)) current = next;
    return current;
  };
  for (const call of calls) {
    const target = localTarget(call.callee);
    if (target?.kind !== 'function' || call.args.some((argument) => argument.spread)) continue;
    call.args.forEach(({ value, keyword }, i) => {
      const given = keyOf(value);
      const param =
        keyword === undefined
          ? target.params[i]?.binding
          : target.params.find((p) => p.binding?.name === keyword)?.binding;
      if (given === undefined || !param) return;
      const [a, b] = [first(given), first(param)];
      if (a !== b) other.set(b, a);
    });
  }
  return first;
}

/** The queue is only used by its methods and passed to functions of the file, so that all its consumers are seen. */
function staysHere(facts: FileFacts, group: Key, first: (key: Key) => Key): boolean {
  return facts.functions.every((fn) =>
    valuesOf(fn).every((value) => {
      if ((value.kind !== 'name' && value.kind !== 'member') || value.access !== 'read') return true;
      const key = keyOf(value);
      if (key === undefined || first(key) !== group) return true;
      const { parent } = value;
      if (isStatement(parent)) return false;
      if (parent.kind === 'member') return parent.object === value;
      return (
        parent.kind === 'call' && parent.callee !== value && localTarget(parent.callee)?.kind === 'function'
      );
    }),
  );
}

/** Whether a second item can be taken while the first is not marked done. */
function skipsDone(get: Call, dones: ReadonlySet<Value>): boolean {
  // A cancelled `get` has taken nothing: the item is there once its await has come back.
  const taken = awaitOf(get);
  let skips = false;
  flow<boolean>(get.fn, false, {
    join: (a, b) => a || b,
    same: (a, b) => a === b,
    evaluated(value, pending) {
      if (dones.has(value)) return false;
      if (value !== taken) return pending;
      if (pending) skips = true;
      return true;
    },
    thrown: (value, before) =>
      (value.kind === 'call' || value.kind === 'await') && !dones.has(value) ? before : undefined,
  });
  return skips;
}

function awaitOf(get: Call): Value {
  for (const node of ancestors(get)) {
    if (isStatement(node)) break;
    if (node.kind === 'await') return node;
  }
  return get;
}
