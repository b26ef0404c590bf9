import type { FunctionFact, Handler, Return, Statement, Value } from '../core/facts';
import { message, type Message } from '../core/finding';
import { ask, type Asking } from '../core/questions';
import type { Report, Rule, RuleContext } from '../core/rule';
import { find, isStatement, walk, type Node } from '../core/walk';
import { selfDriven } from './thenables';

export const rule: Rule = {
  meta: {
    id: 'missing-return-await',
    languages: ['typescript'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary:
      'A promise returned out of try, catch or using before it settles: handler or disposal runs too early.',
    concepts: ['await', 'future', 'async-context-managers'],
    options: {},
    fixes: 'both',
    supersedes: [],
    inspiredBy: ['@typescript-eslint/return-await'],
  },
  check,
};

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = facts.functions.flatMap((fn) => returnsOf(fn));
  const answers = yield* ask(
    'promise',
    candidates.map(({ value }) => value),
  );
  const driven = yield* selfDriven(
    candidates.map(({ value }) => value),
    answers,
  );
  return candidates.flatMap(({ value, region }, i): Report[] => {
    const answer = answers[i];
    if (driven.has(value)) return [];
    // Without `async` a value that is only sometimes a promise is a choice of its author's.
    if ((value.fn.isAsync ? answer?.thenable : answer?.always) !== 'yes') return [];
    return [
      {
        span: value.span,
        message: MESSAGES[region.kind](region.name ?? ''),
        ...(region.isMild && { level: 'information' }),
        repairs: [{ kind: 'await', value, safety: 'safe' }],
      },
    ];
  });
}

const MESSAGES: Readonly<Record<Region['kind'], (name: string) => Message>> = {
  catch: () => message('The catch block never sees this promise fail: return await it.'),
  finally: () => message('The finally block runs before this promise settles: return await it.'),
  using: (name) => message('{name} is disposed of before this promise settles: return await it.', { name }),
};

/** What happens to the function's end around a `return`. */
interface Region {
  readonly kind: 'catch' | 'finally' | 'using';
  /** Name of the disposed resource. */
  readonly name?: string;
  /** The handler is empty, and perhaps meant only for what is awaited before. */
  readonly isMild?: boolean;
}

function returnsOf(fn: FunctionFact): { readonly value: Value; readonly region: Region }[] {
  // An async generator awaits what it returns by itself.
  if (fn.kind === 'module' || fn.isGenerator) return [];
  const found: { value: Value; region: Region }[] = [];
  walk(fn.body, (node) => {
    if (node.kind === 'return' && node.value && !node.implicit) {
      for (const value of leavesOf(node.value)) {
        if (!canBePendingPromise(value)) continue;
        const region = regionOf(node, value);
        if (region) found.push({ value, region });
      }
    }
    return isStatement(node);
  });
  return found;
}

/** Both arms of `?:`, so that each promise is pointed at. */
function leavesOf(value: Value): Value[] {
  if (value.kind === 'choice' && value.operator === '?:')
    return [...leavesOf(value.left), ...leavesOf(value.right)];
  return [value];
}

function canBePendingPromise(value: Value): boolean {
  switch (value.kind) {
    case 'call':
      return !isSettledResolve(value);
    case 'name':
    case 'member':
    case 'choice':
    case 'sequence':
    case 'assign':
      return true;
    default:
      return false;
  }
}

/** `Promise.resolve()` or `Promise.resolve(literal)`: fulfilled already, so that nothing is left to wait for. */
function isSettledResolve(value: Value): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.name !== 'resolve')
    return false;
  const { object } = value.callee;
  if (object.kind !== 'name' || object.text !== 'Promise' || object.binding) return false;
  const argument = value.args[0]?.value;
  return !argument || ['literal', 'collection', 'template', 'await'].includes(argument.kind);
}

/** The nearest region around a `return` whose handler or disposal would run before the returned value settles. */
function regionOf(statement: Return, value: Value): Region | undefined {
  let child: Statement = statement;
  for (let parent = statement.parent; parent; child = parent, parent = parent.parent) {
    if (parent.kind === 'block' || parent.kind === 'switch') {
      const name = usingBefore(parent, child);
      if (name !== undefined) return { kind: 'using', name };
    }
    if (parent.kind === 'loop' && parent.disposal && parent.bindings[0])
      return { kind: 'using', name: parent.bindings[0].name };
    if (parent.kind !== 'try') continue;
    const [handler] = parent.handlers;
    if (child === parent.block && handler && handlesRejection(handler, value)) {
      const isForOthers = find(parent.block, (node) => isOtherAwait(node, value)) !== undefined;
      if (!isForOthers || !triesAgain(handler, value))
        return { kind: 'catch', isMild: isForOthers && handler.body.body.length === 0 };
    }
    if (child !== parent.finalizer && parent.finalizer && parent.finalizer.body.length > 0)
      return { kind: 'finally' };
  }
  return undefined;
}

function usingBefore(parent: Statement, child: Statement): string | undefined {
  const groups =
    parent.kind === 'block' ? [parent.body] : parent.kind === 'switch' ? parent.cases.map((c) => c.body) : [];
  for (const group of groups) {
    for (const statement of group) {
      if (statement === child) return undefined;
      if (statement.kind === 'declare' && statement.disposal && statement.whole) return statement.whole.name;
    }
  }
  return undefined;
}

/** Whether it makes a difference that the handler sees the rejection of the returned value. */
function handlesRejection(handler: Handler, value: Value): boolean {
  if (hasOwnHandler(value)) return false;
  return value.fn.isAsync || !passesOn(handler);
}

function isOtherAwait(node: Node, value: Value): boolean {
  return node.kind === 'await' && codeOf(node.operand) !== codeOf(value);
}

function codeOf({ fn, span }: Value): string {
  return fn.file.text.slice(span.start, span.end);
}

/** `catch { return load(); }` around `return load()`: what failed would only fail once more. */
function triesAgain({ body }: Handler, value: Value): boolean {
  const last = body.body[body.body.length - 1];
  return last?.kind === 'return' && last.value?.kind === 'call' && codeOf(last.value) === codeOf(value);
}

/** `p.catch(f)` with a function that throws nothing itself. */
function hasOwnHandler(value: Value): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.name !== 'catch') return false;
  const handler = value.args[0]?.value;
  return handler?.kind === 'function' && !find(handler.function.body, (node) => node.kind === 'throw');
}

/**
 * `catch (e) { throw e }` or `return Promise.reject(e)` at its end: a function that is not async turns its own
 * exceptions into rejections this way, and the returned promise rejects by itself.
 */
function passesOn({ body }: Handler): boolean {
  const last = body.body[body.body.length - 1];
  if (last?.kind === 'throw') return true;
  if (last?.kind !== 'return' || last.value?.kind !== 'call') return false;
  const { callee } = last.value;
  return callee.kind === 'member' && callee.name === 'reject';
}
