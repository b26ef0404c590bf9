import { isExpectedToFail } from '../core/expected';
import type { Call, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type TypeAnswer } from '../core/questions';
import type { PythonVersion, Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { calleeName, importedPath, pathOf } from '../core/uses';
import { ancestors, enclosing, find } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'deprecated-loop-access',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'Ways to reach the event loop that newer versions of Python refuse or are about to.',
    concepts: ['event-loop', 'coroutine'],
    options: {},
    fixes: 'both',
    supersedes: [],
    inspiredBy: ['Ruff UP', 'pyupgrade'],
  },
  check,
};

function* check({ facts, python }: RuleContext): Asking<readonly Report[]> {
  const reports: Report[] = [];
  const waits: Call[] = [];
  for (const fn of facts.functions) {
    for (const call of fn.calls) {
      const imported = importedPath(call.callee);
      if (imported?.module !== 'asyncio' || isGuarded(call)) continue;
      switch (imported.path) {
        case 'get_event_loop':
          reports.push(...judgeAccess(fn, call));
          break;
        case 'set_event_loop_policy':
        case 'get_event_loop_policy':
          reports.push(...judgePolicy(call, python));
          break;
        case 'wait':
          waits.push(call);
      }
    }
  }
  for (const wait of waits) {
    const coroutines = yield* coroutinesOf(wait);
    if (coroutines.length > 0) reports.push(reportWait(wait, coroutines));
  }
  return reports;
}

/** Versions are told apart here, or the failure is expected. */
function isGuarded(value: Value): boolean {
  if (isExpectedToFail(value)) return true;
  for (const node of ancestors(value)) {
    if (
      node.kind === 'if' &&
      find(
        node.test,
        (n) => (n.kind === 'member' || n.kind === 'name') && /version|\bPY_?3_?\d/.test(pathOf(n) ?? ''),
      )
    )
      return true;
    if (
      node.kind === 'try' &&
      node.handlers.some(({ types }) => types.length === 0 || types.some(expectsFailure))
    )
      return true;
  }
  return false;
}

function expectsFailure(type: Value): boolean {
  return (
    type.kind === 'name' &&
    /^(?:RuntimeError|DeprecationWarning|Exception|BaseException|AttributeError)$/.test(type.text)
  );
}

function judgeAccess(fn: FunctionFact, call: Call): Report[] {
  if (fn.isAsync) {
    return [
      {
        span: call.span,
        level: 'hint',
        message: message('A loop is running here: get_running_loop says so and never makes one.'),
        repairs: [
          {
            kind: 'use-function',
            callee: call.callee,
            module: 'asyncio',
            name: 'get_running_loop',
            safety: 'safe',
          },
        ],
      },
    ];
  }
  if (isSetBefore(fn, call)) return [];
  // A callback that is defined in a coroutine runs in its loop.
  for (const outer of enclosing(fn)) if (outer.isAsync) return [];
  if (
    fn.decorators.some((decorator) =>
      /loop/i.test(pathOf(decorator.kind === 'call' ? decorator.callee : decorator) ?? ''),
    )
  )
    return [];
  const isStart = fn.kind === 'module' || fn.kind === 'static-block' || startsLoop(fn);
  // What runs tests may have set a loop for them.
  const isSure = isStart && !isTestFile(fn.file);
  const given = runOnce(call);
  return [
    {
      span: call.span,
      message: isStart
        ? message('No loop runs here, and since Python 3.14 none is made: use asyncio.run.')
        : message('Without a running loop this raises RuntimeError since Python 3.14.'),
      ...(isSure ? {} : { level: 'information' }),
      repairs: given
        ? [{ kind: 'use-function', callee: given, module: 'asyncio', name: 'run', safety: 'suggestion' }]
        : [],
    },
  ];
}

/** `set_event_loop(new_event_loop())` stands before, in a block that leads here: the loop that was set is what one gets. */
function isSetBefore(fn: FunctionFact, call: Call): boolean {
  const blocks = [...ancestors(call)].filter((node) => node.kind === 'block');
  return fn.calls.some((other) => {
    if (calleeName(other) !== 'set_event_loop' || other.span.end > call.span.start) return false;
    const given = other.args[0]?.value;
    if (given?.kind === 'literal') return false;
    const around = [...ancestors(other)].find((node) => node.kind === 'block');
    return around !== undefined && blocks.includes(around);
  });
}

/** The function runs the loop itself, so that none is running in it; unless it asks first. */
function startsLoop(fn: FunctionFact): boolean {
  if (fn.calls.some((call) => calleeName(call) === 'is_running')) return false;
  return fn.calls.some((call) => /^run_(?:until_complete|forever)$/.test(calleeName(call) ?? ''));
}

/** The callee of `get_event_loop().run_until_complete(…)`. */
function runOnce(call: Call): Value | undefined {
  const { parent } = call;
  if (parent.kind !== 'member' || parent.object !== call || parent.name !== 'run_until_complete')
    return undefined;
  return parent.parent.kind === 'call' && parent.parent.callee === parent ? parent : undefined;
}

/** Runners take a loop factory since 3.11; before that there is nothing to advise. */
function judgePolicy(call: Call, python: PythonVersion): Report[] {
  if (python.major === 3 && python.minor < 11) return [];
  const isDeprecated = python.minor >= 14 || python.major > 3;
  return [
    {
      span: call.span,
      message: message('Event loop policies go away in Python 3.16: give a loop_factory to the runner.'),
      ...(isDeprecated ? {} : { level: 'information' }),
    },
  ];
}

/** The coroutines among what `wait` is given: in a literal, a comprehension, or a name that is one of them. */
function* coroutinesOf(wait: Call): Asking<Value[]> {
  const [first] = wait.args;
  if (!first || first.spread || first.keyword !== undefined) return [];
  const { value } = first;
  const binding = value.kind === 'name' ? value.binding : undefined;
  const isStable = binding?.references.every((name) => name.access === 'read') ?? false;
  const list = isStable ? binding?.initial : value;
  const elements =
    list?.kind === 'collection'
      ? list.elements.filter((element) => !element.spread).map((element) => element.value)
      : list?.kind === 'comprehension'
        ? [...list.elements]
        : [];
  const types: (TypeAnswer | undefined)[] = yield* ask('type', elements);
  return elements.filter((_, i) => types[i]?.module === 'types' && types[i].name === 'coroutine');
}

function reportWait(wait: Call, coroutines: readonly Value[]): Report {
  return {
    span: coroutines[0]?.span ?? wait.span,
    message: message('asyncio.wait refuses coroutines since Python 3.11: make tasks of them.'),
    repairs: [{ kind: 'wrap-in-call', values: coroutines, module: 'asyncio', name: 'create_task' }],
  };
}
