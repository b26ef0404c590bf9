import type { Call, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type GivenSignal } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import type { Span } from '../core/text';
import { calleeName } from '../core/uses';
import { isStatement, walk, type Node } from '../core/walk';
import { KEEPS_RESULT_NAME, TIDIES_UP_NAME } from '../knowledge/signals';

export const rule: Rule = {
  meta: {
    id: 'unforwarded-abort-signal',
    languages: ['typescript'],
    level: 'hint',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A function is given an AbortSignal and awaits something that takes one, but does not pass it on: aborting stops nothing.',
    concepts: ['timeouts-and-cancellation', 'await'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/signal|abort/i.test(facts.text) || isTestFile(facts)) return [];
  const candidates = facts.functions.flatMap((fn) => {
    const calls = awaitedCalls(fn);
    return calls.length > 0 && fn.params.length > 0 && /signal|abort/i.test(textOf(fn, fn.span))
      ? [{ fn, calls }]
      : [];
  });
  const given = yield* ask(
    'given-signals',
    candidates.map(({ fn }) => fn),
  );
  const reports: Report[] = [];
  for (const [i, { fn, calls }] of candidates.entries()) {
    const signal = given[i]?.find((one) => isKnownTo(fn, one));
    if (!signal || listens(fn, signal)) continue;
    const carries = carrier(fn, signal);
    const open = calls.filter((call) => !carries(textOf(fn, call.span)));
    const places = yield* ask('signal-place', open);
    const hasForwarded = (before: Call) =>
      calls.some((call) => call.span.end <= before.span.start && carries(textOf(fn, call.span)));
    for (const [j, call] of open.entries()) {
      const place = places[j];
      const name = calleeName(call);
      if (!place || (name !== undefined && KEEPS_RESULT_NAME.test(name) && hasForwarded(call))) continue;
      const { callee } = call;
      const param = fn.params[signal.index];
      const related = param && {
        file: facts.file,
        span: param.span,
        message: message('The signal comes in here.'),
      };
      reports.push({
        span: callee.kind === 'member' ? callee.nameSpan : callee.span,
        message:
          name !== undefined && name.length + signal.path.length <= 40
            ? message('{name} takes a signal and gets none: pass {path}.', { name, path: signal.path })
            : message('This takes a signal and gets none: pass on the one at hand.'),
        related: related ? [related] : [],
        repairs: [{ kind: 'pass-signal', call, place, signal }],
      });
    }
  }
  return reports;
}

/** The calls a function waits for, except those that tidy up or deal with a failure. */
function awaitedCalls(fn: FunctionFact): Call[] {
  return fn.awaits.flatMap(({ operand }) => {
    const call = started(operand);
    const name = call && calleeName(call);
    return call && !TIDIES_UP_NAME.test(name ?? '') && !isAfterwards(call) ? [call] : [];
  });
}

/** The call behind `.then(…)` and its like. */
function started(value: Value): Call | undefined {
  if (value.kind !== 'call' || value.form !== 'call') return undefined;
  const { callee } = value;
  return callee.kind === 'member' && /^(?:then|catch|finally)$/.test(callee.name ?? '')
    ? started(callee.object)
    : value;
}

/** In a `catch` or `finally`: what happens there has to happen after an abort as well. */
function isAfterwards(call: Call): boolean {
  let child: Node = call;
  for (let parent: Node | undefined = call.parent; parent; child = parent, parent = parent.parent)
    if (isStatement(parent) && parent.kind === 'try' && child !== parent.block) return true;
  return false;
}

function textOf(fn: FunctionFact, { start, end }: Span): string {
  return fn.file.text.slice(start, end);
}

/** The function names the signal itself: an options object may hold one that concerns others. */
function isKnownTo(fn: FunctionFact, { index, path }: GivenSignal): boolean {
  const param = fn.params[index];
  if (param && /signal|abort/i.test(textOf(fn, param.span))) return true;
  const [root = '', option = ''] = path.split(/\??\./u);
  return new RegExp(`\\b${escaped(root)}\\??\\.${option}\\b`, 'u').test(textOf(fn, fn.span));
}

/** The function deals with the abort itself. */
function listens(fn: FunctionFact, { path }: GivenSignal): boolean {
  const option = path.split('.').pop() ?? path;
  return new RegExp(`\\b${escaped(option)}[?!]?\\.(?:addEventListener|onabort|on\\()`, 'u').test(
    textOf(fn, fn.span),
  );
}

/** Tells whether a text speaks of the signal, of something made from it, or of another one. */
function carrier(fn: FunctionFact, { path }: GivenSignal): (text: string) => boolean {
  const [root = ''] = path.split(/[?.]/u);
  const names = [root];
  const carries = (text: string) =>
    /signal|abort|controller/i.test(text) ||
    names.some((name) => new RegExp(`(?<![\\w$.])${escaped(name)}(?![\\w$])(?!\\??\\.)`, 'u').test(text)) ||
    names.slice(1).some((name) => new RegExp(`(?<![\\w$.])${escaped(name)}\\??\\.`, 'u').test(text));
  walk(fn.body, (node) => {
    if (node.kind === 'declare' && node.value && carries(textOf(fn, node.value.span)))
      // What waits for something with the signal gives a result, which carries it no further.
      if (node.value.kind !== 'await') names.push(...node.bindings.map(({ name }) => name));
    return undefined;
  });
  return carries;
}

function escaped(name: string): string {
  return name.replace(/\$/gu, '\\$');
}
