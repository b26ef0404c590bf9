import type { Await, Declare, FileFacts, Loop, Name, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, askOne, type Asking } from '../core/questions';
import { functionOf } from '../core/rejections';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { calleeName } from '../core/uses';
import { find, isStatement, walk } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'await-non-promise',
    languages: ['typescript'],
    level: 'information',
    preset: 'recommended',
    needs: 'types',
    summary: 'await, for await or await using where there is certainly nothing to wait for.',
    concepts: ['await', 'async-generators', 'future'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['@typescript-eslint/await-thenable'],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const reports: Report[] = [];
  for (const awaited of yield* plainAwaits(facts)) {
    const { start } = awaited.span;
    reports.push({
      span: { start, end: start + 'await'.length },
      message: message('This is no promise, so there is nothing to wait for: remove await.'),
      repairs: [{ kind: 'remove-await', at: awaited }],
    });
  }
  const { loops, disposals } = hiddenAwaits(facts);
  const sources = yield* ask(
    'protocols',
    loops.map(({ source }) => source),
  );
  for (const [i, { loop, source }] of loops.entries()) {
    const answer = sources[i];
    if (answer?.iterate !== 'yes' || answer.iterateAsync !== 'no') continue;
    reports.push({
      span: source.span,
      message: message('No promises come out of this, so nothing needs waiting: remove await.'),
      repairs: [{ kind: 'remove-await', at: loop }],
    });
  }
  const resources = yield* ask(
    'protocols',
    disposals.map(({ value }) => value),
  );
  for (const [i, { declare, value }] of disposals.entries()) {
    const answer = resources[i];
    if (answer?.enter !== 'yes' || answer.enterAsync !== 'no') continue;
    reports.push({
      span: value.span,
      message: message('Disposing of this waits for nothing: using is enough without await.'),
      repairs: [{ kind: 'remove-await', at: declare }],
    });
  }
  return isTestFile(facts) ? reports.map((report) => ({ ...report, level: 'hint' })) : reports;
}

interface HiddenAwaits {
  readonly loops: readonly { readonly loop: Loop; readonly source: Value }[];
  readonly disposals: readonly { readonly declare: Declare; readonly value: Value }[];
}

function hiddenAwaits(facts: FileFacts): HiddenAwaits {
  const loops: { loop: Loop; source: Value }[] = [];
  const disposals: { declare: Declare; value: Value }[] = [];
  if (!/\bfor\s+await\b|\bawait\s+using\b/.test(facts.text)) return { loops, disposals };
  for (const fn of facts.functions) {
    walk(fn.body, (node) => {
      if (node.kind === 'loop' && node.form === 'for-await' && node.source)
        loops.push({ loop: node, source: node.source });
      if (node.kind === 'declare' && node.disposal === 'await using' && node.value)
        disposals.push({ declare: node, value: node.value });
      return undefined;
    });
  }
  return { loops, disposals };
}

/** Awaits of values that are certainly not thenable. */
function* plainAwaits(facts: FileFacts): Asking<Await[]> {
  const awaits = facts.functions.flatMap((fn) => fn.awaits).filter(({ operand }) => mayBePlain(operand));
  const answers = yield* ask(
    'promise',
    awaits.map(({ operand }) => operand),
  );
  const plain = awaits.filter((_, i) => answers[i]?.thenable === 'no');
  const types = yield* ask(
    'type',
    plain.map(({ operand }) => operand),
  );
  const found: Await[] = [];
  for (const [i, awaited] of plain.entries()) {
    const type = types[i];
    if (!type || type.any) continue;
    if (!(type.nothing ? yield* givesNothing(awaited.operand) : yield* isDeclaredSo(facts, awaited.operand)))
      continue;
    found.push(awaited);
  }
  return found;
}

/** Told by syntax: `await null` and the like let others run for a moment, and that is what they are for. */
function mayBePlain(operand: Value): boolean {
  if (operand.kind === 'literal' || operand.kind === 'unary') return false;
  if (operand.kind === 'name') return operand.text !== 'undefined' && !isTestedForPromise(operand);
  if (operand.kind !== 'call') return true;
  // Which overload a spread call means, its types do not tell for sure.
  if (operand.args.some(({ spread }) => spread)) return false;
  // The blocking function beside a promise API is for blocking-call-in-async to report.
  return operand.form !== 'import' && !calleeName(operand)?.endsWith('Sync');
}

/** `value instanceof Promise`, `value.then`: whoever asks does not believe the type. */
function isTestedForPromise({ binding }: Name): boolean {
  return (
    binding?.references.some(({ parent }) => {
      if (isStatement(parent)) return false;
      return parent.kind === 'binary'
        ? parent.operator === 'instanceof'
        : parent.kind === 'member' && parent.name === 'then';
    }) ?? false
  );
}

/**
 * Whether a call really gives nothing. A type that promises nothing does not tell: what is given where a function
 * without a result is expected may well return a promise, and a method may be overridden by one that does.
 */
function* givesNothing(operand: Value): Asking<boolean> {
  if (operand.kind !== 'call' || operand.form !== 'call') return false;
  const declaration = yield* askOne('declaration', operand.callee);
  if (declaration?.module === '') return declaration.returnsPromise === 'no';
  const fn = yield* functionOf(operand.callee);
  if (!fn || fn.isAsync || fn.isGenerator || !['function', 'arrow'].includes(fn.kind) || fn.owner)
    return false;
  if (fn.body.body.length === 0) return false;
  return (
    find(fn.body, (node) => (node.kind === 'return' && node.value !== undefined) || node.kind === 'throw') ===
    undefined
  );
}

/** In JavaScript only libraries declare what their functions give: what is inferred does not tell of other callers. */
function* isDeclaredSo(facts: FileFacts, operand: Value): Asking<boolean> {
  if (!/\.[cm]?jsx?$/.test(facts.file)) return true;
  if (operand.kind === 'name') return operand.binding?.declared !== undefined;
  if (operand.kind !== 'call') return operand.kind === 'collection' || operand.kind === 'template';
  // `reduce(async …, [])` gives what its callback gives, whatever type its other arguments suggest.
  if (operand.args.some(({ value }) => value.kind === 'function' && value.function.isAsync)) return false;
  const declaration = yield* askOne('declaration', operand.callee);
  return declaration?.module !== undefined;
}
