import { functionsOf, outsideName } from '../core/callees';
import type { Binding, Call, FunctionFact, Value } from '../core/facts';
import { message, type Related } from '../core/finding';
import type { Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { contains } from '../core/text';
import { outsideGlobal, useOf } from '../core/uses';
import { walk } from '../core/walk';
import { PAUSES } from '../knowledge/settlement';

export const rule: Rule = {
  meta: {
    id: 'leaking-race-timeout',
    languages: ['typescript'],
    level: 'information',
    preset: 'recommended',
    needs: 'types',
    summary:
      'Promise.race against a timer that nobody clears: it keeps the process alive after the race is over.',
    concepts: ['timeouts-and-cancellation', 'gather', 'event-loop'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** Helpers are followed this far. */
const MAX_DEPTH = 2;

/** Timers that run shorter are over before anybody notices, in milliseconds. */
const SHORTEST = 1000;

/** A timer that settles a promise and whose handle nobody uses. */
interface Timer {
  /** The call that makes the promise: `sleep(5000)` or `new Promise(…)`. */
  readonly made: Call;
  /** `setTimeout(…)`, where the project has its source. */
  readonly start: Call | undefined;
  readonly ms: Value | undefined;
  /** The constant that holds the promise. */
  readonly kept: Binding | undefined;
  /** The promise rejects and nothing else. */
  readonly rejects: boolean;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/\bPromise\s*\.\s*race\b/.test(facts.text)) return [];
  const reports: Report[] = [];
  for (const { calls } of facts.functions) {
    for (const race of calls) {
      const racers = racersOf(race);
      if (racers.length < 2 || endsProcess(race)) continue;
      for (const racer of racers) {
        const timer = yield* timerOf(racer, 0);
        if (timer && !isShort(timer.ms)) reports.push(report(race, racers, racer, timer));
      }
    }
  }
  // A runner ends its process when the tests are through.
  if (reports.length > 0 && isTestFile(facts)) return reports.map((r) => ({ ...r, level: 'hint' }));
  return reports;
}

function racersOf(call: Call): readonly Value[] {
  if (outsideGlobal(call.callee) !== 'Promise.race') return [];
  const racers = call.args[0]?.value;
  return racers?.kind === 'collection' ? racers.elements.map(({ value }) => value) : [];
}

/** `process.exit` after the race takes the timer with it. */
function endsProcess(race: Call): boolean {
  return race.fn.calls.some(
    ({ callee, span }) =>
      span.start > race.span.end && /^(?:process|Deno)\.exit$/.test(outsideGlobal(callee) ?? ''),
  );
}

function* timerOf(value: Value, depth: number): Asking<Timer | undefined> {
  if (value.kind === 'name') {
    const { binding } = value;
    if (binding?.kind !== 'const' || binding.destructured || !binding.initial) return undefined;
    if (binding.fn !== value.fn || binding.exported) return undefined;
    if (!binding.references.every((name) => name === value || isForRace(name))) return undefined;
    const timer = yield* timerOf(binding.initial, depth);
    return timer && { ...timer, kept: binding };
  }
  if (value.kind !== 'call') return undefined;
  const { callee, args } = value;
  if (value.form === 'new') return constructed(value);
  if (value.form !== 'call') return undefined;
  if (callee.kind === 'member' && /^(?:then|catch|finally)$/.test(callee.name ?? ''))
    return yield* timerOf(callee.object, depth);
  if (depth >= MAX_DEPTH) return undefined;
  const [called] = yield* functionsOf([callee]);
  for (const { module, path } of called?.names ?? []) {
    const options = PAUSES.get(`${module}:${path}`);
    if (options === undefined || args.length > options) continue;
    return { made: value, start: undefined, ms: args[0]?.value, kept: undefined, rejects: false };
  }
  const timer = called?.target && (yield* timerFrom(called.target, depth + 1));
  return timer && { ...timer, made: value, ms: givenFor(timer.ms, value), kept: undefined, rejects: false };
}

/** The promise has no other user: the race itself, or a handler against unhandled rejections. */
function isForRace(name: Value): boolean {
  const use = useOf(name);
  if (use.kind === 'argument') return outsideGlobal(use.call.callee) === 'Promise.race';
  return use.kind === 'receiver' && use.member === 'catch' && use.call !== undefined && isDropped(use.call);
}

function isDropped(value: Value): boolean {
  return useOf(value).kind === 'discarded';
}

/** `new Promise((resolve, reject) => setTimeout(…))`, which nothing but the timer settles. */
function constructed(made: Call): Timer | undefined {
  if (outsideGlobal(made.callee) !== 'Promise') return undefined;
  const executor = made.args[0]?.value;
  if (executor?.kind !== 'function' || executor.function.isAsync) return undefined;
  const [resolve, reject] = executor.function.params.map(({ binding }) => binding);
  const settles = [...(resolve?.references ?? []), ...(reject?.references ?? [])];
  const [start, ...others] = executor.function.calls.filter(
    ({ callee }) => outsideName(callee)?.path === 'setTimeout',
  );
  const callback = start?.args[0]?.value;
  if (!callback || others.length > 0 || settles.length === 0) return undefined;
  if (!settles.every(({ span }) => contains(callback.span, span)) || !isForgotten(start)) return undefined;
  return {
    made,
    start,
    ms: start.args[1]?.value,
    kept: undefined,
    rejects: (resolve?.references.length ?? 0) === 0,
  };
}

/** Nobody keeps the handle of a timer, or nobody reads what keeps it. */
function isForgotten(start: Call): boolean {
  const use = useOf(start);
  // What an executor returns goes nowhere.
  if (use.kind === 'discarded' || use.kind === 'returned') return true;
  return use.kind === 'bound' && use.binding.references.every(({ access }) => access === 'write');
}

/** The timer behind the promise that a function gives, where it does nothing else. */
function* timerFrom(fn: FunctionFact, depth: number): Asking<Timer | undefined> {
  if (fn.isGenerator) return undefined;
  const returned: Value[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'return' && node.value) returned.push(node.value);
    return undefined;
  });
  const waits = fn.awaits.map(({ operand }) => operand);
  const promises = fn.isAsync && waits.length > 0 ? waits : returned;
  const [promise] = promises;
  return promise && promises.length === 1 ? yield* timerOf(promise, depth) : undefined;
}

/** What a call gives for a parameter of its function. */
function givenFor(value: Value | undefined, { args }: Call): Value | undefined {
  const binding = value?.kind === 'name' ? value.binding : undefined;
  if (binding?.kind !== 'param') return value;
  const index = binding.fn.params.findIndex((param) => param.binding === binding);
  return args[index]?.value ?? binding.fn.params[index]?.initial;
}

function isShort(ms: Value | undefined): boolean {
  const known = ms ? numberOf(ms) : 0;
  return known !== undefined && known < SHORTEST;
}

function numberOf(value: Value): number | undefined {
  if (value.kind === 'literal') return typeof value.value === 'number' ? value.value : undefined;
  if (value.kind === 'name') {
    const { binding } = value;
    return binding?.kind === 'const' && binding.initial && !binding.destructured
      ? numberOf(binding.initial)
      : undefined;
  }
  if (value.kind !== 'binary' || value.operator !== '*') return undefined;
  const [left, right] = [numberOf(value.left), numberOf(value.right)];
  return left !== undefined && right !== undefined ? left * right : undefined;
}

function report(race: Call, racers: readonly Value[], racer: Value, timer: Timer): Report {
  const { file } = race.fn.file;
  const { made, start, kept } = timer;
  // A timer inside a helper is pointed at where the helper is called.
  const own = start && start.fn.file.file === file && contains(made.span, start.span) ? start : undefined;
  const at = own ? own.callee.span : made.span;
  const related: Related[] = [];
  if (start && !own)
    related.push({ file: start.fn.file.file, span: start.span, message: message('The timer starts here.') });
  if (!contains(race.span, at))
    related.push({ file, span: race.callee.span, message: message('This race leaves it behind.') });
  const repairs: Repair[] = own ? [{ kind: 'clear-timer', race, start: own, promise: kept }] : [];
  const [request, ...others] = racers.filter((other) => other !== racer);
  if (own && !kept && timer.ms && timer.rejects && request?.kind === 'call' && others.length === 0) {
    if (outsideGlobal(request.callee) === 'fetch')
      repairs.push({ kind: 'abort-by-clock', race, request, ms: timer.ms });
  }
  return {
    span: at,
    message: message('Nobody clears this timer, so it outlives the race: clear it after the race.'),
    related,
    repairs,
  };
}
