import type {
  Await,
  Call,
  FileFacts,
  FunctionFact,
  Handler,
  Statement,
  Try,
  Value,
  With,
} from '../core/facts';
import { message } from '../core/finding';
import type { Asking } from '../core/questions';
import { functionOf, keepsRejections } from '../core/rejections';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import type { Span } from '../core/text';
import { calleeName, importedPath, isLiteral, isNothing, outsideGlobal, pathOf, useOf } from '../core/uses';
import { ancestors, enclosing, isStatement, isWithin, statementOf, walk, type Node } from '../core/walk';
import { BEST_EFFORT_CALL, BEST_EFFORT_FUNCTION, REASON, SIDE_CHANNEL } from '../knowledge/best-effort';

export const rule: Rule = {
  meta: {
    id: 'swallowed-rejection',
    languages: ['typescript', 'python'],
    level: 'information',
    preset: 'recommended',
    needs: 'syntax',
    summary: 'The failure of asynchronous work disappears without a trace, and nothing says why.',
    concepts: ['future', 'gather', 'await'],
    options: {},
    fixes: 'none',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/catch|except|suppress|allSettled|return_exceptions/.test(facts.text) || isTestFile(facts)) return [];
  const reports: Report[] = [];
  for (const fn of facts.functions) {
    if (isBestEffort(fn)) continue;
    let explained: Span | undefined;
    for (const call of fn.calls) {
      if (!swallows(call)) continue;
      const statement = statementOf(call);
      if (isExplained(facts, statement.span, call.span) || isNextLine(facts, explained, statement.span))
        explained = statement.span;
      else if (!isFollowedByThrow(statement))
        reports.push(dropped(call.callee.kind === 'member' ? call.callee.nameSpan : call.span));
    }
    if (fn.awaits.length > 0) {
      walk(fn.body, (node) => {
        const span =
          node.kind === 'try'
            ? swallowingHandler(facts, node)
            : node.kind === 'with'
              ? suppression(facts, node)
              : undefined;
        if (span) reports.push(dropped(span));
        return undefined;
      });
    }
    for (const wait of fn.awaits) {
      const call = settlingCall(wait);
      if (!call || isExplained(facts, statementOf(wait).span, wait.span)) continue;
      if (isCleaningUp(wait) || cancels(fn) || (yield* keepTheirFailures(call))) continue;
      reports.push({
        span: call.callee.span,
        message: message('Nobody looks at what failed here: check the results, or say why not.'),
      });
    }
  }
  return reports;
}

function dropped(span: Span): Report {
  return {
    span,
    message: message('Failures vanish here: log or handle them, or say in a comment why not.'),
  };
}

function isBestEffort(fn: FunctionFact): boolean {
  return [...enclosing(fn)].some(({ name }) => name !== undefined && BEST_EFFORT_FUNCTION.test(name));
}

/** `work().catch(() => {})` whose outcome nobody uses. */
function swallows(call: Call): boolean {
  if (call.callee.kind !== 'member' || call.callee.name !== 'catch' || call.args.length !== 1) return false;
  const { object } = call.callee;
  // A handler put on a promise that somebody else awaits only keeps it from counting as unhandled.
  if (!startOf(object) || !isEmptyHandler(call.args[0]?.value) || !isDropped(call)) return false;
  return object.kind === 'call' && !isBestEffortWork(object) && !isCleaningUp(call);
}

/** The call a chain of `then` and `finally` begins with; undefined where it begins with a promise that runs already. */
function startOf(chain: Value): Call | undefined {
  if (chain.kind !== 'call') return undefined;
  const { callee } = chain;
  const isLink = callee.kind === 'member' && /^(?:then|catch|finally)$/.test(callee.name ?? '');
  return isLink ? startOf(callee.object) : chain;
}

/** Written on the spot: a handler with a name, such as `noop` or `ignore`, says that it is meant. */
function isEmptyHandler(handler: Value | undefined): boolean {
  if (handler?.kind !== 'function') return false;
  const [only, ...others] = handler.function.body.body;
  if (!only) return true;
  return only.kind === 'return' && others.length === 0 && (!only.value || isNothing(only.value));
}

/** The value goes nowhere: a statement of its own, `void`, or awaited for nothing. */
function isDropped(value: Value): boolean {
  const use = useOf(value);
  if (use.kind === 'discarded') return true;
  const { parent } = value;
  if (isStatement(parent)) return false;
  if (parent.kind === 'await' || (parent.kind === 'unary' && parent.operator === 'void'))
    return isDropped(parent);
  return false;
}

/** Names of everything called in a chain: `a().b(c).d()` gives `d`, `b` and `a`. */
function namesIn(call: Call): string[] {
  const name = call.form === 'import' ? 'preload' : calleeName(call);
  const names = name === undefined ? [] : [name];
  const { callee } = call;
  const inner = callee.kind === 'member' ? callee.object : callee;
  return inner.kind === 'call' ? [...names, ...namesIn(inner)] : names;
}

/** In a `finally`, or in a handler: what fails there must not hide what failed first. */
function isCleaningUp(node: Node): boolean {
  for (const parent of ancestors(node)) {
    if (parent.kind !== 'try') continue;
    const { finalizer, handlers } = parent;
    if (finalizer && isWithin(node, finalizer)) return true;
    if (handlers.some(({ body }) => isWithin(node, body))) return true;
  }
  return false;
}

/** The head of a handler that drops every failure of an awaited operation. */
function swallowingHandler(facts: FileFacts, statement: Try): Span | undefined {
  const handler = statement.handlers.find((h) => catchesFailures(facts, h) && isEmpty(h));
  if (!handler || !dropsWork(statement.block) || isCleaningUp(statement)) return undefined;
  if (isExplained(facts, statement.span, handler.span)) return undefined;
  const whole = startedFor(statement);
  if (whole && isExplained(facts, whole.span, handler.span)) return undefined;
  const word = facts.language === 'python' ? 'except' : 'catch';
  return { start: handler.span.start, end: handler.span.start + word.length };
}

/** `(async () => { try { … } catch {} })();`: the statement that starts it, where there is nothing else in it. */
function startedFor(statement: Try): Statement | undefined {
  const { value, body } = statement.fn;
  const call = body.body.length === 1 && body.body[0] === statement ? value?.parent : undefined;
  return call && !isStatement(call) && call.kind === 'call' && call.callee === value
    ? statementOf(call)
    : undefined;
}

/** `void work().catch(() => {}); throw error;`: what is thrown tells of a failure already. */
function isFollowedByThrow(statement: Statement): boolean {
  const { parent } = statement;
  if (parent?.kind !== 'block') return false;
  return parent.body[parent.body.indexOf(statement) + 1]?.kind === 'throw';
}

/** Python's narrower types name what is expected, and the wider ones belong to swallowed-cancellation. */
function catchesFailures({ language }: FileFacts, { types }: Handler): boolean {
  if (language === 'typescript') return true;
  const [only] = types;
  return types.length === 1 && only?.kind === 'name' && only.text === 'Exception' && !only.binding;
}

function isEmpty({ body }: Handler): boolean {
  return body.body.every(
    ({ kind, ...rest }) => kind === 'expression' && isBare((rest as { value: Value }).value),
  );
}

/** `...` and strings that stand for themselves. */
function isBare(value: Value): boolean {
  return value.kind === 'literal' || (value.kind === 'opaque' && value.parts.length === 0);
}

/**
 * Whether a block does awaited work for its effect. Work for a result has what was there before to fall back on: it
 * returns, leaves the loop or fills a variable from outside.
 */
function dropsWork(block: Node): boolean {
  const awaited: Await[] = [];
  const own = new Set<unknown>();
  const fallbacks: Node[] = [];
  walk(block, (node) => {
    // What fails in there is dropped there already.
    if (node.kind === 'try' && node.handlers.some(({ types }) => types.length === 0)) return false;
    if (node.kind === 'declare') for (const binding of node.bindings) own.add(binding);
    if (node.kind === 'await') awaited.push(node);
    if (hasFallback(node, own)) fallbacks.push(node);
    return undefined;
  });
  if (fallbacks.length > 0) return false;
  return awaited.some(({ operand }) => !isBestEffortWork(operand));
}

/** Leaves with a result, or puts it into something that is there without it. */
function hasFallback(node: Node, own: ReadonlySet<unknown>): boolean {
  switch (node.kind) {
    case 'return':
    case 'jump':
    case 'throw':
    case 'yield':
      return true;
    case 'assign':
      return !(node.target.kind === 'name' && own.has(node.target.binding));
    case 'call':
      return /^(?:push|add|set|append|extend|update)$/.test(calleeName(node) ?? '');
    default:
      return false;
  }
}

function isBestEffortWork(operand: Value): boolean {
  // Waiting for something that runs anyway: whoever started it hears of its failure.
  if (operand.kind !== 'call') return true;
  return namesIn(operand).some((name) => BEST_EFFORT_CALL.test(name)) || isTelemetry(startOf(operand));
}

function isTelemetry(start: Call | undefined): boolean {
  return start !== undefined && SIDE_CHANNEL.test(pathOf(start.callee) ?? '');
}

/** `with suppress(Exception):` around awaited work. */
function suppression(facts: FileFacts, statement: With): Span | undefined {
  if (statement.isAsync) return undefined;
  const resource = statement.resources.find(({ value }) => isSuppressAll(value));
  if (!resource || !dropsWork(statement.body) || isCleaningUp(statement)) return undefined;
  return isExplained(facts, statement.span, statement.span) ? undefined : resource.value.span;
}

function isSuppressAll(value: Value): boolean {
  if (value.kind !== 'call') return false;
  const path = importedPath(value.callee);
  if (path?.module !== 'contextlib' || path.path !== 'suppress') return false;
  return value.args.some(
    ({ value: type }) => type.kind === 'name' && type.text === 'Exception' && !type.binding,
  );
}

/**
 * A comment on the line before or inside the part that drops the failure says why; further away it has to speak of it.
 */
function isExplained({ comments, text }: FileFacts, statement: Span, part: Span): boolean {
  const lineStart = text.lastIndexOf('\n', statement.start - 1) + 1;
  const lineEnd = /^[^\r\n]*/.exec(text.slice(statement.end))?.[0].length ?? 0;
  return comments.some(({ span, text: words }) => {
    if (part.start <= span.start && span.end <= part.end + lineEnd + statement.end - part.end)
      return span.start >= part.start;
    if (statement.start <= span.start && span.end <= statement.end) return REASON.test(words);
    return span.end <= statement.start && /^(?:\r\n|\n|\r)?[ \t]*$/.test(text.slice(span.end, lineStart));
  });
}

/** Right below a statement that is explained: one comment stands for them all. */
function isNextLine({ text }: FileFacts, above: Span | undefined, statement: Span): boolean {
  return above !== undefined && /^;?[ \t]*\r?\n[ \t]*$/.test(text.slice(above.end, statement.start));
}

/** `await Promise.allSettled(…)` or `await asyncio.gather(…, return_exceptions=True)` whose results nobody takes. */
function settlingCall(wait: Await): Call | undefined {
  const { operand } = wait;
  if (operand.kind !== 'call' || !isDropped(wait)) return undefined;
  if (outsideGlobal(operand.callee) === 'Promise.allSettled') return operand;
  const path = importedPath(operand.callee);
  if (path?.module !== 'asyncio' || path.path !== 'gather') return undefined;
  const keeps = operand.args.some(
    ({ keyword, value }) => keyword === 'return_exceptions' && isLiteral(value, true),
  );
  return keeps ? operand : undefined;
}

/** `task.cancel()` before: only the end is waited for. */
function cancels(fn: FunctionFact): boolean {
  return fn.calls.some((call) =>
    /^(?:cancel|abort|cancel_all|stop|close|terminate)$/.test(calleeName(call) ?? ''),
  );
}

/** Whether all that is waited for was started elsewhere, or deals with its failures itself. */
function* keepTheirFailures({ args }: Call): Asking<boolean> {
  const started = args
    .filter(({ keyword }) => keyword === undefined)
    .flatMap(({ value, spread }) => (value.kind === 'call' && !spread ? startedBy(value) : startsIn(value)));
  if (started.length === 0) return true;
  for (const value of started) {
    if (value.kind === 'call' && calleeName(value) === 'catch') continue;
    if (value.kind === 'call' && isBestEffortWork(value)) continue;
    const fn = yield* functionOf(value.kind === 'call' ? value.callee : value);
    if (fn && BEST_EFFORT_FUNCTION.test(fn.name ?? '')) continue;
    if (fn && fn.calls.length > 0 && callsOnlyBestEffort(fn)) continue;
    if (!fn || !(yield* keepsRejections(fn))) return false;
  }
  return true;
}

function callsOnlyBestEffort({ awaits, body }: FunctionFact): boolean {
  const work: Value[] = awaits.map(({ operand }) => operand);
  const [only] = body.body;
  if (only?.kind === 'return' && only.value && only.value.kind !== 'await') work.push(only.value);
  return work.length > 0 && work.every((value) => value.kind === 'call' && isBestEffortWork(value));
}

/** A call that starts one piece of work, or the function that `map` starts one with for each item. */
function startedBy(call: Call): Value[] {
  return call.fn.file.language === 'python' ? [call] : startsIn(call);
}

/** What starts the work: `[a(), b()]`, `xs.map(f)`, `*(f(x) for x in xs)`; what a call gives may run already. */
function startsIn(value: Value): Value[] {
  switch (value.kind) {
    case 'collection':
      return value.elements.flatMap(({ value: element, spread }) =>
        element.kind === 'call' && !spread ? [element] : startsIn(element),
      );
    case 'comprehension':
      return value.elements.flatMap((element) => (element.kind === 'call' ? [element] : []));
    case 'call': {
      const callback = value.args[0]?.value;
      const isMap = value.callee.kind === 'member' && value.callee.name === 'map';
      return isMap && callback ? [callback] : [];
    }
    case 'name': {
      const initial = value.binding?.kind === 'const' ? value.binding.initial : undefined;
      return initial && initial.kind !== 'name' ? startsIn(initial) : [];
    }
    default:
      return [];
  }
}
