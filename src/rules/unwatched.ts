/** How bad it is that nobody watches a promise. */
import type { Call, ExpressionStatement, FileFacts, FunctionFact, Value } from '../core/facts';
import { writesOf } from '../core/origins';
import { askOne, type Asking } from '../core/questions';
import { functionOf, givesNoPromise, keepsRejections, neverRejects } from '../core/rejections';
import { remarksAt } from '../core/remarks';
import { isScript, isTestFile } from '../core/startup';
import type { Span } from '../core/text';
import { calleeName, outsideGlobal } from '../core/uses';
import { enclosing, find, isStatement } from '../core/walk';
import { ERROR_REPORT } from '../knowledge/best-effort';
import { isLookedAfter } from './safe-callees';
import { rejectionBySyntax } from './settlement';

/** A comment that says nobody is meant to wait. */
const ON_PURPOSE =
  /\b(?:do(?:es)?(?: not|n['’]?t) (?:a?wait|block)|not? (?:a?wait(?:ed|ing)?|blocking)|without a?wait(?:ing)?|no need to a?wait|fire[- ]and[- ]forget|(?:in the|run in) background|on purpose|(?:remains?|stays?|left) (?:uncaught|unhandled)|deliberately|intentional(?:ly)?|promise\/catch-or-return|no-(?:floating|misused)-promises)\b/i;

/** A comment that says a function or a call does not fail. */
const NEVER_FAILS =
  /\b(?:never|(?:do(?:es)?|ca|wo)n['’]t|(?:do(?:es)?|can|will) ?not) (?:throw|reject|fail)s?\b/i;

/** Whether a comment beside the code says that nobody is meant to wait. */
export function isOnPurpose(facts: FileFacts, span: Span): boolean {
  // `const p = …` is a fact without its keyword.
  const line = facts.text.slice(facts.text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  const start = span.start - (/\b(?:const|let|var)\s+$/.exec(line)?.[0].length ?? 0);
  return ON_PURPOSE.test(remarksAt(facts, { start, end: span.end }));
}

/** `// Never throws.` above `if (ready) start();` or above the function that is called. */
export function* isSaidToBeSafe(
  facts: FileFacts,
  { parent: block }: ExpressionStatement,
  leaf: Value,
): Asking<boolean> {
  const branch = block?.kind === 'block' && block.body.length === 1 ? block.parent : block;
  if (branch?.kind === 'if' && NEVER_FAILS.test(remarksAbove(facts, branch.span))) return true;
  const fn = leaf.kind === 'call' ? yield* functionOf(leaf.callee) : undefined;
  return fn !== undefined && NEVER_FAILS.test(remarksAbove(fn.file, fn.span));
}

function remarksAbove(facts: FileFacts, { start }: Span): string {
  return remarksAt(facts, { start, end: start });
}

/**
 * A call of a function of the project that deals with every failure itself, or a chain that does: only the order of
 * things is at stake.
 */
export function* keepsFailuresInside(value: Value): Asking<boolean> {
  return value.kind === 'call' && (yield* neverRejects(value, isLookedAfter));
}

/**
 * A call that only announces an event, `this.broadcast('started')`: it waits for nothing but listeners that anybody may
 * have added, and what these do is their own business.
 */
export function* isAnnouncement(value: Value): Asking<boolean> {
  if (value.kind !== 'call' || !/^_?(?:emit|broadcast)(?![a-z])/.test(calleeName(value) ?? '')) return false;
  const event = value.args[0]?.value;
  if (event?.kind !== 'literal' || typeof event.value !== 'string') return false;
  const declared = yield* askOne('declaration', value.callee);
  if (declared?.module !== undefined && declared.module !== '') return true;
  return yield* neverRejects(value, isListener);
}

/** `Sentry.captureException(error)`: the error has been dealt with, and who reports it has nowhere to report to. */
export function isErrorReport(value: Value): boolean {
  return value.kind === 'call' && ERROR_REPORT.test(calleeName(value) ?? '');
}

/** A call whose callee could be anything: what a listener is. */
function* isListener(call: Call): Asking<boolean> {
  const type = yield* askOne('type', call.callee);
  return type?.any === true || (yield* isLookedAfter(call));
}

/** Nobody could have waited for anything: the call gives no promise, or runs what deals with all its failures on the spot. */
export function* isHarmless(leaf: Value): Asking<boolean> {
  if (leaf.kind !== 'call') return false;
  if (leaf.callee.kind === 'function') return yield* keepsFailuresInside(leaf);
  return (yield* isMereCallback(leaf)) || (yield* givesNoPromise(leaf));
}

/**
 * `sleep(100).then(() => socket.end())`: the promise cannot reject, and what the function throws at once would be seen by
 * nobody in `setTimeout` either.
 */
function* isMereCallback({ callee, args }: Call): Asking<boolean> {
  if (callee.kind !== 'member' || callee.name !== 'then') return false;
  const [handler, ...others] = args;
  if (handler?.value.kind !== 'function' || others.length > 0) return false;
  const fn = handler.value.function;
  if (find(fn.body, (node) => node.kind === 'throw')) return false;
  const receivers = callee.object.kind === 'name' ? writesOf(callee.object) : [callee.object];
  const isCalm = (value: Value) => value.kind === 'call' && rejectionBySyntax(value)?.kind === 'never';
  if (!receivers || receivers.length === 0 || !receivers.every(isCalm)) return false;
  return yield* keepsRejections(fn, isLookedAfter);
}

/**
 * The last thing a script or test file does, `main();`, what an action of a command line or a handler of the end of the
 * process does, and chains in tests, `work().then(done)`: what they reject with ends the process or fails the test, with its
 * stack, and that is what is to happen.
 */
export function isSeenByRunner(facts: FileFacts, { fn }: ExpressionStatement, leaf: Value): boolean {
  // What a failing `require` would do as well.
  if (leaf.kind === 'call' && leaf.form === 'import') return true;
  if (fn.kind === 'module')
    return isScript(facts) || isTestFile(facts) || facts.text.includes('process.argv');
  if (isScript(facts) && isGivenTo(fn, isActionOfCommand)) return true;
  if (isGivenTo(fn, isEndOfProcess)) return true;
  const isChain = leaf.kind === 'call' && leaf.callee.kind === 'member' && leaf.callee.name === 'then';
  return isChain && (isTestFile(facts) || isInTestOfHelper(facts, fn));
}

/** In a test that a module shared by tests registers. */
function isInTestOfHelper({ file }: FileFacts, fn: FunctionFact): boolean {
  return /\/(?:tests?|__tests__|specs?)\//.test(file) && isGivenTo(fn, isTest);
}

function isTest(call: Call): boolean {
  return /^(?:test|it)$/.test(calleeName(call) ?? '');
}

function isActionOfCommand(call: Call): boolean {
  return /^(?:action|command)$/.test(calleeName(call) ?? '');
}

/** Whether a function, or one around it, is an argument of such a call. */
function isGivenTo(fn: FunctionFact, isReceiver: (call: Call) => boolean): boolean {
  for (const { value } of enclosing(fn)) {
    const given = value?.parent;
    if (given && !isStatement(given) && given.kind === 'call' && isReceiver(given)) return true;
  }
  return false;
}

/** `process.on('SIGTERM', stop)`: the process ends anyway, and a rejection ends it with its stack. */
export function isEndOfProcess({ callee, args }: Call): boolean {
  if (!/^process\.(?:on|once|addListener)$/.test(outsideGlobal(callee) ?? '')) return false;
  const event = args[0]?.value;
  if (event?.kind === 'name') return /signal$/i.test(event.text);
  return (
    event?.kind === 'literal' &&
    typeof event.value === 'string' &&
    /^(?:SIG[A-Z]+|uncaughtException|unhandledRejection|beforeExit|exit)$/.test(event.value)
  );
}
