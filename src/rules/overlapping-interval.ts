import type { Call, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import type { Asking } from '../core/questions';
import { functionOf, hasRejectionHandler, keepsRejections } from '../core/rejections';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { calleeName, headOf, importedPath, pathOf } from '../core/uses';
import { find, isStatement, partsOf, walk, type Node } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'overlapping-interval',
    languages: ['typescript'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'setInterval with an async function: the timer does not wait for it, and slow runs overlap.',
    concepts: ['event-loop', 'lock', 'task'],
    options: {},
    fixes: 'suggestion',
    supersedes: ['misused-promise'],
    inspiredBy: [],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!facts.text.includes('setInterval')) return [];
  const reports: Report[] = [];
  for (const fn of facts.functions) {
    for (const call of fn.calls) {
      const [callback, period] = call.args.map(({ value }) => value);
      if (!callback || !isSetInterval(call)) continue;
      const milliseconds = period ? constant(period) : 0;
      // A run will hardly ever exceed a long period.
      if (milliseconds !== undefined && milliseconds >= MINUTE) continue;
      const run = yield* functionOf(callback);
      if (!run?.isAsync || run.isGenerator || isKeepAlive(run)) continue;
      if (isGuarded(run) || (yield* isGuardedInside(run))) continue;
      reports.push({
        span: headOf(callback),
        message: message('A run slower than the period overlaps the next: skip while one is going on.'),
        level: isTestFile(facts) ? 'hint' : milliseconds === undefined ? 'information' : 'warning',
        repairs: yield* repairs(call, callback),
      });
    }
  }
  return reports;
}

/** The function of the platform, under whatever name. */
function isSetInterval({ callee, form }: Call): boolean {
  if (form !== 'call' || (callee.kind !== 'name' && callee.kind !== 'member')) return false;
  const imported = importedPath(callee);
  if (!imported) return false;
  const { module, path } = imported;
  if (module === 'timers') return path === 'setInterval';
  return module === '' && /^(?:(?:window|globalThis|global|self)\.)?setInterval$/.test(path);
}

const MINUTE = 60_000;

/** The number a literal, a constant or a calculation with them stands for. */
function constant(value: Value): number | undefined {
  if (value.kind === 'literal') return typeof value.value === 'number' ? value.value : undefined;
  if (value.kind === 'name')
    return value.binding?.kind === 'const' && value.binding.initial
      ? constant(value.binding.initial)
      : undefined;
  if (value.kind !== 'binary') return undefined;
  const [left, right] = [constant(value.left), constant(value.right)];
  if (left === undefined || right === undefined) return undefined;
  switch (value.operator) {
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '+':
      return left + right;
    case '-':
      return left - right;
    default:
      return undefined;
  }
}

/** What people call the state of something that is going on. */
const BUSY = /busy|running|progress|pending|in_?flight|lock|active|working|processing|polling/i;

/** Calls that let one run at a time through. */
const LOCKING = /^(?:try_?lock|try_?acquire|acquire|lock|with_?lock|runExclusive|isLocked)$/i;

/** Whether a run that starts during another one is turned away, or the timer is stopped before the first wait. */
function isGuarded(run: FunctionFact): boolean {
  const first = firstWait(run.body);
  if (!first) return true;
  const { start } = first.span;
  if (
    run.calls.some(
      (call) => LOCKING.test(calleeName(call) ?? '') || pathOf(call.callee) === 'navigator.locks.request',
    )
  )
    return true;
  // Stopped before it waits: it runs once.
  if (run.calls.some((call) => calleeName(call) === 'clearInterval' && call.span.start < start)) return true;
  const written = new Set<string>();
  walk(run.body, (node) => {
    if (
      (node.kind === 'name' || node.kind === 'member') &&
      node.access !== 'read' &&
      node.span.start < start
    ) {
      const path = pathOf(node);
      if (path !== undefined) written.add(path);
    }
    return undefined;
  });
  return (
    find(run.body, (node) => {
      if (node.kind === 'assign') return node.operator === '??=' && node.span.start <= start;
      if (node.kind !== 'if' || node.test.span.start > start) return false;
      const mentions = (part: Node) => {
        const path = isStatement(part) ? undefined : pathOf(part);
        return path !== undefined && written.has(path);
      };
      if (find(node.test, mentions)) return true;
      return leaves(node.then) && isBusyTest(node.test);
    }) !== undefined
  );
}

/** All the run does is wait for one function of the project, and that one turns it away. */
function* isGuardedInside(run: FunctionFact): Asking<boolean> {
  const [only, ...others] = run.awaits;
  if (!only || others.length > 0 || only.operand.kind !== 'call') return false;
  const fn = yield* functionOf(only.operand.callee);
  return fn !== undefined && firstWait(fn.body) !== undefined && isGuarded(fn);
}

/** The first place, in source order, where a run waits. */
function firstWait(node: Node): Node | undefined {
  if (node.kind === 'loop' && node.form === 'for-await') return node;
  if (node.kind === 'declare' && node.disposal === 'await using') return node;
  for (const part of partsOf(node)) {
    const found = firstWait(part);
    if (found) return found;
  }
  return node.kind === 'await' ? node : undefined;
}

function leaves(node: Node): boolean {
  const last = node.kind === 'block' ? node.body[node.body.length - 1] : node;
  return last?.kind === 'return' || last?.kind === 'throw';
}

/** `this.isRunning`, `busy || stopped`, `this.isLocked()`; `!this.running` asks whether everything was stopped. */
function isBusyTest(test: Value): boolean {
  if (test.kind === 'choice') return isBusyTest(test.left) || isBusyTest(test.right);
  if (test.kind === 'binary') return isBusyTest(test.left) || isBusyTest(test.right);
  const named = test.kind === 'call' ? test.callee : test;
  const name = named.kind === 'name' ? named.text : named.kind === 'member' ? named.name : undefined;
  return name !== undefined && BUSY.test(name.replace(/[cC]lock|[bB]lock/g, ''));
}

/** What calls are named that tell somebody one is still there: it does no harm when they come close together. */
const KEEP_ALIVE = /ping|beat|keep_?alive|renew|extend|refresh|touch|lease/i;

/** A body that is one such call, whose failure is handled. */
function isKeepAlive({ body }: FunctionFact): boolean {
  const [only, ...others] = body.body;
  if (!only || others.length > 0) return false;
  if (only.kind === 'try') {
    const [inner, ...more] = only.block.body;
    return (
      inner !== undefined && more.length === 0 && only.handlers.length > 0 && isKeepAliveCall(inner, false)
    );
  }
  return isKeepAliveCall(only, true);
}

function isKeepAliveCall(statement: Node, needsHandler: boolean): boolean {
  if ((statement.kind !== 'expression' && statement.kind !== 'return') || statement.value?.kind !== 'await')
    return false;
  const { operand } = statement.value;
  if (needsHandler && !hasRejectionHandler(operand)) return false;
  return (
    find(operand, (part) => part.kind === 'call' && KEEP_ALIVE.test(calleeName(part) ?? '')) !== undefined
  );
}

function* repairs(call: Call, callback: Value): Asking<Repair[]> {
  if (callback.kind !== 'function') return [];
  const isHandled = yield* keepsRejections(callback.function);
  const parts = { call, callback: callback.function, isHandled };
  return [
    { kind: 'skip-while-running', ...parts },
    { kind: 'schedule-anew', ...parts },
  ];
}
