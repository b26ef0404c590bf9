import type { Call, ExpressionStatement, FileFacts, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, together, type Asking, type PromiseAnswer } from '../core/questions';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { importedPath, outsideGlobal, pathOf } from '../core/uses';
import { find, isStatement, walk } from '../core/walk';
import { isEnding, isSafe } from './safe-callees';
import { builders, lazyQueries, selfDriven } from './thenables';
import {
  isAnnouncement,
  isErrorReport,
  isHarmless,
  isOnPurpose,
  isSaidToBeSafe,
  isSeenByRunner,
  keepsFailuresInside,
} from './unwatched';

export const rule: Rule = {
  meta: {
    id: 'floating-promise',
    languages: ['typescript'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary: 'A promise that nobody awaits, returns or handles: its rejection is lost or ends the process.',
    concepts: ['future', 'await', 'task'],
    options: {
      allow: {
        type: 'string-list',
        default: [],
        description:
          'Functions whose promise may be left alone, as written at the call (`analytics.track`) or as `package:export`.',
      },
      checkThenables: {
        type: 'boolean',
        default: false,
        description: 'Also report thenables that are not built-in promises.',
      },
    },
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['@typescript-eslint/no-floating-promises'],
  },
  check,
};

function* check({ facts, options }: RuleContext): Asking<readonly Report[]> {
  const statements = candidates(facts);
  const leaves = statements.flatMap((s) => leavesOf(s.value));
  const answers = yield* ask('promise', leaves);
  const promises = new Map(leaves.map((leaf, i) => [leaf, answers[i]]));
  const lazy = yield* lazyQueries(
    leaves.filter((leaf, i): leaf is Call => leaf.kind === 'call' && answers[i]?.thenable === 'yes'),
  );
  const hasThenables = options['checkThenables'] === true;
  const spared = hasThenables
    ? new Set([...(yield* selfDriven(leaves, answers)), ...(yield* builders(leaves))])
    : new Set<Value>();
  const handlers = leaves.flatMap((leaf) => {
    const handler = leaf.kind === 'call' && promises.get(leaf)?.native === 'yes' && rejectionHandler(leaf);
    return handler ? [handler] : [];
  });
  const types = yield* ask('type', handlers);
  // A handler that may be missing handles nothing then.
  const useless = new Set(handlers.filter((_, i) => types[i] && !types[i].any && !types[i].has('call')));
  const floating = statements.flatMap((statement) => {
    const problem = unhandled(statement.value, {
      promises,
      useless,
      lazy,
      isCounted: (value) => hasThenables && !spared.has(value),
    });
    return problem ? [{ statement, problem }] : [];
  });
  const callees = floating.map(({ problem }) =>
    problem.leaf.kind === 'call' ? problem.leaf.callee : problem.leaf,
  );
  const declarations = yield* ask('declaration', callees);
  const calleeTypes = yield* ask('type', callees);
  const allowed = new Set(options['allow'] as readonly string[]);
  const reported = floating.filter(({ problem }, i) => {
    const { leaf } = problem;
    if (leaf.kind !== 'call') return true;
    const declared = declarations[i];
    if (isSafe(leaf, declared, calleeTypes[i]) || rejectsOnPurpose(leaf)) return false;
    const names = [pathOf(leaf.callee), declared && `${declared.module ?? ''}:${declared.path}`];
    const imported = importedPath(leaf.callee);
    if (imported) names.push(`${imported.module}:${imported.path}`);
    return !names.some((name) => name !== undefined && allowed.has(name));
  });
  const endings = new Set(
    floating.flatMap(({ problem: { leaf } }, i) => (isEnding(declarations[i]) ? [leaf] : [])),
  );
  const voided = (yield* voidedQueries(facts)).map((query) => notRun(query));
  // Side by side: each follows calls for many rounds.
  const judged = yield* together(
    reported.map(({ statement, problem }) => judge(facts, statement, problem, endings.has(problem.leaf))),
  );
  return [...voided, ...judged.filter((found) => found !== undefined)];
}

/** @param isEnding the promise is of something that only ends what nobody uses any more. */
function* judge(
  facts: FileFacts,
  statement: ExpressionStatement,
  problem: Problem,
  isEnding: boolean,
): Asking<Report | undefined> {
  const { leaf } = problem;
  if (problem.kind === 'query') return notRun(leaf, statement);
  if (yield* isHarmless(leaf)) return undefined;
  const isMild =
    isSeenByRunner(facts, statement, leaf) ||
    isEnding ||
    isErrorReport(leaf) ||
    (yield* keepsFailuresInside(leaf)) ||
    (yield* isAnnouncement(leaf)) ||
    (yield* isSaidToBeSafe(facts, statement, leaf));
  const level = isOnPurpose(facts, statement.span) ? 'hint' : isMild ? 'information' : 'error';
  return { ...report(statement, problem), level };
}

/** `Promise.reject(error);` in a function that gives nothing back: it is there to be seen as unhandled. */
function rejectsOnPurpose({ callee, fn }: Call): boolean {
  if (outsideGlobal(callee) !== 'Promise.reject' || fn.isAsync || fn.kind === 'module') return false;
  const place = fn.value?.parent;
  // What a handler or an executor has to say, it says by what it returns or calls.
  if (place && !isStatement(place) && place.kind === 'call') return false;
  return !find(fn.body, (node) => node.kind === 'return' && node.value !== undefined);
}

interface Problem {
  readonly kind: 'promise' | 'array' | 'handler' | 'query';
  /** The part that is the promise. */
  readonly leaf: Value;
}

/** Expression statements that could be a promise by their syntax alone. */
function candidates(facts: FileFacts): ExpressionStatement[] {
  const found: ExpressionStatement[] = [];
  for (const fn of facts.functions) {
    walk(fn.body, (node) => {
      if (node.kind !== 'expression') return node.kind !== 'call' && node.kind !== 'member';
      if (node.parent && leavesOf(node.value).length > 0) found.push(node);
      return false;
    });
  }
  return found;
}

/** The values whose type decides: the expression itself, and what choices, sequences and chains pass on. */
function leavesOf(value: Value): Value[] {
  switch (value.kind) {
    case 'sequence':
      return value.values.flatMap(leavesOf);
    case 'choice':
      return [...leavesOf(value.left), ...leavesOf(value.right)];
    case 'call': {
      if (isHandledIife(value) || takesNodeCallback(value)) return [];
      if (rejectionHandler(value)?.kind === 'function') return [];
      const receiver = finallyReceiver(value);
      return [value, ...(receiver ? leavesOf(receiver) : [])];
    }
    case 'name':
    case 'member':
      return [value];
    case 'collection':
      return value.form === 'array' ? [value] : [];
    case 'await':
      return [value];
    default:
      return [];
  }
}

interface Answers {
  readonly promises: ReadonlyMap<Value, PromiseAnswer | undefined>;
  /** Rejection handlers that are no functions, or not always. */
  readonly useless: ReadonlySet<Value>;
  /** Queries that run only when they are awaited. */
  readonly lazy: ReadonlySet<Value>;
  /** Whether a thenable that is no built-in promise counts. */
  readonly isCounted: (value: Value) => boolean;
}

function unhandled(value: Value, answers: Answers): Problem | undefined {
  const { promises, useless, lazy, isCounted } = answers;
  const first = (values: readonly Value[]) => {
    for (const part of values) {
      const problem = unhandled(part, answers);
      if (problem) return problem;
    }
    return undefined;
  };
  if (value.kind === 'sequence') return first(value.values);
  if (value.kind === 'choice') return first([value.left, value.right]);
  const answer = promises.get(value);
  if (!answer) return undefined;
  if (answer.collection === 'yes') return { kind: 'array', leaf: value };
  if (value.kind === 'await') return undefined;
  if (lazy.has(value)) return { kind: 'query', leaf: value };
  if (answer.native !== 'yes' && !(answer.thenable === 'yes' && isCounted(value))) return undefined;
  if (value.kind !== 'call') return { kind: 'promise', leaf: value };
  const handler = rejectionHandler(value);
  if (handler) return useless.has(handler) ? { kind: 'handler', leaf: value } : undefined;
  const receiver = finallyReceiver(value);
  return receiver ? unhandled(receiver, answers) : { kind: 'promise', leaf: value };
}

/** The rejection handler of `.catch(f)` and `.then(g, f)`. */
function rejectionHandler({ callee, args }: Call): Value | undefined {
  if (callee.kind !== 'member') return undefined;
  const index = callee.name === 'catch' ? 0 : callee.name === 'then' ? 1 : undefined;
  if (index === undefined || args.slice(0, index + 1).some((argument) => argument.spread)) return undefined;
  return args[index]?.value;
}

function finallyReceiver({ callee }: Call): Value | undefined {
  return callee.kind === 'member' && callee.name === 'finally' ? callee.object : undefined;
}

/** `query(sql, (err, rows) => …)`: what can be called either way reports to its callback, and returns nothing then. */
function takesNodeCallback({ args }: Call): boolean {
  const last = args[args.length - 1]?.value;
  if (last?.kind !== 'function') return false;
  const [first] = last.function.params;
  return first?.binding !== undefined && /^(?:e|err|error)$/.test(first.binding.name);
}

/** `(async () => { try { … } catch { … } })()`: it cannot reject. */
function isHandledIife({ callee }: Call): boolean {
  if (callee.kind !== 'function' || !callee.function.isAsync) return false;
  const { body } = callee.function.body;
  const [only] = body;
  if (body.length !== 1 || only?.kind !== 'try') return false;
  const [handler] = only.handlers;
  if (!handler || only.finalizer) return false;
  let throws = false;
  walk(handler.body, (node) => {
    if (node.kind === 'throw' || node.kind === 'await') throws = true;
    return undefined;
  });
  return !throws;
}

/** Queries that `void` marks as not awaited on purpose, which means that they never run. */
function* voidedQueries(facts: FileFacts): Asking<Call[]> {
  if (!/\bvoid\s+[\w$]/.test(facts.text)) return [];
  const voided: Call[] = [];
  for (const fn of facts.functions) {
    walk(fn.body, (node) => {
      if (node.kind === 'expression' && node.value.kind === 'unary' && node.value.operator === 'void') {
        const { operand } = node.value;
        if (operand.kind === 'call') voided.push(operand);
      }
      return undefined;
    });
  }
  const lazy = yield* lazyQueries(voided);
  return voided.filter((call) => lazy.has(call));
}

function notRun(query: Value, statement?: ExpressionStatement): Report {
  const name = query.kind === 'call' ? pathOf(query.callee) : undefined;
  const whole = statement?.value;
  return {
    span: whole?.span ?? query.span,
    message:
      name !== undefined && name.length <= 30
        ? message('The query of {name} runs only when awaited: add await.', { name })
        : message('This query runs only when awaited, so it never does: add await.'),
    repairs: whole
      ? [
          { kind: 'await', value: whole },
          { kind: 'return', value: whole },
          { kind: 'handle', value: query },
        ]
      : [],
  };
}

function report(statement: ExpressionStatement, { kind, leaf }: Problem): Report {
  const whole = statement.value;
  if (kind === 'array') {
    return {
      span: whole.span,
      message: message('Array of promises nobody awaits: pass it to Promise.all and await that.'),
      repairs: [{ kind: 'await', value: leaf.kind === 'await' ? leaf.operand : leaf, all: true }],
    };
  }
  if (kind === 'handler') {
    return {
      span: whole.span,
      message: message('This rejection handler may be no function, and then handles nothing: pass one.'),
    };
  }
  const repairs: Repair[] = [
    { kind: 'await', value: whole },
    { kind: 'return', value: whole },
    { kind: 'handle', value: leaf },
    { kind: 'void', value: whole },
  ];
  const name = leaf.kind === 'call' ? pathOf(leaf.callee) : pathOf(leaf);
  return {
    span: whole.span,
    message:
      name !== undefined && name.length <= 30
        ? message('Promise of {name} is not awaited: add await, return or handle it.', { name })
        : message('This promise is not awaited: add await, return or handle it.'),
    repairs,
  };
}
