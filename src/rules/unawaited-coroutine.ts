import type { Binding, Call, FileFacts, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, pathOf, useOf, type Use } from '../core/uses';
import { ancestors, find, isStatement } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'unawaited-coroutine',
    languages: ['python'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary: 'An async function is called but never awaited: nothing in it runs.',
    concepts: ['coroutine', 'await', 'task-group'],
    options: {},
    fixes: 'both',
    supersedes: [],
    inspiredBy: ['mypy unused-coroutine', 'Pyright reportUnusedCoroutine'],
  },
  check,
};

type Loss = 'discarded' | 'condition' | 'unused';

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = facts.functions
    .flatMap((fn) => fn.calls)
    .flatMap((call) => {
      const loss = lossOf(facts, call);
      return loss ? [{ call, loss }] : [];
    });
  const types = yield* ask(
    'type',
    candidates.map(({ call }) => call),
  );
  return candidates
    .filter((_, i) => types[i]?.module === 'types' && types[i].name === 'coroutine')
    .map(({ call, loss }) => report(call, loss));
}

/** How the value of a call is lost, if it is. */
function lossOf(facts: FileFacts, call: Call): Loss | undefined {
  if (isComprehensionCondition(call)) return 'condition';
  if (isToldApart(call)) return undefined;
  const use: Use = useOf(call);
  switch (use.kind) {
    case 'discarded':
    case 'condition':
      return use.kind;
    case 'bound':
      return isNeverRead(facts, use.binding) ? 'unused' : undefined;
    default:
      return undefined;
  }
}

/** `if iscoroutinefunction(f): await f() else: f()`: a subclass or caller may have put another function there. */
function isToldApart(call: Call): boolean {
  const callee = pathOf(call.callee);
  for (const node of ancestors(call)) {
    if (node.kind !== 'if' && node.kind !== 'choice') continue;
    const asks =
      node.test &&
      find(
        node.test,
        (n) =>
          n.kind === 'call' &&
          calleeName(n) === 'iscoroutinefunction' &&
          n.args.some(({ value }) => pathOf(value) === callee),
      );
    if (asks) return true;
  }
  return false;
}

/** `[x for x in xs if f(x)]`. */
function isComprehensionCondition(value: Value): boolean {
  const { parent } = value;
  if (isStatement(parent) || parent.kind !== 'comprehension') return false;
  return parent.clauses.some((clause) => clause.conditions.includes(value));
}

/** A local name that nothing reads. Names of modules and classes can be read from elsewhere. */
function isNeverRead(facts: FileFacts, binding: Binding): boolean {
  const isLocal = binding.fn.kind !== 'module' && binding.fn.kind !== 'static-block';
  if (!isLocal || binding.references.some((name) => name.access !== 'write')) return false;
  // `locals()` and the like read names that nobody sees being read.
  return !/\b(?:locals|eval|exec)\(/.test(facts.text);
}

function report(call: Call, loss: Loss): Report {
  const path = pathOf(call.callee);
  const name = path !== undefined && path.length <= 30 ? path : undefined;
  const named = name === undefined ? {} : { name };
  if (loss === 'condition') {
    return {
      span: call.span,
      message: name
        ? message('The coroutine of {name} is always true: await it.', named)
        : message('This coroutine is always true: await it.'),
      repairs: [{ kind: 'await', value: call, safety: 'safe' }],
    };
  }
  return {
    span: call.span,
    message: name
      ? message('The coroutine of {name} never runs: add await.', named)
      : message('This coroutine never runs: add await.'),
    repairs: [{ kind: 'await', value: call }],
  };
}
