/** What an async function does with its promises, in numbers, for a line above it. */
import type { Call, FileFacts, FunctionFact } from './facts';
import { message, type Finding, type Message } from './finding';
import { isHiddenSuspension } from './flow';
import { contains, type Span } from './text';
import { importedPath } from './uses';
import { walk } from './walk';

/** One thing worth saying about a function. */
export interface LensPart {
  readonly text: Message;
  /** What is counted, where it stands in the file. */
  readonly places: readonly Span[];
}

export interface Lens {
  /** The function's name. */
  readonly span: Span;
  /** Awaits first; at least one. */
  readonly parts: readonly LensPart[];
}

const COMBINATORS = /^Promise\.(?:all|allSettled|any|race)$/;
const ASYNCIO_COMBINATORS = /^(?:gather|wait|as_completed)$/;

/** Rules about promises and tasks whose failure nobody would hear of. */
const UNHANDLED: ReadonlySet<string> = new Set([
  'floating-promise',
  'promise-never-consumed',
  'misused-promise',
  'late-await',
  'dangling-task',
  'unawaited-coroutine',
]);

/**
 * The lenses of a file's async functions, in the order of the file.
 * @param findings what is found in the file, suppressed ones left out.
 */
export function lensesOf(facts: FileFacts, findings: readonly Finding[]): Lens[] {
  const functions = facts.functions.filter((fn) => fn.isAsync);
  const owned = new Map<FunctionFact, Finding[]>(functions.map((fn) => [fn, []]));
  for (const finding of findings) {
    const around = functions.filter((fn) => contains(fn.span, finding.span));
    // The innermost one begins last.
    const [owner] = around.sort((a, b) => b.span.start - a.span.start);
    if (owner) owned.get(owner)?.push(finding);
  }
  return functions.map((fn) => ({ span: fn.nameSpan, parts: partsOf(fn, owned.get(fn) ?? []) }));
}

function partsOf(fn: FunctionFact, findings: readonly Finding[]): LensPart[] {
  const waits = waitsOf(fn);
  const parts: LensPart[] = [
    {
      text:
        waits.length === 1 ? message('1 await') : message('{count} awaits', { count: String(waits.length) }),
      places: waits,
    },
  ];
  const fanOuts = fn.calls.filter(isFanOut).map(({ callee }) => callee.span);
  if (fanOuts.length > 0) {
    const count = String(fanOuts.length);
    parts.push({
      text: fanOuts.length === 1 ? message('1 fan-out') : message('{count} fan-outs', { count }),
      places: fanOuts,
    });
  }
  const blocking = findings.filter(({ rule }) => rule === 'blocking-call-in-async');
  const [worst] = blocking;
  if (worst) parts.push({ text: pathOf(worst), places: blocking.map(({ span }) => span) });
  const unhandled = findings.filter(({ rule }) => UNHANDLED.has(rule)).map(({ span }) => span);
  if (unhandled.length > 0) {
    const count = String(unhandled.length);
    parts.push({
      text:
        unhandled.length === 1
          ? message('1 unhandled promise')
          : message('{count} unhandled promises', { count }),
      places: unhandled,
    });
  }
  return parts;
}

/** `await`, and what waits without the word at a value: `for await`, `async with`, `await using`. */
function waitsOf(fn: FunctionFact): Span[] {
  const spans = fn.awaits.map(({ span }) => ({ start: span.start, end: span.start + 'await'.length }));
  walk(fn.body, (node) => {
    if (isHiddenSuspension(node)) spans.push({ start: node.span.start, end: node.span.start });
    return undefined;
  });
  return spans.sort((a, b) => a.start - b.start);
}

function isFanOut({ callee }: Call): boolean {
  const found = importedPath(callee);
  if (!found) return false;
  return found.module === ''
    ? COMBINATORS.test(found.path)
    : found.module === 'asyncio' && ASYNCIO_COMBINATORS.test(found.path);
}

function pathOf({ message: { values } }: Finding): Message {
  const { api = '', helper } = values;
  return helper === undefined
    ? message('blocks in {api}', { api })
    : message('blocks through {helper} → {api}', { helper, api });
}
