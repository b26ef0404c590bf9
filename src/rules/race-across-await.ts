import { localTarget } from '../core/callees';
import type { Assign, Binding, Call, Declare, FileFacts, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import { flow, type FlowClient, type HiddenSuspension } from '../core/flow';
import type { Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import type { PythonVersion, Report, Rule, RuleContext } from '../core/rule';
import { isScript, isTestFile } from '../core/startup';
import type { Span } from '../core/text';
import { calleeName, isNothing, pathOf } from '../core/uses';
import {
  ancestors,
  enclosing,
  find,
  isStatement,
  isWithin,
  statementOf,
  walk,
  type Node,
} from '../core/walk';
import { isLimiterMethod } from '../knowledge/limiters';
import { LOCK_NAME } from '../knowledge/locks';
import { lookOf, placeOf, storeOf, type Store } from './shared-places';

export const rule: Rule = {
  meta: {
    id: 'race-across-await',
    languages: ['typescript', 'python'],
    level: 'information',
    preset: 'recommended',
    needs: 'syntax',
    summary: 'Shared state is read, an await lets others run, and what was read is relied on afterwards.',
    concepts: ['lock', 'await', 'event-loop'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['ESLint require-atomic-updates'],
  },
  check,
};

// eslint-disable-next-line require-yield -- every question is answered by the facts
function* check({ facts, python }: RuleContext): Asking<readonly Report[]> {
  if (isTestFile(facts) || isScript(facts)) return [];
  const reports: Report[] = [];
  for (const fn of facts.functions) {
    if (!fn.isAsync || fn.awaits.length === 0 || !mayStore(fn) || isSerialised(fn)) continue;
    const client = new RaceClient(fn);
    flow<State>(fn, { looks: new Map(), reads: new Map(), isGuarded: false }, client);
    // One question, one story: several places may be filled after the same check.
    const told = new Set<Node>();
    for (const race of client.found.values()) {
      const question = statementOf(race.look);
      if (told.has(question) || !isReal(race)) continue;
      told.add(question);
      reports.push(report(facts, race, python));
    }
  }
  return reports;
}

function isReal(race: Race): boolean {
  return !isSettled(race) && isDecided(race) && !isChecked(race) && !isUnderLock(race.at);
}

function mayStore(fn: FunctionFact): boolean {
  return (
    find(
      fn.body,
      (node) => (node.kind === 'assign' || node.kind === 'call') && storeOf(node, fn) !== undefined,
    ) !== undefined
  );
}

interface Race {
  readonly kind: 'fill' | 'update';
  readonly at: Assign | Call;
  readonly store: Store;
  /** Where the place was looked at or read. */
  readonly look: Value;
  readonly waits: Span;
}

/** What a place was seen to be, and the first suspension since then. */
interface Seen {
  readonly key: string;
  readonly look: Value;
  readonly waits: Span | undefined;
}

interface State {
  /** Places seen empty. */
  readonly looks: ReadonlyMap<string, Seen>;
  /** Local copies of places. */
  readonly reads: ReadonlyMap<Binding, Seen>;
  /** A flag was found unset and set with no suspension between: only one caller at a time gets here. */
  readonly isGuarded: boolean;
}

class RaceClient implements FlowClient<State> {
  readonly found = new Map<Value, Race>();

  constructor(private readonly fn: FunctionFact) {}

  join(a: State, b: State): State {
    return {
      looks: merged(a.looks, b.looks),
      reads: merged(a.reads, b.reads),
      isGuarded: a.isGuarded || b.isGuarded,
    };
  }

  same(a: State, b: State): boolean {
    return a.isGuarded === b.isGuarded && isSame(a.looks, b.looks) && isSame(a.reads, b.reads);
  }

  assumed(test: Value, truth: boolean, state: State): State {
    const look = lookOf(test, truth, this.fn);
    if (!look) return state;
    const looks = new Map(state.looks);
    if (look.present) looks.delete(look.key);
    else looks.set(look.key, { key: look.key, look: test, waits: undefined });
    return { ...state, looks };
  }

  evaluated(value: Value, state: State): State {
    switch (value.kind) {
      case 'await':
        return lets(value.operand) ? this.passing(value.span, state) : state;
      case 'assign':
      case 'call': {
        const store = storeOf(value, this.fn);
        return store ? this.stored(value, store, state) : state;
      }
      default:
        return state;
    }
  }

  declared({ whole, value }: Declare, state: State): State {
    const key = whole && value ? placeOf(value, this.fn) : undefined;
    if (key === undefined || !whole || !value) return state;
    const reads = new Map(state.reads).set(whole, { key, look: value, waits: undefined });
    return { ...state, reads };
  }

  suspended(at: HiddenSuspension, state: State): State {
    return this.passing(at.span, state);
  }

  private passing(span: Span, state: State): State {
    return { ...state, looks: aged(state.looks, span), reads: aged(state.reads, span) };
  }

  private stored(at: Assign | Call, store: Store, state: State): State {
    const seen = state.looks.get(store.key);
    const looks = new Map(state.looks);
    looks.delete(store.key);
    const isGuard = seen !== undefined && seen.waits === undefined;
    if (!state.isGuarded) {
      const race = this.update(at, store, state) ?? this.fill(at, store, seen);
      if (race && !this.found.has(at)) this.found.set(at, race);
    }
    return { ...state, looks, isGuarded: state.isGuarded || isGuard };
  }

  private fill(at: Assign | Call, store: Store, seen: Seen | undefined): Race | undefined {
    if (seen?.waits) return { kind: 'fill', at, store, look: seen.look, waits: seen.waits };
    if (at.kind !== 'assign' || !['??=', '||='].includes(at.operator)) return undefined;
    const wait = waitIn(at.value);
    return wait && { kind: 'fill', at, store, look: at.target, waits: wait.span };
  }

  private update(at: Assign | Call, store: Store, { reads }: State): Race | undefined {
    if (at.kind !== 'assign' || at.value.kind === 'name') return undefined;
    const update = { kind: 'update', at, store } as const;
    if (/^[-+*/%|&^]=$|^\*\*=$/.test(at.operator)) {
      const wait = waitIn(at.value);
      return wait && { ...update, look: at.target, waits: wait.span };
    }
    if (at.operator !== '=') return undefined;
    const read = find(at.value, (node) => !isStatement(node) && placeOf(node, this.fn) === store.key);
    const wait = waitIn(at.value);
    if (read && wait && read.span.end <= wait.span.start && !isWithin(read, wait))
      return { ...update, look: read as Value, waits: wait.span };
    for (const [binding, { key, look, waits }] of reads) {
      if (key !== store.key || !waits) continue;
      const isUsed = find(at.value, (node) => node.kind === 'name' && node.binding === binding);
      if (isUsed && computes(at.value)) return { ...update, look, waits };
    }
    return undefined;
  }
}

/** Whether something is worked out from what was read: arithmetic, a copy with more in it. */
function computes(value: Value): boolean {
  return value.kind === 'binary' || value.kind === 'collection' || value.kind === 'template';
}

/** Waiting for a promise that is there already is the same wait for everybody; so is `import()`. */
function lets(operand: Value): boolean {
  return operand.kind === 'call' && operand.form !== 'import';
}

function waitIn(value: Value): Value | undefined {
  return find(value, (node) => node.kind === 'await' && lets(node.operand)) as Value | undefined;
}

function merged<K>(a: ReadonlyMap<K, Seen>, b: ReadonlyMap<K, Seen>): ReadonlyMap<K, Seen> {
  const result = new Map(a);
  for (const [key, seen] of b) if (!result.get(key)?.waits) result.set(key, seen);
  return result;
}

function isSame<K>(a: ReadonlyMap<K, Seen>, b: ReadonlyMap<K, Seen>): boolean {
  return a.size === b.size && [...a].every(([key, { waits }]) => b.has(key) && !b.get(key)?.waits === !waits);
}

function aged<K>(seen: ReadonlyMap<K, Seen>, waits: Span): ReadonlyMap<K, Seen> {
  return new Map([...seen].map(([key, one]) => [key, one.waits ? one : { ...one, waits }]));
}

/** Teardown, restoring after a failure, and flags: what the second caller writes is what the first one wrote. */
function isSettled({ at, store, kind }: Race): boolean {
  const { value } = store;
  if (value && (isNothing(value) || (value.kind === 'literal' && kind === 'fill'))) return true;
  for (const node of ancestors(at)) {
    if (node.kind === 'try' && node.handlers.some(({ body }) => isWithin(at, body))) return true;
  }
  return false;
}

/**
 * Whether the look decides about the store: the store stands in the branch it guards, or comes after a branch that
 * leaves. A look for another purpose on the way (`x ? a : b`) does not.
 */
function isDecided({ kind, at, look }: Race): boolean {
  if (kind === 'update' || look === (at.kind === 'assign' ? at.target : undefined)) return true;
  for (const node of ancestors(look)) {
    if (!isStatement(node)) {
      if (node.kind === 'choice' && node.test === undefined && isWithin(at, node.right)) return true;
      continue;
    }
    if (node.kind !== 'if') return false;
    if (isWithin(at, node.then)) return true;
    if (node.otherwise) return isWithin(at, node.otherwise);
    const last = node.then.kind === 'block' ? node.then.body.at(-1) : node.then;
    const leaves = last?.kind === 'return' || last?.kind === 'throw';
    return leaves && node.parent !== undefined && isWithin(at, node.parent);
  }
  return false;
}

/** Whether other state is asked about between the wait and the store: somebody thought of what happens meanwhile. */
function isChecked({ at, waits }: Race): boolean {
  for (const node of ancestors(at)) {
    if (node.kind !== 'if' || node.test.span.start < waits.end) continue;
    const asks = find(node.test, (part) => !isStatement(part) && placeOf(part, at.fn) !== undefined);
    if (asks) return true;
  }
  return false;
}

/** Held here: `async with lock`, or a lock acquired earlier in the function. */
function isUnderLock(node: Node): boolean {
  for (const parent of ancestors(node)) {
    if (parent.kind !== 'with') continue;
    if (parent.resources.some(({ value }) => isLock(value))) return true;
  }
  return false;
}

function isLock(value: Value): boolean {
  // `async with self.gate:` — what is entered without a call is entered again and again: a lock or a condition.
  if (value.kind !== 'call' && isStatement(value.parent) && value.parent.kind === 'with') return true;
  const path = pathOf(value.kind === 'call' ? value.callee : value) ?? '';
  return path.split('.').some((part) => LOCK_NAME.test(part) || /^(?:lock|mutex)/i.test(part));
}

/** Only one call of the function runs at a time: it takes a lock, or is only ever called under one. */
function isSerialised(fn: FunctionFact): boolean {
  // Entered by one `async with` or `async for` at a time; tests run one after another.
  if (/^(?:__aenter__|__aexit__|__anext__|asyncSetUp|asyncTearDown)$/.test(fn.name ?? '')) return true;
  for (const current of enclosing(fn)) {
    if (current.calls.some((call) => /^(?:acquire|lock)$/.test(calleeName(call) ?? ''))) return true;
    if (current.decorators.some(isLock)) return true;
    if (isGivenToLock(current)) return true;
    if (current.kind !== 'module' && hasOnlyLockedCalls(current)) return true;
  }
  return false;
}

function isGivenToLock({ value, file }: FunctionFact): boolean {
  const call = value?.parent;
  if (!call || isStatement(call) || call.kind !== 'call' || call.callee === value) return false;
  const name = calleeName(call) ?? '';
  // `chain = chain.then(async () => …)` runs one after another.
  const isChained = name === 'then' && isKept(call);
  return isChained || LOCK_NAME.test(name) || isLimiterMethod(file.language, name) || isLock(call.callee);
}

function isKept(call: Call): boolean {
  const { parent } = call;
  return !isStatement(parent) && parent.kind === 'assign';
}

function hasOnlyLockedCalls(fn: FunctionFact): boolean {
  if (!fn.name) return false;
  const calls = fn.file.functions.flatMap((other) =>
    other.calls.filter((call) => calleeName(call) === fn.name && isSelfCall(call, fn)),
  );
  return (
    calls.length > 0 &&
    calls.every(
      (call) =>
        isKept(call) || isUnderLock(call) || [...enclosing(call.fn)].some(isGivenToLock) || acquires(call.fn),
    )
  );
}

function acquires(fn: FunctionFact): boolean {
  return fn.calls.some((call) => /^(?:acquire|lock)$/.test(calleeName(call) ?? ''));
}

function isSelfCall(call: Call, fn: FunctionFact): boolean {
  if (localTarget(call.callee) === fn) return true;
  const { callee } = call;
  return callee.kind === 'member' && callee.object.kind === 'name' && callee.object.text === 'self';
}

const CREATES =
  /^_*(?:create|open|connect|start|launch|spawn|init|initiali[sz]e|acquire|insert|register|subscribe|login|log_in|sign|post|adopt|setup|set_up|listen|mount|install|upload|charge|pay|reserve|expose|add|new|make|get_?connection)(?:$|_|[A-Z])/i;

/**
 * Whether two runs do more harm than one: something is made twice, of which one is lost. Where the same is just read
 * once more, a hint is enough.
 */
function isHarmful({ kind, at, store, waits }: Race): boolean {
  if (kind === 'update' || store.kind === 'member-of-set') return true;
  // The second caller's empty container replaces what was put into the first one.
  if (store.kind === 'entry' && store.value && isEmptyContainer(store.value)) return true;
  let creates = false;
  walk(at.fn.body, (node) => {
    if (node.kind === 'await' && node.operand.kind === 'call' && node.span.start === waits.start)
      creates ||= CREATES.test(calleeName(node.operand) ?? '');
    return undefined;
  });
  return creates;
}

function isEmptyContainer(value: Value): boolean {
  if (value.kind === 'collection') return value.elements.length === 0;
  if (value.kind !== 'call' || value.args.length > 0) return false;
  return /^(?:Map|Set|Array|set|dict|list|deque)$/.test(calleeName(value) ?? '');
}

/** A lock made before the loop runs belongs to whichever loop waits first, but before 3.10 to another one. */
function repairsOf({ look, at }: Race, facts: FileFacts, python: PythonVersion): Repair[] {
  if (facts.language !== 'python' || (python.major === 3 && python.minor < 10)) return [];
  const target =
    at.kind === 'assign' ? at.target : at.callee.kind === 'member' ? at.callee.object : undefined;
  const place = target?.kind === 'member' && target.computed ? target.object : target;
  return place ? [{ kind: 'under-lock', look, store: at, place }] : [];
}

function report(facts: FileFacts, race: Race, python: PythonVersion): Report {
  const { file } = facts;
  const name = race.store.name.slice(0, 24);
  return {
    span: race.kind === 'update' || race.at.kind === 'call' ? race.at.span : race.at.target.span,
    message:
      race.kind === 'update'
        ? message('{name} may have changed during the await: this overwrites it.', { name })
        : message('Two callers at a time both get here: {name} was checked before an await.', { name }),
    ...(isHarmful(race) ? {} : { level: 'hint' as const }),
    related: [
      { file, span: race.look.span, message: message('Looked at here.') },
      { file, span: race.waits, message: message('Others run during this wait.') },
    ],
    repairs: repairsOf(race, facts, python),
  };
}
