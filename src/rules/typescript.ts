// Written by `npm run generate` from the files of this folder.
import type { Rule } from '../core/rule';
import { rule as asyncPromiseExecutor } from './async-promise-executor';
import { rule as asyncWithoutAwait } from './async-without-await';
import { rule as awaitInLoop } from './await-in-loop';
import { rule as awaitNonPromise } from './await-non-promise';
import { rule as blockingCallInAsync } from './blocking-call-in-async';
import { rule as floatingPromise } from './floating-promise';
import { rule as lateAwait } from './late-await';
import { rule as leakingRaceTimeout } from './leaking-race-timeout';
import { rule as missingReturnAwait } from './missing-return-await';
import { rule as misusedPromise } from './misused-promise';
import { rule as overlappingInterval } from './overlapping-interval';
import { rule as promiseAsValue } from './promise-as-value';
import { rule as promiseNeverConsumed } from './promise-never-consumed';
import { rule as raceAcrossAwait } from './race-across-await';
import { rule as sequentialAwaits } from './sequential-awaits';
import { rule as swallowedRejection } from './swallowed-rejection';
import { rule as unboundedConcurrency } from './unbounded-concurrency';
import { rule as unforwardedAbortSignal } from './unforwarded-abort-signal';
import { rule as unprimedGeneratorSend } from './unprimed-generator-send';
import { rule as unreleasedLock } from './unreleased-lock';

/** The rules for TypeScript and JavaScript, sorted by id. */
export const rules: readonly Rule[] = [
  asyncPromiseExecutor,
  asyncWithoutAwait,
  awaitInLoop,
  awaitNonPromise,
  blockingCallInAsync,
  floatingPromise,
  lateAwait,
  leakingRaceTimeout,
  missingReturnAwait,
  misusedPromise,
  overlappingInterval,
  promiseAsValue,
  promiseNeverConsumed,
  raceAcrossAwait,
  sequentialAwaits,
  swallowedRejection,
  unboundedConcurrency,
  unforwardedAbortSignal,
  unprimedGeneratorSend,
  unreleasedLock,
];

/** Ids of the rules for other languages: settings may name them. */
export const otherRules: readonly string[] = [
  'coroutine-in-thread',
  'cpu-bound-in-thread',
  'dangling-task',
  'deprecated-loop-access',
  'escaping-task-group',
  'nested-event-loop',
  'queue-task-done',
  'swallowed-cancellation',
  'sync-primitive-in-async',
  'unawaited-coroutine',
  'wrong-context-manager',
];
