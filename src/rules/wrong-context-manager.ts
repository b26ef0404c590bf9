import { functionsOf } from '../core/callees';
import { isExpectedToFail } from '../core/expected';
import type { Comprehension, FunctionFact, Loop, Value, With } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type ProtocolsAnswer, type TypeAnswer } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { walk } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'wrong-context-manager',
    languages: ['python'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary: 'with and for are used where async with and async for belong, or the other way round.',
    concepts: ['async-context-managers', 'lock', 'coroutine'],
    options: {},
    fixes: 'safe',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** A value that a statement or comprehension enters or iterates. */
interface Entry {
  readonly value: Value;
  readonly place: With | Loop | Comprehension;
  readonly isAsync: boolean;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/\basync\b|\basyncio\b/.test(facts.text)) return [];
  const entries: Entry[] = [];
  for (const fn of facts.functions) {
    walk(fn.body, (node) => {
      if (node.kind === 'with')
        for (const { value } of node.resources) entries.push({ value, place: node, isAsync: node.isAsync });
      else if (node.kind === 'loop' && node.source && (node.form === 'for-of' || node.form === 'for-await'))
        entries.push({ value: node.source, place: node, isAsync: node.form === 'for-await' });
      else if (node.kind === 'comprehension')
        for (const { source, isAsync } of node.clauses) entries.push({ value: source, place: node, isAsync });
      return undefined;
    });
  }
  const values = entries.map(({ value }) => value);
  const protocols = yield* ask('protocols', values);
  const types = yield* ask('type', values);
  const answers = new Map(values.map((value, i) => [value, protocols[i]]));
  const stubs = yield* stubsAmong(values.filter((_, i) => isCoroutine(types[i])));
  const seen = new Set<Entry['place']>();
  return entries.flatMap((entry, i) => {
    const answer = protocols[i];
    // A statement needs its one word changed only once, whatever it enters.
    if (!answer || seen.has(entry.place) || stubs.has(entry.value)) return [];
    const reports = judge(entry, answer, types[i], answers);
    if (reports.length === 0 || isExpectedToFail(entry.value)) return [];
    seen.add(entry.place);
    return reports;
  });
}

function isCoroutine(type: TypeAnswer | undefined): boolean {
  return type?.module === 'types' && type.name === 'coroutine';
}

/** Calls of methods that only say `raise NotImplementedError`: subclasses may well make generators of them. */
function* stubsAmong(values: readonly Value[]): Asking<ReadonlySet<Value>> {
  const calls = values.filter((value) => value.kind === 'call');
  const functions = yield* functionsOf(calls.map(({ callee }) => callee));
  return new Set(calls.filter((_, i) => functions[i]?.target && isStub(functions[i].target)));
}

function isStub({ body }: FunctionFact): boolean {
  return body.body.every(
    (statement) =>
      statement.kind === 'throw' || (statement.kind === 'expression' && statement.value.kind === 'literal'),
  );
}

function judge(
  entry: Entry,
  answer: ProtocolsAnswer,
  type: TypeAnswer | undefined,
  answers: ReadonlyMap<Value, ProtocolsAnswer | undefined>,
): Report[] {
  const { value, place, isAsync } = entry;
  const entered = place.kind === 'with';
  if (isCoroutine(type)) {
    return [
      {
        span: value.span,
        message: entered
          ? message('A coroutine is no context manager: await it first.')
          : message('A coroutine cannot be iterated: await it first.'),
        repairs: [{ kind: 'await', value, safety: 'safe' }],
      },
    ];
  }
  const of = (a: ProtocolsAnswer) =>
    entered ? { plain: a.enter, async: a.enterAsync } : { plain: a.iterate, async: a.iterateAsync };
  const fits = of(answer);
  const isWrong = isAsync
    ? fits.async === 'no' && fits.plain === 'yes'
    : fits.plain === 'no' && fits.async === 'yes';
  if (!isWrong) return [];
  // One word decides over all that a statement enters.
  const all =
    place.kind === 'comprehension'
      ? false
      : place.kind === 'loop' ||
        place.resources.every(({ value: other }) => {
          const known = answers.get(other);
          return known && (isAsync ? known.enter : known.enterAsync) === 'yes';
        });
  return [
    {
      span: value.span,
      message: texts(entered, isAsync),
      repairs:
        all && place.kind !== 'comprehension'
          ? [{ kind: 'set-async', statement: place, isAsync: !isAsync }]
          : [],
    },
  ];
}

function texts(entered: boolean, isAsync: boolean) {
  if (entered)
    return isAsync
      ? message('This is no asynchronous context manager: use with.')
      : message('This is an asynchronous context manager: use async with.');
  return isAsync
    ? message('This is not iterated asynchronously: use for.')
    : message('This is iterated asynchronously: use async for.');
}
