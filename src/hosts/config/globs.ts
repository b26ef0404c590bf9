import { dirname } from 'node:path';
import picomatch from 'picomatch';

/**
 * Tells whether a path, relative to the configuration file, is meant by one of some globs: itself, or as part of a
 * folder that is. A glob without a slash is about names anywhere.
 */
export function matcherOf(given: readonly string[]): (path: string) => boolean {
  const globs = given.map((glob) => glob.replace(/^\.\//, '').replace(/\/$/, ''));
  const matchers = globs.map((glob) => picomatch(glob, { dot: true, basename: !glob.includes('/') }));
  return (path) => {
    for (let at = path; at !== '' && at !== '.' && !at.startsWith('..'); at = dirname(at))
      if (matchers.some((matches) => matches(at))) return true;
    return false;
  };
}
