import type { Call, Value } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking, type DeclarationAnswer, type TypeAnswer } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, importedPath, pathOf, useOf } from '../core/uses';
import { isStatement } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'dangling-task',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'Nobody keeps the task: it can vanish before it ends, and its exception is never seen.',
    concepts: ['task-group', 'coroutine', 'future'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['Ruff RUF006'],
  },
  check,
};

const STARTERS: ReadonlySet<string> = new Set(['create_task', 'ensure_future']);

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = facts.functions
    .flatMap((fn) => fn.calls)
    .filter((call) => STARTERS.has(nameOf(call) ?? '') && isDropped(call));
  const types = yield* ask('type', candidates);
  const declarations = yield* ask(
    'declaration',
    candidates.map((call) => call.callee),
  );
  return candidates.filter((call, i) => startsTask(call, types[i], declarations[i])).map(report);
}

/** The callee's own name, whatever an import calls it here. */
function nameOf(call: Call): string | undefined {
  const imported = importedPath(call.callee);
  return imported && imported.module !== '' ? imported.path.split('.').at(-1) : calleeName(call);
}

/** Nobody can reach the task: its value is dropped, or only bound to a local name that nothing reads. */
export function isDropped(value: Value): boolean {
  const use = useOf(value);
  if (use.kind === 'discarded') return true;
  const { parent } = value;
  // A list of tasks that is dropped itself: `[create_task(f(x)) for x in xs]`.
  if (use.kind === 'stored' && !isStatement(parent) && parent.kind === 'comprehension')
    return parent.form !== 'generator' && isDropped(parent);
  if (use.kind !== 'bound') return false;
  const { binding } = use;
  const isLocal = binding.fn.kind !== 'module' && binding.fn.kind !== 'static-block';
  return isLocal && binding.references.every((name) => name.access === 'write');
}

/** `asyncio.create_task` or a loop's, not a task group's; an object nobody knows counts when it is called a loop. */
function startsTask(
  call: Call,
  type: TypeAnswer | undefined,
  declaration: DeclarationAnswer | undefined,
): boolean {
  if (type?.name === 'Task' && type.module === 'asyncio') return !declaration?.path.startsWith('TaskGroup.');
  if (type || declaration || call.callee.kind !== 'member') return false;
  return /(?:^|[._])loop$/.test(pathOf(call.callee.object) ?? '');
}

function report(call: Call): Report {
  return {
    span: call.span,
    message: message('Nobody keeps this task, so it may vanish unfinished: keep it until it is done.'),
    repairs: [{ kind: 'keep-task', value: call }],
  };
}
