/** Locks, events and queues for threads that only coroutines of one file use, and what asyncio has in their place. */
import type { Call, FileFacts, Value, With } from '../core/facts';
import type { Repair } from '../core/repair';
import type { PythonVersion } from '../core/rule';
import { calleeName } from '../core/uses';
import { isStatement, valuesOf } from '../core/walk';

interface Twin {
  /** The class of asyncio. */
  readonly name: string;
  /** Methods to await, with the number of their arguments. */
  readonly waits: Readonly<Record<string, number>>;
  /** Methods that do the same in both. */
  readonly same: readonly string[];
  /** It can be entered. */
  readonly enters: boolean;
}

const LOCK = { waits: { acquire: 0 }, same: ['release', 'locked'], enters: true };
const QUEUE = {
  waits: { get: 0, put: 1, join: 0 },
  same: ['task_done', 'qsize', 'empty', 'full'],
  enters: false,
};

/** By module and class. `RLock` has no twin: a task that holds asyncio's lock waits for itself. */
const TWINS: Readonly<Record<string, Twin>> = {
  'threading.Lock': { name: 'Lock', ...LOCK },
  'threading.Semaphore': { name: 'Semaphore', ...LOCK, same: ['release'] },
  'threading.BoundedSemaphore': { name: 'BoundedSemaphore', ...LOCK, same: ['release'] },
  'threading.Condition': {
    name: 'Condition',
    waits: { acquire: 0, wait: 0, wait_for: 1 },
    same: ['release', 'notify', 'notify_all'],
    enters: true,
  },
  'threading.Event': { name: 'Event', waits: { wait: 0 }, same: ['set', 'clear', 'is_set'], enters: false },
  'queue.Queue': { name: 'Queue', ...QUEUE },
  'queue.LifoQueue': { name: 'LifoQueue', ...QUEUE },
  'queue.PriorityQueue': { name: 'PriorityQueue', ...QUEUE },
  'queue.SimpleQueue': { name: 'Queue', ...QUEUE },
};

/**
 * The repair that makes asyncio's object in place of one for threads; none where anything but a coroutine of this file
 * may use it, or uses it as asyncio's cannot be used.
 * @param value a mention of the object.
 * @param type its module and class, such as `threading.Lock`.
 */
export function twinOf(value: Value, type: string, python: PythonVersion): Repair[] {
  const twin = Object.hasOwn(TWINS, type) ? TWINS[type] : undefined;
  const object = twin && (ofName(value) ?? ofAttribute(value));
  if (!twin || !object) return [];
  const { made, uses } = object;
  // Before 3.10 a primitive belongs to the loop it finds when it is made.
  const isLate = made.fn.isAsync || python.major > 3 || python.minor >= 10;
  if (!isLate || (twin.name === 'Condition' && made.args.length > 0)) return [];
  const waits: Call[] = [];
  const scopes: With[] = [];
  for (const use of uses) {
    const { parent } = use;
    if (!use.fn.isAsync) return [];
    if (isStatement(parent)) {
      const isPlain = parent.kind === 'with' && parent.resources.length === 1 && !parent.isAsync;
      if (!isPlain || !twin.enters || parent.resources[0]?.bindings.length !== 0) return [];
      scopes.push(parent);
      continue;
    }
    const call = parent.kind === 'member' && parent.object === use ? parent.parent : undefined;
    if (!call || isStatement(call) || call.kind !== 'call' || call.callee !== parent) return [];
    const name = calleeName(call) ?? '';
    if (twin.same.includes(name)) continue;
    const isPlain = call.args.every((argument) => argument.keyword === undefined && !argument.spread);
    if (!Object.hasOwn(twin.waits, name) || twin.waits[name] !== call.args.length || !isPlain) return [];
    waits.push(call);
  }
  return [{ kind: 'asyncio-primitive', made, name: twin.name, waits, scopes }];
}

interface ThreadObject {
  readonly made: Call;
  readonly uses: readonly Value[];
}

/** A local name, or one of a module that nobody imports from. */
function ofName(value: Value): ThreadObject | undefined {
  const binding = value.kind === 'name' ? value.binding : undefined;
  const made = binding?.destructured === false ? binding.initial : undefined;
  if (!binding || made?.kind !== 'call' || binding.references.some(({ access }) => access !== 'read'))
    return undefined;
  const isSeen = binding.fn.kind !== 'module' || binding.name.startsWith('_') || isProgram(binding.fn.file);
  return isSeen && !binding.exported ? { made, uses: binding.references } : undefined;
}

function isProgram({ text }: FileFacts): boolean {
  return /^if __name__ ==|^asyncio\.run\(/m.test(text);
}

/** A private attribute that is set once and used through `self` alone. */
function ofAttribute(value: Value): ThreadObject | undefined {
  if (value.kind !== 'member' || value.name?.startsWith('_') !== true) return undefined;
  const owner = ownerOf(value);
  if (!owner) return undefined;
  const mentions = value.fn.file.functions
    .flatMap(valuesOf)
    .filter((other) => other.kind === 'member' && other.name === value.name);
  const writes = mentions.filter((other) => other.kind === 'member' && other.access !== 'read');
  const [write] = writes;
  if (!write || writes.length > 1 || mentions.some((other) => ownerOf(other) !== owner)) return undefined;
  const { parent } = write;
  const made =
    !isStatement(parent) && parent.kind === 'assign' && parent.target === write ? parent.value : undefined;
  return made?.kind === 'call' ? { made, uses: mentions.filter((other) => other !== write) } : undefined;
}

/** The class whose `self` a member is taken from. */
function ownerOf(value: Value) {
  const object = value.kind === 'member' ? value.object : undefined;
  if (object?.kind !== 'name' || object.text !== 'self' || object.binding?.kind !== 'param') return undefined;
  return object.binding.fn.owner;
}
