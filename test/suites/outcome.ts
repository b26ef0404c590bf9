/** How many tests a suite says have passed and failed. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Reads the closing lines of TAP, node:test, pytest and unittest.
 * @returns undefined where there are none: the suite did not come to its end.
 */
export function outcomeOf(output: string): Outcome | undefined {
  const last = (pattern: RegExp) => {
    const found = [...output.matchAll(pattern)].at(-1)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const tap = last(/^(?:#|ℹ) pass +(\d+)$/gmu);
  if (tap !== undefined)
    return {
      passed: tap,
      failed: (last(/^(?:#|ℹ) fail +(\d+)$/gmu) ?? 0) + (last(/^(?:#|ℹ) cancelled +(\d+)$/gmu) ?? 0),
    };
  const pytest = /^(?=.*\d+ (?:passed|failed|error)).* in [\d.]+s(?: .*)?$/gmu.exec(output)?.[0];
  if (pytest !== undefined) {
    const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`, 'u').exec(pytest)?.[1] ?? 0);
    return { passed: count('passed'), failed: count('failed') + count('error') };
  }
  const run = last(/^Ran (\d+) tests? in /gmu);
  if (run === undefined) return undefined;
  const ended = /^(?:OK|FAILED)(?: \((.*)\))?$/mu.exec(output);
  const count = (word: string) => Number(new RegExp(`${word}=(\\d+)`, 'u').exec(ended?.[1] ?? '')?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return { passed: run - failed - count('skipped'), failed };
}
