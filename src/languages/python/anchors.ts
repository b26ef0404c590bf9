import type { FileFacts, FunctionFact, Value } from '../../core/facts';
import type { Span } from '../../core/text';
import { isStatement, walk } from '../../core/walk';
import type { Hint, Lowered } from './hints';
import { Inference } from './infer';
import type { Workspace } from './workspace';

/** What a hover can be about: the names under which a concept page may list it, most specific first. */
export interface Anchor {
  readonly span: Span;
  readonly names: readonly string[];
}

const KEYWORDS: ReadonlySet<string> = new Set(['async', 'await', 'except', 'yield']);

/**
 * Resolves the async word or API at an offset of a file of the workspace. Names are resolved through imports and types,
 * never matched by text: a local object that happens to be called `asyncio` has no anchor.
 */
export function anchorAt(workspace: Workspace, file: string, offset: number): Anchor | undefined {
  const lowered = workspace.lowered(file);
  if (!lowered) return undefined;
  const { facts } = lowered;
  const span = wordAt(facts.text, offset);
  if (!span) return undefined;
  const word = facts.text.slice(span.start, span.end);
  if (KEYWORDS.has(word)) {
    const names = keywordNames(facts, word, span).map((name) => `keyword:${name}`);
    return names.length > 0 ? { span, names } : undefined;
  }
  const names = namesAt(workspace, lowered, span);
  return names.length > 0 ? { span, names } : undefined;
}

function wordAt(text: string, offset: number): Span | undefined {
  let start = offset;
  while (start > 0 && /[\p{L}\p{N}_]/u.test(text.charAt(start - 1))) start--;
  const word = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(start, start + 200));
  return word && start + word[0].length > offset ? { start, end: start + word[0].length } : undefined;
}

/** The functions around an offset, innermost first. */
function functionsAt(facts: FileFacts, { start, end }: Span): FunctionFact[] {
  return facts.functions
    .filter((fn) => fn.kind === 'module' || (fn.span.start <= start && end <= fn.span.end))
    .reverse();
}

/** What a keyword stands for at a place, most specific first; nothing for the word in a string or a comment. */
function keywordNames(facts: FileFacts, word: string, span: Span): string[] {
  const around = functionsAt(facts, span);
  if (word === 'await') {
    const isAwait = around.some((fn) => fn.awaits.some((value) => value.span.start === span.start));
    return isAwait ? ['await'] : [];
  }
  const after = facts.text.slice(span.end, span.end + 200);
  const name = word === 'async' ? /^\s+def\s+/.exec(after) : null;
  if (name) {
    const start = span.end + name[0].length;
    const made = facts.functions.find((fn) => fn.isAsync && fn.nameSpan.start === start);
    return made ? (made.isGenerator ? ['async generator', 'async'] : ['async']) : [];
  }
  let names: string[] = [];
  for (const fn of around) {
    walk(fn.body, (node) => {
      const isInside = node.span.start <= span.start && span.end <= node.span.end;
      const starts = node.span.start === span.start;
      if (word === 'async') {
        if (node.kind === 'with' && node.isAsync && starts) names = ['async with', 'async'];
        if (node.kind === 'loop' && node.form === 'for-await' && starts) names = ['async for', 'async'];
        const isClause = node.kind === 'comprehension' && node.clauses.some((clause) => clause.isAsync);
        if (isClause && isInside && /^\s+for\b/.test(after)) names = ['async for', 'async'];
      } else if (word === 'yield') {
        if (node.kind === 'yield' && starts) names = fn.isAsync ? ['async yield', 'yield'] : ['yield'];
      } else if (node.kind === 'try') {
        const isHandler = node.handlers.some((handler) => handler.span.start === span.start);
        if (isHandler && /^\s*\*/.test(after)) names = ['except*'];
      }
      return isInside && names.length === 0 ? undefined : false;
    });
    if (names.length > 0) break;
  }
  return names;
}

function namesAt(workspace: Workspace, lowered: Lowered, span: Span): string[] {
  const value = valueAt(lowered, span);
  if (value) return namesOf(value, new Inference(workspace));
  for (const binding of lowered.hints.exports.values()) {
    const { imported } = binding;
    if (!imported) continue;
    const isIn = binding.span.start <= span.start && span.end <= binding.span.end;
    // In `from a import b as c` the binding is `c`.
    if (!isIn && !/^\s+as\s+$/.test(lowered.facts.text.slice(span.end, binding.span.start))) continue;
    if (workspace.resolve(lowered.facts.file, imported.module) !== 'outside') return [];
    // The whole module is meant only here: its name in `asyncio.gather` says nothing that `gather` does not.
    return [imported.name === '*' ? `module:${imported.module}` : `${imported.module}.${imported.name}`];
  }
  return [];
}

function namesOf(value: Value, inference: Inference): string[] {
  const type = inference.typeOf(value);
  const object = value.kind === 'member' ? inference.typeOf(value.object) : undefined;
  const member = value.kind === 'member' ? (value.name ?? '') : '';
  if (object?.kind === 'iterator')
    return [`collections.abc.${object.isAsync ? 'AsyncGenerator' : 'Generator'}.${member}`];
  if (type?.kind !== 'outside') return [];
  const name = type.name.replace(/^builtins\./, '');
  // A task has most of its methods from the future it is.
  const isTask = object?.kind === 'awaitable' && object.form === 'task' && member !== '';
  return isTask ? [...new Set([`asyncio.Task.${member}`, name])] : [name];
}

/** The name or member whose own name is at a span: in code, a decorator, a parameter's default or an annotation. */
function valueAt({ facts, hints }: Lowered, { start, end }: Span): Value | undefined {
  let found: Value | undefined;
  const visit = (root: Value): void => {
    walk(root, (node) => {
      if (node.span.start > start || end > node.span.end) return false;
      const at = node.kind === 'member' ? node.nameSpan : node.kind === 'name' ? node.span : undefined;
      if (at?.start === start && at.end === end && !isStatement(node)) found = node;
      return found ? false : undefined;
    });
  };
  const visitHint = (hint: Hint): void => {
    for (const { type, args } of hint) {
      visit(type);
      args.forEach(visitHint);
    }
  };
  for (const fn of functionsAt(facts, { start, end })) {
    for (const param of fn.params) if (param.initial) visit(param.initial);
    for (const statement of fn.body.body) {
      walk(statement, (node) => {
        if (isStatement(node)) return undefined;
        visit(node);
        return false;
      });
    }
    if (found) return found;
  }
  for (const fn of facts.functions) fn.decorators.forEach(visit);
  for (const owner of facts.classes) {
    owner.heritage.forEach(visit);
    for (const { initial } of owner.members) if (initial) visit(initial);
  }
  for (const hint of hints.variables.values()) visitHint(hint);
  for (const hint of hints.returns.values()) visitHint(hint);
  return found;
}
