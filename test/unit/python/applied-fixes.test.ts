import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { appliedFixes, problemsOf } from './support/applied-fixes';
import { pythonParser } from './support/parser';
import { pythonFiles, readText, stdlibDirectory } from './support/stdlib';

const CORPUS = join(__dirname, '../../fixtures/python-differential');

describe('the fixes for Python, applied one by one,', () => {
  for (const [name, least, directories] of [
    ["to Python's own asyncio and its neighbours", 5, ['asyncio', 'concurrent', 'unittest']],
    ['to our corpus', 50, undefined],
  ] as const) {
    it(`${name}, compile, keep all comments and do what they promise`, async () => {
      const files = directories
        ? directories.flatMap((directory) => pythonFiles(join(stdlibDirectory(), directory)))
        : pythonFiles(CORPUS);
      // Not at their own path: rules are silent on tests.
      const sources = new Map(files.map((file) => [`/sample/${basename(file)}`, readText(file)]));
      const fixes = [...appliedFixes(await pythonParser(), sources)];
      const problems = problemsOf(fixes);
      const at = (i: number) => {
        const fix = fixes[i];
        return fix ? `${fix.file}:${fix.line} ${fix.rule}: ${fix.title}` : '';
      };
      assert.ok(fixes.length >= least, `${fixes.length} fixes`);
      assert.deepEqual(
        problems.flatMap((problem, i) => (problem === null ? [] : [`${at(i)}: ${problem}`])),
        [],
      );
      const again = fixes.flatMap(({ isFoundAgain }, i) => (isFoundAgain ? [at(i)] : []));
      assert.deepEqual(again, []);
    });
  }
});
