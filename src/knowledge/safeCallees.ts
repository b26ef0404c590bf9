/**
 * Functions whose returned promise nobody has to await: the library itself waits for it or never rejects it.
 * Keys are `module:path`, without a `node:` prefix.
 */
export const SAFE_CALLEES: ReadonlySet<string> = new Set([
  // The runner collects the promises of registered tests. https://nodejs.org/api/test.html
  ...['test', 'it', 'describe', 'suite', 'default'].flatMap((name) => [
    `test:${name}`,
    ...['only', 'skip', 'todo'].map((variant) => `test:${name}.${variant}`),
  ]),
  'test:run',
  // Navigation promises settle for view transitions; errors go to error boundaries.
  'react-router:NavigateFunction',
  'react-router-dom:NavigateFunction',
]);
