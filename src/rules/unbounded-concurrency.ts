import { isBounded, isBoundedLoop } from '../core/bounded';
import { functionsOf, outsideName, type Edge, type OutsideName } from '../core/callees';
import type { Binding, Call, FileFacts, FunctionFact, Loop, Value } from '../core/facts';
import { message, type Related } from '../core/finding';
import {
  hasConnectionLimit,
  isDispatch,
  pythonFanOuts,
  takesQueue,
  type PythonFanOut,
} from '../core/python-fan-outs';
import { ask, together, type Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import { remarksAt } from '../core/remarks';
import type { PythonVersion, Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import {
  namesOf,
  reach,
  runsOnTheSpot,
  stepsOf,
  withCallbacks,
  type Hit,
  type Search,
} from '../core/summaries';
import { calleeName, nameIn, outsideGlobal, pathOf, rootName } from '../core/uses';
import { ancestors, enclosing, find, isStatement, isWithin, statementOf, type Node } from '../core/walk';
import { isLimiterMethod, isLimiterModule, soundsLikeLimiter } from '../knowledge/limiters';
import { likelyClientMethod } from '../knowledge/python/resources';
import { resourceApi, type ResourceApi, type ResourceKind } from '../knowledge/resources';

export const rule: Rule = {
  meta: {
    id: 'unbounded-concurrency',
    languages: ['typescript', 'python'],
    level: 'information',
    preset: 'recommended',
    needs: 'types',
    summary:
      'Requests, processes or files started for all elements of a collection at once, however many there are.',
    concepts: ['gather', 'semaphore', 'queue'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** A wait for many promises at once, and where they come from. */
interface FanOut {
  /** `Promise.all(…)`. */
  readonly call: Call;
  /** `xs.map(f)`: the call and the value of `f`. */
  readonly map: { readonly call: Call; readonly source: Value; readonly callback: Value } | undefined;
  /** Pushes in a loop into the array that is waited for. */
  readonly pushes: readonly Call[];
}

/** Looks for calls that take up something scarce, a few calls deep and not under a limiter. */
export const RESOURCE_SEARCH: Search<ResourceApi> = {
  topic: 'resources',
  root: resourceRoot,
  follows: (_edge, target) => !target.isGenerator && !isLimited(target),
  counts: (call) => !isLimiterCall(call),
  callbacks: 'all',
  depth: 3,
};

function* check({ facts, memo, python }: RuleContext): Asking<readonly Report[]> {
  if (facts.language === 'python') return yield* checkPython(facts, memo, python);
  const candidates = facts.functions
    .flatMap((fn) => fn.calls)
    .flatMap(fanOutOf)
    .filter(({ call }) => !isExplained(facts, call));
  if (candidates.length === 0 || isTestFile(facts)) return [];
  const types = yield* ask(
    'type',
    candidates.flatMap(({ map }) => (map ? [map.source] : [])),
  );
  let next = 0;
  const unbounded = candidates.filter(({ map }) => !map || types[next++]?.tupleLength === undefined);
  const callbacks = unbounded.map(({ map }) => map?.callback).filter((value) => value !== undefined);
  const functions = yield* functionsOf(callbacks);
  const functionOf = new Map(callbacks.map((value, i) => [value, functions[i]]));
  const hits = yield* together(
    unbounded.map(function* (fanOut): Asking<Hit<ResourceApi> | undefined> {
      if (!fanOut.map) return yield* hitOfPushes(fanOut.pushes, memo);
      const fn = functionOf.get(fanOut.map.callback);
      for (const { module, path } of fn?.names ?? []) {
        const root = resourceApi(facts.language, module, path);
        if (root) return { root, path: [] };
      }
      if (!fn?.target || isLimited(fn.target)) return undefined;
      return worstOf(yield* reach(fn.target, RESOURCE_SEARCH, memo));
    }),
  );
  return unbounded.flatMap((fanOut, i) => {
    const hit = hits[i];
    return hit ? [reportOf(fanOut, hit, [{ kind: 'limit-concurrency', ...fanOut }])] : [];
  });
}

/** A comment above the call that says what limits it. */
function isExplained(facts: FileFacts, call: Call): boolean {
  const { text } = facts;
  const lineStart = text.lastIndexOf('\n', statementOf(call).span.start) + 1;
  const start = lineStart + (/^\s*/.exec(text.slice(lineStart))?.[0].length ?? 0);
  return SPEAKS_OF_LIMITS.test(remarksAt(facts, { start, end: call.callee.span.end }));
}

const SPEAKS_OF_LIMITS = /\b(?:concurren\w*|limit(?:s|ed)?|throttl\w*|max-?sockets)\b/i;

function* checkPython(
  facts: FileFacts,
  memo: RuleContext['memo'],
  python: PythonVersion,
): Asking<readonly Report[]> {
  const fanOuts = pythonFanOuts(facts, isOwnSmallSet).filter(
    ({ call, coroutine }) => !isTeardown(call) && !takesQueue(coroutine) && !isDispatch(call),
  );
  if (fanOuts.length === 0 || isTestFile(facts) || hasConnectionLimit(facts)) return [];
  const functions = yield* functionsOf(fanOuts.map(({ callback }) => callback));
  const hits = yield* together(
    fanOuts.map(function* ({ callback, coroutine }, i): Asking<Hit<ResourceApi> | undefined> {
      const fn = functions[i];
      const path = coroutine ? [coroutine] : [];
      const root = fn && !fn.target ? apiOf(callback, fn.names) : undefined;
      if (root) return { root, path: [] };
      if (!fn?.target || isLimited(fn.target)) return undefined;
      const found = worstOf(yield* reach(fn.target, RESOURCE_SEARCH, memo));
      if (!found || found.path.some((call) => hasConnectionLimit(call.fn.file))) return undefined;
      return { root: found.root, path: [...path, ...found.path] };
    }),
  );
  return fanOuts.flatMap((fanOut, i) => {
    const hit = hits[i];
    if (!hit) return [];
    // A semaphore made outside a running loop belongs to whichever loop waits first, but before 3.10 to another one.
    const canLimit = fanOut.call.fn.isAsync || python.major > 3 || python.minor >= 10;
    return [reportOf(fanOut, hit, canLimit ? [{ kind: 'limit-coroutines', ...fanOut }] : [])];
  });
}

function* hitOfPushes(
  pushes: readonly Call[],
  memo: RuleContext['memo'],
): Asking<Hit<ResourceApi> | undefined> {
  const found: Hit<ResourceApi>[] = [];
  for (const push of pushes) {
    const [pushed] = push.args;
    if (!pushed) continue;
    const { value } = pushed;
    const started =
      value.kind === 'call' && value.callee.kind === 'function' ? value.callee.function : undefined;
    if (started) {
      if (!isLimited(started)) found.push(...(yield* reach(started, RESOURCE_SEARCH, memo)));
      continue;
    }
    const steps = (yield* stepsOf(push.fn, RESOURCE_SEARCH, memo, new Set<FileFacts>())).filter(
      ({ call }) => call.fn === push.fn && isWithin(call, value),
    );
    for (const { call, root, target } of steps) {
      if (root) found.push({ root, path: [call] });
      if (target && !isLimited(target)) {
        for (const hit of yield* reach(target, RESOURCE_SEARCH, memo)) {
          if (hit.path.length < RESOURCE_SEARCH.depth)
            found.push({ root: hit.root, path: [call, ...hit.path] });
        }
      }
    }
  }
  return worstOf(found);
}

const SCARCE: readonly ResourceKind[] = ['service', 'process', 'request', 'connection'];

function worstOf(hits: readonly Hit<ResourceApi>[]): Hit<ResourceApi> | undefined {
  return hits.find(({ root }) => SCARCE.includes(root.kind)) ?? hits[0];
}

function resourceRoot({ call, names, target }: Edge): ResourceApi | undefined {
  if (target) return undefined;
  const api = apiOf(call.callee, names);
  if (api?.kind === 'request' && isInline(call)) return undefined;
  return api?.kind === 'query' && runsOnOneConnection(call) ? undefined : api;
}

/** `fetch('data:…')`: nothing is requested. */
function isInline({ args, fn }: Call): boolean {
  const address = args[0]?.value;
  return (
    address !== undefined && /^['"`]data:/.test(fn.file.text.slice(address.span.start, address.span.end))
  );
}

/** What a callee takes up, by its names, or in Python by the looks of an untyped client. */
export function apiOf(callee: Value, names: readonly OutsideName[]): ResourceApi | undefined {
  const { language, imports } = callee.fn.file;
  for (const { module, path } of names) {
    const api = resourceApi(language, module, path);
    if (api) return api;
  }
  if (language !== 'python' || callee.kind !== 'member' || callee.name === undefined) return undefined;
  // An object that is known to be something else has a name by its type; `session.get(…)` alone gives nothing to wait for.
  const outer = callee.parent.kind === 'call' ? callee.parent.parent : undefined;
  const isWaited = outer !== undefined && !(isStatement(outer) && outer.kind === 'expression');
  const likely =
    names.length === 0 && isWaited
      ? likelyClientMethod(imports, nameIn(callee.object) ?? '', callee.name)
      : undefined;
  return likely && resourceApi(language, likely.module, likely.path);
}

/** Inside a transaction and on a single client, queries queue up on one connection by themselves. */
function runsOnOneConnection({ callee }: Call): boolean {
  if (callee.kind !== 'member') return false;
  const path = pathOf(callee.object) ?? '';
  return /(?:^|\.)(?:\w*(?:tx|trx|transaction|queryRunner|session)|t|manager|transactional\w*)(?:\.|$)/i.test(
    path,
  );
}

const COMBINATORS = new Set(['Promise.all', 'Promise.allSettled', 'Promise.race', 'Promise.any']);

/** The fan-out that a call waits for, when nothing bounds it by its syntax. */
function fanOutOf(call: Call): FanOut[] {
  const combinator = outsideGlobal(call.callee);
  const [first] = call.args;
  if (combinator === undefined || !COMBINATORS.has(combinator) || !first || isTeardown(call)) return [];
  const { value } = first;
  const map = mapOf(value);
  if (map) return isBounded(map.source) || isOwnSmallSet(map.source) ? [] : [{ call, map, pushes: [] }];
  if (value.kind !== 'name' || !value.binding) return [];
  const pushes = pushesInLoops(value.binding, call);
  return pushes.length > 0 ? [{ call, map: undefined, pushes }] : [];
}

/** `xs.map(f)`, `Array.from(xs, f)`, directly or bound to a constant first. */
export function mapOf(value: Value): FanOut['map'] {
  if (value.kind === 'name') {
    const { binding } = value;
    const initial = binding?.kind === 'const' && !binding.destructured ? binding.initial : undefined;
    return initial?.kind === 'call' ? mapOf(initial) : undefined;
  }
  if (value.kind === 'collection' && value.form === 'array') {
    const spread = value.elements.filter((element) => element.spread);
    for (const element of spread) {
      const map = mapOf(element.value);
      if (map) return map;
    }
    return undefined;
  }
  if (value.kind !== 'call') return undefined;
  const name = calleeName(value);
  const [first, second] = value.args;
  if (outsideGlobal(value.callee) === 'Array.from') {
    return first && second ? { call: value, source: first.value, callback: second.value } : undefined;
  }
  if ((name !== 'map' && name !== 'flatMap') || value.callee.kind !== 'member' || !first) return undefined;
  // `_.map(xs, f)` takes the collection as its first argument.
  if (second && isFunctionLike(second.value) && !isFunctionLike(first.value))
    return { call: value, source: first.value, callback: second.value };
  return { call: value, source: value.callee.object, callback: first.value };
}

function isFunctionLike(value: Value): boolean {
  return value.kind === 'function';
}

/** Calls of `ps.push(promise)` that run again and again before the wait, with nothing that holds them back. */
function pushesInLoops(binding: Binding, wait: Call): Call[] {
  if (binding.kind === 'param' || binding.initial?.kind !== 'collection') return [];
  const pushes: Call[] = [];
  for (const name of binding.references) {
    const { parent } = name;
    if (parent.kind !== 'member' || parent.object !== name) continue;
    // Looking at the length, taking out what is done: a limit made by hand.
    if (parent.name === 'length' || parent.name === 'splice' || parent.name === 'shift') return [];
    const call = parent.parent;
    if (parent.name !== 'push' || call.kind !== 'call') continue;
    const [pushed] = call.args;
    if (pushed && !pushed.spread && pushed.value.kind !== 'await' && runsInUnboundedLoop(call, wait))
      pushes.push(call);
  }
  const waits = binding.references.filter(
    (name) => name.parent.kind === 'call' && COMBINATORS.has(outsideGlobal(name.parent.callee) ?? ''),
  );
  const isDrainedInLoop = waits.some((name) =>
    [...ancestors(name)].some((node) => pushes.some((push) => node.kind === 'loop' && isWithin(push, node))),
  );
  return isDrainedInLoop ? [] : pushes;
}

function runsInUnboundedLoop(call: Call, wait: Call): boolean {
  let around: Call = call;
  for (;;) {
    const loop = [...ancestors(around)].find(
      (node): node is Loop => node.kind === 'loop' && !isWithin(wait, node),
    );
    if (loop) return !isBoundedLoop(loop) && !(loop.source && isOwnSmallSet(loop.source));
    // `xs.forEach((x) => { ps.push(…); })`
    const given = around.fn.value?.parent;
    if (around.fn === wait.fn || given?.kind !== 'call' || !runsOnTheSpot(given)) return false;
    if (given.callee.kind === 'member' && !isBounded(given.callee.object) && given.callee.name === 'forEach')
      return true;
    around = given;
  }
}

const TEARDOWN =
  /^_?(?:async)?(?:close|dispose|destroy|stop|cleanup|clean_up|teardown|disconnect|shutdown|end|quit|terminate|release|abort|cancel|kill|unsubscribe|onModuleDestroy|onApplicationShutdown|deactivate|aclose|__aexit__)(?:[A-Z_]\w*|All)?$/i;

/** Closing what one has opened: there is as much of it as was allowed to be open. */
function isTeardown(call: Call): boolean {
  return [...enclosing(call.fn)].some(({ name }) => name !== undefined && TEARDOWN.test(name));
}

/** Collections of parts of the program itself, which are few. */
const FEW =
  /plugin|(?:^|[a-z_])(?:hooks?|handlers?|listeners?|subscribers?|middlewares?|observers?|callbacks?|workers?|brokers?|providers?|adapters?|strategies|interceptors?|extensions?|modules?|stages|steps|phases|tasks|jobs|queues|databases|shards|replicas|nodes|hosts|servers|regions|environments|locales|languages|platforms|architectures|targets|browsers|apis|endpoints|services|drivers|connections|clients|transports|loggers|sinks|channels|columns|fields|args|argv|params|configs?|layers|backends|codebases|scopes|formats|themes|presets|features|variants|profiles|stores|flags|settings)$/i;

function isOwnSmallSet(source: Value): boolean {
  if (source.kind === 'name') return FEW.test(source.text);
  if (source.kind === 'member') return source.name !== undefined && FEW.test(source.name);
  if (source.kind === 'choice') return isOwnSmallSet(source.left);
  if (source.kind === 'await') return isOwnSmallSet(source.operand);
  if (source.kind === 'collection') {
    const [only] = source.elements;
    return source.elements.length === 1 && only?.spread === true && isOwnSmallSet(only.value);
  }
  if (source.kind !== 'call' || source.callee.kind !== 'member') return false;
  // `Object.entries(plugins)`, `[...plugins.values()]`, `plugins.filter(…)`
  const [first] = source.args;
  const isStatic = /^(?:Object|Array)$/.test(pathOf(source.callee.object) ?? '');
  if (isStatic) return first !== undefined && isOwnSmallSet(first.value);
  return (
    /^(?:entries|values|keys|filter|slice|sort|reverse|map|flat)$/.test(source.callee.name ?? '') &&
    isOwnSmallSet(source.callee.object)
  );
}

/** A call under which only so much runs at a time: `limit(f)`, `queue.add(f)`, `mutex.acquire()`. */
export function isLimiterCall(call: Call): boolean {
  const { language } = call.fn.file;
  const { callee } = call;
  const outside = outsideName(callee);
  if (outside && isLimiterModule(language, outside.module)) return true;
  const root = rootName(callee);
  const made = root?.binding?.initial;
  if (made && (made.kind === 'call' || made.kind === 'await') && isMadeByLimiter(made)) return true;
  const name = calleeName(call);
  if (name === undefined) return false;
  const takesFunction = call.args.some(({ value }) => value.kind === 'function');
  if (callee.kind === 'member') {
    if (
      isLimiterMethod(language, name) &&
      (takesFunction || /acquire|exclusive|lock|slot|permit/i.test(name))
    )
      return true;
    const receiver = callee.object.kind === 'member' ? callee.object.name : pathOf(callee.object);
    if (
      receiver !== undefined &&
      soundsLikeLimiter(language, receiver) &&
      (takesFunction || /^(?:add|push|run|wait)$/.test(name))
    )
      return true;
  }
  return takesFunction && soundsLikeLimiter(language, name);
}

function isMadeByLimiter(value: Value): boolean {
  if (value.kind === 'await') return isMadeByLimiter(value.operand);
  if (value.kind !== 'call') return false;
  const outside = outsideName(value.callee);
  return outside !== undefined && isLimiterModule(value.fn.file.language, outside.module);
}

/** A function that holds itself back: it waits for a limiter, or is decorated by one. */
function isLimited(fn: FunctionFact): boolean {
  if (fn.decorators.some((d) => soundsLikeLimiter(fn.file.language, nameIn(d) ?? ''))) return true;
  if (fn.file.language === 'python' && find(fn.body, entersLimiter)) return true;
  return withCallbacks(fn, { callbacks: 'all', counts: () => true }).some((part) =>
    part.calls.some((call) => isLimiterCall(call) && !isFanOutInside(call)),
  );
}

const LIMITER_CLASSES = /^(?:Bounded)?Semaphore$|^(?:Capacity|Async)Limiter$|^Lock$|^Throttler$/;

/** `async with semaphore:`, and a worker's `await queue.get()`. */
export function entersLimiter(node: Node): boolean {
  if (node.kind === 'await') {
    const { operand } = node;
    if (operand.kind !== 'call' || operand.callee.kind !== 'member') return false;
    return operand.callee.name === 'get' && /queue|^q$/i.test(nameIn(operand.callee.object) ?? '');
  }
  if (node.kind !== 'with' || !node.isAsync) return false;
  return node.resources.some(({ value }) => {
    if (value.kind === 'call' && value.callee.kind === 'member' && value.callee.name === 'acquire')
      return true;
    const made = value.kind === 'name' ? value.binding?.initial : undefined;
    if (made?.kind === 'call' && LIMITER_CLASSES.test(nameIn(made) ?? '')) return true;
    return soundsLikeLimiter('python', nameIn(value) ?? '');
  });
}

function isFanOutInside(call: Call): boolean {
  return COMBINATORS.has(outsideGlobal(call.callee) ?? '');
}

function reportOf(
  fanOut: FanOut | PythonFanOut,
  { root, path }: Hit<ResourceApi>,
  repairs: readonly Repair[],
): Report {
  const api = root.name.length <= 24 ? root.name : `${root.name.slice(0, 23)}…`;
  const related: Related[] = path.map((call, i) => ({
    file: call.fn.file.file,
    span: call.callee.span,
    message:
      i === path.length - 1
        ? message('{api} is called here', { api: root.name })
        : message('by way of {name}', { name: namesOf([call])[0] ?? '' }),
  }));
  return {
    span: fanOut.call.callee.span,
    message: message('{api} runs for all elements at once: limit how many run at a time.', { api }),
    related,
    repairs,
  };
}
