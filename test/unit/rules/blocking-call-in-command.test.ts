import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { readConfig } from '../../../src/core/config';
import { ClassicAnalyser } from '../../../src/hosts/classic/analyser';
import { ProgramLoader } from '../../../src/hosts/classic/project';
import { discover } from '../../../src/hosts/cli/discover';
import { rules } from '../../../src/rules';

const TEXT = `import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
export async function load(path) {
  if (!existsSync(path)) return '';
  return readFileSync(path, 'utf8') + execSync('git status');
}
`;

/** The levels of the findings in a package of its own. */
function levels(manifest: object): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'async-patterns-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'load.js'), TEXT);
    const { typescript, explicit } = discover([folder]);
    const request = { files: typescript, explicit, tsconfig: undefined, overlay: new Map<string, string>() };
    const [opened] = new ProgramLoader(ts).open(request);
    const [file] = opened?.files ?? [];
    assert.ok(opened && file);
    const { config } = readConfig({}, rules);
    const { findings } = new ClassicAnalyser(ts, rules).analyse(opened.program, file, config);
    return findings.filter(({ rule }) => rule === 'blocking-call-in-async').map(({ level }) => level);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('blocking-call-in-async in a package', () => {
  it('is one level milder where the package installs a command', () => {
    assert.deepEqual(levels({ name: 'server' }), ['hint', 'warning', 'warning']);
    assert.deepEqual(levels({ name: 'tool', bin: { tool: 'tool.js' } }), [
      'hint',
      'information',
      'information',
    ]);
  });
});
