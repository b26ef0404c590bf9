import type { Argument, FileFacts, FunctionFact, Handler, Statement, Try, Value, With } from '../core/facts';
import { message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { calleeName, importedPath, pathOf, useOf } from '../core/uses';
import { blockOf, find, isWithin, walk, type Node } from '../core/walk';

export const rule: Rule = {
  meta: {
    id: 'swallowed-cancellation',
    languages: ['python'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'A handler catches the cancellation of its task and lets the code go on.',
    concepts: ['timeouts-and-cancellation', 'task-group', 'await'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: ['SonarQube S7497', 'flake8-async ASYNC103'],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  if (!/CancelledError|BaseException|except\s*:/.test(facts.text)) return [];
  const reports: Report[] = [];
  const suppressions: { readonly at: With; readonly call: Value }[] = [];
  for (const fn of facts.functions) {
    if (!fn.isAsync) continue;
    walk(fn.body, (node) => {
      if (node.kind === 'try') {
        const handler = swallowing(node);
        if (handler && !isIdiom(fn, node, handler) && !isExplained(facts, handler))
          reports.push(reportHandler(node, handler));
      } else if (node.kind === 'with' && !node.isAsync) {
        for (const { value } of node.resources)
          if (isSuppress(value) && !isIdiom(fn, node, undefined))
            suppressions.push({ at: node, call: value });
      }
      return undefined;
    });
  }
  const declarations = yield* ask(
    'declaration',
    suppressions.map(({ call }) => (call.kind === 'call' ? call.callee : call)),
  );
  suppressions.forEach(({ at, call }, i) => {
    if (declarations[i]?.module !== 'contextlib') return;
    reports.push({
      span: call.span,
      message: message('This suppresses the cancellation of its own task: let it pass.'),
      ...milder(namesCancellation(call), endsTask(at, []) || leavesMainLoop(at)),
    });
  });
  return reports;
}

/** `CancelledError` of asyncio, however it was imported; the one of `concurrent.futures` is another class. */
function isCancelledError(type: Value): boolean {
  const path = pathOf(type);
  if (path === undefined || !/(?:^|\.)CancelledError$/.test(path)) return false;
  const imported = importedPath(type);
  return !/concurrent|futures/.test(`${imported?.module ?? ''}.${imported?.path ?? path}`);
}

function isBaseException(type: Value): boolean {
  return type.kind === 'name' && type.text === 'BaseException' && !type.binding;
}

/** The handler that catches a cancellation of an await in the block and does not pass it on. */
function swallowing(statement: Try): Handler | undefined {
  if (!suspends(statement.block)) return undefined;
  // A dynamic type (`except errors:`) may catch it; what comes after is not known.
  const handler = statement.handlers.find(
    ({ types }) =>
      types.length === 0 || types.some((type) => isCancelledError(type) || isBaseException(type)),
  );
  return handler && !passesOn(handler) && !raisesLater(statement, handler) ? handler : undefined;
}

/** A comment in the handler that speaks of cancellation: whoever wrote it knows what is caught. */
function isExplained({ comments }: FileFacts, { span, body }: Handler): boolean {
  return comments.some(
    (comment) =>
      comment.span.start >= span.start &&
      comment.span.end <= Math.max(span.end, body.span.end) &&
      /cancel/i.test(comment.text),
  );
}

/** Something in the node waits, so that a cancellation can arrive in it. */
function suspends(node: Node): boolean {
  return (
    find(
      node,
      (part) =>
        part.kind === 'await' ||
        (part.kind === 'with' && part.isAsync) ||
        (part.kind === 'loop' && part.form === 'for-await'),
    ) !== undefined
  );
}

/** The handler notes what happened in a variable, and code after it raises. */
function raisesLater(statement: Try, { body }: Handler): boolean {
  const notes = find(
    body,
    (node) => (node.kind === 'assign' && node.target.kind === 'name') || node.kind === 'declare',
  );
  if (!notes) return false;
  const { fn } = statement;
  return find(fn.body, (node) => node.kind === 'throw' && node.span.start >= body.span.end) !== undefined;
}

const KEEPERS = /^(?:set_exception|append|put|put_nowait|add|throw|send|exit|_exit|abort|fail)$/;

/** The handler raises, ends the process, or hands the exception to somebody who can. */
function passesOn({ body, binding }: Handler): boolean {
  const leaves = find(
    body,
    (node) =>
      node.kind === 'throw' ||
      (node.kind === 'call' && /^(?:exit|_exit|abort|fail)$/.test(calleeName(node) ?? '')),
  );
  if (leaves) return true;
  const keepsInfo = find(
    body,
    (node) =>
      node.kind === 'call' &&
      KEEPERS.test(calleeName(node) ?? '') &&
      node.args.some(({ value }) =>
        /exc_info$/.test(pathOf(value.kind === 'call' ? value.callee : value) ?? ''),
      ),
  );
  if (keepsInfo) return true;
  return (binding?.references ?? []).some((name) => {
    if (!isWithin(name, body)) return false;
    const use = useOf(name);
    if (use.kind === 'argument')
      return (
        KEEPERS.test(calleeName(use.call) ?? '') ||
        (/except|error|fail/i.test(pathOf(use.call.callee) ?? '') && !isLogging(use.call.callee))
      );
    return use.kind === 'stored' || use.kind === 'returned' || use.kind === 'bound' || use.kind === 'yielded';
  });
}

function isLogging(callee: Value): boolean {
  return /(?:^|\.|_)(?:log|logger|logging|print|warn|warnings)\b/i.test(pathOf(callee) ?? '');
}

/**
 * Waiting for a task that was cancelled here (`task.cancel()`, then `await task`), for anything that can only be such a
 * task, or code that counts cancellations itself with `uncancel()`.
 */
function isIdiom(fn: FunctionFact, statement: Try | With, handler: Handler | undefined): boolean {
  const cancels = fn.calls.some((call) => {
    const name = calleeName(call) ?? '';
    if (name === 'uncancel' || name === 'cancelling') return true;
    return /cancel/i.test(name) && name !== 'cancelled' && call.span.start < statement.span.end;
  });
  if (cancels) return true;
  const block = statement.kind === 'try' ? statement.block : statement.body;
  const isBroad = handler?.types.every((type) => !isCancelledError(type)) ?? false;
  return !isBroad && !waitsForOwnWork(block);
}

/** True unless all that the block awaits are tasks and futures made elsewhere, which others may cancel. */
function waitsForOwnWork(block: Node): boolean {
  return (
    find(block, (node) => {
      if (node.kind === 'with') return node.isAsync && !node.resources.every(({ value }) => isTimeout(value));
      if (node.kind === 'loop') return node.form === 'for-await';
      return node.kind === 'await' && !isTask(node.operand);
    }) !== undefined
  );
}

/** `**options`. */
function isOption({ spread, value }: Argument): boolean {
  return spread && value.kind !== 'name';
}

function isTimeout(value: Value): boolean {
  return value.kind === 'call' && /^(?:timeout|timeout_at)$/.test(calleeName(value) ?? '');
}

/** A name or attribute is a task as far as one can see; so is what `gather`, `wait` and `wait_for` get of them. */
function isTask(value: Value): boolean {
  if (value.kind === 'name' || value.kind === 'member') return true;
  if (value.kind !== 'call') return false;
  const name = calleeName(value) ?? '';
  // `cast(Future, task)` is `task`; the limit of `wait_for` can be anything.
  if (name === 'cast') return value.args[1] !== undefined && isTask(value.args[1].value);
  if (name === 'wait_for') return value.args[0] !== undefined && isTask(value.args[0].value);
  if (/^(?:gather|wait|shield|as_completed)$/.test(name))
    return value.args.every(
      (argument) =>
        argument.keyword !== undefined ||
        isOption(argument) ||
        argument.value.kind === 'literal' ||
        isTask(argument.value),
    );
  return false;
}

/** The endless loop of a task stands in the block, and is left with its handler: what follows says goodbye. */
function leavesMainLoop(statement: Statement): boolean {
  if (statement.fn.body !== statement.parent) return false;
  if (statement.kind !== 'try' && statement.kind !== 'with') return false;
  const block = statement.kind === 'try' ? statement.block : statement.body;
  return find(block, (node) => node.kind === 'loop' && suspends(node)) !== undefined;
}

/** The function waits for nothing more once the handler is done: its task ends, only not as a cancelled one. */
function endsTask(statement: Statement, handled: readonly Statement[]): boolean {
  const last = handled[handled.length - 1];
  if (last?.kind === 'return') return true;
  let leavesLoop = last?.kind === 'jump' && last.form === 'break';
  for (let current: Statement = statement; ;) {
    const block = blockOf(current);
    // After `break` the rest of the loop's body does not run.
    if (block && !leavesLoop && block.body.slice(block.body.indexOf(current) + 1).some(suspends))
      return false;
    const parent: Statement | undefined = block ?? current.parent;
    if (!parent) return true;
    if (parent.kind === 'loop') {
      if (!leavesLoop) return false;
      leavesLoop = false;
    }
    current = parent;
  }
}

function isSuppress(value: Value): boolean {
  return (
    value.kind === 'call' &&
    calleeName(value) === 'suppress' &&
    value.args.some((argument) => isCancelledError(argument.value) || isBaseException(argument.value))
  );
}

function namesCancellation(suppress: Value): boolean {
  return suppress.kind === 'call' && suppress.args.some(({ value }) => isCancelledError(value));
}

/** Who writes `CancelledError` means it, rightly or not; a handler for everything mostly catches it by mistake. */
function milder(isNamed: boolean, isLast: boolean): Pick<Report, 'level'> {
  if (isNamed) return { level: isLast ? 'hint' : 'information' };
  return isLast ? { level: 'information' } : {};
}

function reportHandler(statement: Try, handler: Handler): Report {
  const names = handler.types.some(isCancelledError);
  const end = handler.types[handler.types.length - 1]?.span.end ?? handler.span.start + 'except'.length;
  return {
    span: { start: handler.span.start, end },
    message: names
      ? message('This swallows the cancellation of its own task: raise it again.')
      : message('This also swallows cancellation: raise it again, or catch Exception.'),
    ...milder(names, endsTask(statement, handler.body.body) || leavesMainLoop(statement)),
    repairs: [{ kind: 'reraise', handler }],
  };
}
