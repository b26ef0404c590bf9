import type { Argument, Call, Value } from '../core/facts';
import type { DeclarationAnswer } from '../core/questions';
import { calleeName, importedPath, pathOf } from '../core/uses';

/** Which argument is the function for the thread, by the name of what starts the thread. */
const STARTERS: ReadonlyMap<string, { readonly index: number; readonly keyword?: string }> = new Map([
  ['to_thread', { index: 0 }],
  ['run_in_executor', { index: 1 }],
  ['Thread', { index: 1, keyword: 'target' }],
]);

const KNOWN = /^(?:asyncio\.to_thread|asyncio\.AbstractEventLoop\.run_in_executor|threading\.Thread)$/;

/** Work that is given to a thread. */
export interface ThreadWork {
  /** `asyncio.to_thread(…)`, `loop.run_in_executor(…)` or `threading.Thread(…)`. */
  readonly starter: Call;
  /** What stands where the function is expected; the first argument of a `functools.partial`. */
  readonly given: Value;
  /** The function itself, or what is called to get the argument. */
  readonly callee: Value;
  /** What the function is called with, as far as it stands in the call or in the `partial`. */
  readonly args: readonly Argument[];
}

/** The work of a call that by its name starts a thread; confirm it with `startsThread`. */
export function threadWorkOf(starter: Call): ThreadWork[] {
  const imported = importedPath(starter.callee);
  const name = imported && imported.module !== '' ? imported.path.split('.').at(-1) : calleeName(starter);
  const place = STARTERS.get(name ?? '');
  if (!place || starter.args.some((argument) => argument.spread)) return [];
  const positional = starter.args.filter((argument) => argument.keyword === undefined);
  const keyword = starter.args.find((a) => a.keyword !== undefined && a.keyword === place.keyword);
  const given = (keyword ?? positional[place.index])?.value;
  if (!given) return [];
  const args = keyword ? [] : starter.args.slice(starter.args.findIndex((a) => a.value === given) + 1);
  const isPartial = given.kind === 'call' && calleeName(given) === 'partial';
  const wrapped = isPartial ? given.args[0]?.value : undefined;
  if (isPartial && wrapped)
    return [{ starter, given: wrapped, callee: wrapped, args: [...given.args.slice(1), ...args] }];
  return [{ starter, given, callee: given.kind === 'call' ? given.callee : given, args }];
}

/**
 * Whether the call starts a thread.
 * @param declaration the answer for the callee of `starter`.
 */
export function startsThread(starter: Call, declaration: DeclarationAnswer | undefined): boolean {
  if (declaration) return KNOWN.test(`${declaration.module ?? ''}.${declaration.path}`);
  // A loop that somebody handed in.
  return starter.callee.kind === 'member' && /(?:^|[._])loop$/.test(pathOf(starter.callee.object) ?? '');
}
