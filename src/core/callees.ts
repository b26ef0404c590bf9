/** Which function a call runs: by the file's own names first, by asking where it is declared otherwise. */
import type { Binding, Call, FileFacts, FunctionFact, Name, Value } from './facts';
import { MISSING_FILE, type Memo } from './memo';
import { ask, type Asking, type DeclarationAnswer, type TwinAnswer } from './questions';
import { calleeName, importedPath, rootName } from './uses';

/** Name of something outside the project: `{ module: 'fs', path: 'readFileSync' }`; globals have an empty module. */
export interface OutsideName {
  readonly module: string;
  readonly path: string;
}

/** A call and what is known of its callee. */
export interface Edge {
  readonly call: Call;
  /** Names to look up in the knowledge tables, as imported and as declared. */
  readonly names: readonly OutsideName[];
  /** The function whose body runs, where the project has its source. */
  readonly target: FunctionFact | undefined;
  /** Promise-returning counterpart of an `xSync` callee without a body in the project. */
  readonly twin: TwinAnswer | undefined;
}

// Methods of arrays, strings and promises: asking where they are declared would cost types and tell nothing.
const BUILT_IN_METHODS = new Set(
  (
    'push pop shift unshift join slice splice concat map filter forEach reduce some every includes indexOf flat flatMap ' +
    'toString toFixed split replace replaceAll trim trimEnd trimStart startsWith endsWith padStart padEnd charAt ' +
    'charCodeAt substring substr toLowerCase toUpperCase localeCompare then catch finally has keys values entries ' +
    'hasOwnProperty bind next'
  ).split(' '),
);

// The same for strings, lists and dictionaries; `join`, `replace` and `map` wait where the object is a thread, path or pool.
const PYTHON_BUILT_IN_METHODS = new Set(
  'append extend keys values items split strip startswith endswith lower upper splitlines'.split(' '),
);

/**
 * The calls of one function (not of functions nested in it) with their callees; remembered while the files involved
 * stay the same.
 */
export function* edgesOf(fn: FunctionFact, memo: Memo): Asking<readonly Edge[]> {
  const known = memo.get(fn, 'callees');
  if (known) return known.value as readonly Edge[];
  const dependsOn = new Set<FileFacts>([fn.file]);
  const edges = yield* resolveAll(fn.calls, dependsOn);
  memo.set(fn, 'callees', edges, dependsOn);
  return edges;
}

/** The files that the callees of a function were found through; empty before `edgesOf`. */
export function edgeFiles(fn: FunctionFact, memo: Memo): ReadonlySet<FileFacts> {
  return memo.get(fn, 'callees')?.dependsOn ?? new Set([fn.file]);
}

function* resolveAll(calls: readonly Call[], dependsOn: Set<FileFacts>): Asking<Edge[]> {
  const local = calls.map((call) => localTarget(call.callee));
  const toAsk = calls.filter((call, i) => !local[i] && needsDeclaration(call));
  const declarations = yield* ask(
    'declaration',
    toAsk.map((call) => call.callee),
  );
  const declared = new Map<Call, DeclarationAnswer | undefined>(
    toAsk.map((call, i) => [call, declarations[i]]),
  );
  if (toAsk.some((call, i) => mayComeLater(call, declarations[i]))) dependsOn.add(MISSING_FILE);
  const sources = new Set<string>();
  for (const answer of declarations) {
    if (answer?.module === undefined && answer?.file !== undefined && answer.start !== undefined)
      for (const file of [answer.file, ...answer.through]) sources.add(file);
  }
  const files = [...sources];
  const factsOf = new Map((yield* ask('facts', files)).map((facts, i) => [files[i], facts]));
  for (const facts of factsOf.values()) if (facts) dependsOn.add(facts);

  const edges = calls.map((call, i): Edge => {
    const answer = declared.get(call);
    const facts =
      answer?.module === undefined && answer?.file !== undefined ? factsOf.get(answer.file) : undefined;
    const target =
      local[i] ?? (facts && answer?.start !== undefined ? functionAt(facts, answer.start) : undefined);
    return { call, names: outsideNames(call.callee, answer), target, twin: undefined };
  });
  const sync = edges.filter(({ call, target }) => !target && calleeName(call)?.endsWith('Sync') === true);
  const twins = yield* ask(
    'twin',
    sync.map(({ call }) => call.callee),
  );
  const twinOf = new Map(sync.map((edge, i) => [edge, twins[i]]));
  return edges.map((edge) => (twinOf.get(edge) ? { ...edge, twin: twinOf.get(edge) } : edge));
}

/** Whether a callee is imported from what may be a file of the project that is not there yet. */
function mayComeLater({ callee, fn }: Call, answer: DeclarationAnswer | undefined): boolean {
  const module = rootName(callee)?.binding?.imported?.module;
  if (module === undefined) return false;
  // A module of Python that is not among the files counts as one of a package.
  if (fn.file.language === 'python') return answer?.file === undefined;
  return !answer && module.startsWith('.');
}

/** What a value stands for when it is called: by names of outside APIs, and the function with the body. */
export function* functionsOf(
  values: readonly Value[],
): Asking<{ readonly names: readonly OutsideName[]; readonly target: FunctionFact | undefined }[]> {
  const local = values.map(localTarget);
  const toAsk = values.filter((_, i) => !local[i]);
  const declarations = new Map<Value, DeclarationAnswer | undefined>();
  (yield* ask('declaration', toAsk)).forEach((answer, i) => {
    const value = toAsk[i];
    if (value) declarations.set(value, answer);
  });
  const files = [
    ...new Set([...declarations.values()].flatMap((d) => (d?.module === undefined && d?.file) || [])),
  ];
  const factsOf = new Map((yield* ask('facts', files)).map((facts, i) => [files[i], facts]));
  return values.map((value, i) => {
    const answer = declarations.get(value);
    const facts =
      answer?.module === undefined && answer?.file !== undefined ? factsOf.get(answer.file) : undefined;
    const declared = facts && answer?.start !== undefined ? functionAt(facts, answer.start) : undefined;
    return { names: outsideNames(value, answer), target: local[i] ?? declared };
  });
}

function outsideNames(callee: Value, declared: DeclarationAnswer | undefined): OutsideName[] {
  const names: OutsideName[] = [];
  const imported = outsideName(callee);
  if (imported) names.push(imported);
  if (declared?.module !== undefined) names.push({ module: declared.module, path: declared.path });
  return names;
}

/**
 * The outside name of a callee by imports and globals alone, seen through `const run = promisify(exec)`.
 * Undefined for relative imports and local names.
 */
export function outsideName(callee: Value): OutsideName | undefined {
  const promisified = promisifiedFrom(callee);
  if (promisified) return outsideName(promisified);
  const root = rootName(callee);
  if (!root || (!root.binding && SELF.has(root.text))) return undefined;
  const imported = importedPath(callee);
  if (!imported || /^[./]/.test(imported.module)) return undefined;
  if (imported.module !== '') return imported;
  return { module: '', path: imported.path.replace(/^(?:globalThis|window|self|global)\./, '') };
}

const SELF = new Set(['this', 'super', 'cls']);

/** `exec` of `promisify(exec)`, also where the result is bound to a name first. */
function promisifiedFrom(callee: Value): Value | undefined {
  const made = callee.kind === 'name' ? stableInitial(callee.binding) : callee;
  if (made?.kind !== 'call' || calleeName(made) !== 'promisify') return undefined;
  return made.args[0]?.value;
}

function stableInitial(binding: Binding | undefined): Value | undefined {
  return binding?.kind === 'const' && !binding.destructured ? binding.initial : undefined;
}

/** The function a callee denotes by this file's own declarations. */
export function localTarget(callee: Value): FunctionFact | undefined {
  if (callee.kind === 'function') return callee.function;
  if (callee.kind === 'name') {
    const { binding } = callee;
    const declared = binding?.declared;
    if (declared) return 'members' in declared ? constructorOf(declared) : declared;
    const initial = stableInitial(binding);
    return initial?.kind === 'function' ? initial.function : undefined;
  }
  if (callee.kind === 'member' && callee.name !== undefined && callee.object.kind === 'name') {
    if (callee.object.text !== 'this' || callee.object.binding) return undefined;
    const method = ownerMethod(callee.fn);
    const member = method?.owner?.members.find(
      (m) => m.name === callee.name && m.isStatic === method.isStatic,
    );
    return member?.fn && !['getter', 'setter'].includes(member.fn.kind) ? member.fn : undefined;
  }
  return undefined;
}

/** The method whose `this` a function sees: arrow functions have none of their own. */
export function ownerMethod(fn: FunctionFact): FunctionFact | undefined {
  let current: FunctionFact | undefined = fn;
  while (current && !current.owner && current.kind === 'arrow') current = current.parent;
  return current?.owner ? current : undefined;
}

function constructorOf(owner: {
  readonly members: readonly { name: string | undefined; fn: FunctionFact | undefined }[];
}) {
  return owner.members.find((m) => m.name === 'constructor' || m.fn?.kind === 'constructor')?.fn;
}

/** Whether types could tell more about the callee than its name. */
function needsDeclaration({ callee, form, fn }: Call): boolean {
  if (form === 'import') return false;
  if (callee.kind === 'name') return !isWellKnown(callee) && callee.binding?.kind !== 'catch';
  if (callee.kind !== 'member' || callee.name === undefined) return false;
  const builtIn = fn.file.language === 'python' ? PYTHON_BUILT_IN_METHODS : BUILT_IN_METHODS;
  if (builtIn.has(callee.name)) return false;
  const root = rootName(callee);
  return !root || !isWellKnown(root);
}

// Globals of the language and its hosts: their path says all there is to know.
const GLOBALS = new Set(
  (
    'console Math JSON Object Array String Number Boolean Symbol BigInt Date RegExp Map Set WeakMap WeakSet WeakRef ' +
    'Promise Reflect Proxy Error TypeError RangeError SyntaxError Intl Buffer process performance URL URLSearchParams ' +
    'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask structuredClone ' +
    'parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI fetch require ' +
    'document window globalThis Atomics Uint8Array ArrayBuffer DataView TextEncoder TextDecoder AbortController ' +
    'AbortSignal Headers Request Response FormData Blob File Event localStorage sessionStorage navigator location'
  ).split(' '),
);

function isWellKnown({ text, binding }: Name): boolean {
  return !binding && GLOBALS.has(text);
}

const indices = new WeakMap<FileFacts, ReadonlyMap<number, FunctionFact>>();

/** The function of a file that starts at an offset. */
export function functionAt(facts: FileFacts, start: number): FunctionFact | undefined {
  let index = indices.get(facts);
  if (!index) {
    const byStart = new Map<number, FunctionFact>();
    for (const fn of facts.functions) {
      if (fn.kind !== 'module' && fn.kind !== 'static-block' && !byStart.has(fn.span.start))
        byStart.set(fn.span.start, fn);
    }
    indices.set(facts, (index = byStart));
  }
  return index.get(start);
}
