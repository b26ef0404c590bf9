// Written by `npm run generate` from the files of this folder.
import type { Rule } from '../core/rule';
import { rule as asyncPromiseExecutor } from './async-promise-executor';
import { rule as asyncWithoutAwait } from './async-without-await';
import { rule as awaitInLoop } from './await-in-loop';
import { rule as awaitNonPromise } from './await-non-promise';
import { rule as blockingCallInAsync } from './blocking-call-in-async';
import { rule as coroutineInThread } from './coroutine-in-thread';
import { rule as cpuBoundInThread } from './cpu-bound-in-thread';
import { rule as danglingTask } from './dangling-task';
import { rule as deprecatedLoopAccess } from './deprecated-loop-access';
import { rule as escapingTaskGroup } from './escaping-task-group';
import { rule as floatingPromise } from './floating-promise';
import { rule as lateAwait } from './late-await';
import { rule as leakingRaceTimeout } from './leaking-race-timeout';
import { rule as missingReturnAwait } from './missing-return-await';
import { rule as misusedPromise } from './misused-promise';
import { rule as nestedEventLoop } from './nested-event-loop';
import { rule as overlappingInterval } from './overlapping-interval';
import { rule as promiseAsValue } from './promise-as-value';
import { rule as promiseNeverConsumed } from './promise-never-consumed';
import { rule as queueTaskDone } from './queue-task-done';
import { rule as raceAcrossAwait } from './race-across-await';
import { rule as sequentialAwaits } from './sequential-awaits';
import { rule as swallowedCancellation } from './swallowed-cancellation';
import { rule as swallowedRejection } from './swallowed-rejection';
import { rule as syncPrimitiveInAsync } from './sync-primitive-in-async';
import { rule as unawaitedCoroutine } from './unawaited-coroutine';
import { rule as unboundedConcurrency } from './unbounded-concurrency';
import { rule as unforwardedAbortSignal } from './unforwarded-abort-signal';
import { rule as unprimedGeneratorSend } from './unprimed-generator-send';
import { rule as unreleasedLock } from './unreleased-lock';
import { rule as wrongContextManager } from './wrong-context-manager';

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [
  asyncPromiseExecutor,
  asyncWithoutAwait,
  awaitInLoop,
  awaitNonPromise,
  blockingCallInAsync,
  coroutineInThread,
  cpuBoundInThread,
  danglingTask,
  deprecatedLoopAccess,
  escapingTaskGroup,
  floatingPromise,
  lateAwait,
  leakingRaceTimeout,
  missingReturnAwait,
  misusedPromise,
  nestedEventLoop,
  overlappingInterval,
  promiseAsValue,
  promiseNeverConsumed,
  queueTaskDone,
  raceAcrossAwait,
  sequentialAwaits,
  swallowedCancellation,
  swallowedRejection,
  syncPrimitiveInAsync,
  unawaitedCoroutine,
  unboundedConcurrency,
  unforwardedAbortSignal,
  unprimedGeneratorSend,
  unreleasedLock,
  wrongContextManager,
];
