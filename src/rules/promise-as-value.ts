import type { Call, Value } from '../core/facts';
import { message, type Message, type Safety } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { outsideGlobal } from '../core/uses';
import { isStatement, valuesOf } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'promise-as-value',
    languages: ['typescript'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A promise that becomes text, JSON or a key, is printed, joined or compared in place of its result.',
    concepts: ['await', 'future', 'gather'],
    options: {},
    fixes: 'both',
    supersedes: [],
    inspiredBy: ['@typescript-eslint/no-base-to-string', '@typescript-eslint/restrict-template-expressions'],
  },
  check,
};

/** What happens to the value that should have been awaited. */
type Place = 'text' | 'key' | 'json' | 'print' | 'comparison' | 'elements';

interface Candidate {
  readonly value: Value;
  readonly place: Place;
  /** The expression about which TypeScript would complain. */
  readonly whole: Value;
  /** The other side of a comparison. */
  readonly other?: Value;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const isTyped = !/\.[cm]?jsx?$/.test(facts.file);
  const candidates: Candidate[] = [];
  for (const fn of facts.functions) {
    for (const value of valuesOf(fn)) {
      for (const candidate of candidatesAt(value, isTyped))
        if (mayBePromise(candidate.value, candidate.place)) candidates.push(candidate);
    }
  }
  const answers = yield* ask(
    'promise',
    candidates.map(({ value }) => value),
  );
  const found = candidates.filter(({ place }, i) => {
    const answer = answers[i];
    if (place === 'elements') return answer?.collection === 'yes';
    if (place === 'comparison') return answer?.native === 'yes' && answer.always === 'yes';
    // An array is turned into text element by element.
    return answer?.native === 'yes' || (answer?.collection === 'yes' && place !== 'key');
  });
  const others = found.map(({ value, other }) => other ?? value);
  const promises = yield* ask('promise', others);
  const types = yield* ask('type', others);
  const complaints = yield* ask(
    'complaint',
    found.map(({ whole }) => whole),
  );
  const collections = new Set(candidates.filter((_, i) => answers[i]?.collection === 'yes'));
  return (
    found
      // A field of JavaScript that starts as null is of that type, whatever it gets later.
      .filter(
        ({ other }, i) =>
          !complaints[i] && (!other || (promises[i]?.thenable === 'no' && types[i]?.nothing !== true)),
      )
      .map((candidate) => report(candidate, collections.has(candidate)))
  );
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '===', '!==']);

/** Methods that look at what is in an array. */
const LOOKING: ReadonlySet<string> = new Set(['join', 'sort', 'toSorted']);

const CONSOLE = /^console\.(?:log|info|debug|warn|error|dir|table|trace)$/;

const NONE: readonly Candidate[] = [];

function candidatesAt(node: Value, isTyped: boolean): readonly Candidate[] {
  switch (node.kind) {
    case 'template':
      return node.parts.map((value) => ({ value, place: 'text', whole: value }));
    case 'binary':
      if (node.operator === '+')
        return [node.left, node.right].map((value) => ({ value, place: 'text', whole: node }));
      return COMPARISONS.has(node.operator) ? compared(node, node.left, node.right, isTyped) : NONE;
    case 'assign':
      return node.operator === '+=' ? [{ value: node.value, place: 'text', whole: node }] : NONE;
    case 'member':
      // TypeScript allows no promise as a key.
      return node.computed && !isTyped ? [{ value: node.computed, place: 'key', whole: node }] : NONE;
    case 'call':
      return node.form === 'call' ? argumentsOf(node) : NONE;
    default:
      return NONE;
  }
}

function compared(whole: Value, left: Value, right: Value, isTyped: boolean): Candidate[] {
  const sides = [
    { value: left, other: right },
    { value: right, other: left },
  ];
  return sides
    .filter(({ other }) => !isNothing(other) && !(isTyped && other.kind === 'literal'))
    .map(({ value, other }) => ({ value, other, whole, place: 'comparison' }));
}

function isNothing(value: Value): boolean {
  return value.kind === 'literal'
    ? value.value === null
    : (value.kind === 'name' && value.text === 'undefined') || value.kind === 'unary';
}

function argumentsOf(call: Call): readonly Candidate[] {
  const { callee, args } = call;
  const [first] = args;
  if (callee.kind === 'member' && LOOKING.has(callee.name ?? ''))
    return [{ value: callee.object, place: 'elements', whole: callee.object }];
  if (
    callee.kind === 'member' &&
    callee.name === 'filter' &&
    first?.value.kind === 'name' &&
    first.value.text === 'Boolean'
  )
    return isAsyncMap(callee.object)
      ? [{ value: callee.object, place: 'elements', whole: callee.object }]
      : NONE;
  const path = outsideGlobal(callee);
  if (path === undefined || !first || first.spread) return NONE;
  const at = (place: Place, values: readonly Value[]): Candidate[] =>
    values.map((value) => ({ value, place, whole: value }));
  if (path === 'String') return at('text', [first.value]);
  if (path === 'JSON.stringify' || path === 'Response.json') return at('json', partsIn(first.value));
  if (CONSOLE.test(path))
    return at(
      'print',
      args.filter(({ spread }) => !spread).flatMap((a) => partsIn(a.value)),
    );
  return NONE;
}

/** `xs.map(async …)`: each of its elements is a promise. */
function isAsyncMap(value: Value): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.name !== 'map') return false;
  const callback = value.args[0]?.value;
  return callback?.kind === 'function' && callback.function.isAsync;
}

/** The value itself, or what an object or array literal holds. */
function partsIn(value: Value): Value[] {
  if (value.kind !== 'collection') return [value];
  return value.elements.filter(({ spread }) => !spread).flatMap((element) => partsIn(element.value));
}

/** Told by syntax: text, numbers and what is awaited need no question. */
function mayBePromise(value: Value, place: Place): boolean {
  switch (value.kind) {
    case 'call':
      return value.form === 'call' || value.form === 'import' || outsideGlobal(value.callee) === 'Promise';
    case 'member':
      // Nearly every text is made of members, and hardly ever of promises kept in one.
      return place === 'json' || place === 'print' || place === 'elements';
    case 'name': {
      const { binding } = value;
      if (!binding || binding.isPlain) return false;
      const { kind, initial } = binding;
      if (kind === 'const' && initial) return initial.kind !== 'name' && mayBePromise(initial, 'print');
      return kind === 'const' || kind === 'let' || kind === 'var' || kind === 'param';
    }
    case 'choice':
      return mayBePromise(value.left, place) || mayBePromise(value.right, place);
    default:
      return false;
  }
}

function report({ value, place }: Candidate, isCollection: boolean): Report {
  // Who prints something called a promise knows what it is.
  const isKnown = place === 'print' && value.kind === 'name' && /promise/i.test(value.text);
  const safety: Safety = place === 'text' && isPart(value) ? 'safe' : 'suggestion';
  return {
    span: value.span,
    message: isCollection
      ? message('These are promises, not their results: await Promise.all first.')
      : textFor(place),
    ...(isKnown && { level: 'hint' }),
    repairs: [{ kind: 'await', value, safety, ...(isCollection && { all: true }) }],
  };
}

function isPart({ parent }: Value): boolean {
  return !isStatement(parent) && parent.kind === 'template';
}

function textFor(place: Place): Message {
  switch (place) {
    case 'json':
      return message('As JSON a promise is an empty object: await it first.');
    case 'print':
      return message('This prints a promise, not its result: await it first.');
    case 'comparison':
      return message('A promise equals no such value: await it and compare its result.');
    default:
      return message('As text a promise is only [object Promise]: await it first.');
  }
}
