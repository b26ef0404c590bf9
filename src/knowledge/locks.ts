/** How locks, semaphores and pools are acquired and released, by the names libraries agree on. */

/** Methods that wait until the receiver, or what they give, belongs to the caller. */
const ACQUIRES = new Set(['acquire', 'lock', 'checkOut', 'checkout', 'acquireConnection']);

/** Methods that do so on a pool only: elsewhere they mean something else. */
const POOL_ACQUIRES = new Set(['connect', 'getConnection', 'get_connection', 'reserve']);

const POOL = /pool$/i;

/**
 * Whether a method acquires something that has to be released.
 * @param receiver last name of the object it is called on: `pool` of `this.pool.connect()`.
 */
export function isAcquire(method: string, receiver: string | undefined): boolean {
  return ACQUIRES.has(method) || (POOL_ACQUIRES.has(method) && receiver !== undefined && POOL.test(receiver));
}

const RELEASES =
  /^_?(?:release|unlock|check_?in|free|dispose|destroy|close|end|terminate|drop|give_?back|put_?back)(?:$|_|[A-Z])/i;

/** Whether a function of this name gives back what was acquired: `release`, `unlock`, `releaseConnection`. */
export function isRelease(method: string): boolean {
  return RELEASES.test(method);
}

/** The plain name of the method that releases: what a type must have to be taken for a lock. */
export const RELEASE_MEMBERS = ['release', 'unlock', 'checkIn'] as const;

/** Types of locks and pools, by name. */
export const LOCK_TYPE = /(?:Lock|Mutex|Sema|Semaphore|Pool)$/;

/** Names of locks where no type is known. */
export const LOCK_NAME = /(?:lock|mutex|sem|sema|semaphore)s?$/i;

/** Functions and methods that do not throw in any program that gets as far as calling them. */
const HARMLESS =
  /^(?:(?:console|Math|time|performance)\..+|Date\.now|clear(?:Timeout|Interval|Immediate)|set(?:Timeout|Interval|Immediate)|queueMicrotask|process\.(?:hrtime|nextTick)(?:\.bigint)?|Number|String|Boolean|Date|Map|Set|WeakMap|Array|Error|TypeError|RangeError|AbortController|Object\.(?:keys|values|entries|assign|freeze)|Array\.(?:isArray|from)|len|str|repr|bool|list|dict|set|tuple|id|type|isinstance|hasattr|print)$/;

const HARMLESS_METHOD =
  /^(?:log|debug|info|warn|warning|trace|verbose|error|exception|push|append|unshift|pop|shift|get|set|has|add|delete|discard|clear|slice|toString|incr?|inc|observe|startTimer|monotonic|time|abort|release|unlock|clearTimeout|unref|is_set|locked|done|is_closing)$/;

/**
 * Whether a call can be trusted not to throw.
 * @param path dotted path of the callee as it is written.
 * @param method its last name, where it is a member.
 */
export function isHarmless(path: string | undefined, method: string | undefined): boolean {
  if (path !== undefined && HARMLESS.test(path)) return true;
  return method !== undefined && HARMLESS_METHOD.test(method);
}
