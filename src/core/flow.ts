/**
 * Forward control-flow reasoning over the structured facts of one function: a client says what each evaluated value
 * does to its state, and the walk carries states along branches, around loops, into handlers and through finalizers.
 */
import type {
  Block,
  Declare,
  FunctionFact,
  Handler,
  Loop,
  Statement,
  Switch,
  Try,
  Value,
  With,
} from './facts';
import { partsOf, type Node } from './walk';

/**
 * A place that suspends without being an `await` or `yield` of its own: the rounds of an asynchronous loop, entering
 * and leaving `async with`, and the end of a block that disposes of an `await using` value.
 */
export type HiddenSuspension = Loop | With | Declare;

export function isHiddenSuspension(node: Node): node is HiddenSuspension {
  if (node.kind === 'loop') return node.form === 'for-await';
  return node.kind === 'with' ? node.isAsync : node.kind === 'declare' && node.disposal === 'await using';
}

/** What an analysis does with its states. States are immutable; `join` must only ever grow, so that loops settle. */
export interface FlowClient<S> {
  /** The state where two paths meet. */
  join(a: S, b: S): S;
  same(a: S, b: S): boolean;
  /** The state after a value was evaluated; its parts have been, in order, before it. */
  evaluated(value: Value, state: S): S;
  /** The state after names were declared; the value they take has been evaluated. */
  declared?(statement: Declare, state: S): S;
  /** The state after control came back at a hidden suspension. */
  suspended?(at: HiddenSuspension, state: S): S;
  /**
   * The state in which evaluating `value` throws, or undefined where it cannot. When left out, every call and await
   * may throw and leaves the state as it was before.
   */
  thrown?(value: Value, before: S): S | undefined;
  /** The state in which a hidden suspension fails; when left out, none does. */
  failed?(at: HiddenSuspension, before: S): S | undefined;
  /** Whether a handler lets nothing past that matters; when left out, one that names no types. */
  catchesAll?(handler: Handler): boolean;
  /** The state once `test` is known to be truthy or falsy; undefined where that cannot be. */
  assumed?(test: Value, truth: boolean, state: S): S | undefined;
}

/** The states in which a function can end; undefined where it never does so. */
export interface FlowExits<S> {
  /** Joined over `return` and the end of the body. */
  readonly completed: S | undefined;
  readonly thrown: S | undefined;
}

/** Walks every path of a function, its parameters' initial values first, nested functions not entered. */
export function flow<S>(fn: FunctionFact, initial: S, client: FlowClient<S>): FlowExits<S> {
  return new Walk(client).run(fn, initial);
}

type Maybe<S> = S | undefined;

interface Target<S> {
  readonly kind: 'loop' | 'switch' | 'block';
  readonly label: string | undefined;
  broken: Maybe<S>;
  continued: Maybe<S>;
}

type Completion<S> =
  { readonly kind: 'return' | 'throw' } | { readonly kind: 'break' | 'continue'; readonly target: Target<S> };

/** What stands between a statement and the function's exits, innermost last. */
type Frame<S> =
  | { readonly kind: 'target'; readonly target: Target<S> }
  | { readonly kind: 'handler'; thrown: Maybe<S>; readonly catchesAll: boolean }
  | { readonly kind: 'finalizer'; readonly left: { completion: Completion<S>; state: S }[] };

/** States only grow, so loops settle in a few rounds; the limit guards against a client that breaks this. */
const MAX_ROUNDS = 20;

class Walk<S> {
  private frames: Frame<S>[] = [];
  private returned: Maybe<S>;
  private thrown: Maybe<S>;

  constructor(private readonly client: FlowClient<S>) {}

  run(fn: FunctionFact, initial: S): FlowExits<S> {
    let state: Maybe<S> = initial;
    for (const { initial: value } of fn.params) {
      if (value) state = this.join(state, this.evaluate(value, state));
    }
    state = this.statement(fn.body, state);
    return { completed: this.join(this.returned, state), thrown: this.thrown };
  }

  private join(a: Maybe<S>, b: Maybe<S>): Maybe<S> {
    if (a === undefined) return b;
    if (b === undefined) return a;
    return a === b ? a : this.client.join(a, b);
  }

  /** Leaves the enclosing frames: up to the target, the handler, or a finalizer that runs on the way. */
  private leave(completion: Completion<S>, state: Maybe<S>): void {
    if (state === undefined) return;
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const frame = this.frames[i];
      if (frame?.kind === 'finalizer') {
        const known = frame.left.find(({ completion: other }) => sameCompletion(other, completion));
        if (known) known.state = this.join(known.state, state) ?? state;
        else frame.left.push({ completion, state });
        return;
      }
      if (frame?.kind === 'handler' && completion.kind === 'throw') {
        frame.thrown = this.join(frame.thrown, state);
        if (frame.catchesAll) return;
      }
      if (frame?.kind === 'target' && 'target' in completion && frame.target === completion.target) {
        const { target } = completion;
        if (completion.kind === 'break') target.broken = this.join(target.broken, state);
        else target.continued = this.join(target.continued, state);
        return;
      }
    }
    if (completion.kind === 'return') this.returned = this.join(this.returned, state);
    if (completion.kind === 'throw') this.thrown = this.join(this.thrown, state);
  }

  private within<T>(frame: Frame<S>, body: () => T): T {
    this.frames.push(frame);
    try {
      return body();
    } finally {
      this.frames.pop();
    }
  }

  /** Runs `body`, then `finalizer` on each way out of it. */
  private finally(body: () => Maybe<S>, finalizer: (state: Maybe<S>) => Maybe<S>): Maybe<S> {
    const frame: Frame<S> = { kind: 'finalizer', left: [] };
    const end = this.within(frame, body);
    for (const { completion, state } of frame.left) this.leave(completion, finalizer(state));
    return end === undefined ? undefined : finalizer(end);
  }

  private evaluate(value: Value, state: Maybe<S>): Maybe<S> {
    if (state === undefined) return undefined;
    switch (value.kind) {
      case 'choice': {
        const { test, left, right, operator } = value;
        if (test) {
          const { yes, no } = this.condition(test, state);
          return this.after(value, this.join(this.evaluate(left, yes), this.evaluate(right, no)));
        }
        if (operator === '??') {
          const taken = this.evaluate(left, state);
          return this.after(value, this.join(taken, this.evaluate(right, taken)));
        }
        const { yes, no } = this.condition(value, state);
        return this.after(value, this.join(yes, no));
      }
      case 'assign': {
        const target = this.evaluate(value.target, state);
        const assigned = this.after(value, this.evaluate(value.value, target));
        return ['??=', '||=', '&&='].includes(value.operator) ? this.join(target, assigned) : assigned;
      }
      case 'comprehension': {
        let current: Maybe<S> = state;
        for (const clause of value.clauses) {
          current = this.evaluate(clause.source, current);
          for (const condition of clause.conditions)
            current = this.join(current, this.evaluate(condition, current));
        }
        for (const element of value.elements) current = this.join(current, this.evaluate(element, current));
        return this.after(value, current);
      }
      default: {
        let current: Maybe<S> = state;
        for (const part of partsOf(value)) current = this.evaluate(part as Value, current);
        return this.after(value, current);
      }
    }
  }

  private after(value: Value, state: Maybe<S>): Maybe<S> {
    if (state === undefined) return undefined;
    const mayThrow = this.client.thrown
      ? this.client.thrown(value, state)
      : value.kind === 'call' || value.kind === 'await'
        ? state
        : undefined;
    this.leave({ kind: 'throw' }, mayThrow);
    return this.client.evaluated(value, state);
  }

  /** Evaluates a condition and gives the states of its two outcomes. */
  private condition(test: Value, state: Maybe<S>): { yes: Maybe<S>; no: Maybe<S> } {
    if (state === undefined) return { yes: undefined, no: undefined };
    if (test.kind === 'choice' && (test.operator === '&&' || test.operator === '||')) {
      const left = this.condition(test.left, state);
      const right = this.condition(test.right, test.operator === '&&' ? left.yes : left.no);
      return test.operator === '&&'
        ? { yes: right.yes, no: this.join(left.no, right.no) }
        : { yes: this.join(left.yes, right.yes), no: right.no };
    }
    if (test.kind === 'unary' && (test.operator === '!' || test.operator === 'not')) {
      const { yes, no } = this.condition(test.operand, state);
      return { yes: no, no: yes };
    }
    const evaluated = this.evaluate(test, state);
    if (evaluated === undefined) return { yes: undefined, no: undefined };
    if (test.kind === 'literal')
      return test.value ? { yes: evaluated, no: undefined } : { yes: undefined, no: evaluated };
    if (!this.client.assumed) return { yes: evaluated, no: evaluated };
    return {
      yes: this.client.assumed(test, true, evaluated),
      no: this.client.assumed(test, false, evaluated),
    };
  }

  private statements(body: readonly Statement[], state: Maybe<S>): Maybe<S> {
    let current = state;
    for (const [i, statement] of body.entries()) {
      current = this.statement(statement, current);
      if (current === undefined) return undefined;
      if (statement.kind === 'declare' && statement.disposal === 'await using') {
        const held = current;
        return this.finally(
          () => this.statements(body.slice(i + 1), held),
          (left) => this.suspend(statement, left),
        );
      }
    }
    return current;
  }

  private suspend(at: HiddenSuspension, state: Maybe<S>): Maybe<S> {
    if (state === undefined) return undefined;
    if (this.client.failed) this.leave({ kind: 'throw' }, this.client.failed(at, state));
    return this.client.suspended ? this.client.suspended(at, state) : state;
  }

  private statement(statement: Statement, state: Maybe<S>): Maybe<S> {
    if (state === undefined) return undefined;
    switch (statement.kind) {
      case 'expression':
        return this.evaluate(statement.value, state);
      case 'declare': {
        const evaluated = statement.value ? this.evaluate(statement.value, state) : state;
        if (evaluated === undefined || !this.client.declared) return evaluated;
        return this.client.declared(statement, evaluated);
      }
      case 'return':
        this.leave({ kind: 'return' }, statement.value ? this.evaluate(statement.value, state) : state);
        return undefined;
      case 'throw':
        this.leave({ kind: 'throw' }, statement.value ? this.evaluate(statement.value, state) : state);
        return undefined;
      case 'block':
        return this.block(statement, state);
      case 'if': {
        const { yes, no } = this.condition(statement.test, state);
        const then = this.statement(statement.then, yes);
        return this.join(then, statement.otherwise ? this.statement(statement.otherwise, no) : no);
      }
      case 'loop':
        return this.loop(statement, state);
      case 'try':
        return this.try(statement, state);
      case 'switch':
        return this.switch(statement, state);
      case 'with':
        return this.with(statement, state);
      case 'jump': {
        const target = this.targetOf(statement.form, statement.label);
        if (target) this.leave({ kind: statement.form, target }, state);
        return undefined;
      }
      case 'function-declaration':
      case 'class-declaration':
        return state;
    }
  }

  private block(statement: Block, state: S): Maybe<S> {
    if (statement.label === undefined) return this.statements(statement.body, state);
    const target = newTarget<S>('block', statement.label);
    const end = this.within({ kind: 'target', target }, () => this.statements(statement.body, state));
    return this.join(end, target.broken);
  }

  private targetOf(form: 'break' | 'continue', label: string | undefined): Target<S> | undefined {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const frame = this.frames[i];
      if (frame?.kind !== 'target') continue;
      const { target } = frame;
      const fits = form === 'continue' ? target.kind === 'loop' : target.kind !== 'block';
      if (label === undefined ? fits : target.label === label) return target;
    }
    return undefined;
  }

  private loop(loop: Loop, state: S): Maybe<S> {
    let entry = this.statements(loop.initial, state);
    if (loop.source) entry = this.evaluate(loop.source, entry);
    const target = newTarget<S>('loop', loop.label);
    let exhausted: Maybe<S>;
    let head = entry;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let next: Maybe<S>;
      const runs = (from: Maybe<S>) => {
        const end = this.within({ kind: 'target', target }, () => this.statement(loop.body, from));
        return this.join(end, target.continued);
      };
      if (loop.form === 'do') {
        const { yes, no } = loop.test
          ? this.condition(loop.test, runs(head))
          : { yes: runs(head), no: undefined };
        exhausted = no;
        next = yes;
      } else if (loop.source) {
        const drawn = loop.form === 'for-await' ? this.suspend(loop, head) : head;
        exhausted = drawn;
        next = runs(drawn);
      } else {
        const { yes, no } = loop.test ? this.condition(loop.test, head) : { yes: head, no: undefined };
        exhausted = no;
        next = runs(yes);
      }
      if (loop.update) next = this.evaluate(loop.update, next);
      const joined = this.join(head, next);
      if (joined === undefined || head === undefined || this.client.same(joined, head)) break;
      head = joined;
    }
    const end = loop.otherwise ? this.statement(loop.otherwise, exhausted) : exhausted;
    return this.join(end, target.broken);
  }

  private try(statement: Try, state: S): Maybe<S> {
    const { finalizer } = statement;
    const guarded = (): Maybe<S> => {
      if (statement.handlers.length === 0) return this.body(statement, state);
      const catchesAll = statement.handlers.some((handler) =>
        this.client.catchesAll ? this.client.catchesAll(handler) : handler.types.length === 0,
      );
      const frame: Frame<S> = { kind: 'handler', thrown: undefined, catchesAll };
      let end = this.within(frame, () => this.statement(statement.block, state));
      if (statement.otherwise) end = this.statement(statement.otherwise, end);
      for (const { body } of statement.handlers) end = this.join(end, this.statement(body, frame.thrown));
      return end;
    };
    return finalizer ? this.finally(guarded, (left) => this.statement(finalizer, left)) : guarded();
  }

  private body({ block, otherwise }: Try, state: S): Maybe<S> {
    const end = this.statement(block, state);
    return otherwise ? this.statement(otherwise, end) : end;
  }

  private switch(statement: Switch, state: S): Maybe<S> {
    const target = newTarget<S>('switch', undefined);
    let tested = this.evaluate(statement.value, state);
    let end: Maybe<S>;
    this.within({ kind: 'target', target }, () => {
      for (const { test, body } of statement.cases) {
        if (test) tested = this.evaluate(test, tested);
        end = this.statements(body, this.join(end, tested));
      }
    });
    if (statement.cases.every(({ test }) => test)) end = this.join(end, tested);
    return this.join(end, target.broken);
  }

  private with(statement: With, state: S): Maybe<S> {
    let entered: Maybe<S> = state;
    for (const { value } of statement.resources) {
      entered = this.evaluate(value, entered);
      if (statement.isAsync) entered = this.suspend(statement, entered);
    }
    if (!statement.isAsync) return this.statement(statement.body, entered);
    return this.finally(
      () => this.statement(statement.body, entered),
      (left) => this.suspend(statement, left),
    );
  }
}

function newTarget<S>(kind: Target<S>['kind'], label: string | undefined): Target<S> {
  return { kind, label, broken: undefined, continued: undefined };
}

function sameCompletion<S>(a: Completion<S>, b: Completion<S>): boolean {
  if (a.kind !== b.kind) return false;
  return !('target' in a) || !('target' in b) || a.target === b.target;
}
