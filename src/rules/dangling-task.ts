import type { Call, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import type { Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { calleeName, pathOf, useOf } from '../core/uses';
import { find, isStatement } from '../core/walk';
import { soundsLikeTaskStart, taskStarts } from './task-starts';

export const rule: Rule = {
  meta: {
    id: 'dangling-task',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'Nobody keeps the task: it can vanish before it ends, and its exception is never seen.',
    concepts: ['task', 'task-group', 'future'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['Ruff RUF006'],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = facts.functions
    .flatMap((fn) => fn.calls)
    .filter((call) => soundsLikeTaskStart(call) && isDropped(call));
  const isTest = isTestFile(facts);
  return (yield* taskStarts(candidates)).map((call) =>
    report(call, isTest || isMainTask(call) || hasNoPlace(call.fn) || isBrief(call)),
  );
}

/** Nobody can reach the task: its value is dropped, or only bound to a local name that nothing reads. */
export function isDropped(value: Value): boolean {
  const use = useOf(value);
  if (use.kind === 'discarded') return true;
  const { parent } = value;
  // `a = b = create_task(…)`: each of the names keeps it.
  if (!isStatement(parent) && parent.kind === 'assign' && parent.value === value && isStored(parent))
    return false;
  // A list of tasks that is dropped itself: `[create_task(f(x)) for x in xs]`.
  if (use.kind === 'stored' && !isStatement(parent) && parent.kind === 'comprehension')
    return parent.form !== 'generator' && isDropped(parent);
  if (use.kind !== 'bound') return false;
  const { binding } = use;
  const isLocal = binding.fn.kind !== 'module' && binding.fn.kind !== 'static-block';
  return isLocal && binding.references.every((name) => name.access === 'write');
}

/** The value of an assignment goes on to another name or place. */
function isStored(value: Value): boolean {
  const use = useOf(value);
  return (
    use.kind === 'stored' ||
    (use.kind === 'bound' && use.binding.references.some((n) => n.access !== 'write'))
  );
}

/** `loop.create_task(main()); loop.run_forever()`: what the whole program waits for is hardly ever collected. */
function isMainTask(call: Call): boolean {
  return (
    find(
      call.fn.body,
      (node) =>
        node.kind === 'member' &&
        /^run_(?:forever|until_complete)$/.test(node.name ?? '') &&
        node.span.start > call.span.end,
    ) !== undefined
  );
}

/** Where an object goes away, there is hardly anybody left to keep a task: `__del__`, `__exit__`, `weakref.ref(x, f)`. */
function hasNoPlace({ name, parent }: FunctionFact): boolean {
  if (name === '__del__' || name === '__exit__') return true;
  return (
    parent?.calls.some(
      (call) =>
        isWeakReference(call) && call.args.some(({ value }) => value.kind === 'name' && value.text === name),
    ) ?? false
  );
}

function isWeakReference({ callee }: Call): boolean {
  return /^weakref\.(?:ref|finalize|WeakMethod)$/.test(pathOf(callee) ?? '');
}

/** `ensure_future(queue.put(x))`: mostly done in its first step. */
function isBrief({ args }: Call): boolean {
  const work = args[0]?.value;
  return work?.kind === 'call' && calleeName(work) === 'put';
}

function report(call: Call, isMild: boolean): Report {
  return {
    span: call.span,
    ...(isMild ? { level: 'information' } : {}),
    message: message('Nobody keeps this task, so it may vanish unfinished: keep it until it is done.'),
    repairs: [{ kind: 'keep-task', value: call }],
  };
}
