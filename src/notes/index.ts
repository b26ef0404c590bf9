/** What is special about the code under a hover, from facts and the answers about them. */
import type { Call, FileFacts } from '../core/facts';
import type { Message } from '../core/finding';
import type { Memo } from '../core/memo';
import type { Asking } from '../core/questions';
import type { Span } from '../core/text';
import { blockingNote } from './blocking';
import { capacityNote, sizeMadeBy, sizeOf } from './capacity';
import { fanOutNote, mappedNote, repeatedNote } from './fan-out';
import { placeAt } from './places';
import { suspensionNote } from './suspension';
import { groupNote, keeperNote } from './tasks';

export interface NotesInput {
  readonly facts: FileFacts;
  readonly memo: Memo;
  /** Zero-based UTF-16 offset of the cursor. */
  readonly offset: number;
  /** What the word there stands for, as resolved: `Promise.all`, `asyncio.Queue.put`. */
  readonly anchors: readonly string[];
}

export interface Notes {
  readonly span: Span;
  readonly messages: readonly Message[];
  /** The concept page to show where none is about the word itself. */
  readonly page: string;
}

const FAN_OUTS: ReadonlySet<string> = new Set([
  'Promise.all',
  'Promise.allSettled',
  'Promise.any',
  'Promise.race',
  'asyncio.gather',
  'asyncio.wait',
  'asyncio.as_completed',
]);
const TASKS = /^asyncio\.(?:create_task|ensure_future|AbstractEventLoop\.create_task)$/;
const GROUP_TASKS = 'asyncio.TaskGroup.create_task';

/** The notes on the word at an offset; undefined where there is nothing to say. */
export function* notesAt({ facts, memo, offset, anchors }: NotesInput): Asking<Notes | undefined> {
  const place = placeAt(facts, offset);
  if (!place) return undefined;
  const { span } = place;
  if (place.kind === 'await') {
    const { operand } = place.wait;
    const messages = [yield* suspensionNote(place.wait)];
    const blocks = operand.kind === 'call' ? yield* blockingNote(operand, memo) : undefined;
    return { span, messages: blocks ? [...messages, blocks] : messages, page: 'await' };
  }
  const { call } = place;
  const [page, ...about] = yield* notesOn(call, anchors);
  const blocks = yield* blockingNote(call, memo);
  const messages = [...about, blocks].filter((note) => note !== undefined);
  return messages.length > 0 ? { span, messages, page: page ?? 'blocking-code' } : undefined;
}

type Found = readonly [page: string | undefined, ...messages: (Message | undefined)[]];

function* notesOn(call: Call, anchors: readonly string[]): Asking<Found> {
  if (anchors.some((name) => FAN_OUTS.has(name))) return ['gather', yield* fanOutNote(call)];
  if (anchors.includes('p-map')) return ['semaphore', mappedNote(call)];
  if (anchors.includes(GROUP_TASKS)) return ['task-group', groupNote(call), yield* repeatedNote(call)];
  if (anchors.some((name) => TASKS.test(name))) return ['task', keeperNote(call), yield* repeatedNote(call)];
  const size = sizeMadeBy(call) ?? (call.callee.kind === 'member' ? sizeOf(call.callee.object) : undefined);
  if (!size) return [undefined];
  return [size.counts === 'waiting' ? 'queue' : 'semaphore', capacityNote(size)];
}
