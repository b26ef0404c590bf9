import type { FunctionFact, Value, With } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, pathOf } from '../core/uses';
import { find, walk, type Node } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'escaping-task-group',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'A generator yields inside a task group or timeout, or a timeout has nothing to interrupt.',
    concepts: ['async-generators', 'task-group', 'timeouts-and-cancellation'],
    options: {},
    fixes: 'none',
    supersedes: [],
    inspiredBy: ['flake8-async ASYNC100', 'flake8-async ASYNC119'],
  },
  check,
};

type Scope = 'group' | 'timeout';

const SCOPES: ReadonlyMap<string, Scope> = new Map([
  ['asyncio.TaskGroup', 'group'],
  ['asyncio.timeout', 'timeout'],
  ['asyncio.timeout_at', 'timeout'],
  ['anyio.create_task_group', 'group'],
]);

interface Entered {
  readonly fn: FunctionFact;
  readonly at: With;
  readonly callee: Value;
  readonly value: Value;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const entered: Entered[] = [];
  for (const fn of facts.functions) {
    if (!fn.isAsync) continue;
    walk(fn.body, (node) => {
      if (node.kind !== 'with' || !node.isAsync) return undefined;
      for (const { value } of node.resources)
        if (
          value.kind === 'call' &&
          /^(?:TaskGroup|timeout|timeout_at|create_task_group)$/.test(calleeName(value) ?? '')
        )
          entered.push({ fn, at: node, callee: value.callee, value });
      return undefined;
    });
  }
  const declarations = yield* ask(
    'declaration',
    entered.map(({ callee }) => callee),
  );
  return entered.flatMap(({ fn, at, value }, i) => {
    const declared = declarations[i];
    const scope = SCOPES.get(`${declared?.module ?? ''}.${declared?.path ?? ''}`);
    return scope ? judge(fn, at, value, scope) : [];
  });
}

function judge(fn: FunctionFact, at: With, value: Value, scope: Scope): Report[] {
  const yielded = find(at.body, (node) => node.kind === 'yield');
  if (yielded) {
    if (isManager(fn)) return [];
    return [
      {
        span: yielded.span,
        message:
          scope === 'group'
            ? message('A yield inside a task group lets the caller outlive or cancel it: yield outside.')
            : message('A yield inside a timeout cancels the caller instead: yield outside of it.'),
        related: [{ file: fn.file.file, span: value.span, message: message('entered here') }],
      },
    ];
  }
  if (scope === 'timeout' && !at.body.body.some(suspends)) {
    // Another manager of the same statement may wait when it is entered.
    if (
      at.resources.some(
        (resource) => resource.value !== value && resource.value.span.start > value.span.start,
      )
    )
      return [];
    return [{ span: value.span, message: message('Nothing waits in this timeout, so it can never fire.') }];
  }
  return [];
}

function suspends(node: Node): boolean {
  return (
    find(
      node,
      (part) =>
        part.kind === 'await' ||
        part.kind === 'yield' ||
        (part.kind === 'with' && part.isAsync) ||
        (part.kind === 'loop' && part.form === 'for-await') ||
        (part.kind === 'comprehension' && part.clauses.some((clause) => clause.isAsync)),
    ) !== undefined
  );
}

/** Such a generator is resumed by the task that started it, once: it is made to hold a scope open. */
function isManager({ decorators }: FunctionFact): boolean {
  return decorators.some((decorator) =>
    /(?:contextmanager|fixture)$/.test(
      pathOf(decorator.kind === 'call' ? decorator.callee : decorator) ?? '',
    ),
  );
}
