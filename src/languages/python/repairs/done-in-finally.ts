import type { Block, Call, Statement, Try } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import type { Span } from '../../../core/text';
import { ancestors, blockOf, isStatement, isWithin, statementOf } from '../../../core/walk';
import {
  canMove,
  endOfLine,
  insertion,
  lineBefore,
  movedInwards,
  newLineOf,
  replacement,
  textOf,
  unitIn,
} from './lines';

type Take = Extract<Repair, { kind: 'done-in-finally' }>['takes'][number];

/** `item = await queue.get()`: what follows goes into a `try` whose `finally` calls `task_done()`. */
export function doneInFinally({ takes }: Extract<Repair, { kind: 'done-in-finally' }>): Fix | undefined {
  const edits: Edit[] = [];
  for (const take of takes) {
    const ofTake = editsOf(take);
    if (!ofTake) return undefined;
    edits.push(...ofTake);
  }
  return { title: message('Mark it done in finally'), safety: 'suggestion', edits };
}

function editsOf({ get, dones }: Take): Edit[] | undefined {
  if (get.callee.kind !== 'member') return undefined;
  const { file, span: all } = get.fn;
  const { text } = file;
  // Also handed to a callback: it would be called twice.
  const mentions = text.slice(all.start, all.end).match(/\btask_done\b/g)?.length ?? 0;
  const taken = takingStatement(get);
  const block = taken && blockOf(taken);
  if (!taken || !block || mentions !== dones.length) return undefined;
  const { indent, isAlone } = lineBefore(text, taken.span.start);
  const first = endOfLine(text, taken.span.end);
  const last = endOfLine(text, endOf(block, text));
  if (!isAlone || first === undefined || last === undefined) return undefined;
  const start = first + (/^\r?\n/.exec(text.slice(first, first + 2))?.[0].length ?? 0);
  const rest = block.body.slice(block.body.indexOf(taken) + 1);
  const lines = text.slice(start, last);
  // Who joins the queue inside the `try` would wait for this very item.
  if (rest.length === 0 || start >= last || !canMove(lines) || /\.join\(/.test(lines)) return undefined;
  const removals = dones.map((done) => removalOf(done, rest));
  if (removals.some((edit) => edit === undefined)) return undefined;
  const removed = removals.filter((edit) => edit !== undefined);
  const remains = rest.some((statement) => !removed.some(({ span }) => covers(span, statement.span)));
  if (!remains) return undefined;
  const unit = unitIn(get.fn);
  const newLine = newLineOf(file);
  const queue = textOf(file, get.callee.object.span);
  const gone = removed.filter(({ newText }) => newText === '').map(({ span }) => span);
  const tail = `${indent}finally:${newLine}${indent}${unit}${queue}.task_done()`;
  const final = gone.find(({ end }) => end >= last);
  return [
    insertion(file, start, `${indent}try:${newLine}`),
    ...movedInwards(file, { start, end: last }, indent, unit, gone),
    ...removed.filter(({ span }) => span !== final),
    final
      ? replacement(file, { start: final.start, end: last }, tail)
      : insertion(file, last, newLine + tail),
  ];
}

/** The statement after which the item is there: `item = await queue.get()`, or a `try` around it that else leaves. */
function takingStatement(get: Call): Statement | undefined {
  const statement = statementOf(get);
  const { parent } = get;
  const isPlain =
    (statement.kind === 'declare' && statement.value) ||
    (statement.kind === 'expression' &&
      (statement.value.kind === 'assign' ? statement.value.value : statement.value));
  if (!isPlain || isPlain.kind !== 'await') return undefined;
  const isAwaited = isPlain.operand === get;
  const isLimited =
    !isStatement(parent) &&
    parent.kind === 'call' &&
    isPlain.operand === parent &&
    parent.args[0]?.value === get;
  if (!isAwaited && !isLimited) return undefined;
  const block = blockOf(statement);
  const around = block?.parent;
  if (around?.kind !== 'try' || around.block !== block || block.body.at(-1) !== statement) return statement;
  return block.body.length === 1 && leavesOnFailure(around) ? around : undefined;
}

function leavesOnFailure({ handlers, otherwise, finalizer }: Try): boolean {
  if (otherwise ?? finalizer) return false;
  return handlers.every(({ body }) => ['jump', 'return', 'throw'].includes(body.body.at(-1)?.kind ?? ''));
}

function endOf({ span }: Block, text: string): number {
  return span.start + text.slice(span.start, span.end).trimEnd().length;
}

/** Takes a call of `task_done` out of the statements that follow; undefined where that is not simply right. */
function removalOf(done: Call, rest: readonly Statement[]): Edit | undefined {
  const { parent } = done;
  const { file } = done.fn;
  if (!isStatement(parent) || parent.kind !== 'expression') return undefined;
  const top = rest.find((statement) => isWithin(done, statement));
  const block = blockOf(parent);
  if (!top || !block) return undefined;
  for (const node of ancestors(done)) {
    if (node.kind === 'loop' && isWithin(node, top)) return undefined;
    if (node.kind === 'try' && node.finalizer === block && block.body.length === 1) return undefined;
    if (node === top) break;
  }
  if (block.body.length === 1) return replacement(file, parent.span, 'pass');
  const { indent, isAlone } = lineBefore(file.text, parent.span.start);
  const end = endOfLine(file.text, parent.span.end);
  if (!isAlone || end === undefined) return undefined;
  // A comment behind it stays.
  const comment = file.text.slice(parent.span.end, end).trimStart();
  if (comment !== '') return replacement(file, { start: parent.span.start, end: end - comment.length }, '');
  const ending = /^\r?\n/.exec(file.text.slice(end, end + 2))?.[0].length ?? 0;
  return replacement(file, { start: parent.span.start - indent.length, end: end + ending }, '');
}

function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
