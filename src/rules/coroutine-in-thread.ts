import type { Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type DeclarationAnswer } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { BLOCKING_CALLS } from '../knowledge/python/blocking';
import { startsThread, threadWorkOf, type ThreadWork } from './thread-work';

export const rule: Rule = {
  meta: {
    id: 'coroutine-in-thread',
    languages: ['python'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary: 'A thread is given a coroutine or a finished result instead of a function, so it runs nothing.',
    concepts: ['threads-vs-async', 'coroutine', 'blocking-code'],
    options: {},
    fixes: 'safe',
    supersedes: ['unawaited-coroutine', 'blocking-call-in-async'],
    inspiredBy: [],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = facts.functions.flatMap((fn) => fn.calls).flatMap(threadWorkOf);
  const starters = yield* ask(
    'declaration',
    candidates.map(({ starter }) => starter.callee),
  );
  const callees = yield* ask(
    'declaration',
    candidates.map(({ callee }) => callee),
  );
  return candidates.flatMap((candidate, i) => {
    const callee = callees[i];
    return callee && startsThread(candidate.starter, starters[i]) ? judge(candidate, callee) : [];
  });
}

function judge({ given, callee }: ThreadWork, declared: DeclarationAnswer): Report[] {
  const isCoroutine = declared.returnsPromise === 'yes';
  if (given.kind === 'call' && given.callee === callee) {
    const blocks = declared.module !== undefined && BLOCKING_CALLS.has(`${declared.module}.${declared.path}`);
    if (isCoroutine) return [report(given)];
    if (!blocks) return [];
    return [
      {
        span: given.span,
        message: message('This runs here, and the thread gets its result: pass the function uncalled.'),
        repairs: [{ kind: 'pass-function', call: given }],
      },
    ];
  }
  return isCoroutine ? [report(given)] : [];
}

function report(given: Value): Report {
  return {
    span: given.span,
    message: message('A thread does not run coroutines: await it, or pass an ordinary function.'),
  };
}
