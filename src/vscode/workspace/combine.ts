import { compatible } from '../../core/edits';
import type { Edit } from '../../core/finding';
import type { SafeFix } from '../../core/protocol';
import { LineMap, type Range } from '../../core/text';

/** An edit of one file, and the rule whose finding it repairs. */
export interface RuleEdit {
  readonly rule: string;
  readonly range: Range;
  readonly newText: string;
}

/**
 * The edits of those fixes of one file that can be made together; an edit that several of them share is made once.
 * @param text the file's, to which the ranges refer.
 * @returns the edits, and how many findings they repair.
 */
export function combine(
  fixes: readonly SafeFix[],
  text: string,
): { readonly edits: readonly RuleEdit[]; readonly fixed: number } {
  const lines = new LineMap(text);
  const ruleOf = new Map<Edit, string>();
  const all = fixes.map(({ rule, edits }) => {
    const located = edits.map(({ range, newText }): Edit => {
      const span = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
      const edit = { file: '', span, newText };
      ruleOf.set(edit, rule);
      return edit;
    });
    return { edits: located };
  });
  const chosen = compatible(all);
  const isMade = (edit: Edit) =>
    chosen.some(
      ({ span, newText }) =>
        span.start === edit.span.start && span.end === edit.span.end && newText === edit.newText,
    );
  return {
    edits: chosen.map((edit) => ({
      rule: ruleOf.get(edit) ?? '',
      range: lines.rangeOf(edit.span),
      newText: edit.newText,
    })),
    fixed: all.filter(({ edits }) => edits.every(isMade)).length,
  };
}
