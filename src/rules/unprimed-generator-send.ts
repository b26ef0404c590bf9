import type { Call, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';

export const rule: Rule = {
  meta: {
    id: 'unprimed-generator-send',
    languages: ['python'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary: 'A value is sent to a generator that has not started: TypeError.',
    concepts: ['generators', 'async-generators', 'coroutine'],
    options: {},
    fixes: 'safe',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** A call of `send` with the generator's own call. */
interface Sending {
  readonly call: Call;
  readonly made: Value;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/\.a?send\(/.test(facts.text)) return [];
  const sendings = facts.functions.flatMap((fn) => fn.calls).flatMap(sendingOf);
  const types = yield* ask(
    'type',
    sendings.map(({ made }) => made),
  );
  return sendings.flatMap(({ call }, i): Report[] => {
    const type = types[i];
    const method = call.callee.kind === 'member' ? call.callee.name : undefined;
    const fits = method === 'send' ? type?.name === 'generator' : type?.name === 'async_generator';
    if (type?.module !== 'types' || !fits) return [];
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
  const { object } = callee;
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
