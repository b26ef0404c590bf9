/** Which calls start a task of asyncio that nothing but the code at hand looks after. */
import type { Call } from '../core/facts';
import { ask, type Asking, type DeclarationAnswer, type TypeAnswer } from '../core/questions';
import { calleeName, importedPath, pathOf } from '../core/uses';

const STARTERS: ReadonlySet<string> = new Set(['create_task', 'ensure_future']);

/** Whether a call has the name of one that starts a task: the question to ask before any other. */
export function soundsLikeTaskStart(call: Call): boolean {
  const imported = importedPath(call.callee);
  const name = imported && imported.module !== '' ? imported.path.split('.').at(-1) : calleeName(call);
  return STARTERS.has(name ?? '');
}

/** Those of the calls that start a task on an event loop. Task groups look after their tasks themselves. */
export function* taskStarts(calls: readonly Call[]): Asking<Call[]> {
  const types = yield* ask('type', calls);
  const declarations = yield* ask(
    'declaration',
    calls.map((call) => call.callee),
  );
  return calls.filter((call, i) => startsTask(call, types[i], declarations[i]));
}

/** An object nobody knows counts when it is called a loop. */
function startsTask(
  call: Call,
  type: TypeAnswer | undefined,
  declaration: DeclarationAnswer | undefined,
): boolean {
  if (type?.name === 'Task' && type.module === 'asyncio') return !declaration?.path.startsWith('TaskGroup.');
  if (type || declaration || call.callee.kind !== 'member') return false;
  return /(?:^|[._])loop$/.test(pathOf(call.callee.object) ?? '');
}
