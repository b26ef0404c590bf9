/** Functions whose returned promise nobody has to await. Keys are `module:path`, without a `node:` prefix. */

export interface SafeCallee {
  /** Not with this property, other than `false`, in one of its arguments. */
  readonly unless?: string;
}

const SAFE: SafeCallee = {};

function all(keys: readonly string[], safe: SafeCallee = SAFE): [string, SafeCallee][] {
  return keys.map((key) => [key, safe]);
}

function members(module: string, object: string, names: string): string[] {
  return names.split(' ').map((name) => `${module}:${object}.${name}`);
}

/** The library itself waits for the promise, shows its failure, or never rejects it. */
export const SAFE_CALLEES: ReadonlyMap<string, SafeCallee> = new Map([
  // The runner collects the promises of registered tests. https://nodejs.org/api/test.html
  ...all(
    ['test', 'it', 'describe', 'suite', 'default'].flatMap((name) => [
      `test:${name}`,
      `test:test.${name}`,
      `test:default.${name}`,
      ...['only', 'skip', 'todo'].map((variant) => `test:${name}.${variant}`),
    ]),
  ),
  ...all(['only', 'skip', 'todo', 'run'].map((name) => `test:${name}`)),
  // Errors go to error boundaries. https://reactrouter.com/api/hooks/useFetcher
  ...all(['react-router:load', 'react-router:revalidate']),
  // What stops a navigation is no rejection, and errors go to `onError`.
  // https://router.vuejs.org/guide/advanced/navigation-failures.html
  ...all(
    ['Router', 'EXPERIMENTAL_Router_Base'].flatMap((name) => members('vue-router', name, 'push replace')),
  ),
  // They settle when somebody closes the message. https://code.visualstudio.com/api/references/vscode-api#window
  ...all(members('vscode', 'window', 'showInformationMessage showWarningMessage showErrorMessage')),
  // The server loads its plugins when it starts. https://fastify.dev/docs/latest/Reference/Plugins/
  ...all(members('fastify', 'FastifyInstance', 'register after')),
  // They take away a promise that somebody has put there, and watches.
  ...all([':Array.shift', ':Array.pop']),
  // What fails is kept in the cache. https://tanstack.com/query/latest/docs/reference/QueryClient
  ...all(
    [
      ...members(
        '@tanstack/query-core',
        'QueryClient',
        'invalidateQueries refetchQueries resetQueries cancelQueries prefetchQuery prefetchInfiniteQuery',
      ),
      ...members('@tanstack/query-core', 'QueryObserverBaseResult', 'refetch'),
      ...members(
        '@tanstack/query-core',
        'InfiniteQueryObserverBaseResult',
        'fetchNextPage fetchPreviousPage refetch',
      ),
    ],
    { unless: 'throwOnError' },
  ),
]);

/** Types of such functions, as `module:name`: a hook hands them out, and they may be kept under any name. */
export const SAFE_FUNCTION_TYPES: ReadonlySet<string> = new Set(
  // They settle when the navigation is over. https://reactrouter.com/api/hooks/useNavigate
  ['NavigateFunction', 'SubmitFunction', 'FetcherSubmitFunction'].flatMap((name) => [
    `react-router:${name}`,
    `react-router-dom:${name}`,
  ]),
);

/** Functions that only end what nobody uses any more; they reject where that has ended already, or its own clean-up fails. */
export const ENDING_CALLEES: ReadonlySet<string> = new Set([
  // Runs the `finally` blocks of a generator. https://tc39.es/ecma262/#sec-asyncgenerator-prototype-return
  ':AsyncGenerator.return',
  // Rejects where the context is closed. https://webaudio.github.io/web-audio-api/#dom-audiocontext-close
  ':AudioContext.close',
  // Ends a stream that nobody reads or writes any more. https://streams.spec.whatwg.org/#rs-cancel
  ...['ReadableStream', 'ReadableStreamGenericReader'].map((name) => `:${name}.cancel`),
  ...['WritableStream', 'WritableStreamDefaultWriter'].map((name) => `:${name}.abort`),
  // Stops watching. https://github.com/paulmillr/chokidar#methods--events
  'chokidar:FSWatcher.close',
  // Ends a cursor on the server. https://www.mongodb.com/docs/drivers/node/current/crud/query/cursor/
  ...['ChangeStream', 'AbstractCursor'].map((name) => `mongodb:${name}.close`),
  // Takes a connection out of a pool that should not be used again. https://github.com/sequelize/sequelize-pool
  'sequelize-pool:Pool.destroy',
]);
