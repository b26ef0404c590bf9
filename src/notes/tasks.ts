/** Who holds on to a task. */
import type { Call, Value } from '../core/facts';
import { message, type Message } from '../core/finding';
import { calleeName, useOf } from '../core/uses';
import { isStatement } from '../core/walk';
import { isDropped } from '../rules/dangling-task';
import { shown } from './places';

const ADDERS: ReadonlySet<string> = new Set([
  'add',
  'append',
  'appendleft',
  'insert',
  'put_nowait',
  'extend',
]);

/** Who keeps the task that a call starts, where the code says so. */
export function keeperNote(call: Call): Message | undefined {
  const nobody = message('Nobody keeps this task: it may vanish before it is done.');
  const keeper = keeperOf(call);
  // Only a local name that nothing reads is as good as nobody.
  if (isDropped(call)) return nobody;
  if (keeper === 'awaited') return message('Awaited at once: nothing of this function runs beside the task.');
  return keeper && message('Kept by `{name}`.', { name: shown(keeper) });
}

/** The task group that a call starts its task in. */
export function groupNote({ callee }: Call): Message | undefined {
  if (callee.kind !== 'member') return undefined;
  return message('Kept by the group `{name}`, which waits for it at its end.', {
    name: shown(callee.object),
  });
}

function keeperOf(value: Value): Value | 'awaited' | undefined {
  const use = useOf(value);
  const { parent } = value;
  switch (use.kind) {
    case 'awaited':
      return 'awaited';
    case 'argument':
      return adderOf(use.call) ?? use.call.callee;
    case 'bound': {
      for (const name of use.binding.references) {
        const call = name.parent;
        const adder = call.kind === 'call' && call.callee !== name ? adderOf(call) : undefined;
        if (adder) return adder;
      }
      const target = !isStatement(parent) && parent.kind === 'assign' ? parent.target : undefined;
      return target ?? use.binding.references[0];
    }
    case 'stored':
      if (isStatement(parent)) return undefined;
      if (parent.kind === 'assign') return parent.target;
      return parent.kind === 'comprehension' || parent.kind === 'collection' ? keeperOf(parent) : undefined;
    default:
      return undefined;
  }
}

/** `tasks` of `tasks.add(task)`. */
function adderOf(call: Call): Value | undefined {
  const name = calleeName(call);
  return call.callee.kind === 'member' && name !== undefined && ADDERS.has(name)
    ? call.callee.object
    : undefined;
}
