import type { BundledPage } from './bundle';

/** The concepts as a newcomer would read them; pages not named here come after these. */
const READING_ORDER = [
  'why-async',
  'event-loop',
  'coroutine',
  'await',
  'task',
  'future',
  'gather',
  'task-group',
  'timeouts-and-cancellation',
  'lock',
  'semaphore',
  'queue',
  'async-context-managers',
  'generators',
  'async-generators',
  'blocking-code',
  'threads-vs-async',
  'gil',
];

/** The pages of a table of contents: concepts in the order of reading, rules by their id. */
export function contentsOf(
  pages: readonly BundledPage[],
): Readonly<Record<BundledPage['kind'], readonly BundledPage[]>> {
  const place = ({ id }: BundledPage) => {
    const at = READING_ORDER.indexOf(id);
    return at < 0 ? READING_ORDER.length : at;
  };
  const of = (kind: BundledPage['kind']) =>
    pages.filter((page) => page.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { concept: of('concept').sort((a, b) => place(a) - place(b)), rule: of('rule') };
}
