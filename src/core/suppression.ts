import type { CommentFact, FileFacts } from './facts';
import type { Finding } from './finding';
import { message } from './finding';
import type { LineMap, Span } from './text';

/** Reported for a comment that suppresses nothing. */
export const UNUSED_SUPPRESSION = 'unused-suppression';

interface Suppression {
  readonly comment: CommentFact;
  /** Zero-based line whose findings it silences; undefined for the whole file. */
  readonly line: number | undefined;
  /** Rule ids; empty means every rule. */
  readonly rules: readonly { readonly id: string; readonly span: Span }[];
}

const PATTERN = /^async-patterns-ignore-(next-line|line|file)(?![\w-])\s*(.*?)(?:\s*--\s*(.*))?$/s;

/** Reads `async-patterns-ignore-next-line rule-a, rule-b -- reason` and its `line` and `file` forms. */
function parse(comment: CommentFact, source: string, lines: LineMap): Suppression | undefined {
  const match = PATTERN.exec(comment.text.trim());
  if (!match) return undefined;
  const [, scope, names = ''] = match;
  const rules: { id: string; span: Span }[] = [];
  const listAt = source.indexOf(names, source.indexOf(`ignore-${scope ?? ''}`, comment.span.start));
  for (const found of names.matchAll(/[\w-]+/g)) {
    const start = listAt + found.index;
    rules.push({ id: found[0], span: { start, end: start + found[0].length } });
  }
  const at = scope === 'next-line' ? comment.span.end : comment.span.start;
  const line = lines.positionAt(at).line;
  return { comment, rules, line: scope === 'file' ? undefined : scope === 'next-line' ? line + 1 : line };
}

/**
 * Drops the findings that the file's comments silence and adds a hint for every comment, or rule named in one, that
 * silenced nothing.
 * @param active ids of the rules that ran; a comment about a rule that is switched off is not called unused.
 */
export function applySuppressions(
  facts: FileFacts,
  findings: readonly Finding[],
  lines: LineMap,
  active: ReadonlySet<string>,
): Finding[] {
  // Finding all comments of a file costs more than judging it.
  if (!facts.text.includes('async-patterns-ignore')) return [...findings];
  const suppressions = facts.comments
    .map((comment) => parse(comment, facts.text, lines))
    .filter((s): s is Suppression => s !== undefined);
  if (suppressions.length === 0) return [...findings];

  const used = new Set<Suppression | Suppression['rules'][number]>();
  const kept = findings.filter((finding) => {
    const line = lines.positionAt(finding.span.start).line;
    let silenced = false;
    for (const suppression of suppressions) {
      if (suppression.line !== undefined && suppression.line !== line) continue;
      const named = suppression.rules.find((rule) => rule.id === finding.rule);
      if (suppression.rules.length > 0 && !named) continue;
      used.add(suppression);
      if (named) used.add(named);
      silenced = true;
    }
    return !silenced;
  });

  for (const suppression of suppressions) {
    const unused =
      suppression.rules.length === 0
        ? used.has(suppression)
          ? []
          : [
              {
                span: suppression.comment.span,
                template: message('Nothing to ignore here: remove the comment.'),
              },
            ]
        : suppression.rules
            .filter((rule) => !used.has(rule) && active.has(rule.id))
            .map((rule) => ({
              span: rule.span,
              template: message('No {rule} to ignore here: remove it from the comment.', { rule: rule.id }),
            }));
    for (const { span, template } of unused) {
      kept.push({
        rule: UNUSED_SUPPRESSION,
        level: 'hint',
        span,
        message: template,
        related: [],
        repairs: [{ kind: 'remove-suppression', file: facts, comment: suppression.comment, rule: span }],
        unnecessary: true,
      });
    }
  }
  return kept;
}
