/** What a rule wants done about a finding, in terms of facts; a language front turns it into edits. */
import type {
  Await,
  Binding,
  Call,
  CommentFact,
  Declare,
  FileFacts,
  FunctionFact,
  Handler,
  Loop,
  Statement,
  Value,
  With,
} from './facts';
import type { Safety } from './finding';
import type { GivenSignal, SignalPlace } from './questions';
import type { Span } from './text';

export type Repair =
  /** Await the value; the enclosing function becomes async where that is type-correct. */
  | {
      readonly kind: 'await';
      readonly value: Value;
      /** How far `await` alone can be trusted here; a suggestion when left out. */
      readonly safety?: Safety;
      /** The value is an array of promises: `await Promise.all(…)`. */
      readonly all?: boolean;
    }
  /** Leave out `new Promise(…)` around a promise that stands inside it. */
  | { readonly kind: 'unwrap'; readonly call: Call; readonly inner: Value }
  /** Mark the value as deliberately not awaited. */
  | { readonly kind: 'void'; readonly value: Value }
  /** Return the value of the statement, where it is the last of a function that may return a promise. */
  | { readonly kind: 'return'; readonly value: Value }
  /** Attach a rejection handler. */
  | { readonly kind: 'handle'; readonly value: Value }
  /** `xs.forEach(async …)` → `for (const x of xs) …`. */
  | { readonly kind: 'for-of'; readonly call: Call; readonly callback: FunctionFact }
  /** `xs.forEach(async …)` → `await Promise.all(xs.map(async …))`. */
  | { readonly kind: 'await-map'; readonly call: Call }
  /** `xs.filter(async …)` → compute the verdicts first, then filter by them. */
  | { readonly kind: 'filter-in-two-steps'; readonly call: Call }
  /** `xs.some(async …)` → `(await Promise.all(xs.map(async …))).some(Boolean)`; the same for `every`. */
  | { readonly kind: 'await-predicate'; readonly call: Call; readonly method: 'some' | 'every' }
  /** Wrap the body of a callback whose promise nobody sees in try/catch. */
  | { readonly kind: 'handle-body'; readonly function: FunctionFact }
  /** Turn away a run of `setInterval(async …)` that starts while another one is going on. */
  | {
      readonly kind: 'skip-while-running';
      readonly call: Call;
      readonly callback: FunctionFact;
      readonly isHandled: boolean;
    }
  /** Set a timer for the next run when one is done, in place of `setInterval(async …)`. */
  | {
      readonly kind: 'schedule-anew';
      readonly call: Call;
      readonly callback: FunctionFact;
      readonly isHandled: boolean;
    }
  /** Take `await` away from an expression, from `for await` or from `await using`. */
  | { readonly kind: 'remove-await'; readonly at: Await | Loop | Declare }
  /** Take `async` away from a function, and the awaits from the calls of it. */
  | { readonly kind: 'remove-async'; readonly function: FunctionFact; readonly awaits: readonly Await[] }
  /** Call what gives the same result as a promise instead of blocking, and await it. */
  | { readonly kind: 'async-twin'; readonly call: Call; readonly twin: Twin }
  /** Advance a generator to its first `yield` before the call that sends it a value. */
  | { readonly kind: 'prime-generator'; readonly call: Call }
  /** `f(x)` → `await asyncio.to_thread(f, x)`. */
  | { readonly kind: 'to-thread'; readonly call: Call }
  /** Neighbouring awaits become one `await Promise.all([…])`. */
  | {
      readonly kind: 'join-awaits';
      readonly awaits: readonly Await[];
      /** Nothing is wrong with the code as it is. */
      readonly isRefactoring?: boolean;
    }
  /** Attach a handler to promises where they are started; what awaits them later still hears of the rejection. */
  | {
      readonly kind: 'handle-at-start';
      readonly starts: readonly { readonly binding: Binding; readonly start: Call }[];
    }
  /** Await the value in place of the call that was to run it (`asyncio.run(f())`). */
  | { readonly kind: 'await-instead'; readonly call: Call; readonly value: Value }
  /** Pass a function and its arguments instead of the result of calling it (`to_thread(f(1))` → `to_thread(f, 1)`). */
  | { readonly kind: 'pass-function'; readonly call: Call }
  /** Keep a task in a set until it is done, so that it is not garbage-collected. */
  | { readonly kind: 'keep-task'; readonly value: Value }
  /** Call a module's function in place of another one; its import is added. */
  | {
      readonly kind: 'use-function';
      readonly callee: Value;
      readonly module: string;
      readonly name: string;
      readonly safety: Safety;
    }
  /** `f(x)` → `module.name(f(x))`, for each of the values. */
  | {
      readonly kind: 'wrap-in-call';
      readonly values: readonly Value[];
      readonly module: string;
      readonly name: string;
    }
  /** `with` → `async with`, `for` → `async for`, or back. */
  | { readonly kind: 'set-async'; readonly statement: With | Loop; readonly isAsync: boolean }
  /** Let a handler raise again what it caught. */
  | { readonly kind: 'reraise'; readonly handler: Handler }
  /** Run only a few of the calls that `Promise.all` waits for at a time. */
  | {
      readonly kind: 'limit-concurrency';
      /** `Promise.all(…)`. */
      readonly call: Call;
      readonly map: { readonly call: Call; readonly source: Value; readonly callback: Value } | undefined;
      readonly pushes: readonly Call[];
    }
  /** Let only a few coroutines, which a Python fan-out starts for all elements, run at a time. */
  | {
      readonly kind: 'limit-coroutines';
      /** `gather(…)` or `create_task(…)`. */
      readonly call: Call;
      /** `f` of `f(x)` or `map(f, xs)`. */
      readonly callback: Value;
      /** `f(x)`, where it is written. */
      readonly coroutine: Call | undefined;
    }
  /** Let a process pool run what a thread was given. */
  | { readonly kind: 'process-pool'; readonly starter: Call; readonly given: Value }
  /** `future.result()` → `await asyncio.wrap_future(future)`. */
  | { readonly kind: 'await-future'; readonly call: Call }
  /** Make asyncio's own lock, event or queue in place of one for threads, and await what waits for it. */
  | {
      readonly kind: 'asyncio-primitive';
      /** `threading.Lock()`. */
      readonly made: Call;
      /** The class of asyncio. */
      readonly name: string;
      /** Calls that wait. */
      readonly waits: readonly Call[];
      /** `with lock:` */
      readonly scopes: readonly With[];
    }
  /** Let one caller at a time through everything from the look at a shared place to the store into it. */
  | { readonly kind: 'under-lock'; readonly look: Value; readonly store: Value; readonly place: Value }
  /** Mark what is taken from a queue as done in a `finally`, in place of the calls that do so on some paths. */
  | {
      readonly kind: 'done-in-finally';
      readonly takes: readonly { readonly get: Call; readonly dones: readonly Call[] }[];
    }
  /** Put the statements between acquiring and releasing into a `try` whose `finally` releases, or into `async with`. */
  | {
      readonly kind: 'release-in-finally';
      readonly acquire: Statement;
      /** The lock, where the statement does nothing but wait for it. */
      readonly lock: Value | undefined;
      readonly between: readonly Statement[];
      readonly release: Statement;
    }
  /** Let a few workers share the items of a loop. */
  | {
      readonly kind: 'pool';
      readonly loop: Loop;
      /** Start them in a task group: the Python at hand has one, and nobody catches single exceptions around. */
      readonly group?: boolean;
    }
  /** Start tasks in a group around the statements before `until`: it cancels its tasks when one of those fails. */
  | { readonly kind: 'task-group'; readonly starts: readonly Call[]; readonly until: Statement }
  /** Cancel a task in the `finally` of a `try` around the statements after its start. */
  | {
      readonly kind: 'cancel-in-finally';
      readonly task: Binding;
      readonly start: Statement;
      /** The last statement that may need the task, or the one that cancels it now. */
      readonly last: Statement;
    }
  /** Keep the handle of a timer and clear it when `Promise.race` is over. */
  | {
      readonly kind: 'clear-timer';
      readonly race: Call;
      /** `setTimeout(…)` in the executor of a promise. */
      readonly start: Call;
      /** The constant that holds this promise. */
      readonly promise: Binding | undefined;
    }
  /** `Promise.race([fetch(url), timer])` → `fetch(url, { signal: AbortSignal.timeout(ms) })`. */
  | { readonly kind: 'abort-by-clock'; readonly race: Call; readonly request: Call; readonly ms: Value }
  /** Pass the AbortSignal that the function was given. */
  | {
      readonly kind: 'pass-signal';
      readonly call: Call;
      readonly place: SignalPlace;
      readonly signal: GivenSignal;
    }
  /** Remove an ignore comment that ignores nothing, or just the rule id at `rule` from its list. */
  | {
      readonly kind: 'remove-suppression';
      readonly file: FileFacts;
      readonly comment: CommentFact;
      readonly rule: Span;
    };

/** What gives the same result as a blocking call, but as a promise. */
export type Twin =
  /** A coroutine function of a module that takes the same arguments: `asyncio.sleep`. */
  | { readonly from: 'coroutine'; readonly name: string; readonly module: string }
  /** Function of the same name in the promise API of the module (`fs/promises`). */
  | { readonly from: 'promises'; readonly name: string }
  /** Promise-returning neighbour: on the same object or exported by the same module. */
  | { readonly from: 'sibling'; readonly name: string }
  /** Takes a callback, to be wrapped by `util.promisify`; `member` picks the part that the blocking form returns. */
  | { readonly from: 'callback'; readonly name: string; readonly member?: string };
