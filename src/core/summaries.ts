/** What a function reaches through the functions it calls, across files, remembered per function. */
import { edgeFiles, edgesOf, type Edge } from './callees';
import type { Call, FileFacts, FunctionFact, Value } from './facts';
import type { Memo } from './memo';
import { together, type Asking } from './questions';
import { calleeName, outsideGlobal } from './uses';

/** What to look for, and which calls to follow. One object per question, made once: results are kept under `topic`. */
export interface Search<Root> {
  readonly topic: string;
  /** What the call itself is, if it is what we look for. */
  root(edge: Edge): Root | undefined;
  /** Whether to go on into the function that the call runs. */
  follows(edge: Edge, target: FunctionFact): boolean;
  /** False for calls that do not count where they stand: neither looked at nor followed. */
  counts(call: Call): boolean;
  /** `spot`: function values run where they are given (`xs.map(f)`); `all`: any function value given to a call. */
  readonly callbacks: 'spot' | 'all';
  /** Longest chain of calls, the last one being the root. */
  readonly depth: number;
}

/** Something found, with the calls that lead to it: the first stands in the start function, the last is the root. */
export interface Hit<Root> {
  readonly root: Root;
  readonly path: readonly Call[];
}

/** A program can be as large as it likes; beyond this many functions a search stops where it is. */
const MAX_FUNCTIONS = 250;
const MAX_HITS = 12;

/**
 * Everything a function reaches, nearest first: a search in breadth over its calls, each level asked as one batch.
 */
export function* reach<Root>(
  start: FunctionFact,
  search: Search<Root>,
  memo: Memo,
): Asking<readonly Hit<Root>[]> {
  const known = memo.get(start, search.topic);
  if (known) return known.value as readonly Hit<Root>[];
  const dependsOn = new Set<FileFacts>([start.file]);
  const visited = new Set<FunctionFact>([start]);
  const roots = new Set<Call>();
  const hits: Hit<Root>[] = [];
  let frontier: { fn: FunctionFact; path: readonly Call[] }[] = [{ fn: start, path: [] }];
  while (frontier.length > 0 && hits.length < MAX_HITS) {
    const steps = yield* together(frontier.map(({ fn }) => stepsOf(fn, search, memo, dependsOn)));
    const next: { fn: FunctionFact; path: readonly Call[] }[] = [];
    frontier.forEach(({ path }, i) => {
      for (const { call, root, target } of steps[i] ?? []) {
        const longer = [...path, call];
        if (root !== undefined) {
          if (!roots.has(call) && hits.length < MAX_HITS) hits.push({ root, path: longer });
          roots.add(call);
        } else if (
          target &&
          longer.length < search.depth &&
          visited.size < MAX_FUNCTIONS &&
          !visited.has(target)
        ) {
          visited.add(target);
          next.push({ fn: target, path: longer });
        }
      }
    });
    frontier = next;
  }
  memo.set(start, search.topic, hits, dependsOn);
  return hits;
}

/** One call of a function under a search: a root, or a function to go on with, or neither. */
export interface Step<Root> {
  readonly call: Call;
  readonly edge: Edge;
  readonly root: Root | undefined;
  readonly target: FunctionFact | undefined;
}

/** The steps of one function and of the function values that run with it. */
export function* stepsOf<Root>(
  fn: FunctionFact,
  search: Search<Root>,
  memo: Memo,
  dependsOn: Set<FileFacts>,
): Asking<Step<Root>[]> {
  const parts = withCallbacks(fn, search);
  const edges = yield* together(parts.map((part) => edgesOf(part, memo)));
  for (const part of parts) for (const facts of edgeFiles(part, memo)) dependsOn.add(facts);
  return edges.flat().flatMap((edge): Step<Root>[] => {
    const { call, target } = edge;
    if (call.callee.kind === 'function') return [];
    const root = search.root(edge);
    const followed = root === undefined && target && search.follows(edge, target) ? target : undefined;
    // Most calls are neither, and whether a call counts is the dearest question.
    if ((root === undefined && !followed) || !search.counts(call)) return [];
    return [{ call, edge, root, target: followed }];
  });
}

/** A function with the function values in it that run as part of it. */
export function withCallbacks(
  fn: FunctionFact,
  search: Pick<Search<unknown>, 'callbacks' | 'counts'>,
): FunctionFact[] {
  const parts = [fn];
  // The list grows while it is walked: callbacks may hold further ones.
  for (const part of parts) {
    for (const call of part.calls) {
      const { callee } = call;
      const runs: FunctionFact[] = [];
      // A function called where it stands is part of what is around it; an async one only for who waits for it.
      if (callee.kind === 'function' && isJoined(callee.function, search)) runs.push(callee.function);
      for (const { value } of call.args) {
        if (value.kind !== 'function') continue;
        if (search.callbacks === 'all' || runsOnTheSpot(call)) runs.push(value.function);
      }
      if (runs.length > 0 && search.counts(call)) parts.push(...runs);
    }
  }
  return parts;
}

function isJoined(fn: FunctionFact, { callbacks }: Pick<Search<unknown>, 'callbacks'>): boolean {
  return !fn.isGenerator && (callbacks === 'all' || !fn.isAsync);
}

const ITERATION = new Set(
  'forEach map filter reduce reduceRight some every find findIndex findLast findLastIndex flatMap sort toSorted'.split(
    ' ',
  ),
);

/** Whether a call runs the function values given to it before it returns: array methods, `new Promise`, `Array.from`. */
export function runsOnTheSpot(call: Call): boolean {
  const name = calleeName(call);
  if (call.form === 'new') return name === 'Promise' && outsideGlobal(call.callee) === 'Promise';
  if (call.callee.kind !== 'member' || name === undefined) return false;
  return ITERATION.has(name) || outsideGlobal(call.callee) === 'Array.from';
}

/** The path as far as it can be shown: names of what is called on the way. */
export function namesOf(path: readonly Call[]): string[] {
  return path.map((call) => nameOf(call.callee));
}

function nameOf(value: Value): string {
  if (value.kind === 'name') return value.text;
  return value.kind === 'member' ? (value.name ?? '…') : '…';
}
