import type { Await, Call, FileFacts, FunctionFact, Loop, Value } from '../core/facts';
import { edgesOf, type Edge } from '../core/callees';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { reach } from '../core/summaries';
import { calleeName } from '../core/uses';
import { ancestors, isStatement, isWithin, walk } from '../core/walk';
import type { ResourceKind } from '../knowledge/resources';
import { SINK_TYPES } from '../knowledge/sequence';
import { changesOrder, isOfItem, isOrderedOnPurpose } from './loop-order';
import { sharesState } from './shared-state';
import { apiOf, RESOURCE_SEARCH } from './unbounded-concurrency';

export const rule: Rule = {
  meta: {
    id: 'await-in-loop',
    languages: ['typescript', 'python'],
    level: 'hint',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A loop that waits for each item before it starts the next, although the items do not depend on each other.',
    concepts: ['gather', 'semaphore', 'await'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['no-await-in-loop'],
  },
  check,
};

/** What is worth more than a hint: each of them waits for another machine, another process or a disk. */
const SLOW: ReadonlySet<ResourceKind> = new Set(['request', 'service', 'connection', 'process', 'file']);

interface Candidate {
  readonly fn: FunctionFact;
  readonly loop: Loop;
  readonly awaits: readonly AwaitedCall[];
}

/** An await and the call whose promise it waits for, seen through `.then` and `.catch`; a call that `async with` enters. */
interface AwaitedCall {
  readonly at: Await | Call;
  readonly call: Call;
}

function* check({ facts, memo, python }: RuleContext): Asking<readonly Report[]> {
  if (isTestFile(facts)) return [];
  const hasGroups = facts.language === 'python' && (python.major > 3 || python.minor >= 11);
  const found = facts.functions.flatMap((fn) => candidates(facts, fn));
  const reports: Report[] = [];
  for (const { fn, loop, awaits } of found) {
    if (yield* hasSink(loop, awaits)) continue;
    const edges = yield* edgesOf(fn, memo);
    const inLoop = edges.filter(({ call }) => isWithin(call, loop.body));
    if (yield* sharesState(inLoop, memo)) continue;
    const awaited = awaits.map(({ at, call }) => ({ at, edge: inLoop.find((edge) => edge.call === call) }));
    const slow =
      awaited.find(({ edge }) => edge && isSlow(edge)) ??
      (facts.language === 'python' ? yield* firstReaching(awaited, memo) : undefined);
    const first = slow ?? awaited[0];
    if (!first) continue;
    const name = first.edge && calleeName(first.edge.call);
    reports.push({
      span: first.at.span,
      message:
        name !== undefined && name.length <= 25
          ? message('{name} runs one at a time: run a few of them together.', { name })
          : message('Awaits one after another: run a few of them at a time.'),
      ...(slow ? { level: 'information' } : {}),
      repairs: changesOrder(loop) ? [] : [{ kind: 'pool', loop, group: hasGroups && !isCaughtNearby(loop) }],
    });
  }
  return reports;
}

/** The first await whose function, a few calls down, takes up something slow. */
function* firstReaching<T extends { readonly edge: Edge | undefined }>(
  awaited: readonly T[],
  memo: RuleContext['memo'],
): Asking<T | undefined> {
  for (const one of awaited) {
    if (!one.edge?.target) continue;
    const hits = yield* reach(one.edge.target, RESOURCE_SEARCH, memo);
    if (hits.some(({ root }) => SLOW.has(root.kind))) return one;
  }
  return undefined;
}

/** A task group raises an `ExceptionGroup`, which handlers of single exceptions around the loop would miss. */
function isCaughtNearby(loop: Loop): boolean {
  for (const node of ancestors(loop)) if (node.kind === 'try' && node.handlers.length > 0) return true;
  return false;
}

function isSlow({ call, names }: Edge): boolean {
  const kind = apiOf(call.callee, names)?.kind;
  return kind !== undefined && SLOW.has(kind);
}

/** Loops over a known set of items whose bodies await calls and show no sign of an intended order. */
function candidates(facts: FileFacts, fn: FunctionFact): Candidate[] {
  const waits: (Await | Call)[] = [...fn.awaits, ...(facts.language === 'python' ? entered(fn) : [])];
  if (waits.length === 0) return [];
  const byLoop = new Map<Loop, (Await | Call)[]>();
  for (const at of waits) {
    const loop = loopOf(at);
    if (!loop) continue;
    const others = byLoop.get(loop);
    if (others) others.push(at);
    else byLoop.set(loop, [at]);
  }
  return [...byLoop].flatMap(([loop, all]) => {
    if (loop.form !== 'for-of' && loop.form !== 'for-in' && loop.form !== 'for') return [];
    const awaits = all.flatMap((at) => {
      const call = at.kind === 'call' ? at : awaitedCall(at.operand);
      return call && (at.kind === 'await' || isOfItem(call, loop)) ? [{ at, call }] : [];
    });
    if (awaits.length === 0) return [];
    const calls = awaits.map(({ call }) => call);
    return isOrderedOnPurpose(facts, fn, loop, calls) ? [] : [{ fn, loop, awaits }];
  });
}

/** Calls whose results `async with` enters: `async with session.get(url)` waits for the answer. */
function entered(fn: FunctionFact): Call[] {
  if (!fn.isAsync) return [];
  const calls: Call[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'with' && node.isAsync)
      for (const { value } of node.resources) if (value.kind === 'call') calls.push(value);
    return undefined;
  });
  return calls;
}

/** The innermost loop in whose body an await stands; undefined where its head evaluates it. */
function loopOf(at: Await | Call): Loop | undefined {
  let inner: Value | Loop['body'] = at;
  for (const node of ancestors(at)) {
    if (isStatement(node) && node.kind === 'loop') {
      if (node.body === inner) return node;
      if (node.test === inner || node.update === inner) return node;
    }
    inner = node;
  }
  return undefined;
}

const CHAIN = new Set(['then', 'catch', 'finally']);

function awaitedCall(value: Value): Call | undefined {
  if (value.kind !== 'call') return undefined;
  const { callee } = value;
  if (callee.kind === 'member' && callee.name !== undefined && CHAIN.has(callee.name))
    // `await started.catch(…)` waits for what runs already.
    return awaitedCall(callee.object);
  return value;
}

/** Whether one of the awaited calls goes to something that takes one thing at a time, by its type. */
function* hasSink(loop: Loop, awaits: readonly AwaitedCall[]): Asking<boolean> {
  const receivers: Value[] = [];
  for (const { call } of awaits) {
    for (const value of [call.callee, ...call.args.map((argument) => argument.value)]) {
      const subject = value.kind === 'member' && value === call.callee ? value.object : value;
      if ((subject.kind === 'name' || subject.kind === 'member') && !isOfItem(subject, loop))
        receivers.push(subject);
    }
  }
  const types = yield* ask('type', receivers);
  return types.some(
    (type) => type?.name !== undefined && SINK_TYPES.has(type.name) && type.module !== 'aiohttp',
  );
}
