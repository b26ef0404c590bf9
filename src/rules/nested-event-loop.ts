import { isExpectedToFail } from '../core/expected';
import type { Call } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Repair } from '../core/repair';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, pathOf } from '../core/uses';

export const rule: Rule = {
  meta: {
    id: 'nested-event-loop',
    languages: ['python'],
    level: 'error',
    preset: 'recommended',
    needs: 'types',
    summary:
      'An event loop is started inside a coroutine, where one is running already: it raises RuntimeError.',
    concepts: ['event-loop', 'await', 'coroutine'],
    options: {},
    fixes: 'safe',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** By full name: what starts a loop and runs a coroutine on it. */
const RUNNERS: ReadonlySet<string> = new Set([
  'asyncio.run',
  'asyncio.Runner.run',
  'asyncio.AbstractEventLoop.run_until_complete',
  'asyncio.AbstractEventLoop.run_forever',
  'anyio.run',
]);
const NAMES: ReadonlySet<string> = new Set(['run', 'run_until_complete', 'run_forever']);

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  // It patches asyncio so that loops may be nested.
  if (facts.text.includes('nest_asyncio')) return [];
  const calls = facts.functions
    .filter((fn) => fn.isAsync)
    .flatMap((fn) => fn.calls)
    .filter((call) => NAMES.has(calleeName(call) ?? '') && !isExpectedToFail(call));
  const declarations = yield* ask(
    'declaration',
    calls.map((call) => call.callee),
  );
  return calls.flatMap((call, i) => {
    const declared = declarations[i];
    const name = declared ? `${declared.module ?? ''}.${declared.path}` : '';
    return RUNNERS.has(name) || (!declared && isLoopByName(call)) ? [report(call, name)] : [];
  });
}

/** An object that nobody knows, where its name and the method's leave no doubt: `self.loop.run_forever()`. */
function isLoopByName(call: Call): boolean {
  const { callee } = call;
  if (callee.kind !== 'member' || callee.name === 'run') return false;
  return /(?:^|[._])loop$/.test(pathOf(callee.object) ?? '');
}

function report(call: Call, name: string): Report {
  const argument = call.args[0];
  // anyio takes the function, not its coroutine.
  const coroutine =
    call.args.length === 1 && !argument?.spread && name !== 'anyio.run' ? argument?.value : undefined;
  const repairs: Repair[] = coroutine ? [{ kind: 'await-instead', call, value: coroutine }] : [];
  return {
    span: call.span,
    message: message('A loop is running here already, so this raises RuntimeError: use await.'),
    repairs,
  };
}
