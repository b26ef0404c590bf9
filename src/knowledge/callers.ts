/** What becomes of the promise of a function that is handed to a library, where the types do not tell. */

/**
 * Functions that pass the rejection of a function they are given on to somebody, and types of such functions, by where
 * they are declared.
 */
export interface Caller {
  readonly modules: readonly string[];
  readonly path: RegExp;
  /** Exports of the modules that make the object whose methods these are, for code without types. */
  readonly makers?: RegExp;
  /** Only in this package from this major version on; before, nobody looks at the promise. */
  readonly since?: { readonly package: string; readonly major: number };
  /** Packages whose presence teaches the older versions the same. */
  readonly patches?: readonly string[];
}

export const CALLERS: readonly Caller[] = [
  // https://expressjs.com/en/guide/error-handling.html: from 5 on a rejection goes to `next`.
  {
    modules: ['express-serve-static-core', 'express'],
    path: /^(?:(?:Application|IRouter|IRoute|Router|Express)\.(?:use|all|get|post|put|delete|patch|head|options|param)|(?:Error|Application)?RequestHandler)$/u,
    makers: /^(?:default|\*|express|Router)$/u,
    since: { package: 'express', major: 5 },
    patches: ['express-async-errors'],
  },
  // https://vuejs.org/api/application.html#app-config-errorhandler
  { modules: ['@vue/runtime-core'], path: /^watch(?:Post|Sync)?Effect$/u },
];

/** Types of event handlers, by module and name, whose rejections the browser logs and goes on. */
export const UI_HANDLERS: ReadonlyMap<string, RegExp> = new Map([
  ['react', /EventHandler$|^bivarianceHack$/u],
]);

/** Methods of the DOM that take such a handler. https://dom.spec.whatwg.org/#interface-eventtarget */
export const UI_LISTENERS = /\.addEventListener$/u;

/** Methods of emitters that take a listener. https://nodejs.org/api/events.html#capture-rejections-of-promises */
export const EMITTER_METHOD = /^(?:on|once|addListener|prependListener|prependOnceListener)$/u;
/** The option with which an emitter turns the rejection of a listener into an `error` event. */
export const CAPTURE_OPTION = 'captureRejections';

/** Functions that take a function which may return its cleanup and nothing else. */
export const EFFECTS: ReadonlySet<string> = new Set(
  // https://react.dev/reference/react/useEffect
  ['useEffect', 'useLayoutEffect', 'useInsertionEffect'].map((name) => `react:${name}`),
);
export const EFFECT_NAME = /^use(?:Layout|Insertion)?Effect$/u;

/** Globals that take values, and no function that they would call without looking at its promise. */
export const VALUE_TAKERS: ReadonlySet<string> = new Set([
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError', 'DOMException'],
  ...['String', 'Number', 'Boolean', 'BigInt', 'Symbol', 'Date', 'RegExp', 'Math', 'JSON'],
  ...['Object', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'ArrayBuffer', 'Uint8Array', 'Buffer'],
  ...['URL', 'URLSearchParams', 'Headers', 'TextEncoder', 'TextDecoder', 'console', 'fetch'],
  ...['parseInt', 'parseFloat', 'isNaN', 'encodeURIComponent', 'decodeURIComponent', 'structuredClone'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate', 'require'],
]);
