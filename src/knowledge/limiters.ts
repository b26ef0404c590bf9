/** Libraries and names that bound how much runs at a time. */
import type { Language } from '../core/facts';

interface Limiters {
  /** Whatever is called from these modules limits what is given to it. */
  readonly modules: ReadonlySet<string>;
  /** Methods that hold something back until there is room. */
  readonly methods: RegExp;
  /** Names of functions and objects that limit, when a function is given to them. */
  readonly names: RegExp;
}

const TYPESCRIPT: Limiters = {
  modules: new Set(
    (
      'p-limit p-queue p-map p-throttle p-ratelimit p-all p-series p-map-series p-filter bottleneck ' +
      'async-sema async-mutex semaphore-async-await await-semaphore @shopify/semaphore throat limiter promise-limit ' +
      'promise-pool @supercharge/promise-pool es6-promise-pool promise-throttle async-pool tiny-async-pool ' +
      'queue fastq async better-queue bull bullmq bee-queue agenda piscina tinypool workerpool jest-worker ' +
      'generic-pool tarn lightning-pool cockatiel rate-limiter-flexible limit-concur promise-queue p-retry-queue ' +
      'radash modern-async promise-map-limit async-limiter run-parallel-limit ' +
      'neo-async promise-call-limit @esfx/async-semaphore mutexify'
    ).split(' '),
  ),
  methods:
    /^(?:acquire|tryAcquire|runExclusive|schedule|wrap|enqueue|addToQueue|withPermit|withLock|runInLock|throttle|limit|runTask|queueTask|submit|getSlot|waitForSlot|removeTokens|take|reserve|use)$/,
  names:
    /limit|semaphore|mutex|throttl|queue|concurren|ratelimit|bottleneck|pool|sema$|scheduler|dedupe|debounce|singleflight|batcher|loader$|caller$/i,
};

const PYTHON: Limiters = {
  modules: new Set(['aiolimiter', 'asyncio_throttle', 'aiometer', 'aiojobs', 'limiter', 'pyrate_limiter']),
  methods: /^(?:acquire|acquire_on_behalf_of|try_acquire|get_connection)$/,
  names:
    /limit|sem$|sema|mutex|lock$|throttl|queue|concurren|pool|scheduler|bucket|permit|slots?$|gate$|^s$/i,
};

function limiters(language: Language): Limiters {
  return language === 'python' ? PYTHON : TYPESCRIPT;
}

/** Whether a module is a library that bounds concurrency. */
export function isLimiterModule(language: Language, module: string): boolean {
  return limiters(language).modules.has(module);
}

/** Whether a method of this name waits for room. */
export function isLimiterMethod(language: Language, method: string): boolean {
  return limiters(language).methods.test(method);
}

/** Whether a name says that what is given to it runs under a limit. */
export function soundsLikeLimiter(language: Language, name: string): boolean {
  return limiters(language).names.test(name);
}

/** Packages the fix can use when the project has one of them, best first. */
export const LIMITER_PACKAGES = ['p-limit', 'p-map'] as const;
