import type { Await, Binding, Call, FileFacts, FunctionFact, Statement, Value } from '../core/facts';
import { message, type Related } from '../core/finding';
import { isHiddenSuspension } from '../core/flow';
import { callsIn, lateUses, type Late } from '../core/pending';
import { ask, type Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { blockOf, isStatement, statementOf, walk } from '../core/walk';
import { bySuspension, headOf, placeOf } from './late-stories';
import { lateTasks } from './late-task';
import { isDocumentedIdiom, isInstant, rejectionBySyntax, rejectionOf, withResolvers } from './settlement';
import { lazyTypes } from './thenables';

export const rule: Rule = {
  meta: {
    id: 'late-await',
    languages: ['typescript', 'python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A promise or task that is started, left alone during another await and awaited only then: a failure meanwhile is lost.',
    concepts: ['future', 'gather', 'task-group'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

interface Candidate {
  readonly fn: FunctionFact;
  readonly starts: ReadonlySet<Call>;
}

function* check(context: RuleContext): Asking<readonly Report[]> {
  const { facts } = context;
  if (facts.language === 'python') return yield* lateTasks(context);
  const reports: Report[] = [];
  for (const { fn, starts } of candidates(facts)) {
    const rejects = new Map<Call, readonly Binding[]>();
    const syntactic = new Set<Call>();
    for (const call of starts) {
      const rejection = withResolvers(call) ?? rejectionBySyntax(call);
      if (rejection?.kind === 'never') continue;
      if (rejection?.kind === 'deferred') rejects.set(call, rejection.rejects);
      syntactic.add(call);
    }
    if (syntactic.size === 0) continue;
    // Types cost more than paths: only calls whose promise would be late are asked about.
    const suspects = new Set(
      lateUses(fn, { starts: syntactic, rejects, isInstant }).flatMap((late) => [...late.starts]),
    );
    const confirmed = yield* rejecting([...suspects]);
    if (confirmed.size === 0) continue;
    const late = lateUses(fn, { starts: confirmed, rejects, isInstant });
    for (const group of bySuspension(late)) reports.push(report(facts, group));
  }
  // A runner turns an unhandled rejection into the failed test that the late await would have made.
  if (reports.length > 0 && isTestFile(facts)) return reports.map((r) => ({ ...r, level: 'hint' }));
  return reports;
}

/** Functions that suspend more than once and bind the value of a call whole to a name. */
function candidates(facts: FileFacts): Candidate[] {
  return facts.functions.flatMap((fn) => {
    const starts = new Set<Call>();
    let suspensions = fn.awaits.length;
    walk(fn.body, (node) => {
      if (node.kind === 'declare' && node.value) {
        if (node.whole) for (const call of callsIn(node.value)) starts.add(call);
        else if (node.value.kind === 'call' && withResolvers(node.value)) starts.add(node.value);
      }
      if (node.kind === 'assign' && node.operator === '=' && node.target.kind === 'name') {
        for (const call of callsIn(node.value)) starts.add(call);
      }
      if (node.kind === 'yield' && fn.isAsync) suspensions++;
      if (isHiddenSuspension(node)) suspensions++;
      return undefined;
    });
    return starts.size > 0 && suspensions > 0 ? [{ fn, starts }] : [];
  });
}

/** Those of the calls that give a promise which may reject. */
function* rejecting(calls: readonly Call[]): Asking<Set<Call>> {
  const answers = yield* ask('promise', calls);
  const types = yield* ask('type', calls);
  const promises = calls.filter(
    (call, i) =>
      withResolvers(call) !== undefined ||
      (answers[i]?.native === 'yes' && lazyTypes(types[i]) === undefined),
  );
  const result = new Set<Call>();
  for (const call of promises) {
    if (withResolvers(call)) result.add(call);
    else if ((yield* rejectionOf(call)).kind !== 'never' && !(yield* isDocumentedIdiom(call)))
      result.add(call);
  }
  return result;
}

function report(facts: FileFacts, group: readonly Late[]): Report {
  const [first] = group as [Late, ...Late[]];
  const related: Related[] = [];
  const seen = new Set<Call>();
  for (const { starts, binding } of group) {
    for (const start of starts) {
      if (seen.has(start)) continue;
      seen.add(start);
      const text = message('{name} starts here, without a handler.', { name: binding.name });
      related.push({ file: facts.file, span: start.span, message: text });
    }
  }
  const [suspension] = first.passed;
  if (suspension) {
    const span = headOf(suspension);
    related.push({ file: facts.file, span, message: message('A rejection during this wait is unhandled.') });
  }
  const { name } = first.binding;
  return {
    span: placeOf(first),
    message:
      name.length <= 16
        ? message('{name} is handled too late: use Promise.all, or a handler at its start.', { name })
        : message('This promise is handled too late: use Promise.all, or a handler at its start.'),
    related,
    repairs: repairs(group),
  };
}

function repairs(group: readonly Late[]): Repair[] {
  const result: Repair[] = [];
  const run = neighbours(group);
  if (run) result.push({ kind: 'join-awaits', awaits: run });
  const starts = group.flatMap(({ binding, starts: calls }) =>
    [...calls].map((start) => ({ binding, start })),
  );
  result.push({ kind: 'handle-at-start', starts });
  return result;
}

/**
 * The awaits that one `Promise.all` can replace: neighbouring statements of which the first waits for anything and the
 * others for promises that run already, or the awaits of one array literal.
 */
function neighbours(group: readonly Late[]): Await[] | undefined {
  const [first] = group as [Late, ...Late[]];
  const late = first.use.parent;
  const [suspension] = first.passed;
  if (isStatement(late) || late.kind !== 'await' || suspension?.kind !== 'await') return undefined;
  if (!isStatement(late.parent) && late.parent === suspension.parent) {
    const { parent } = late;
    if (parent.kind !== 'collection' || parent.form !== 'array') return undefined;
    const awaits = parent.elements.map(({ value }) => value);
    return awaits.every(isAwaitOfName) ? awaits : undefined;
  }
  const statement = statementOf(suspension);
  const block = blockOf(statement);
  if (!block || awaitOf(statement) !== suspension) return undefined;
  const bound = new Set<Binding>();
  const run: Await[] = [];
  for (const next of block.body.slice(block.body.indexOf(statement))) {
    const awaited = awaitOf(next);
    if (!awaited || (run.length > 0 && !isAwaitOfName(awaited))) break;
    if (mentions(awaited.operand, bound)) break;
    if (next.kind === 'declare') for (const binding of next.bindings) bound.add(binding);
    run.push(awaited);
  }
  return run.length > 1 && run.includes(late) ? run : undefined;
}

function isAwaitOfName(value: Value): value is Await {
  return value.kind === 'await' && value.operand.kind === 'name';
}

/** The await a statement consists of: `await p;` or `const x = await p;`. */
function awaitOf(statement: Statement): Await | undefined {
  const value =
    statement.kind === 'expression'
      ? statement.value
      : statement.kind === 'declare' && statement.disposal === undefined
        ? statement.value
        : undefined;
  return value?.kind === 'await' ? value : undefined;
}

function mentions(value: Value, bindings: ReadonlySet<Binding>): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.kind === 'name' && node.binding && bindings.has(node.binding)) found = true;
    if (node.kind === 'function')
      found ||= [...bindings].some((b) => b.references.some((r) => r.fn === node.function));
    return undefined;
  });
  return found;
}
