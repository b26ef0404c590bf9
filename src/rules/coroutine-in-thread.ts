import type { Call, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type DeclarationAnswer } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, importedPath, pathOf } from '../core/uses';
import { BLOCKING_CALLS } from '../knowledge/python/blocking';

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

/** Which argument is the function for the thread, by the name of what starts the thread. */
const STARTERS: ReadonlyMap<string, { readonly index: number; readonly keyword?: string }> = new Map([
  ['to_thread', { index: 0 }],
  ['run_in_executor', { index: 1 }],
  ['Thread', { index: 1, keyword: 'target' }],
]);

const KNOWN = /^(?:asyncio\.to_thread|asyncio\.AbstractEventLoop\.run_in_executor|threading\.Thread)$/;

interface Candidate {
  readonly starter: Call;
  readonly given: Value;
  /** The function itself, or what is called to get the argument. */
  readonly callee: Value;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = facts.functions.flatMap((fn) => fn.calls).flatMap(candidateOf);
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

function candidateOf(starter: Call): Candidate[] {
  const imported = importedPath(starter.callee);
  const name = imported && imported.module !== '' ? imported.path.split('.').at(-1) : calleeName(starter);
  const place = STARTERS.get(name ?? '');
  if (!place || starter.args.some((argument) => argument.spread)) return [];
  const positional = starter.args.filter((argument) => argument.keyword === undefined);
  const keyword = starter.args.find((a) => a.keyword !== undefined && a.keyword === place.keyword);
  const given = (keyword ?? positional[place.index])?.value;
  if (!given) return [];
  const isPartial = given.kind === 'call' && calleeName(given) === 'partial';
  const wrapped = isPartial ? given.args[0]?.value : undefined;
  if (wrapped) return [{ starter, given: wrapped, callee: wrapped }];
  return [{ starter, given, callee: given.kind === 'call' ? given.callee : given }];
}

function startsThread(starter: Call, declaration: DeclarationAnswer | undefined): boolean {
  if (declaration) return KNOWN.test(`${declaration.module ?? ''}.${declaration.path}`);
  // A loop that somebody handed in.
  return starter.callee.kind === 'member' && /(?:^|[._])loop$/.test(pathOf(starter.callee.object) ?? '');
}

function judge({ given, callee }: Candidate, declared: DeclarationAnswer): Report[] {
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
