import assert from 'node:assert/strict';
import { outcomeOf } from '../../suites/outcome';

describe('the outcome of a test suite', () => {
  for (const [runner, output, outcome] of [
    ['tape', '1..3\n# tests 3\n# pass  2\n# fail  1\n', { passed: 2, failed: 1 }],
    ['tape, all green', '1..3\n# tests 3\n# pass  3\n\n# ok\n', { passed: 3, failed: 0 }],
    [
      'node:test, where a test hung',
      '# tests 5\n# suites 0\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 0\n',
      { passed: 3, failed: 2 },
    ],
    ['node:test for people', 'ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\n', { passed: 2, failed: 0 }],
    [
      'pytest',
      'E  1 passed by\n== 1 failed, 553 passed, 3 warnings, 2 errors in 61.01s (0:01:01) ==\n',
      { passed: 553, failed: 3 },
    ],
    ['pytest, quiet', '554 passed, 3 warnings in 61.01s (0:01:01)\n', { passed: 554, failed: 0 }],
    ['unittest', 'Ran 1187 tests in 43.008s\n\nOK (skipped=55)\n', { passed: 1132, failed: 0 }],
    [
      'unittest, not green',
      'Ran 10 tests in 1.0s\n\nFAILED (failures=2, errors=1, skipped=3)\n',
      { passed: 4, failed: 3 },
    ],
    ['one that was cut off', 'ok 1 - starts\n', undefined],
  ] as const) {
    it(`is read from what ${runner} prints`, () => {
      assert.deepEqual(outcomeOf(output), outcome);
    });
  }
});
