import assert from 'node:assert/strict';
import { sharesOf } from '../../src/hosts/cli/shares';

const FILES = ['a/1.ts', 'a/2.ts', 'b/1.ts', 'b/2.ts'];

describe('the files of a run are shared among threads', () => {
  const shares = (sizes: readonly number[], threads?: number) =>
    sharesOf(FILES, threads, (file) => sizes[FILES.indexOf(file)] ?? 0).map((share) => [...share]);

  it('in neighbouring parts of about the same size', () => {
    assert.deepEqual(shares([10, 10, 10, 10], 2), [FILES.slice(0, 2), FILES.slice(2)]);
    assert.deepEqual(shares([30, 10, 10, 10], 2), [FILES.slice(0, 1), FILES.slice(1)]);
    assert.deepEqual(shares([10, 10, 10, 90], 3), [FILES.slice(0, 3), FILES.slice(3)]);
  });

  it('each of them once, however many threads there are', () => {
    for (const threads of [1, 2, 3, 4, 9]) {
      const all = shares([5, 0, 7, 100], threads);
      assert.deepEqual(all.flat(), FILES);
      assert.ok(all.length <= threads);
    }
    assert.deepEqual(sharesOf([], 3), []);
  });

  it('not at all while they are few', () => {
    assert.equal(shares([1_000, 1_000, 1_000, 1_000]).length, 1);
  });
});
