import assert from 'node:assert/strict';
import { classicEngine, pythonEngine } from '../fuzz/engines';
import { MUTATIONS } from '../fuzz/mutations';
import { fuzz, seeds } from '../fuzz/run';
import { pythonParser } from './python/support/parser';
import { randomNumbers } from './python/support/stdlib';

/** The smallest texts on which an engine has thrown or hung once. */
const ONCE_BROKEN: Readonly<Record<'typescript' | 'python', readonly string[]>> = {
  typescript: [
    // Every call asked each function around each function whether it opens a server.
    `export const z = ${'(() => '.repeat(240)}x${')()'.repeat(240)};`,
  ],
  python: [],
};

/** Few, to end soon; `npm run fuzz` breaks as many as one likes. */
const COUNT = 100;

describe('broken files', () => {
  it('are broken in every way', () => {
    const random = randomNumbers(1);
    const text = seeds('typescript')[0] ?? '';
    for (const [name, mutation] of Object.entries(MUTATIONS)) {
      const results = Array.from({ length: 20 }, () => mutation(text, random));
      assert.ok(
        results.some((result) => result !== text),
        name,
      );
    }
  });

  for (const extension of ['.tsx', '.js']) {
    it(`are analysed without an exception, and soon: ${extension}`, () => {
      assert.deepEqual(fuzz(classicEngine(extension), seeds('typescript'), COUNT, 11), []);
    });
  }

  it('are analysed without an exception, and soon: .py', async () => {
    assert.deepEqual(fuzz(pythonEngine(await pythonParser()), seeds('python'), COUNT * 3, 11), []);
  });

  it('stay mended', async () => {
    const nothing = (results: readonly unknown[]) => results.every((result) => result === undefined);
    assert.ok(nothing(classicEngine('.ts')(ONCE_BROKEN.typescript)));
    assert.ok(nothing(pythonEngine(await pythonParser())(ONCE_BROKEN.python)));
  });
});
