import type { Api } from './typescript';

/** A request of the client that has not been sent, and what follows on its answer. */
export type Request<T> = Api.APIRequestGenerator<T>;

type Asked<T> = Request<T> extends Generator<infer Asked, unknown, never> ? Asked : never;

/** Thrown where an answer has to be fetched first; whoever catches it asks again after `fetch`. */
export const NOT_YET = new (class NotYet {
  readonly message = 'the answer has not been fetched yet';
})();

/** A place for one answer. */
export class Slot<T> {
  known = false;
  asked = false;
  private kept: T | undefined;

  fill(answer: T): void {
    this.kept = answer;
    this.known = true;
  }

  /** The answer; only where it is known. */
  get answer(): T {
    return this.kept as T;
  }
}

/** Requests that the client can send as one, whatever their number. */
interface Bulk {
  readonly subjects: unknown[];
  readonly slots: Slot<unknown>[];
  readonly request: (subjects: readonly never[]) => Request<readonly unknown[]>;
  readonly wrap: (answer: never) => unknown;
}

/**
 * Lets code that knows nothing of batches be answered in batches. Inside `runAll` a question whose answer is not there is
 * noted down and ends the attempt; all that was noted is then fetched as one message, and the attempts are made again.
 * Outside, a question is asked at once.
 */
export class Requests {
  private collecting = false;
  private single: (() => Request<void>)[] = [];
  private readonly bulks: Bulk[] = [];
  /** What the last attempt was ended by. */
  private missing: unknown;
  /** How often the other process was asked. */
  rounds = 0;

  constructor(private readonly api: Api.API) {}

  /**
   * Runs actions that may ask, each as often as it takes. Those that lacked the same answer go on to lack the same next
   * one nearly always, so that only the first of them is tried again until it comes through.
   */
  runAll(actions: readonly (() => void)[]): void {
    let groups: (readonly (() => void)[])[] = actions.map((action) => [action]);
    while (groups.length > 0) {
      const waiting = new Map<unknown, (() => void)[]>();
      const wait = (parked: readonly (() => void)[]) => {
        const others = waiting.get(this.missing);
        if (others) others.push(...parked);
        else waiting.set(this.missing, [...parked]);
      };
      for (const group of groups) {
        const [first] = group;
        if (first && !this.attempt(first)) {
          wait(group);
          continue;
        }
        for (const action of group.slice(1)) if (!this.attempt(action)) wait([action]);
      }
      if (waiting.size > 0) this.fetch();
      groups = [...waiting.values()];
    }
  }

  /** Runs an action that may ask. @returns false where it has to be run again after `fetch`. */
  private attempt(action: () => void): boolean {
    this.collecting = true;
    try {
      action();
      return true;
    } catch (error) {
      if (error !== NOT_YET) throw error;
      return false;
    } finally {
      this.collecting = false;
    }
  }

  /**
   * The answer of a slot.
   * @param make makes the request.
   * @param wrap turns what the client answers into what is kept.
   */
  ask<R, T>(slot: Slot<T>, make: () => Request<R>, wrap?: (answer: R) => T): T {
    if (slot.known) return slot.answer;
    if (!slot.asked) {
      slot.asked = true;
      const request = make();
      const step = request.next();
      if (step.done === true) {
        // The client knew it already.
        slot.fill(wrap ? wrap(step.value) : (step.value as unknown as T));
        return slot.answer;
      }
      this.single.push(() => fill(slot, continued(request, step.value), wrap));
    }
    return this.wait(slot);
  }

  /** A kind of question that is sent as one list; each is answered from its slot. */
  bulk<S, R, T>(
    request: (subjects: readonly S[]) => Request<readonly R[]>,
    wrap: (answer: R) => T,
  ): (slot: Slot<T>, subject: S) => T {
    const bulk: Bulk = { subjects: [], slots: [], request, wrap };
    this.bulks.push(bulk);
    return (slot, subject) => {
      if (slot.known) return slot.answer;
      if (!slot.asked) {
        slot.asked = true;
        bulk.subjects.push(subject);
        bulk.slots.push(slot);
      }
      return this.wait(slot);
    };
  }

  private wait<T>(slot: Slot<T>): T {
    if (this.collecting) {
      this.missing = slot;
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- thrown by the thousand: without a stack it is cheap
      throw NOT_YET;
    }
    this.fetch();
    return slot.answer;
  }

  /** Sends all that was noted down and fills the slots. */
  fetch(): void {
    const requests: Request<unknown>[] = [];
    for (const bulk of this.bulks) {
      if (bulk.slots.length === 0) continue;
      const slots = bulk.slots.splice(0);
      requests.push(fillAll(slots, bulk.request(bulk.subjects.splice(0) as never[]), bulk.wrap));
    }
    const single = this.single;
    this.single = [];
    for (const make of single) requests.push(make());
    if (requests.length === 0) return;
    this.rounds++;
    for (let i = 0; i < requests.length; i += MOST_AT_ONCE)
      this.api.batch(...requests.slice(i, i + MOST_AT_ONCE));
  }
}

/** The client takes requests as arguments of one call, and a call has room for only so many. */
const MOST_AT_ONCE = 20_000;

function* fill<R, T>(
  slot: Slot<T>,
  request: Request<R>,
  wrap: ((answer: R) => T) | undefined,
): Request<void> {
  const answer = yield* request;
  slot.fill(wrap ? wrap(answer) : (answer as unknown as T));
}

/** A request that has been begun, with what it asks for first. */
function* continued<T>(request: Request<T>, first: Asked<T>): Request<T> {
  let asked = first;
  for (;;) {
    let step;
    try {
      step = request.next(yield asked);
    } catch (error) {
      step = request.throw(error);
    }
    if (step.done === true) return step.value;
    asked = step.value;
  }
}

function* fillAll(
  slots: readonly Slot<unknown>[],
  request: Request<readonly unknown[]>,
  wrap: Bulk['wrap'],
): Request<void> {
  const answers = yield* request;
  slots.forEach((slot, i) => {
    slot.fill(wrap(answers[i] as never));
  });
}
