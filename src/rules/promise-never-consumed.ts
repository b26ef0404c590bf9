import type { Binding, Call, FileFacts, Name, Statement, Value } from '../core/facts';
import { message } from '../core/finding';
import { callsIn } from '../core/pending';
import { ask, type Asking } from '../core/questions';
import { hasRejectionHandler } from '../core/rejections';
import type { Report, Rule, RuleContext } from '../core/rule';
import { isScript } from '../core/scripts';
import type { Span } from '../core/text';
import { isUndefined, useOf } from '../core/uses';
import { isStatement, walk } from '../core/walk';
import { lazyQueries } from './thenables';
import { isOnPurpose, keepsFailuresInside } from './unwatched';

export const rule: Rule = {
  meta: {
    id: 'promise-never-consumed',
    languages: ['typescript'],
    level: 'warning',
    preset: 'recommended',
    needs: 'types',
    summary: 'A promise that is given a name and then never awaited, returned, passed on or handled.',
    concepts: ['future', 'await', 'task'],
    options: {},
    fixes: 'suggestion',
    supersedes: [],
    inspiredBy: [],
  },
  check,
};

/** A name that takes the value of a call and is not used for anything afterwards. */
interface Candidate {
  readonly binding: Binding;
  readonly call: Call;
  /** Where to point: the name. */
  readonly span: Span;
  readonly statement: Statement;
}

function* check({ facts }: RuleContext): Asking<readonly Report[]> {
  const candidates = candidatesOf(facts);
  const answers = yield* ask(
    'promise',
    candidates.map(({ call }) => call),
  );
  const lazy = yield* lazyQueries(
    candidates.filter((_, i) => answers[i]?.thenable === 'yes').map(({ call }) => call),
  );
  const reports: Report[] = [];
  for (const [i, { binding, call, span, statement }] of candidates.entries()) {
    const answer = answers[i];
    const isLazy = lazy.has(call);
    if (!answer || (answer.native !== 'yes' && !isLazy)) continue;
    // That a promise is always there makes its test a mistake of its own, and that is reported where it stands.
    if (answer.always === 'yes' && binding.references.some(isTested)) continue;
    const level = isLazy
      ? 'warning'
      : isOnPurpose(facts, statement.span)
        ? 'hint'
        : (yield* keepsFailuresInside(call))
          ? 'information'
          : 'warning';
    const { name } = binding;
    reports.push({
      span,
      level,
      message: isLazy
        ? name.length <= 24
          ? message('{name} is a query that nobody awaits, so it never runs: add await.', { name })
          : message('This query runs only when awaited, so it never does: add await.')
        : name.length <= 24
          ? message('{name} is a promise that nobody awaits or passes on: add await.', { name })
          : message('This is a promise that nobody awaits or passes on: add await.'),
      repairs: [{ kind: 'await', value: call }],
    });
  }
  return reports;
}

function candidatesOf(facts: FileFacts): Candidate[] {
  const found: Candidate[] = [];
  const consider = (binding: Binding, value: Value, span: Span, statement: Statement): void => {
    // The uses first: nearly every name has one.
    if (!binding.references.every(isNoConsumption) || !isFollowed(facts, binding)) return;
    for (const call of callsIn(value))
      if (!hasRejectionHandler(call)) found.push({ binding, call, span, statement });
  };
  for (const fn of facts.functions) {
    walk(fn.body, (node) => {
      if (node.kind === 'declare' && node.whole && node.value && !node.disposal)
        consider(node.whole, node.value, node.whole.span, node);
      // What an assignment passes on as its own value is used there.
      if (node.kind === 'expression' && node.value.kind === 'assign' && node.value.operator === '=') {
        const { target, value } = node.value;
        if (target.kind === 'name' && target.binding) consider(target.binding, value, target.span, node);
      }
      return undefined;
    });
  }
  return found;
}

/** A local name that no other file and no type can use, and that does not say itself that it is not used. */
function isFollowed(facts: FileFacts, { name, kind, fn, exported }: Binding): boolean {
  if (exported || !['const', 'let', 'var'].includes(kind) || name.startsWith('_')) return false;
  // Scripts see the top-level names of each other.
  if (fn.kind === 'module' && isScript(facts)) return false;
  return !new RegExp(`\\btypeof\\s+${name.replaceAll('$', '\\$')}(?![\\w$])`).test(facts.text);
}

/** A write, or a look at whether there is a value at all. */
function isNoConsumption(name: Name): boolean {
  return name.access === 'write' || isTested(name) || isNullCheck(name);
}

function isTested(name: Name): boolean {
  return name.access === 'read' && useOf(name).kind === 'condition';
}

const CHECKS: ReadonlySet<string> = new Set(['==', '!=', '===', '!==']);

function isNullCheck(name: Name): boolean {
  const { parent } = name;
  if (isStatement(parent) || parent.kind !== 'binary' || !CHECKS.has(parent.operator)) return false;
  const other = parent.left === name ? parent.right : parent.left;
  return other.kind === 'literal' ? other.value === null : isUndefined(other);
}
