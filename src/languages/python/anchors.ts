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
  if (word === 'await' || word === 'async') {
    return isKeyword(facts, word, span) ? { span, names: [`keyword:${word}`] } : undefined;
  }
  const name = nameAt(workspace, lowered, span);
  return name === undefined ? undefined : { span, names: [name] };
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

/** False for the word in a string or a comment. */
function isKeyword(facts: FileFacts, word: 'await' | 'async', span: Span): boolean {
  const around = functionsAt(facts, span);
  if (word === 'await')
    return around.some((fn) => fn.awaits.some((value) => value.span.start === span.start));
  const name = /^async\s+def\s+/.exec(facts.text.slice(span.start, span.start + 200));
  if (name)
    return facts.functions.some((fn) => fn.isAsync && fn.nameSpan.start === span.start + name[0].length);
  return around.some((fn) => {
    let found = false;
    walk(fn.body, (node) => {
      const isInside = node.span.start <= span.start && span.end <= node.span.end;
      if (isStatement(node)) {
        const isAsync =
          (node.kind === 'with' && node.isAsync) || (node.kind === 'loop' && node.form === 'for-await');
        if (isAsync && node.span.start === span.start) found = true;
      } else if (node.kind === 'comprehension' && isInside && node.clauses.some((c) => c.isAsync)) {
        found = /^async\s+for\b/.test(facts.text.slice(span.start, span.end + 20));
      }
      return isInside && !found ? undefined : false;
    });
    return found;
  });
}

function nameAt(workspace: Workspace, lowered: Lowered, span: Span): string | undefined {
  const value = valueAt(lowered, span);
  if (value) {
    const type = new Inference(workspace).typeOf(value);
    return type?.kind === 'outside' ? type.name : undefined;
  }
  for (const binding of lowered.hints.exports.values()) {
    const { imported } = binding;
    if (!imported) continue;
    const isIn = binding.span.start <= span.start && span.end <= binding.span.end;
    // In `from a import b as c` the binding is `c`.
    if (!isIn && !/^\s+as\s+$/.test(lowered.facts.text.slice(span.end, binding.span.start))) continue;
    if (workspace.resolve(lowered.facts.file, imported.module) !== 'outside') return undefined;
    return imported.name === '*' ? imported.module : `${imported.module}.${imported.name}`;
  }
  return undefined;
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
