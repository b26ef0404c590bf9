import { functionsOf } from '../core/callees';
import { isExpectedToFail } from '../core/expected';
import type { Call, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isUndefined } from '../core/uses';
import { find, isStatement } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'unprimed-generator-send',
    languages: ['typescript', 'python'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary: 'A value is sent to a generator that has not started: TypeError in Python, lost in JavaScript.',
    concepts: ['generators', 'async-generators', 'coroutine'],
    options: {},
    fixes: 'both',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** A call of `send` or `next` with the generator's own call. */
interface Sending {
  readonly call: Call;
  readonly made: Value;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const isPython = facts.language === 'python';
  if (!(isPython ? /\.a?send\(/ : /\.next\([^)]/).test(facts.text)) return [];
  const sendings = facts.functions.flatMap((fn) => fn.calls).flatMap(isPython ? sendingOf : nextOf);
  if (!isPython) return yield* lost(sendings);
  const types = yield* ask(
    'type',
    sendings.map(({ made }) => made),
  );
  return sendings.flatMap(({ call }, i): Report[] => {
    const type = types[i];
    const method = call.callee.kind === 'member' ? call.callee.name : undefined;
    const fits = method === 'send' ? type?.name === 'generator' : type?.name === 'async_generator';
    if (type?.module !== 'types' || !fits || isExpectedToFail(call)) return [];
    return [
      {
        span: call.span,
        message:
          method === 'send'
            ? message('The generator has not started, so this raises TypeError: call next() first.')
            : message('The generator has not started, so this raises TypeError: await anext() first.'),
        repairs: [{ kind: 'prime-generator', call }],
      },
    ];
  });
}

/** The first use of a generator that was made in the same function. */
function sendingOf(call: Call): Sending[] {
  const { callee, args } = call;
  if (callee.kind !== 'member' || (callee.name !== 'send' && callee.name !== 'asend')) return [];
  const [argument] = args;
  if (args.length !== 1 || !argument || argument.spread) return [];
  const { value } = argument;
  if (value.kind === 'literal' ? value.value === null : !isSurelyNotNone(value)) return [];
  return madeBefore(call, callee.object);
}

/** The same for JavaScript's `next(value)`. */
function nextOf(call: Call): Sending[] {
  const { callee, args } = call;
  const [argument] = args;
  if (callee.kind !== 'member' || callee.name !== 'next' || args.length !== 1 || !argument) return [];
  return argument.spread || isNothingSent(argument.value) ? [] : madeBefore(call, callee.object);
}

function isNothingSent(value: Value): boolean {
  return value.kind === 'unary' ? value.operator === 'void' : isUndefined(value);
}

/** The values that JavaScript drops: the first `next` runs a generator to its first `yield`, and nothing takes them. */
function* lost(sendings: readonly Sending[]): Asking<Report[]> {
  const called = sendings.flatMap(({ call, made }) =>
    made.kind === 'call' && made.form === 'call' ? [{ call, callee: made.callee }] : [],
  );
  const generators = yield* functionsOf(called.map(({ callee }) => callee));
  return called.flatMap(({ call }, i): Report[] => {
    const target = generators[i]?.target;
    if (!target?.isGenerator || !takesValues(target)) return [];
    const isNamed = call.callee.kind === 'member' && call.callee.object.kind === 'name';
    return [
      {
        span: call.span,
        message: message('The generator has not started, so this value is lost: call next() first.'),
        level: 'warning',
        repairs: isNamed ? [{ kind: 'prime-generator', call }] : [],
      },
    ];
  });
}

/** Something is done with what a `yield` gives. */
function takesValues(fn: FunctionFact): boolean {
  const used = find(
    fn.body,
    (node) =>
      node.kind === 'yield' &&
      !node.delegates &&
      !(isStatement(node.parent) && node.parent.kind === 'expression'),
  );
  return used !== undefined;
}

function madeBefore(call: Call, object: Value): Sending[] {
  if (object.kind === 'call') return [{ call, made: object }];
  const binding = object.kind === 'name' ? object.binding : undefined;
  if (!binding?.initial || binding.destructured || binding.fn !== call.fn || binding.kind === 'param')
    return [];
  const [first] = binding.references;
  if (first !== object || binding.references.some((name) => name.fn !== call.fn || name.access !== 'read'))
    return [];
  return [{ call, made: binding.initial }];
}

/** A name may hold None, which is what starts a generator. */
function isSurelyNotNone(value: Value): boolean {
  return ['template', 'collection', 'comprehension', 'binary', 'function'].includes(value.kind);
}
