import type { Binding, Call, FunctionFact, FunctionValue, Name, Statement, Value } from '../core/facts';
import { message } from '../core/finding';
import { flow, type FlowClient } from '../core/flow';
import { ask, type Asking } from '../core/questions';
import { keepsRejections } from '../core/rejections';
import type { Report, Rule, RuleContext } from '../core/rule';
import { headOf, outsideGlobal, pathOf } from '../core/uses';
import { ancestors, find, isStatement, statementOf } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'async-promise-executor',
    languages: ['typescript'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary:
      'new Promise with an executor that is async, settles on no path or twice, or wraps a promise that was there already.',
    concepts: ['future', 'coroutine', 'await'],
    options: {},
    fixes: 'suggestion',
    supersedes: ['misused-promise', 'floating-promise'],
    inspiredBy: ['no-async-promise-executor', 'promise/no-multiple-resolved'],
  },
  check,
};

/** `new Promise(executor)` with the names that settle it. */
interface Construction {
  readonly call: Call;
  readonly value: FunctionValue;
  readonly executor: FunctionFact;
  readonly resolve: Binding | undefined;
  readonly reject: Binding | undefined;
  readonly uses: readonly Name[];
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/\bnew\s+Promise\b/.test(facts.text)) return [];
  const reports: Report[] = [];
  for (const fn of facts.functions) {
    for (const call of fn.calls) {
      const construction = constructionOf(call);
      if (construction) reports.push(...(yield* judge(construction)));
    }
  }
  return reports;
}

function constructionOf(call: Call): Construction | undefined {
  if (call.form !== 'new' || outsideGlobal(call.callee) !== 'Promise') return undefined;
  const value = call.args[0]?.value;
  if (value?.kind !== 'function') return undefined;
  const executor = value.function;
  const [resolve, reject] = executor.params.map(({ binding }) => binding);
  const uses = [...(resolve?.references ?? []), ...(reject?.references ?? [])];
  return { call, value, executor, resolve, reject, uses };
}

function* judge(construction: Construction): Asking<Report[]> {
  const { value, executor } = construction;
  if (executor.isAsync) {
    const isHandled = yield* keepsRejections(executor);
    return [
      {
        span: headOf(value),
        message: isHandled
          ? message('An async executor needs no constructor: make the function around it async.')
          : message('What this async executor throws is lost: await before new Promise, not inside.'),
        ...(isHandled ? { level: 'information' } : {}),
      },
    ];
  }
  const wrapped = yield* wrappedPromise(construction);
  if (wrapped.length > 0) return wrapped;
  return forgotten(construction) ?? [...settledNowhere(construction), ...settledTwice(construction)];
}

/** The executor names `resolve` and never uses it, nor `reject`. */
function forgotten({ value, executor, resolve, uses }: Construction): Report[] | undefined {
  if (!resolve || uses.length > 0) return undefined;
  const isOnPurpose = resolve.name.startsWith('_') || executor.body.body.length === 0;
  // An executor that throws rejects its promise.
  if (isOnPurpose || find(executor.body, ({ kind }) => kind === 'throw')) return [];
  if (readsArguments(executor)) return [];
  return [
    {
      span: headOf(value),
      message: message('Nothing calls {name}, so this promise never settles.', { name: resolve.name }),
    },
  ];
}

function readsArguments(fn: FunctionFact): boolean {
  return find(fn.body, (node) => node.kind === 'name' && node.text === 'arguments') !== undefined;
}

/** The one function that settles the promise and does nothing but call `resolve` and `reject`, if there is one. */
function settlingFunction({ uses }: Construction): FunctionFact | undefined {
  const [first] = uses;
  if (!first || !uses.every((name) => name.fn === first.fn && settlingCall(name))) return undefined;
  return first.fn;
}

function settlingCall(name: Name): Call | undefined {
  const { parent } = name;
  return !isStatement(parent) && parent.kind === 'call' && parent.callee === name ? parent : undefined;
}

/** `(error, result) => …` as the last argument of a call: by Node's convention it is called once. */
function isNodeCallback(fn: FunctionFact): boolean {
  const name = fn.params[0]?.binding?.name;
  if (!fn.value || fn.isAsync || fn.isGenerator || name === undefined) return false;
  if (!/^(?:e|err|error)$/.test(name)) return false;
  const { parent } = fn.value;
  if (isStatement(parent) || parent.kind !== 'call') return false;
  // `on('error', (error) => …)` is called for one outcome of several.
  if (fn.params.length < 2 && parent.args.some(({ value }) => value.kind === 'literal')) return false;
  return parent.args[parent.args.length - 1]?.value === fn.value;
}

function settledNowhere(construction: Construction): Report[] {
  const { executor, value, uses } = construction;
  const fn = settlingFunction(construction);
  if (!fn || (fn !== executor && !isNodeCallback(fn))) return [];
  // Whether a switch covers every case is a question about types.
  if (find(fn.body, (node) => node.kind === 'switch' && node.cases.every(({ test }) => test))) return [];
  // The next try may settle it.
  if (fn !== executor && startsAgain(fn)) return [];
  const calls = new Set<Value>(uses.map((name) => settlingCall(name)).filter((call) => call !== undefined));
  const open: FlowClient<{ readonly open: boolean }> = {
    join: (a, b) => ({ open: a.open || b.open }),
    same: (a, b) => a.open === b.open,
    evaluated: (part, state) => (calls.has(part) || isAssertion(part) ? { open: false } : state),
    thrown: () => undefined,
  };
  const { completed } = flow(fn, { open: true }, open);
  if (completed?.open !== true) return [];
  return [
    {
      span: fn.value ? headOf(fn.value) : headOf(value),
      message: message('One path through here settles nothing: whoever awaits this waits for ever.'),
    },
  ];
}

/** `assert.ifError(error)`: a path that leads here ends here, or its author holds it to be impossible. */
function isAssertion(part: Value): boolean {
  if (part.kind !== 'call') return false;
  const path = pathOf(part.callee) ?? '';
  return /(?:^|\.)(?:assert|expect)\b|\.(?:ifError|fail)$|^process\.(?:exit|abort)$/.test(path);
}

/** A callback that starts the same work again, by its own name or that of a function around it. */
function startsAgain(fn: FunctionFact): boolean {
  const around = new Set<string>();
  for (let outer = fn.parent; outer; outer = outer.parent)
    if (outer.name !== undefined) around.add(outer.name);
  return fn.calls.some(({ callee }) => {
    const name = callee.kind === 'name' ? callee.text : callee.kind === 'member' ? callee.name : undefined;
    return name !== undefined && around.has(name);
  });
}

/** Calls that were reached on a path, in any order. */
type Settled = ReadonlySet<Call>;

function settledTwice({ uses }: Construction): Report[] {
  const byFunction = new Map<FunctionFact, Set<Call>>();
  for (const name of uses) {
    const call = settlingCall(name);
    if (!call) continue;
    const calls = byFunction.get(name.fn);
    if (calls) calls.add(call);
    else byFunction.set(name.fn, new Set([call]));
  }
  return [...byFunction].flatMap(([fn, calls]) => (calls.size < 2 ? [] : twiceIn(fn, calls)));
}

function twiceIn(fn: FunctionFact, calls: ReadonlySet<Call>): Report[] {
  const second = new Map<Call, Call>();
  const client: FlowClient<Settled> = {
    join: (a, b) => new Set([...a, ...b]),
    same: (a, b) => a.size === b.size,
    evaluated: (part, state) => {
      if (part.kind !== 'call' || !calls.has(part)) return state;
      for (const before of state) if (isAfterBranch(before, part)) second.set(part, before);
      return new Set([...state, part]);
    },
    thrown: () => undefined,
  };
  flow<Settled>(fn, new Set(), client);
  return [...second].map(([call, before]) => ({
    span: call.span,
    message: message('Settled already on a path to here, so this does nothing: return after that.'),
    level: isIdle(before, call) ? 'information' : 'warning',
    related: [{ file: fn.file.file, span: before.span, message: message('Settled here.') }],
  }));
}

/** `if (error) reject(error); resolve();`: nothing is done between the two or for the second. */
function isIdle(first: Call, second: Call): boolean {
  const last = statementOf(second);
  const block = last.parent;
  if (block?.kind !== 'block') return false;
  const at = block.body.findIndex((statement) => statement === last);
  const before = block.body[at - 1];
  return (
    at === block.body.length - 1 &&
    before !== undefined &&
    find(before, (node) => node === first) !== undefined &&
    second.args.every(({ value }) => !find(value, ({ kind }) => kind === 'call' || kind === 'await'))
  );
}

/** `if (…) first(); …; second();`: the second one has no condition of its own that could exclude the first. */
function isAfterBranch(first: Call, second: Call): boolean {
  const block = statementOf(second).parent;
  if (first === second || block?.kind !== 'block') return false;
  const around: Statement[] = [];
  for (const node of ancestors(first)) if (isStatement(node)) around.push(node);
  const at = around.indexOf(block);
  return at > 0 && around.slice(0, at).every(({ kind }) => kind !== 'loop' && kind !== 'try');
}

interface Chain {
  /** The whole of it: `load().then(resolve).catch(reject)`. */
  readonly whole: Call;
  readonly receiver: Value;
  readonly fulfilled: readonly Value[];
  readonly rejected: readonly Value[];
}

/** Chains on promises of which the executor waits for nothing but their outcome. */
function* wrappedPromise(construction: Construction): Asking<Report[]> {
  const { executor, call, value, resolve, reject } = construction;
  const chains = executor.body.body.flatMap((statement) => {
    const chain =
      statement.kind === 'expression' || statement.kind === 'return'
        ? statement.value && chainOf(statement.value)
        : undefined;
    return chain?.fulfilled.some((handler) => uses(handler, resolve)) ? [chain] : [];
  });
  const answers = yield* ask(
    'promise',
    chains.map(({ receiver }) => receiver),
  );
  const [only] = executor.body.body;
  return chains.flatMap((chain, i): Report[] => {
    if (answers[i]?.thenable !== 'yes') return [];
    const { whole, rejected, fulfilled, receiver } = chain;
    const isAlone = executor.body.body.length === 1 && only !== undefined;
    // Others can settle it as well: which of them do is not to be seen here.
    const isOwn = construction.uses.every((name) => within(name, whole));
    if (rejected.length === 0) {
      if (!isOwn) return [];
      return [
        {
          span: whole.span,
          message: message('A rejection of this never reaches the new promise: return this one instead.'),
        },
      ];
    }
    const passesOn = isAlone && fulfilled.length === 1 && rejected.length === 1;
    if (!passesOn || !isName(fulfilled[0], resolve) || !isName(rejected[0], reject)) return [];
    return [
      {
        span: headOf(value),
        message: message('This is a promise already: return it without the constructor around it.'),
        level: 'information',
        repairs: answers[i].native === 'yes' ? [{ kind: 'unwrap', call, inner: receiver }] : [],
      },
    ];
  });
}

function chainOf(value: Value): Chain | undefined {
  const fulfilled: Value[] = [];
  const rejected: Value[] = [];
  let current = value;
  while (current.kind === 'call' && current.callee.kind === 'member') {
    const { name, object } = current.callee;
    if (name !== 'then' && name !== 'catch' && name !== 'finally') break;
    const [first, second] = current.args.map((argument) => argument.value);
    if (name === 'then' && first) fulfilled.push(first);
    const handler = name === 'then' ? second : name === 'catch' ? first : undefined;
    if (handler) rejected.push(handler);
    current = object;
  }
  return value.kind === 'call' && current !== value
    ? { whole: value, receiver: current, fulfilled, rejected }
    : undefined;
}

function isName(value: Value | undefined, binding: Binding | undefined): boolean {
  return value?.kind === 'name' && binding !== undefined && value.binding === binding;
}

/** The binding itself, or a function that calls it directly. */
function uses(handler: Value, binding: Binding | undefined): boolean {
  if (isName(handler, binding)) return true;
  return (
    handler.kind === 'function' && (binding?.references.some((name) => name.fn === handler.function) ?? false)
  );
}

function within(name: Name, value: Value): boolean {
  return name.span.start >= value.span.start && name.span.end <= value.span.end;
}
