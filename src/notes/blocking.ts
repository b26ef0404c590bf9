/** What blocks behind a call, although nothing at the call says so. */
import { functionsOf } from '../core/callees';
import type { Call, FunctionFact } from '../core/facts';
import { message, type Message } from '../core/finding';
import type { Memo } from '../core/memo';
import type { Asking } from '../core/questions';
import { namesOf, reach } from '../core/summaries';
import { useOf } from '../core/uses';
import { enclosing } from '../core/walk';
import { levelOf, runsAsWritten, SEARCH } from '../rules/blocking-call-in-async';

/** The rule forgives what usually runs once, such as reading the configuration; a note states the fact. */
const NOTED: typeof SEARCH = {
  ...SEARCH,
  topic: 'blocks, as noted',
  follows: (_edge, target) => runsWithTheCall(target),
};

function runsWithTheCall(target: FunctionFact): boolean {
  return !target.isAsync && !target.isGenerator && runsAsWritten(target);
}

const SEVERITY = ['warning', 'information', 'hint'];

/** `Calls readFileSync through loadConfig`, on a call inside an async function. */
export function* blockingNote(call: Call, memo: Memo): Asking<Message | undefined> {
  const isInAsync = [...enclosing(call.fn)].some((fn) => fn.isAsync);
  if (!isInAsync || !NOTED.counts(call)) return undefined;
  const [callee] = yield* functionsOf([call.callee]);
  const target = callee?.target;
  if (!target || target.isGenerator || !runsAsWritten(target)) return undefined;
  // What nobody waits for runs at another time.
  if (target.isAsync && useOf(call).kind !== 'awaited') return undefined;
  const hits = (yield* reach(target, NOTED, memo))
    .map((hit) => ({ ...hit, path: [call, ...hit.path] }))
    .map((hit) => ({ ...hit, level: levelOf(hit) }))
    .filter(({ level }) => level !== undefined)
    .sort((a, b) => SEVERITY.indexOf(a.level ?? 'hint') - SEVERITY.indexOf(b.level ?? 'hint'));
  const [worst] = hits;
  if (!worst) return undefined;
  const path = namesOf(worst.path.slice(0, -1)).join(' → ');
  return message('Calls `{api}` through `{path}`: the event loop stands still meanwhile.', {
    api: worst.root.name,
    path,
  });
}
