import assert from 'node:assert/strict';
import { Sample } from '../support/analyse';

describe('the default that import() makes of `export =`', () => {
  it('does not keep a file from being analysed', () => {
    const sample = new Sample(
      {
        'unzip.d.ts':
          "declare module 'unzip' { function unzip(path: string): Promise<void>; export = unzip; }",
        'a.ts':
          "export async function f() {\n  const unzip = await import('unzip');\n  await unzip.default('a');\n  unzip.default('b');\n}",
      },
      {},
      { esModuleInterop: true },
    );
    assert.deepEqual(sample.typeErrors('a.ts'), []);
    assert.deepEqual(sample.summary('a.ts'), ['4:floating-promise']);
  });
});
