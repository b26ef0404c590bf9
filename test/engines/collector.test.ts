import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import { withFewCollections } from '../../src/hosts/native/collector';

describe('the collector of the native program', () => {
  const told = () => ({ GOGC: process.env['GOGC'], GOMEMLIMIT: process.env['GOMEMLIMIT'] });

  it('is told to run seldom while the program starts, and nobody else is', () => {
    const before = told();
    assert.deepEqual(before, { GOGC: undefined, GOMEMLIMIT: undefined });
    const { GOGC, GOMEMLIMIT = '' } = withFewCollections(told);
    assert.equal(GOGC, '400');
    const [, bytes] = /^(\d+)B$/u.exec(GOMEMLIMIT) ?? [];
    assert.ok(Number(bytes) > 0 && Number(bytes) <= totalmem() / 2, GOMEMLIMIT);
    assert.deepEqual(told(), before);
  });

  it('does as the user has told it, also where starting fails', () => {
    process.env['GOGC'] = '50';
    try {
      assert.equal(withFewCollections(told).GOGC, '50');
      assert.throws(
        () =>
          withFewCollections(() => {
            throw new Error('no program');
          }),
        /no program/u,
      );
      assert.deepEqual(told(), { GOGC: '50', GOMEMLIMIT: undefined });
    } finally {
      delete process.env['GOGC'];
    }
  });
});
