/**
 * What lowering cannot know: questions about types and declarations, asked in batches and answered by a host's oracle.
 */
import type { Call, FileFacts, FunctionFact, Value } from './facts';
import type { Fix } from './finding';
import type { Repair } from './repair';

/** A three-valued answer; rules stay silent on `unknown` (`any`, unresolved names, type parameters). */
export type Tri = 'yes' | 'no' | 'unknown';

export interface PromiseAnswer {
  /** Some constituent of the type is the built-in `Promise` or a subclass of it (Python: a coroutine or task). */
  readonly native: Tri;
  /** Some constituent has a callable `then`; unknown where none has, but one could hold anything (`object`, `T`). */
  readonly thenable: Tri;
  /** Every constituent has a callable `then`. */
  readonly always: Tri;
  /** It is an array or tuple with built-in promises among its element types. */
  readonly collection: Tri;
}

/** Where a callable is declared. */
export interface DeclarationAnswer {
  /**
   * Module or package of an outside declaration: `fs`, `p-limit`, `` (empty) for the language's own globals;
   * undefined for the project's own code.
   */
  readonly module: string | undefined;
  /** Qualified name inside the module or file: `readFileSync`, `Promise.all`, `Database.prepare`. */
  readonly path: string;
  /** File of the declaration. */
  readonly file: string | undefined;
  /** Start offset of the function that holds the body, when its source is known. */
  readonly start: number | undefined;
  /** Whether calling it gives a promise or coroutine. */
  readonly returnsPromise: Tri;
  /** Files that the resolution passed through (re-exports), so that a cache can tell when it is stale. */
  readonly through: readonly string[];
}

export interface CallbackAnswer {
  /** The value is a function whose call gives a thenable. */
  readonly returnsPromise: Tri;
  /** The place expects a function whose result is ignored. */
  readonly expectsVoid: Tri;
  readonly place: 'argument' | 'attribute' | 'property' | 'variable' | 'return' | 'method' | undefined;
  /** The type of function that is expected, where the result is ignored and the type has a name. */
  readonly expected?: { readonly name: string; readonly module: string | undefined } | undefined;
}

export interface TwinAnswer {
  /** Name of the promise-returning counterpart of an `xSync` function. */
  readonly name: string;
  /** Where to take it from: on the same receiver, as an export of the same module, or from another module. */
  readonly from: 'receiver' | 'module';
  readonly module: string | undefined;
}

export interface TypeAnswer {
  /** Name of the type's symbol or alias: `Map`, `Browser`, `Lock`. */
  readonly name: string | undefined;
  /** Package that declares it; empty for the language's own globals. */
  readonly module: string | undefined;
  readonly any: boolean;
  /** It has no value but `undefined` or `null`; also `void` and `never`. */
  readonly nothing: boolean;
  /** Length of a tuple type without rest element. */
  readonly tupleLength: number | undefined;
  /** Names of the members it declares, base types included; only for object types. */
  readonly has: (member: string) => boolean;
}

/** The package a file belongs to. */
export interface PackageAnswer {
  /** It installs a command: its code runs for one person who waits for it. */
  readonly hasCommand: boolean;
  /** Version ranges of what it depends on in any way, by name. */
  readonly dependencies: ReadonlyMap<string, string>;
}

/** Which protocols an object has. */
export interface ProtocolsAnswer {
  /** `with`; `using`. */
  readonly enter: Tri;
  /** `async with`; `await using`. */
  readonly enterAsync: Tri;
  /** `for`; `for … of`. */
  readonly iterate: Tri;
  /** `async for`; `for await`, which takes an iterable of promises, too: unknown where that cannot be told. */
  readonly iterateAsync: Tri;
}

/** An AbortSignal that a function is given. */
export interface GivenSignal {
  /** Index of the parameter that is the signal or holds it. */
  readonly index: number;
  /** How the function's body reaches it: `signal`, `options?.signal`. */
  readonly path: string;
  /** It may be undefined or null. */
  readonly optional: boolean;
}

/** Where a call would take an AbortSignal. */
export interface SignalPlace {
  /** Index of the argument. */
  readonly index: number;
  /** Property of that argument; undefined where the argument is the signal itself. */
  readonly property: string | undefined;
}

interface Dialogue {
  /** Is the value a promise? */
  promise: { subject: Value; answer: PromiseAnswer };
  /** Which function does this value (usually a callee) denote? Undefined when unknown. */
  declaration: { subject: Value; answer: DeclarationAnswer | undefined };
  /** Is a function value given where its result is ignored? */
  callback: { subject: Value; answer: CallbackAnswer };
  /** Does a method override or implement one whose result is ignored? */
  override: { subject: FunctionFact; answer: CallbackAnswer };
  /** Has a synchronous callee a promise-returning twin beside it? `subject` is the callee. */
  twin: { subject: Value; answer: TwinAnswer | undefined };
  /** What is the type of a value? */
  type: { subject: Value; answer: TypeAnswer | undefined };
  /** Does the language's own compiler already report this misuse of the value (an always true condition, a spread)? */
  complaint: { subject: Value; answer: boolean };
  /** What is known of the package of a file? `subject` is its path. */
  package: { subject: string; answer: PackageAnswer | undefined };
  /** How can a value be entered and iterated? */
  protocols: { subject: Value; answer: ProtocolsAnswer };
  /** Which AbortSignals do the parameters of a function hold? */
  'given-signals': { subject: FunctionFact; answer: readonly GivenSignal[] };
  /** Where would a call take an AbortSignal that it is not given? */
  'signal-place': { subject: Call; answer: SignalPlace | undefined };
  /** The facts of another file; undefined when it cannot be read or is a declaration file. */
  facts: { subject: string; answer: FileFacts | undefined };
  /** The edits that carry out a repair; undefined when it does not apply here. */
  repair: { subject: Repair; answer: Fix | undefined };
}

export type QuestionKind = keyof Dialogue;
export type QuestionOf<K extends QuestionKind> = {
  readonly kind: K;
  readonly subject: Dialogue[K]['subject'];
};
export type AnswerOf<K extends QuestionKind> = Dialogue[K]['answer'];
export type Question = { [K in QuestionKind]: QuestionOf<K> }[QuestionKind];
export type Answer = AnswerOf<QuestionKind>;

/** A computation that pauses to have batches of questions answered, in the order asked. */
export type Asking<T> = Generator<readonly Question[], T, readonly Answer[]>;

/** Asks one question of a kind for each subject, as one batch. */
export function* ask<K extends QuestionKind>(
  kind: K,
  subjects: readonly Dialogue[K]['subject'][],
): Asking<AnswerOf<K>[]> {
  if (subjects.length === 0) return [];
  const questions = subjects.map((subject) => ({ kind, subject }) as unknown as Question);
  return (yield questions) as AnswerOf<K>[];
}

/** Asks a single question. */
export function* askOne<K extends QuestionKind>(
  kind: K,
  subject: Dialogue[K]['subject'],
): Asking<AnswerOf<K>> {
  const [answer] = yield* ask(kind, [subject]);
  return answer;
}

/**
 * Runs several computations side by side: each round joins the questions of all of them into one batch,
 * so that ten rules cost as many rounds as the longest of them.
 * @param onError turns an exception of computation `index` into its result.
 */
export function* together<T>(
  computations: readonly Asking<T>[],
  onError?: (index: number, error: unknown) => T,
): Asking<T[]> {
  const results = new Map<number, T>();
  let waiting: { index: number; computation: Asking<T>; answers: readonly Answer[] | undefined }[] =
    computations.map((computation, index) => ({ index, computation, answers: undefined }));
  while (waiting.length > 0) {
    const round: { index: number; computation: Asking<T>; questions: readonly Question[] }[] = [];
    for (const { index, computation, answers } of waiting) {
      try {
        // The first `next` of a generator takes no value; an empty answer is ignored there.
        const step = computation.next(answers ?? []);
        if (step.done) results.set(index, step.value);
        else round.push({ index, computation, questions: step.value });
      } catch (error) {
        if (!onError) throw error;
        results.set(index, onError(index, error));
      }
    }
    if (round.length === 0) break;
    const answers = yield round.flatMap((r) => r.questions);
    let offset = 0;
    waiting = round.map(({ index, computation, questions }) => {
      const part = answers.slice(offset, offset + questions.length);
      offset += questions.length;
      return { index, computation, answers: part };
    });
  }
  return computations.map((_, index) => results.get(index) as T);
}

/** Answers a batch of questions at once. */
export interface Oracle {
  answer(batch: readonly Question[]): readonly Answer[];
}

/** The same for hosts that ask another process. */
export interface AsyncOracle {
  answer(batch: readonly Question[]): Promise<readonly Answer[]>;
}

/** Runs a computation against a synchronous oracle. */
export function runSync<T>(computation: Asking<T>, oracle: Oracle): T {
  let step = computation.next([]);
  while (!step.done) step = computation.next(oracle.answer(step.value));
  return step.value;
}

/** Runs a computation against an asynchronous oracle. */
export async function runAsync<T>(computation: Asking<T>, oracle: AsyncOracle): Promise<T> {
  let step = computation.next([]);
  while (!step.done) step = computation.next(await oracle.answer(step.value));
  return step.value;
}

/** Remembers the answers of one analysis, so that two rules asking the same thing cost one answer. */
export function remembering(oracle: Oracle): Oracle {
  const known = new Map<QuestionKind, Map<unknown, Answer>>();
  return {
    answer(batch) {
      const missing: Question[] = [];
      for (const question of batch) {
        let ofKind = known.get(question.kind);
        if (!ofKind) known.set(question.kind, (ofKind = new Map<unknown, Answer>()));
        if (!ofKind.has(question.subject)) {
          ofKind.set(question.subject, undefined);
          missing.push(question);
        }
      }
      const answers = missing.length > 0 ? oracle.answer(missing) : [];
      missing.forEach((question, i) => known.get(question.kind)?.set(question.subject, answers[i]));
      return batch.map((question) => known.get(question.kind)?.get(question.subject));
    },
  };
}
