import { localTarget } from '../core/callees';
import type { Call, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, askOne, type Asking } from '../core/questions';
import { functionOf } from '../core/rejections';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, rootName } from '../core/uses';
import { busyPart } from './computing';
import { startsThread, threadWorkOf } from './thread-work';

export const rule: Rule = {
  meta: {
    id: 'cpu-bound-in-thread',
    languages: ['python'],
    level: 'hint',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A thread is given a computation: under the GIL it does not run in parallel with the event loop.',
    concepts: ['gil', 'blocking-code', 'threads-vs-async'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** Names by which a program asks whether it has a GIL at all. */
const ASKS_FOR_GIL = /\b_is_gil_enabled\b|\bPy_GIL_DISABLED\b|\bPYTHON_GIL\b/;

function* check({ facts, freeThreaded }: RuleContext): Asking<readonly Report[]> {
  if (freeThreaded || ASKS_FOR_GIL.test(facts.text)) return [];
  const candidates = facts.functions
    .flatMap((fn) => fn.calls)
    .flatMap(threadWorkOf)
    .filter(({ starter, given }) => calleeName(starter) !== 'Thread' && given.kind !== 'call');
  const starters = yield* ask(
    'declaration',
    candidates.map(({ starter }) => starter.callee),
  );
  const reports: Report[] = [];
  for (const [i, { starter, given, args }] of candidates.entries()) {
    if (!startsThread(starter, starters[i]) || !(yield* runsInThread(starter))) continue;
    const fn = yield* functionOf(given);
    const busy = fn && (yield* busyPart(fn, args));
    if (!busy || ASKS_FOR_GIL.test(busy.fn.file.text)) continue;
    reports.push({
      span: given.span,
      message: message('Under the GIL a thread does not compute in parallel: use a process pool.'),
      related: [
        { file: busy.fn.file.file, span: busy.span, message: message('This computes in Python code.') },
      ],
      repairs: isPicklable(given) ? [{ kind: 'process-pool', starter, given }] : [],
    });
  }
  return reports;
}

/** What another process can find by its name: a function of a module. */
function isPicklable(given: Value): boolean {
  const target = localTarget(given);
  if (target) return target.parent?.kind === 'module' && !target.owner && target.kind === 'function';
  return rootName(given)?.binding?.imported !== undefined;
}

/** `run_in_executor` may be given a process pool just as well. */
function* runsInThread(starter: Call): Asking<boolean> {
  if (calleeName(starter) !== 'run_in_executor') return true;
  const executor = starter.args[0]?.value;
  if (!executor || executor.kind === 'literal')
    return executor?.kind === 'literal' && executor.value === null;
  const type = yield* askOne('type', executor);
  return type?.name === 'ThreadPoolExecutor' && type.module === 'concurrent.futures';
}
