/**
 * Tasks of asyncio that are left behind when a wait before their own fails. A task keeps its exception until somebody
 * awaits it, so awaiting late is harmless in itself; what is lost is a task that nobody gets to any more.
 */
import { localTarget } from '../core/callees';
import type { Await, Call, FileFacts, FunctionFact, Statement } from '../core/facts';
import { message, type Related } from '../core/finding';
import { abandoned, callsIn, type Late, type Suspension } from '../core/pending';
import { ask, type Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import type { Report, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { calleeName, importedPath, pathOf } from '../core/uses';
import { ancestors, blockOf, find, isStatement, statementOf, walk } from '../core/walk';
import { soundsLikeLimiter } from '../knowledge/limiters';
import { QUIET_WAITS } from '../knowledge/python/waits';
import { bySuspension, headOf, placeOf } from './late-stories';
import { rejectionOf } from './settlement';
import { soundsLikeTaskStart, taskStarts } from './task-starts';

/** Reports tasks whose first use comes after a wait whose failure would leave them behind. */
export function* lateTasks({ facts, python }: RuleContext): Asking<readonly Report[]> {
  // What a failing test leaves behind goes with its event loop.
  if (isTestFile(facts)) return [];
  const reports: Report[] = [];
  const hasGroups = python.major > 3 || python.minor >= 11;
  for (const { fn, starts } of candidates(facts)) {
    const mayFail = (at: Suspension) => isFallible(at, new Set());
    const suspects = new Set(
      abandoned(fn, { starts, isInstant: () => false, mayFail }).flatMap((late) => [...late.starts]),
    );
    if (suspects.size === 0) continue;
    const tasks = new Set(yield* failing(yield* taskStarts([...suspects])));
    if (tasks.size === 0) continue;
    const quiet = yield* quietAwaits(fn);
    const late = abandoned(fn, {
      starts: tasks,
      isInstant: () => false,
      mayFail: (at) => isFallible(at, quiet),
    });
    for (const group of bySuspension(late)) reports.push(report(facts, group, hasGroups));
  }
  return reports;
}

/** Functions that wait and bind a task to a name. */
function candidates(facts: FileFacts): { readonly fn: FunctionFact; readonly starts: ReadonlySet<Call> }[] {
  return facts.functions.flatMap((fn) => {
    if (!fn.isAsync || !fn.calls.some(soundsLikeTaskStart) || isWholeProgram(fn)) return [];
    const starts = new Set<Call>();
    walk(fn.body, (node) => {
      const value =
        node.kind === 'declare' && node.whole
          ? node.value
          : node.kind === 'assign' && node.target.kind === 'name'
            ? node.value
            : undefined;
      if (value) for (const call of callsIn(value)) if (soundsLikeTaskStart(call)) starts.add(call);
      return undefined;
    });
    return starts.size > 0 ? [{ fn, starts }] : [];
  });
}

/**
 * `asyncio.run(main())`: when `main` is over, `run` cancels every task that is left and waits for it.
 * https://docs.python.org/3/library/asyncio-runner.html#asyncio.run
 */
function isWholeProgram(fn: FunctionFact): boolean {
  return fn.file.functions.some(({ calls }) =>
    calls.some((call) => {
      const [first] = call.args;
      const path = importedPath(call.callee);
      if (!path || !/^(?:asyncio|uvloop|anyio)$/.test(path.module) || path.path !== 'run' || !first)
        return false;
      const { value } = first;
      return localTarget(value.kind === 'call' ? value.callee : value) === fn;
    }),
  );
}

/** Tasks that do more than pause or swallow whatever happens. */
function* failing(calls: readonly Call[]): Asking<Call[]> {
  const result: Call[] = [];
  for (const call of calls) {
    const [first] = call.args;
    const never = first?.value.kind === 'call' && (yield* rejectionOf(first.value)).kind === 'never';
    if (!never) result.push(call);
  }
  return result;
}

/** Awaits that can only be interrupted by a cancellation. */
function* quietAwaits(fn: FunctionFact): Asking<Set<Suspension>> {
  const awaits = fn.awaits.flatMap((at) => (at.operand.kind === 'call' ? [{ at, call: at.operand }] : []));
  const declared = yield* ask(
    'declaration',
    awaits.map(({ call }) => call.callee),
  );
  const quiet = new Set<Suspension>();
  for (const [i, { at, call }] of awaits.entries()) {
    const answer = declared[i];
    if (answer?.module !== undefined) {
      if (QUIET_WAITS.has(`${answer.module}.${answer.path}`)) quiet.add(at);
    } else if ((yield* rejectionOf(call)).kind === 'never') quiet.add(at);
  }
  return quiet;
}

function isFallible(at: Suspension, quiet: ReadonlySet<Suspension>): boolean {
  if (quiet.has(at)) return false;
  switch (at.kind) {
    case 'await':
      return !isQuietByName(at);
    case 'yield':
      // Only a context manager is told of what goes wrong in the block around which it runs.
      return at.fn.decorators.some((decorator) =>
        /(?:^|\.)asynccontextmanager$/.test(pathOf(decorator) ?? ''),
      );
    case 'with':
      return at.resources.some(({ value }) => {
        const name = value.kind === 'call' ? calleeName(value) : undefined;
        // Objects are made and locks are taken without an error of their own.
        return name !== undefined && !/^_*[A-Z]/.test(name) && !soundsLikeLimiter('python', name);
      });
    case 'loop':
      return true;
    case 'declare':
      return false;
  }
}

/** `await event.wait()`, `await gather(…, return_exceptions=True)`, `await asyncio.sleep(1)`. */
function isQuietByName({ operand }: Await): boolean {
  if (operand.kind !== 'call') return false;
  const name = calleeName(operand);
  if (name === 'gather') return operand.args.some(({ keyword }) => keyword === 'return_exceptions');
  if (name === 'wait') return operand.args.length === 0 || importedPath(operand.callee)?.module === 'asyncio';
  return name === 'sleep' || name === 'acquire';
}

function report(facts: FileFacts, group: readonly Late[], hasGroups: boolean): Report {
  const [first] = group as [Late, ...Late[]];
  const related: Related[] = [];
  const add = (span: Related['span'], text: Related['message']) =>
    related.push({ file: facts.file, span, message: text });
  for (const { starts, binding } of group)
    for (const start of starts) add(start.span, message('{name} starts here.', { name: binding.name }));
  const [suspension] = first.passed;
  if (suspension) add(headOf(suspension), message('If this fails, nobody gets to the task any more.'));
  const { name } = first.binding;
  return {
    span: placeOf(first),
    level: 'hint',
    message:
      name.length <= 20
        ? message('{name} is left behind if the wait before this fails: cancel it in finally.', { name })
        : message('The task is left behind if the wait before this fails: cancel it in finally.'),
    related,
    repairs: repairs(group, hasGroups),
  };
}

function repairs(group: readonly Late[], hasGroups: boolean): Repair[] {
  const [first] = group as [Late, ...Late[]];
  const places = group.map(({ starts }) => (starts.size === 1 ? [...starts][0] : undefined));
  const starts = places.filter((start) => start !== undefined);
  const [start] = starts;
  if (!start || starts.length !== group.length) return [];
  const last = siblingOf(statementOf(start), statementOf(first.use));
  if (!last) return [];
  const result: Repair[] = [];
  const isAwaited = group.every(({ use }) => !isStatement(use.parent) && use.parent.kind === 'await');
  const [suspension] = first.passed;
  // What waits in the same statement as the late await would stay outside the group.
  const waitsBefore = suspension && siblingOf(statementOf(start), statementAround(suspension)) !== last;
  if (isAwaited && waitsBefore && hasGroups && !isCaughtNearby(start))
    result.push({ kind: 'task-group', starts, until: last });
  if (group.length === 1)
    result.push({ kind: 'cancel-in-finally', task: first.binding, start: statementOf(start), last });
  return result;
}

function statementAround(at: Suspension): Statement {
  return isStatement(at) ? at : statementOf(at);
}

/** The statement beside `start` in its block that is or holds `inner`. */
function siblingOf(start: Statement, inner: Statement): Statement | undefined {
  const block = blockOf(start);
  if (!block) return undefined;
  if (inner.parent === block) return inner;
  for (const node of ancestors(inner)) if (isStatement(node) && node.parent === block) return node;
  return undefined;
}

/** A group raises an `ExceptionGroup`, which handlers of single exceptions in the same function would miss. */
function isCaughtNearby(start: Call): boolean {
  for (const node of ancestors(start))
    if (node.kind === 'try' && node.handlers.length > 0 && find(node.block, (part) => part === start))
      return true;
  return false;
}
