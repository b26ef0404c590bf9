/**
 * Follows promises bound to names along the paths of a function, from where they are started to where something takes
 * care of them, and notes the suspensions in between.
 */
import type {
  Await,
  Binding,
  Call,
  FunctionFact,
  Handler,
  Loop,
  Name,
  Value,
  With,
  Yield,
  Declare,
} from './facts';
import { flow, type FlowClient, type HiddenSuspension } from './flow';
import { catchesFailures, isNothing, pathOf, useOf } from './uses';
import { contains } from './text';
import { ancestors, enclosing, isStatement } from './walk';

export type Suspension = Await | Yield | Loop | With | Declare;

/** A promise that was taken care of too late. */
export interface Late {
  readonly binding: Binding;
  /** The calls that may have started it. */
  readonly starts: ReadonlySet<Call>;
  /** The suspensions it was left alone during, in the order in which they were met. */
  readonly passed: ReadonlySet<Suspension>;
  /** The first thing done with it afterwards. */
  readonly use: Name;
}

export interface PendingOptions {
  /** The calls that start a promise worth following. */
  readonly starts: ReadonlySet<Call>;
  /** Names that hold the `reject` of a deferred: until one of them is used, its promise cannot reject. */
  readonly rejects?: ReadonlyMap<Call, readonly Binding[]>;
  /** Suspensions that come back before anything else runs. */
  readonly isInstant: (at: Await) => boolean;
  /** Suspensions that may raise; only `abandoned` looks at them. */
  readonly mayFail?: (at: Suspension) => boolean;
}

/** What is known of a promise on the current path. */
interface Pending {
  /** The calls that may have started it, with the suspensions each was left alone during. */
  readonly starts: ReadonlyMap<Call, ReadonlySet<Suspension>>;
  /** False for a deferred whose `reject` nobody has been given yet. */
  readonly armed: boolean;
  /** Conditions that held when it was started. */
  readonly guards: Conditions;
  /** The suspensions that failed while it was left alone. */
  readonly failed: ReadonlySet<Suspension>;
}

type Conditions = ReadonlyMap<string, boolean>;

interface State {
  readonly pending: ReadonlyMap<Binding, Pending>;
  /** Names and paths whose truthiness is known here. */
  readonly conditions: Conditions;
}

/**
 * The promises of one function that another suspension is reached with before anything takes care of them.
 * A promise that a nested function captures, or that is handed to anybody, counts as taken care of.
 */
export function lateUses(fn: FunctionFact, options: PendingOptions): Late[] {
  const client = new PendingClient(fn, options);
  flow<State>(fn, { pending: new Map(), conditions: new Map() }, client);
  return client.late();
}

/**
 * The late uses that are never reached, on no other way either, when one of the suspensions before them fails: the
 * function ends and nothing has taken care of the promise. `passed` holds those suspensions only.
 */
export function abandoned(fn: FunctionFact, options: PendingOptions): Late[] {
  const client = new PendingClient(fn, options);
  const { completed, thrown } = flow<State>(fn, { pending: new Map(), conditions: new Map() }, client);
  return client.late().flatMap((late) => {
    const left = [completed, thrown].flatMap((state) => [
      ...(state?.pending.get(late.binding)?.failed ?? []),
    ]);
    const passed = new Set(
      [...late.passed].filter((at) => left.includes(at) && !isGuarded(at, late.binding)),
    );
    return passed.size > 0 ? [{ ...late, passed }] : [];
  });
}

/** Whether a handler or `finally` around a suspension uses the name: its author has thought of the failure. */
function isGuarded(at: Suspension, binding: Binding): boolean {
  for (const node of ancestors(at)) {
    if (node.kind !== 'try') continue;
    const after = [
      ...node.handlers.map(({ body }) => body.span),
      ...(node.finalizer ? [node.finalizer.span] : []),
    ];
    const isUsed = after.some((span) => binding.references.some((name) => contains(span, name.span)));
    if (isUsed) return true;
  }
  return false;
}

/** The calls whose value `value` may be, seen through choices: `a ? f() : g()`. */
export function callsIn(value: Value): Call[] {
  if (value.kind === 'call') return [value];
  if (value.kind === 'choice') {
    return value.operator === '&&' ? callsIn(value.right) : [...callsIn(value.left), ...callsIn(value.right)];
  }
  return [];
}

class PendingClient implements FlowClient<State> {
  private readonly found = new Map<Binding, { starts: Set<Call>; passed: Set<Suspension>; use: Name }[]>();

  /** What held when a call was made, inside the arm of a conditional expression it stands in. */
  private readonly guards = new Map<Call, Conditions>();

  constructor(
    private readonly fn: FunctionFact,
    private readonly options: PendingOptions,
  ) {}

  late(): Late[] {
    return [...this.found].flatMap(([binding, uses]) => uses.map((use) => ({ binding, ...use })));
  }

  join(a: State, b: State): State {
    const pending = new Map(a.pending);
    for (const [binding, other] of b.pending) {
      const own = pending.get(binding);
      pending.set(binding, own ? joinPending(own, other) : other);
    }
    return { pending, conditions: common(a.conditions, b.conditions) };
  }

  same(a: State, b: State): boolean {
    if (a.pending.size !== b.pending.size || a.conditions.size !== b.conditions.size) return false;
    for (const [binding, own] of a.pending) {
      const other = b.pending.get(binding);
      if (other?.armed !== own.armed) return false;
      if (other.starts.size !== own.starts.size) return false;
      for (const [start, passed] of own.starts)
        if (other.starts.get(start)?.size !== passed.size) return false;
      if (other.guards.size !== own.guards.size || other.failed.size !== own.failed.size) return false;
    }
    return true;
  }

  thrown(value: Value, before: State): State | undefined {
    // A synchronous failure between start and await is another story: only waiting lets a rejection go unseen.
    if (value.kind !== 'await' && !(value.kind === 'yield' && this.options.mayFail)) return undefined;
    return this.failing(value, this.evaluated(value, before));
  }

  failed(at: HiddenSuspension, before: State): State | undefined {
    return this.options.mayFail ? this.failing(at, this.passing(at, before)) : undefined;
  }

  catchesAll(handler: Handler): boolean {
    return this.options.mayFail ? catchesFailures(handler) : handler.types.length === 0;
  }

  private failing(at: Suspension, state: State): State {
    if (!this.options.mayFail?.(at)) return state;
    const pending = new Map(
      [...state.pending].map(([binding, own]) => [binding, { ...own, failed: new Set([...own.failed, at]) }]),
    );
    return { ...state, pending };
  }

  evaluated(value: Value, state: State): State {
    switch (value.kind) {
      case 'name':
        return value.access === 'write' ? state : this.read(value, state);
      case 'call':
        if (this.options.starts.has(value)) {
          const known = this.guards.get(value);
          this.guards.set(value, known ? common(known, state.conditions) : state.conditions);
        }
        return state;
      case 'function':
        return this.captured(value.function, state);
      case 'class':
        return { ...state, pending: new Map() };
      case 'assign':
        return value.target.kind === 'name' && value.target.binding
          ? this.bound(value.target.binding, value.value, state)
          : forget(state, pathOf(value.target));
      case 'await':
        return this.options.isInstant(value) ? state : this.passing(value, state);
      case 'yield':
        return this.fn.isAsync ? this.passing(value, state) : state;
      default:
        return state;
    }
  }

  declared({ whole, value }: Declare, state: State): State {
    return whole && value ? this.bound(whole, value, state) : this.deferred(value, state);
  }

  suspended(at: Suspension, state: State): State {
    return this.passing(at, state);
  }

  assumed(test: Value, truth: boolean, state: State): State | undefined {
    const known = conditionOf(test, truth);
    if (!known) return state;
    const { path, holds, binding } = known;
    const before = state.conditions.get(path);
    if (before !== undefined && before !== holds) return undefined;
    const pending = new Map(state.pending);
    // A falsy promise is none that was started, and a promise started under the opposite condition is not here.
    if (binding && !holds) pending.delete(binding);
    for (const [other, { guards }] of pending) {
      const guard = guards.get(path);
      if (guard !== undefined && guard !== holds) pending.delete(other);
    }
    return { pending, conditions: new Map(state.conditions).set(path, holds) };
  }

  private bound(binding: Binding, value: Value, state: State): State {
    const forgotten = forget(state, binding.name);
    const pending = new Map(forgotten.pending);
    pending.delete(binding);
    const starts = callsIn(value).filter((call) => this.options.starts.has(call));
    if (starts.length > 0 && this.isFollowed(binding)) {
      const deferred = starts.every((call) => this.options.rejects?.has(call));
      pending.set(binding, {
        starts: new Map(starts.map((call) => [call, new Set()])),
        armed: !deferred,
        guards: starts.map((call) => this.guards.get(call) ?? new Map<string, boolean>()).reduce(common),
        failed: new Set(),
      });
    }
    return { ...forgotten, pending };
  }

  /** `const { promise, reject } = Promise.withResolvers()`. */
  private deferred(value: Value | undefined, state: State): State {
    if (value?.kind !== 'call' || !this.options.starts.has(value)) return state;
    const statement = value.parent;
    if (!isStatement(statement) || statement.kind !== 'declare') return state;
    const promise = statement.bindings.find(({ name }) => name === 'promise');
    if (!promise || !this.isFollowed(promise)) return state;
    const pending = new Map(state.pending);
    pending.set(promise, {
      starts: new Map([[value, new Set()]]),
      armed: false,
      guards: state.conditions,
      failed: new Set(),
    });
    return { ...state, pending };
  }

  /** Names that live in this call only; what other functions see may be taken care of there. */
  private isFollowed(binding: Binding): boolean {
    return binding.fn === this.fn && !binding.exported && !this.isSeenByDeclared(binding);
  }

  private isSeenByDeclared(binding: Binding): boolean {
    return binding.references.some(({ fn }) => {
      const nested = nestedIn(fn, this.fn);
      return nested !== undefined && !nested.value;
    });
  }

  private read(name: Name, state: State): State {
    const { binding } = name;
    if (!binding) return state;
    const own = state.pending.get(binding);
    if (own) {
      if (!takesCare(name)) return state;
      this.record(binding, own, name);
      const pending = new Map(state.pending);
      pending.delete(binding);
      return { ...state, pending };
    }
    return this.armedBy((rejects) => rejects.includes(binding), state);
  }

  private armedBy(uses: (rejects: readonly Binding[]) => boolean, state: State): State {
    let pending: Map<Binding, Pending> | undefined;
    for (const [binding, own] of state.pending) {
      if (own.armed) continue;
      if (![...own.starts.keys()].some((call) => uses(this.options.rejects?.get(call) ?? []))) continue;
      pending ??= new Map(state.pending);
      pending.set(binding, { ...own, armed: true });
    }
    return pending ? { ...state, pending } : state;
  }

  private captured(fn: FunctionFact, state: State): State {
    const isInside = (binding: Binding) => binding.references.some((name) => isOrIn(name.fn, fn));
    const armed = this.armedBy((rejects) => rejects.some(isInside), state);
    const pending = new Map(armed.pending);
    for (const binding of armed.pending.keys()) if (isInside(binding)) pending.delete(binding);
    return { ...armed, pending };
  }

  private passing(at: Suspension, state: State): State {
    if (state.pending.size === 0) return state;
    const pending = new Map<Binding, Pending>();
    for (const [binding, own] of state.pending) {
      const starts = [...own.starts].map(([call, passed]) => [call, new Set([...passed, at])] as const);
      pending.set(binding, own.armed ? { ...own, starts: new Map(starts) } : own);
    }
    return { ...state, pending };
  }

  private record(binding: Binding, { starts }: Pending, use: Name): void {
    const exposed = [...starts].filter(([, passed]) => passed.size > 0);
    if (exposed.length === 0) return;
    let uses = this.found.get(binding);
    if (!uses) this.found.set(binding, (uses = []));
    let known = uses.find((other) => other.use === use);
    if (!known) uses.push((known = { starts: new Set(), passed: new Set(), use }));
    for (const [start, passed] of exposed) {
      known.starts.add(start);
      for (const suspension of passed) known.passed.add(suspension);
    }
  }
}

function joinPending(a: Pending, b: Pending): Pending {
  const starts = new Map(a.starts);
  for (const [start, passed] of b.starts)
    starts.set(start, new Set([...(starts.get(start) ?? []), ...passed]));
  const failed = b.failed.size === 0 ? a.failed : new Set([...a.failed, ...b.failed]);
  return { starts, armed: a.armed || b.armed, guards: common(a.guards, b.guards), failed };
}

function common(a: Conditions, b: Conditions): Conditions {
  return new Map([...a].filter(([path, truth]) => b.get(path) === truth));
}

/** What was known of a name, or of a path that begins with it, no longer holds. */
function forget(state: State, path: string | undefined): State {
  if (path === undefined) return state;
  const isAbout = (other: string) => other === path || other.startsWith(`${path}.`);
  if (![...state.conditions.keys()].some(isAbout)) return state;
  return { ...state, conditions: new Map([...state.conditions].filter(([other]) => !isAbout(other))) };
}

/** The name or path whose truthiness a test is about. */
function conditionOf(
  test: Value,
  truth: boolean,
): { path: string; holds: boolean; binding: Binding | undefined } | undefined {
  if (test.kind === 'binary') {
    const sides = [test.left, test.right];
    const other = sides.find((side) => !isNothing(side));
    if (!other || !sides.some(isNothing)) return undefined;
    if (['===', '==', 'is'].includes(test.operator)) return conditionOf(other, !truth);
    return ['!==', '!=', 'is not'].includes(test.operator) ? conditionOf(other, truth) : undefined;
  }
  const path = pathOf(test);
  if (path === undefined) return undefined;
  return { path, holds: truth, binding: test.kind === 'name' ? test.binding : undefined };
}

/** False where a promise is only looked at: nobody waits for it or hears of its rejection. */
function takesCare(name: Name): boolean {
  const use = useOf(name);
  if (use.kind === 'condition' || use.kind === 'voided' || use.kind === 'discarded') {
    // `return p || q` passes the promise on although its left side is a condition too.
    return use.kind !== 'discarded' && isPassedOn(name);
  }
  if (use.kind !== 'operand') return true;
  const { parent } = name;
  return !(!isStatement(parent) && (parent.kind === 'binary' || parent.kind === 'unary'));
}

function isPassedOn(name: Name): boolean {
  const { parent } = name;
  return !isStatement(parent) && parent.kind === 'choice' && parent.test !== name;
}

/** The outermost function below `outer` on the way to `fn`. */
function nestedIn(fn: FunctionFact, outer: FunctionFact): FunctionFact | undefined {
  let nested: FunctionFact | undefined;
  for (const current of enclosing(fn)) {
    if (current === outer) return nested;
    nested = current;
  }
  return undefined;
}

function isOrIn(fn: FunctionFact, outer: FunctionFact): boolean {
  for (const current of enclosing(fn)) if (current === outer) return true;
  return false;
}
