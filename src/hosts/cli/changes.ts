import type { Edit } from '../../core/finding';
import { LineMap } from '../../core/text';
import type { Report } from './report';

/** Zero-based lines, the last one included. */
export type Lines = readonly [first: number, last: number];

/** The lines of files that somebody changed; `all` where the whole file is new. Files that are not there did not change. */
export type ChangedLines = ReadonlyMap<string, readonly Lines[] | 'all'>;

export function isOnChanged(changed: ChangedLines, { file, range }: Report): boolean {
  const lines = changed.get(file);
  if (lines === undefined || lines === 'all') return lines === 'all';
  return lines.some(([first, last]) => range.start.line <= last && first <= range.end.line);
}

/** Where changed lines are after edits that do not overlap; what the edits write counts as changed itself. */
export function afterEdits(lines: readonly Lines[], text: string, edits: readonly Edit[]): Lines[] {
  const map = new LineMap(text);
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
  const moved: Lines[] = [];
  let shift = 0;
  const starts: { readonly from: number; readonly shift: number }[] = [];
  for (const { span, newText } of sorted) {
    const first = map.positionAt(span.start).line;
    const removed = map.positionAt(span.end).line - first;
    const added = newText.split(/\r\n|\r|\n/).length - 1;
    moved.push([first + shift, first + shift + added]);
    shift += added - removed;
    starts.push({ from: first + removed, shift });
  }
  const at = (line: number, inclusive: boolean) =>
    line + (starts.findLast(({ from }) => (inclusive ? from <= line : from < line))?.shift ?? 0);
  return [...moved, ...lines.map(([first, last]): Lines => [at(first, false), at(last, true)])];
}
