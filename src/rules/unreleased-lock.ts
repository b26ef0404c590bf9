import type { FileFacts, FunctionFact, If, Language, Value } from '../core/facts';
import { message, type Related } from '../core/finding';
import { flow, type FlowClient } from '../core/flow';
import { ask, type Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { calleeName, pathOf } from '../core/uses';
import { blockOf, find, isStatement, walk } from '../core/walk';
import { isHarmless, LOCK_TYPE, RELEASE_MEMBERS } from '../knowledge/locks';
import { acquisitionsOf, isProtected, releaseStatement, type Acquisition } from './acquisitions';

export const rule: Rule = {
  meta: {
    id: 'unreleased-lock',
    languages: ['typescript', 'python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'A lock or pooled connection that stays acquired when something throws before it is released.',
    concepts: ['lock', 'semaphore', 'async-context-managers'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const reports: Report[] = [];
  // A test that fails takes its locks with it.
  if (isTestFile(facts)) return reports;
  for (const fn of facts.functions) {
    const acquisitions = acquisitionsOf(fn);
    if (acquisitions.length === 0) continue;
    const released = acquisitions.filter(({ releases }) => releases.size > 0);
    const leaks = leaksOf(fn, released);
    for (const acquisition of released) {
      const culprit = leaks.get(acquisition);
      if (culprit) reports.push(report(facts, acquisition, culprit));
    }
    const kept = acquisitions.filter(({ releases }) => releases.size === 0 && !isAcquirer(fn));
    for (const acquisition of yield* locksAmong(kept))
      reports.push({
        span: acquisition.wait.span,
        message: message('Nothing releases this: do so in a finally block.'),
      });
  }
  return reports;
}

/** A function whose very purpose is to leave the lock held. */
function isAcquirer({ name }: FunctionFact): boolean {
  return /^[_#]*(?:a?enter|acquire|lock|checkout|connect|get|reserve|open|start|wait|take|begin|init|setup)/i.test(
    name ?? '',
  );
}

/** Those whose types say that somebody has to release them. */
function* locksAmong(acquisitions: readonly Acquisition[]): Asking<Acquisition[]> {
  const isBound = ({ results }: Acquisition) => results.length > 0;
  const receivers = yield* ask(
    'type',
    acquisitions.map(({ receiver }) => receiver),
  );
  const results = yield* ask(
    'type',
    acquisitions.map(({ wait }) => wait),
  );
  return acquisitions.filter((acquisition, i) => {
    const receiver = receivers[i];
    if (receiver?.name === undefined || !LOCK_TYPE.test(receiver.name)) return false;
    const owner = isBound(acquisition) ? results[i] : receiver;
    return RELEASE_MEMBERS.some((name) => owner?.has(name));
  });
}

type Held = ReadonlyMap<Acquisition, Value | undefined>;

/** What throws while something is held that nothing then releases, by acquisition. */
function leaksOf(fn: FunctionFact, acquisitions: readonly Acquisition[]): Map<Acquisition, Value> {
  const leaks = new Map<Acquisition, Value>();
  if (acquisitions.length === 0) return leaks;
  const { thrown } = flow<Held>(fn, new Map(), new HeldClient(fn.file.language, acquisitions));
  for (const [acquisition, culprit] of thrown ?? []) if (culprit) leaks.set(acquisition, culprit);
  return leaks;
}

/** What is held on a path, with the first thing that threw meanwhile. */
class HeldClient implements FlowClient<Held> {
  private readonly releasedAfter = new Map<Value, Acquisition[]>();

  constructor(
    private readonly language: Language,
    private readonly acquisitions: readonly Acquisition[],
  ) {
    for (const acquisition of acquisitions) this.noteConditions(acquisition);
  }

  join(a: Held, b: Held): Held {
    const joined = new Map(a);
    for (const [acquisition, culprit] of b) joined.set(acquisition, joined.get(acquisition) ?? culprit);
    return joined;
  }

  same(a: Held, b: Held): boolean {
    return a.size === b.size && [...a].every(([key, culprit]) => b.has(key) && !culprit === !b.get(key));
  }

  evaluated(value: Value, state: Held): Held {
    const conditional = this.releasedAfter.get(value) ?? [];
    const left = without(state, [...conditional, ...this.releasedBy(value)]);
    const acquired = this.acquisitions.find(({ wait }) => wait === value);
    return acquired ? new Map(left).set(acquired, undefined) : left;
  }

  thrown(value: Value, before: Held): Held | undefined {
    if (!this.mayThrow(value)) return undefined;
    const after = new Map(without(before, this.releasedBy(value)));
    for (const [acquisition, culprit] of after) {
      if (isProtected(value, acquisition)) after.delete(acquisition);
      else if (!culprit) after.set(acquisition, value);
    }
    return after;
  }

  private mayThrow(value: Value): boolean {
    if (value.kind === 'await') return this.language === 'python' || !isSleep(value.operand);
    if (value.kind !== 'call') return false;
    // What an awaited call throws, the await throws too.
    if (!isStatement(value.parent) && value.parent.kind === 'await') return false;
    return !isHarmless(pathOf(value.callee), value.callee.kind === 'member' ? value.callee.name : undefined);
  }

  private releasedBy(value: Value): Acquisition[] {
    const call = value.kind === 'await' ? value.operand : value;
    if (call.kind !== 'call') return [];
    return this.acquisitions.filter(({ releases }) => releases.has(call));
  }

  /** `if (client) client.release()`: the condition only asks whether there is something to release. */
  private noteConditions(acquisition: Acquisition): void {
    walk(acquisition.fn.body, (node) => {
      const test =
        node.kind === 'if' ? node.test : node.kind === 'choice' ? (node.test ?? node.left) : undefined;
      if (!test || !find(node, (part) => part.kind === 'call' && acquisition.releases.has(part)))
        return undefined;
      if (node.kind === 'if' && !asksForIt(node, acquisition)) return undefined;
      this.releasedAfter.set(test, [...(this.releasedAfter.get(test) ?? []), acquisition]);
      return undefined;
    });
  }
}

function asksForIt({ test, then }: If, { results, receiver, releases }: Acquisition): boolean {
  const isInside = find(then, (part) => part.kind === 'call' && releases.has(part)) !== undefined;
  const leaves = find(
    then,
    (part) => part.kind === 'return' || part.kind === 'throw' || part.kind === 'jump',
  );
  if (!isInside || leaves) return false;
  return (
    find(
      test,
      (part) =>
        (part.kind === 'name' && part.binding !== undefined && results.includes(part.binding)) ||
        (part.kind === 'name' && /lock|acquired|held|owns/i.test(part.text)) ||
        (part.kind === 'member' && pathOf(part) === pathOf(receiver)),
    ) !== undefined
  );
}

function without(state: Held, acquisitions: readonly Acquisition[]): Held {
  if (!acquisitions.some((acquisition) => state.has(acquisition))) return state;
  return new Map([...state].filter(([acquisition]) => !acquisitions.includes(acquisition)));
}

function isSleep(operand: Value): boolean {
  return (
    operand.kind === 'call' &&
    /^(?:sleep|delay|pause|setTimeout|setImmediate|nextTick)$/.test(calleeName(operand) ?? '')
  );
}

function report(facts: FileFacts, acquisition: Acquisition, culprit: Value): Report {
  const related: Related[] = [
    { file: facts.file, span: culprit.span, message: message('When this throws, nothing releases it.') },
  ];
  return {
    span: acquisition.wait.span,
    message: message('Stays acquired if what follows throws: release it in a finally block.'),
    related,
    repairs: repairs(acquisition),
  };
}

/** One release, later in the same block: what stands between the two can go into a `try`. */
function repairs(acquisition: Acquisition): Repair[] {
  const [release, ...others] = acquisition.releases;
  const statement = release && releaseStatement(release);
  const block = blockOf(acquisition.statement);
  if (!statement || others.length > 0 || !block || blockOf(statement) !== block) return [];
  const between = block.body.slice(
    block.body.indexOf(acquisition.statement) + 1,
    block.body.indexOf(statement),
  );
  if (between.length === 0) return [];
  return [
    {
      kind: 'release-in-finally',
      acquire: acquisition.statement,
      lock: acquisition.results.length === 0 ? acquisition.receiver : undefined,
      between,
      release: statement,
    },
  ];
}
