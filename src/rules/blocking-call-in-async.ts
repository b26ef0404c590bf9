import { isCacheFill } from '../core/cached';
import type { Call, FileFacts, FunctionFact, Statement, Value } from '../core/facts';
import { message, type Message, type Related } from '../core/finding';
import type { Level } from '../core/finding';
import { askOne, together, type Asking } from '../core/questions';
import type { Edge } from '../core/callees';
import type { Repair, Twin } from '../core/repair';
import { remarksAt } from '../core/remarks';
import type { Report, Rule, RuleContext } from '../core/rule';
import {
  hasOwnThread,
  isBeforeServer,
  isBeforeServing,
  isScript,
  isTestFile,
  isWorker,
  opensServer,
  runningWith,
  startUpFunctions,
} from '../core/startup';
import { namesOf, reach, stepsOf, type Hit, type Search } from '../core/summaries';
import { ancestors, enclosing, find, isStatement, type Node } from '../core/walk';
import { calleeName, isLiteral, pathOf } from '../core/uses';
import { blockingApi, worksInMemory, type Tier } from '../knowledge/blocking';
import { isAtItsEnd, isForSyncCallers, isToldNotToWait } from './python-blocking';

export const rule: Rule = {
  meta: {
    id: 'blocking-call-in-async',
    languages: ['typescript', 'python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A call that blocks the event loop, made by an async function itself or by the helpers it calls.',
    concepts: ['blocking-code', 'event-loop', 'threads-vs-async'],
    options: {
      allow: {
        type: 'string-list',
        default: [],
        description:
          'Blocking functions to accept, by name (`readFileSync`) or as `package:export` (`fs:readFileSync`).',
      },
    },
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['n/no-sync', 'Ruff ASYNC210–ASYNC251'],
  },
  check,
};

/** A blocking call as it was found. */
interface Root {
  readonly name: string;
  readonly tier: Tier;
  /** Only a promise-returning neighbour of the same name says that it blocks. */
  readonly guessed: boolean;
  readonly twin: Twin | undefined;
  readonly keys: readonly string[];
}

/** What blocks behind a function, where that is worth a word. */
export const SEARCH: Search<Root> = {
  topic: 'blocks',
  root: blockingRoot,
  follows: (_edge, target) =>
    !target.isAsync &&
    !target.isGenerator &&
    !isExitHandler(target) &&
    !isConfigurationLoader(target) &&
    runsAsWritten(target),
  counts: (call) =>
    !isBeforeServer(call) &&
    !isCacheFill(call) &&
    !isLetPassInPython(call) &&
    !isToldNotToBlock(call) &&
    !isLastWork(call) &&
    !buildsErrorMessage(call) &&
    !isExitCallback(call),
  callbacks: 'spot',
  depth: 10,
};

function isLetPassInPython(call: Call): boolean {
  return call.fn.file.language === 'python' && (isForSyncCallers(call) || isAtItsEnd(call));
}

function* check({ facts, options, memo }: RuleContext): Asking<readonly Report[]> {
  const starts = facts.functions.filter((fn) => fn.isAsync && !hasOwnThread(fn));
  if (starts.length === 0 || isTestFile(facts) || isWorker(facts)) return [];
  const startUp = startUpFunctions(facts);
  const script = isScript(facts) && !opensServer(facts);
  const judged = starts.filter(
    (fn) => ![...enclosing(fn)].some((f) => isExitHandler(f) || isConfigurationLoader(f)),
  );
  const steps = (yield* together(judged.map((fn) => stepsOf(fn, SEARCH, memo, new Set<FileFacts>()))))
    .flat()
    .filter(({ call }) => !isAtStartUp(call, startUp, script));
  const targets = [...new Set(steps.flatMap(({ target }) => target ?? []))];
  const reached = yield* together(targets.map((target) => reach(target, SEARCH, memo)));
  const hitsOf = new Map(targets.map((target, i) => [target, reached[i] ?? []]));

  const allowed = new Set(options['allow'] as readonly string[]);
  const hits = steps.flatMap(({ call, root, target }): Hit<Root>[] => {
    if (root) return [{ root, path: [call] }];
    return ((target && hitsOf.get(target)) ?? []).map((hit) => ({ ...hit, path: [call, ...hit.path] }));
  });
  const reports = reportsOf(
    hits.filter((hit) => !hit.root.keys.some((key) => allowed.has(key)) && !asksQueueFirst(hit)),
  );
  if (reports.length === 0) return [];
  const belongsTo = yield* askOne('package', facts.file);
  // The code of a command runs for one person, who waits for it anyway.
  return belongsTo?.hasCommand
    ? reports.map((r) => ({ ...r, level: MILDER[r.level ?? 'warning'] }))
    : reports;
}

const MILDER = { error: 'warning', warning: 'information', information: 'hint', hint: 'hint' } as const;

function blockingRoot({ call, names, twin, target }: Edge): Root | undefined {
  if (target || readsKernelState(call) || saysThatItBlocks(call)) return undefined;
  const { language } = call.fn.file;
  for (const { module, path } of names) {
    const api = blockingApi(language, module, path);
    if (!api) continue;
    if (language === 'python' && isToldNotToWait(call, module, path)) return undefined;
    if (api.when) {
      const argument = call.args[api.when.index]?.value;
      if (argument?.kind !== 'literal' || argument.value !== api.when.value) return undefined;
    }
    return {
      name: api.name,
      tier: api.tier,
      guessed: false,
      twin: api.twin,
      keys: [api.name, `${module}:${path}`, calleeName(call) ?? ''],
    };
  }
  const name = calleeName(call);
  if (!twin || name === undefined || names.some(({ module }) => worksInMemory(module, name)))
    return undefined;
  if (worksInMemory(undefined, name)) return undefined;
  return { name, tier: 'medium', guessed: true, twin: { from: 'sibling', name: twin.name }, keys: [name] };
}

/** A decorator may keep results or move the call to a thread; only those that leave a function what it is are known. */
export function runsAsWritten({ decorators }: FunctionFact): boolean {
  return decorators.every((decorator) => {
    const path = pathOf(decorator.kind === 'call' ? decorator.callee : decorator) ?? '';
    return /(?:^|\.)(?:staticmethod|classmethod|property|override|abstractmethod|final|wraps|deprecated|no_type_check)$/.test(
      path,
    );
  });
}

/** `client.wait_for_engines(n, block=False)`: the helper is told to come back at once. */
function isToldNotToBlock({ args }: Call): boolean {
  return args.some(
    ({ keyword, value }) => /^(?:block|blocking|wait)$/.test(keyword ?? '') && isLiteral(value, false),
  );
}

/**
 * A function imported under a name that says what it does, `from time import sleep as sync_sleep`, or a remark that
 * the wait is for threads and not for the loop.
 */
function saysThatItBlocks({ callee, fn, span }: Call): boolean {
  if (
    fn.file.language === 'python' &&
    /\b(?:non|not)[- ]async|\bother threads?\b/i.test(remarksAt(fn.file, span))
  )
    return true;
  if (callee.kind !== 'name' || !callee.binding?.imported) return false;
  return callee.binding.imported.name !== callee.text && /^_*(?:sync|blocking)_/i.test(callee.text);
}

/** The program ends in the same block: `print(report()); sys.exit()`. */
function isLastWork(call: Call): boolean {
  let below: Node = call;
  for (const node of ancestors(call)) {
    if (node.kind === 'block') {
      const after = node.body.slice(node.body.indexOf(below as Statement) + 1);
      const end = after.findIndex((s) => s.kind === 'expression' && endsProcess(s.value));
      if (end >= 0 && !after.slice(0, end).some((s) => find(s, (n) => n.kind === 'await'))) return true;
    }
    below = node;
  }
  return false;
}

function endsProcess(value: Value): boolean {
  return (
    value.kind === 'call' && /^(?:sys\.exit|os\._exit|process\.exit|exit)$/.test(pathOf(value.callee) ?? '')
  );
}

/** Somebody on the way has asked the queue whether there is something to get. */
function asksQueueFirst({ root, path }: Hit<Root>): boolean {
  const queue = path[path.length - 1]?.callee;
  if (!/Queue\.get$/.test(root.name) || queue?.kind !== 'member') return false;
  const name = pathOf(queue.object);
  return path.some(({ fn }) =>
    fn.calls.some(
      ({ callee }) =>
        callee.kind === 'member' &&
        /^(?:empty|qsize)$/.test(callee.name ?? '') &&
        pathOf(callee.object) === name,
    ),
  );
}

/** Files under `/proc` and `/sys` are made up by the kernel on reading: no disk is waited for. */
function readsKernelState({ args }: Call): boolean {
  const path = args[0]?.value;
  return (
    path?.kind === 'literal' && typeof path.value === 'string' && /^\/(?:proc|sys|dev)\//.test(path.value)
  );
}

const OPENS_FILE = /^(?:io\.)?open(?:_code)?$|^pathlib\.Path\.open$/;

const SQLITE = /^sqlite3\./;

/**
 * Helpers of real code in Python that sleep or wait for a process mostly run while a program starts or ends, which
 * their callers do not show; those that ask a server or derive a key serve requests.
 */
const MOSTLY_AT_THE_EDGES = /^(?:time\.sleep|subprocess\.|os\.(?:system|popen|spawn|wait))/;

/** `time.sleep(self.interval)`: set elsewhere, where real code keeps it short or polls with it. */
function isPauseSetElsewhere(call: Call): boolean {
  const pause = call.args[0]?.value;
  return calleeName(call) === 'sleep' && pause !== undefined && /^self\./.test(pathOf(pause) ?? '');
}

/** The longer the way, the likelier it is that a condition on it says no. */
const LONG_WAY = 6;

/** How severe a blocking call is, directly in an async function or behind helpers; undefined where it is not worth a word. */
export function levelOf({ root, path }: Hit<Root>): Exclude<Level, 'off'> | undefined {
  const direct = path.length === 1;
  if (root.guessed) return direct ? 'information' : undefined;
  switch (root.tier) {
    case 'heavy':
      if (direct && path[0] && isPauseSetElsewhere(path[0])) return 'information';
      return path.length > LONG_WAY || (!direct && MOSTLY_AT_THE_EDGES.test(root.name))
        ? 'information'
        : 'warning';
    case 'medium':
      // Python has no files that do not block, and those that code touches are mostly small.
      return direct && path[0]?.fn.file.language !== 'python' ? 'warning' : 'information';
    case 'cheap':
      return direct ? 'hint' : undefined;
  }
}

const SEVERITY = ['warning', 'information', 'hint'];

/** One report per blocking call and file, at the nearest call in an async function. */
function reportsOf(hits: readonly Hit<Root>[]): Report[] {
  const byRoot = new Map<Call, Hit<Root>[]>();
  const databases = new Set<FunctionFact>();
  for (const hit of hits) {
    if (!levelOf(hit)) continue;
    const { root, path } = hit;
    // The statements that one function gives its database are one story: they move to a thread together.
    if (path[0] && path.length === 1 && SQLITE.test(root.name)) {
      if (databases.has(path[0].fn)) continue;
      databases.add(path[0].fn);
    }
    const last = hit.path[hit.path.length - 1];
    if (!last) continue;
    const others = byRoot.get(last);
    if (others) others.push(hit);
    else byRoot.set(last, [hit]);
  }
  const byPlace = new Map<Call, Hit<Root>[]>();
  for (const paths of byRoot.values()) {
    paths.sort((a, b) => a.path.length - b.path.length || start(a) - start(b));
    const [nearest] = paths;
    const place = nearest?.path[0];
    if (!nearest || !place) continue;
    const here = byPlace.get(place);
    if (here) here.push(...paths);
    else byPlace.set(place, [...paths]);
  }
  return [...byPlace].map(([place, paths]) => reportAt(place, paths));
}

function start({ path }: Hit<Root>): number {
  return path[0]?.span.start ?? 0;
}

function reportAt(place: Call, paths: readonly Hit<Root>[]): Report {
  const here = paths.filter(({ path }) => path[0] === place);
  here.sort(
    (a, b) =>
      SEVERITY.indexOf(levelOf(a) ?? 'hint') - SEVERITY.indexOf(levelOf(b) ?? 'hint') ||
      a.path.length - b.path.length,
  );
  const [worst] = here;
  if (!worst) throw new Error('A report without a path');
  const level = levelOf(worst) ?? 'hint';
  const direct = worst.path.length === 1;
  const elsewhere = paths.filter(({ path }) => path[0] !== place);
  return {
    span: place.callee.span,
    message: direct ? directMessage(worst.root, place) : indirectMessage(place, worst.root),
    level,
    related: [...relatedPath(worst), ...elsewhere.slice(0, 5).map(alsoFrom)],
    repairs: direct ? repairsOf(place, worst.root) : [],
  };
}

function directMessage({ name, twin, tier }: Root, { fn }: Call): Message {
  const api = shortened(name);
  if (twin) {
    const full = twin.from === 'coroutine' ? `${twin.module}.${twin.name}` : twin.name;
    return message('{api} blocks the event loop: await {twin} instead.', { api, twin: shortened(full) });
  }
  if (fn.file.language === 'python')
    return message('{api} blocks the event loop: run it with await asyncio.to_thread.', { api });
  return tier === 'cheap'
    ? message('{api} blocks the event loop for a moment: prefer a call that gives a promise.', { api })
    : message('{api} blocks the event loop: move it to a worker or out of the async code.', { api });
}

function indirectMessage(place: Call, root: Root): Message {
  const [helper = ''] = namesOf([place]);
  return message('{helper} blocks the event loop with {api}: make it async.', {
    helper: shortened(helper),
    api: shortened(root.name),
  });
}

function shortened(name: string): string {
  return name.length <= 24 ? name : `${name.slice(0, 23)}…`;
}

function relatedPath({ path, root }: Hit<Root>): Related[] {
  if (path.length === 1) return [];
  return path.slice(1).map((call, i) => ({
    file: call.fn.file.file,
    span: call.callee.span,
    message:
      i === path.length - 2
        ? message('{api} blocks here', { api: root.name })
        : message('which calls {name}', { name: namesOf([call])[0] ?? '' }),
  }));
}

function alsoFrom({ path }: Hit<Root>): Related {
  const [call] = path;
  if (!call) throw new Error('A path without a call');
  return { file: call.fn.file.file, span: call.callee.span, message: message('also reached from here') };
}

function repairsOf(call: Call, { name, twin }: Root): Repair[] {
  if (!call.fn.isAsync) return [];
  if (twin) return [{ kind: 'async-twin', call, twin }];
  // What an opened file is read with later would still block.
  return call.fn.file.language === 'python' && !OPENS_FILE.test(name) ? [{ kind: 'to-thread', call }] : [];
}

/** Before anybody is served: in a script, or in a function that only runs at start-up. */
function isAtStartUp(call: Call, startUp: ReadonlySet<FunctionFact>, script: boolean): boolean {
  const inside = script || [...runningWith(call.fn)].some((fn) => fn.kind === 'module' || startUp.has(fn));
  return inside && isBeforeServing(call);
}

const EXIT_NAME =
  /^(?:on|handle|do|force|graceful|gracefully|_)*(?:exit|kill|terminate|shutdown|signal|sigint|sigterm|crash|fatal|panic|abort)(?:[A-Z_]\w*|All|Process)?$/i;

/** Runs when the process ends anyway: nobody waits for the event loop then. */
function isExitHandler(fn: FunctionFact): boolean {
  if (fn.name !== undefined && EXIT_NAME.test(fn.name)) return true;
  const parent = fn.value?.parent;
  return parent?.kind === 'call' && listensForExit(parent);
}

/** `process.on('exit', …)`, `onExit(…)`, `signals.once('SIGTERM', …)`. */
function listensForExit(call: Call): boolean {
  const name = calleeName(call);
  if (name === undefined) return false;
  if (/^(?:on|once|addListener|prependListener)$/.test(name)) {
    const event = call.args[0]?.value;
    return (
      event?.kind === 'literal' &&
      typeof event.value === 'string' &&
      /^(?:exit|beforeExit|SIG[A-Z0-9]+|uncaughtException|unhandledRejection|disconnect)$/.test(event.value)
    );
  }
  return /^(?:onExit|exitHook|signalExit|asyncExitHook|atexit|register_at_exit|closeWithGrace)$/.test(name);
}

function isExitCallback(call: Call): boolean {
  return listensForExit(call);
}

/** Reads the configuration: once, before the work it configures. */
function isConfigurationLoader({ name }: FunctionFact): boolean {
  return (
    name !== undefined &&
    /^_?(?:load|read|resolve|find|get|parse|init|init(?:ialize|ialise)|create|ensure|import|setup|bootstrap)\w*(?:config|configuration|settings|dotenv|env|manifest|secrets?|credentials?|certificates?|certs?|package_?json|pkg|tsconfig)(?:s|file|files|sync|options|path)?$/i.test(
      name,
    )
  );
}

/** Inside `catch` or `throw`, where the text of an error is made. */
function buildsErrorMessage(call: Call): boolean {
  if (calleeName(call) === 'sleep') return false;
  let below: unknown = call;
  for (const node of ancestors(call)) {
    if (node.kind === 'throw') return true;
    if (node.kind === 'call' && node.form === 'new' && /(?:Error|Exception)$/.test(calleeName(node) ?? ''))
      return true;
    if (isStatement(node) && node.kind === 'try') {
      const handler = node.handlers.find((h) => h.body === below);
      if (handler && endsInThrow(handler.body.body)) return true;
    }
    below = node;
  }
  return isErrorNamed(call.fn);
}

function endsInThrow(body: readonly { readonly kind: string }[]): boolean {
  return body[body.length - 1]?.kind === 'throw';
}

function isErrorNamed(fn: FunctionFact): boolean {
  return /^(?:format|build|make|create|render|describe|get|to|enhance|wrap|augment|decorate|with|add|collect)\w*(?:error|errors|message|stack|stacktrace|codeframe|diagnostics?)$/i.test(
    fn.name ?? '',
  );
}
