import { edgesOf } from '../core/callees';
import type { Await, Binding, Block, Call, Declare, FileFacts, FunctionFact, Value } from '../core/facts';
import { message } from '../core/finding';
import type { Memo } from '../core/memo';
import { ask, type Asking, type TypeAnswer } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isTestFile } from '../core/startup';
import { contains } from '../core/text';
import { calleeName, outsideGlobal, pathOf, rootName } from '../core/uses';
import { enclosing, find, walk } from '../core/walk';
import {
  ACCUMULATOR_NAME,
  ORDER_COMMENT,
  ORDERED_FUNCTION,
  READING_NAME,
  SINK_NAME,
  TEARDOWN_NAME,
  TRANSACTION_CALL,
  TRANSACTION_NAME,
} from '../knowledge/sequence';
import { sharesState } from './shared-state';

export const rule: Rule = {
  meta: {
    id: 'sequential-awaits',
    languages: ['typescript'],
    level: 'hint',
    preset: 'recommended',
    needs: 'types',
    summary: 'Neighbouring awaits wait one after another for results that do not depend on each other.',
    concepts: ['gather', 'await'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** `const x = await call(…);` */
interface Step {
  readonly statement: Declare;
  readonly awaited: Await;
  readonly call: Call;
}

function* check({ facts, memo }: RuleContext): Asking<readonly Report[]> {
  if (isTestFile(facts)) return [];
  const runs = facts.functions.flatMap((fn) => {
    if (fn.awaits.length < 2 || fn.kind === 'module') return [];
    const found = blocksOf(fn).flatMap(runsIn);
    // Looked at last: comments are read from the text, and hardly any function has such a run.
    return found.length > 0 && !isOrdered(facts, fn) ? found : [];
  });
  if (runs.length === 0) return [];
  const reports: Report[] = [];
  for (const run of runs) {
    for (const part of yield* independent(run)) {
      const [first, second] = part;
      if (!first || !second || (yield* touchState(part, memo))) continue;
      const name = calleeName(second.call) ?? '';
      reports.push({
        span: { start: second.awaited.span.start, end: second.call.callee.span.end },
        message:
          name.length <= 24
            ? message('{name} waits without need for what stands above: use Promise.all.', { name })
            : message('This waits without need for what stands above: use Promise.all.'),
        related: [
          {
            file: facts.file,
            span: { start: first.awaited.span.start, end: first.call.callee.span.end },
            message: message('Nothing of this is used in what follows.'),
          },
        ],
        repairs: [{ kind: 'join-awaits', awaits: part.map(({ awaited }) => awaited), isRefactoring: true }],
      });
    }
  }
  return reports;
}

/** A function that is one of a transaction, takes things down, or says that its steps are in order. */
function isOrdered({ comments }: FileFacts, fn: FunctionFact): boolean {
  for (const outer of enclosing(fn)) {
    if (outer.kind === 'module') break;
    const { name = '', params, calls } = outer;
    if (TEARDOWN_NAME.test(name) || ORDERED_FUNCTION.test(name)) return true;
    if (params.some(({ binding }) => binding && TRANSACTION_NAME.test(binding.name))) return true;
    if (calls.some((call) => TRANSACTION_CALL.test(calleeName(call) ?? ''))) return true;
  }
  return comments.some(({ span, text }) => contains(fn.span, span) && ORDER_COMMENT.test(text));
}

function blocksOf(fn: FunctionFact): Block[] {
  const blocks: Block[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'block') blocks.push(node);
    return undefined;
  });
  return blocks;
}

/** The longest runs of neighbouring steps, none of which mentions what an earlier one of its run gave. */
function runsIn({ body, fn }: Block): Step[][] {
  const runs: Step[][] = [];
  let run: Step[] = [];
  let given = new Set<Binding>();
  for (const statement of body) {
    const step = statement.kind === 'declare' ? stepOf(statement) : undefined;
    const last = run[run.length - 1];
    const isNext =
      step !== undefined &&
      last !== undefined &&
      !mentions(step.call, given) &&
      // A remark between two of them is about their order, or would have no place afterwards.
      !fn.file.comments.some(
        ({ span }) => span.start >= last.statement.span.end && span.end <= step.statement.span.start,
      );
    if (!isNext) {
      if (run.length > 1) runs.push(run);
      run = [];
      given = new Set();
    }
    if (!step) continue;
    run.push(step);
    for (const binding of step.statement.bindings) given.add(binding);
  }
  if (run.length > 1) runs.push(run);
  return runs;
}

/** A declaration of one call that reads, by its name. */
function stepOf(statement: Declare): Step | undefined {
  const { value, disposal, bindings } = statement;
  if (value?.kind !== 'await' || disposal !== undefined || bindings.length === 0) return undefined;
  const call = value.operand;
  if (call.kind !== 'call' || call.form !== 'call' || !reads(call)) return undefined;
  // A second wait inside, or a function given to the call, has an order of its own.
  const isPlain = !find(call, (node) => ['await', 'function', 'assign', 'yield'].includes(node.kind));
  return isPlain ? { statement, awaited: value, call } : undefined;
}

function reads(call: Call): boolean {
  const name = calleeName(call);
  if (name === undefined || !READING_NAME.test(name)) return false;
  // Only the caller knows what a function that was handed in does.
  if (call.callee.kind === 'name' && call.callee.binding?.kind === 'param') return false;
  // With options a request may be one that writes.
  return outsideGlobal(call.callee) !== 'fetch' || call.args.length === 1;
}

function mentions(call: Call, bindings: ReadonlySet<Binding>): boolean {
  return (
    find(call, (node) => node.kind === 'name' && !!node.binding && bindings.has(node.binding)) !== undefined
  );
}

/** The parts of a run in which no two calls have an object in common that one of them may change. */
function* independent(run: readonly Step[]): Asking<Step[][]> {
  const used = run.map(({ call }) => objectsOf(call));
  const values = used.flat();
  const types = yield* ask('type', values);
  const isPlain = new Map<Value, boolean>(values.map((value, i) => [value, isPrimitive(types[i])]));
  const parts: Step[][] = [];
  let part: Step[] = [];
  let taken = new Set<string>();
  run.forEach((step, i) => {
    const paths = (used[i] ?? []).filter((value) => !isPlain.get(value)).map((value) => pathOf(value) ?? '');
    const isOwn = paths.every((path) => path !== '' && !taken.has(path) && !isOrderedThing(path));
    if (!isOwn) {
      if (part.length > 1) parts.push(part);
      part = [];
      taken = new Set();
    }
    if (paths.some((path) => path === '' || isOrderedThing(path))) return;
    part.push(step);
    for (const path of paths) taken.add(path);
  });
  if (part.length > 1) parts.push(part);
  return parts;
}

/** What a call goes to and what it is given: names, members and calls, without modules. */
function objectsOf({ callee, args }: Call): Value[] {
  const objects: Value[] = [];
  const receiver = callee.kind === 'member' ? callee.object : undefined;
  if (receiver && !isModule(receiver)) objects.push(receiver);
  const collect = (value: Value): void => {
    if (value.kind === 'literal') return;
    if (value.kind === 'collection') value.elements.forEach((element) => collect(element.value));
    else if (value.kind === 'template') value.parts.forEach(collect);
    else objects.push(value);
  };
  for (const { value } of args) collect(value);
  return objects;
}

/** A module as a whole, a class or another name for something that is there once and for all. */
function isModule(value: Value): boolean {
  const root = rootName(value);
  if (!root) return false;
  if (!root.binding) return /^[A-Z]/.test(root.text);
  return root.binding.imported?.name === '*' || (value.kind === 'name' && root.binding.kind === 'class');
}

/** Nothing that a call could change. */
function isPrimitive(type: TypeAnswer | undefined): boolean {
  if (!type || type.any) return false;
  if (type.nothing) return true;
  return type.name === undefined && ['localeCompare', 'toFixed', 'asIntN'].some((member) => type.has(member));
}

function isOrderedThing(path: string): boolean {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return (
    SINK_NAME.test(name) || ACCUMULATOR_NAME.test(name) || TRANSACTION_NAME.test(path.split('.')[0] ?? '')
  );
}

/** Whether one of the calls runs a function of the project that changes what outlives it. */
function* touchState(part: readonly Step[], memo: Memo): Asking<boolean> {
  const [first] = part;
  if (!first) return false;
  const calls = new Set(part.map(({ call }) => call));
  const edges = yield* edgesOf(first.call.fn, memo);
  return yield* sharesState(
    edges.filter(({ call }) => calls.has(call)),
    memo,
  );
}
