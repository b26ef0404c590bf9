import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Folder } from '../cli/support';
import { LEFT_OUT, writeJavaScriptProject, writeRealProject } from '../support/real-project';
import { appliedFixes } from './applied';

/** Fixes of one kind that are tried in each project, to be quick; `npx tsx test/fixes/applied.ts CONFIG` tries all. */
const MOST = 1;

describe('the fixes for TypeScript and JavaScript, carried out one by one in real packages,', () => {
  let folder: Folder;
  before(async () => {
    folder = new Folder({});
    await writeRealProject(folder.path);
    mkdirSync(join(folder.path, 'queue'));
    await writeJavaScriptProject(join(folder.path, 'queue'));
  });
  after(() => folder.remove());

  for (const [name, least, without] of [
    ['auth', 10, []],
    ['browser', 3, LEFT_OUT],
    ['queue', 3, []],
  ] as const) {
    it(`parse, make no type error, keep comments and are not found again (${name})`, () => {
      const skipped = without.map((one) => `src/${one}`);
      const fixes = [...appliedFixes(join(folder.path, name, 'tsconfig.json'), MOST, skipped)];
      assert.ok(fixes.length >= least, `${fixes.length} fixes`);
      assert.deepEqual(
        fixes.flatMap((fix) => fix.problems.map((problem) => `${fix.name} ${problem}`)),
        [],
      );
    });
  }
}).timeout(900_000);
