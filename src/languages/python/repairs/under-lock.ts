import type { Block, Call, ClassFact, FileFacts, Statement, Value } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { calleeName } from '../../../core/uses';
import { ancestors, find, isWithin, valuesOf, walk } from '../../../core/walk';
import { nameOf } from './imports';
import {
  canMove,
  endOfLine,
  insertion,
  lineBefore,
  lineStart,
  movedInwards,
  newLineOf,
  textOf,
  unitIn,
} from './lines';

interface Lock {
  /** As the function writes it: `self._session_lock`. */
  readonly path: string;
  /** What makes it, where it is not there yet. */
  readonly edits: readonly Edit[];
}

/** Puts everything from the look at a place to the store into it under a lock of the same object or module. */
export function underLock({ look, store, place }: Extract<Repair, { kind: 'under-lock' }>): Fix | undefined {
  const { fn } = store;
  const { file } = fn;
  const region = regionOf(readsOf(look, place), store);
  const lines = region && linesOf(file, region);
  if (!region || !lines || region.some(givesAway)) return undefined;
  const lock = place.kind === 'name' ? ofModule(file, place, region) : ofObject(place, store, region);
  if (!lock) return undefined;
  return {
    title: message('Let one in at a time with a lock'),
    safety: 'suggestion',
    edits: [
      ...lock.edits,
      insertion(file, lines.start, `${lines.indent}async with ${lock.path}:${newLineOf(file)}`),
      ...movedInwards(file, lines, lines.indent, unitIn(fn)),
    ],
  };
}

/** The look and, where it asks about a local copy of the place, the reading of that. */
function readsOf(look: Value, place: Value): readonly Value[] {
  const reads = [look];
  const { file } = look.fn;
  const path = textOf(file, place.span);
  find(look, (node) => {
    const copied = node.kind === 'name' && node.binding?.fn === look.fn ? node.binding.initial : undefined;
    if (copied && textOf(file, copied.span).includes(path)) reads.push(copied);
    return false;
  });
  return reads;
}

/** The statements of one block that hold everything. */
function regionOf(looks: readonly Value[], store: Value): readonly Statement[] | undefined {
  const blocks: Block[] = [];
  for (const node of ancestors(store)) if (node.kind === 'block') blocks.push(node);
  const block = blocks.find((candidate) => looks.every((look) => isWithin(look, candidate)));
  if (!block) return undefined;
  const first = Math.min(
    ...looks.map((look) => block.body.findIndex((statement) => isWithin(look, statement))),
  );
  const last = block.body.findIndex((statement) => isWithin(store, statement));
  return first < 0 || last < first ? undefined : block.body.slice(first, last + 1);
}

function linesOf(
  file: FileFacts,
  region: readonly Statement[],
): { readonly start: number; readonly end: number; readonly indent: string } | undefined {
  const [first] = region;
  const last = region.at(-1);
  if (!first || !last) return undefined;
  const { indent, isAlone } = lineBefore(file.text, first.span.start);
  const end = endOfLine(file.text, last.span.end);
  const start = lineStart(file.text, first.span.start);
  if (!isAlone || end === undefined || !canMove(file.text.slice(start, end))) return undefined;
  return /^(?:elif|else|except|finally|case)\b/.test(textOf(file, first.span))
    ? undefined
    : { start, end, indent };
}

/** A generator that pauses here would keep the lock until somebody asks for more. */
function givesAway(statement: Statement): boolean {
  return find(statement, (node) => node.kind === 'yield') !== undefined;
}

/** A lock beside the variable of the module. */
function ofModule(file: FileFacts, place: Value, region: readonly Statement[]): Lock | undefined {
  const [module] = file.functions;
  const binding = place.kind === 'name' ? place.binding : undefined;
  const declaration = module?.body.body.find(
    (statement) =>
      statement.kind === 'declare' && statement.bindings.length === 1 && statement.whole === binding,
  );
  const fn = place.fn;
  if (!binding || !declaration || callsIn(region).some((call) => mayComeBack(call, fn.name)))
    return undefined;
  const name = `${binding.name}_lock`;
  return made(file, declaration, name, name);
}

/** A lock beside the attribute, made where the attribute gets its first value. */
function ofObject(place: Value, store: Value, region: readonly Statement[]): Lock | undefined {
  if (place.kind !== 'member' || place.object.kind !== 'name' || place.name === undefined) return undefined;
  const { binding, text: self } = place.object;
  const owner = binding?.kind === 'param' ? binding.fn.owner : undefined;
  const init = owner?.members.find((member) => member.name === '__init__')?.fn;
  const { fn } = store;
  if (!owner || !init || fn.owner !== owner || fn === init) return undefined;
  if (callsIn(region).some((call) => mayComeBack(call, fn.name))) return undefined;
  const { file } = fn;
  const statement = init.body.body.find(
    (candidate) =>
      candidate.kind === 'expression' &&
      candidate.value.kind === 'assign' &&
      candidate.value.target.kind === 'member' &&
      candidate.value.target.name === place.name &&
      candidate.value.target.object.kind === 'name' &&
      candidate.value.target.object.binding?.kind === 'param',
  );
  const own = ownLock(owner, init.body.body, fn.name, region);
  if (own !== undefined) return { path: `${self}.${own}`, edits: [] };
  const receiver = init.params[0]?.binding?.name;
  if (!statement || receiver === undefined) return undefined;
  const name = `_${place.name.replace(/^_+/, '')}_lock`;
  const lock = made(file, statement, name, `${receiver}.${name}`);
  return lock && { ...lock, path: `${self}.${name}` };
}

/** The only lock of the object, where neither side of it can meet the other. */
function ownLock(
  owner: ClassFact,
  body: readonly Statement[],
  caller: string | undefined,
  region: readonly Statement[],
): string | undefined {
  const names = body.flatMap((statement): string[] => {
    if (statement.kind !== 'expression' || statement.value.kind !== 'assign') return [];
    const { target, value } = statement.value;
    const isLock =
      value.kind === 'call' && calleeName(value) === 'Lock' && /\basyncio\b/.test(owner.parent.file.text);
    return isLock && target.kind === 'member' && target.name !== undefined ? [target.name] : [];
  });
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) return undefined;
  const methods = owner.members.flatMap(({ fn }) => fn ?? []);
  const users = methods.filter((fn) =>
    valuesOf(fn).some((value) => value.kind === 'member' && value.name === name && value.access === 'read'),
  );
  const isHeldAround = users.some((fn) => fn.calls.some((call) => calleeName(call) === caller));
  const isTakenInside = callsIn(region).some((call) => users.some((fn) => fn.name === calleeName(call)));
  return isHeldAround || isTakenInside ? undefined : name;
}

/** `name = asyncio.Lock()` on a line of its own behind a statement; undefined where the name is taken. */
function made(file: FileFacts, after: Statement, name: string, target: string): Lock | undefined {
  const { text } = file;
  const end = endOfLine(text, after.span.end);
  const { indent, isAlone } = lineBefore(text, after.span.start);
  if (end === undefined || !isAlone || new RegExp(`\\b${name}\\b`).test(text)) return undefined;
  const lock = nameOf(file, 'asyncio', 'Lock');
  const line = `${newLineOf(file)}${indent}${target} = ${lock.text}()`;
  return { path: target, edits: [...lock.edits, insertion(file, end, line)] };
}

function callsIn(region: readonly Statement[]): Call[] {
  const calls: Call[] = [];
  for (const statement of region)
    walk(statement, (node) => {
      if (node.kind === 'call') calls.push(node);
      return undefined;
    });
  return calls;
}

/** Whether a call may end up in the function itself, which would then wait for itself. */
function mayComeBack(call: Call, name: string | undefined): boolean {
  if (name === undefined) return false;
  const called = ownName(call);
  if (called === name) return true;
  const local = call.fn.file.functions.filter((fn) => fn.name === called);
  return local.some((fn) => fn.calls.some((inner) => ownName(inner) === name));
}

/** Name of a function or method that may be the file's own: not what a module's or an attribute's object offers. */
function ownName(call: Call): string | undefined {
  const { callee } = call;
  if (callee.kind === 'name') return callee.text;
  const isParameter =
    callee.kind === 'member' && callee.object.kind === 'name' && callee.object.binding?.kind === 'param';
  return isParameter ? calleeName(call) : undefined;
}
