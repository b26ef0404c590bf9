/** What is known about how promises of libraries settle. Keys are `module:path`, without a `node:` prefix. */

/**
 * Functions whose promise never rejects, with the index of the argument (options with a signal) that changes that;
 * undefined where no argument does.
 */
export const NEVER_REJECTING: ReadonlyMap<string, number | undefined> = new Map([
  // https://nodejs.org/api/timers.html#timers-promises-api: rejects only when the signal in the options aborts.
  ['timers/promises:setTimeout', 2],
  ['timers/promises:setImmediate', 1],
  ['timers/promises:scheduler.wait', 1],
  ['timers/promises:Scheduler.wait', 1],
  ['timers/promises:scheduler.yield', undefined],
  [':PromiseConstructor.allSettled', undefined],
  [':Promise.allSettled', undefined],
  // https://github.com/sindresorhus/delay: `signal` in the options rejects.
  ['delay:default', 1],
  ['delay:delay', 1],
  // https://google.github.io/zx/process-promise: an exit code other than 0 is no failure then.
  ['zx:nothrow', undefined],
  ['zx:ProcessPromise.nothrow', undefined],
]);

/**
 * Functions whose promise is fulfilled when a time in milliseconds, their first argument, is over, with the index of
 * the argument (options with a signal, or with `ref: false`) that lets somebody end it.
 */
export const PAUSES: ReadonlyMap<string, number> = new Map([
  ['timers/promises:setTimeout', 2],
  ['timers/promises:scheduler.wait', 1],
  ['timers/promises:Scheduler.wait', 1],
  // `promisify(setTimeout)`.
  [':setTimeout', 2],
  ['timers:setTimeout', 2],
  ['delay:default', 1],
  ['delay:delay', 1],
]);

/** Callback functions that `util.promisify` turns into a promise that never rejects without a signal. */
export const PROMISIFIED_TIMERS: ReadonlySet<string> = new Set(['setTimeout', 'setImmediate']);

/** Names that project and library code give to a pause. */
export const PAUSE_NAME = /^(?:sleep|delay|pause|wait_?for_?ms|wait_?ms|snooze)$/iu;

/**
 * Libraries whose documents tell to start waiting for an event, act, and await the event afterwards; their callees by
 * module and by the last name of the path.
 */
export const EVENT_BEFORE_ACTION: { readonly modules: ReadonlySet<string>; readonly name: RegExp } = {
  // https://playwright.dev/docs/events#waiting-for-event
  modules: new Set(['playwright', 'playwright-core', '@playwright/test', 'playwright-test']),
  name: /(?:^|\.)waitFor\w*$/u,
};
