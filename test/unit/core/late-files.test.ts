import assert from 'node:assert/strict';
import ts from 'typescript';
import { readConfig } from '../../../src/core/config';
import { ClassicAnalyser } from '../../../src/hosts/classic/analyser';
import { PythonAnalyser } from '../../../src/hosts/python/analyser';
import { Workspace } from '../../../src/languages/python/workspace';
import { rules } from '../../../src/rules';
import { pythonParser } from '../python/support/parser';
import { Sample } from '../support/analyse';

const { config } = readConfig({}, rules);

describe('what a call leads to, when its file comes later', () => {
  it('is known from then on in Python', async () => {
    const texts = new Map([
      ['/p/caller.py', 'from helper import call\n\n\nasync def run():\n    call()\n'],
      ['/p/helper.py', 'import time\n\n\ndef call():\n    time.sleep(1)\n'],
    ]);
    const workspace = new Workspace(await pythonParser(), { read: (file) => texts.get(file) });
    const analyser = new PythonAnalyser(workspace, rules);
    const found = () => analyser.analyse('/p/caller.py', config)?.findings.map(({ rule }) => rule);
    workspace.add(['/p/caller.py']);
    assert.deepEqual(found(), []);
    workspace.add(['/p/helper.py']);
    assert.deepEqual(found(), ['blocking-call-in-async']);
  });

  it('is known from then on in TypeScript', () => {
    const caller = "import { call } from './helper';\nexport async function run() { call(); }\n";
    const helper =
      "import { execSync } from 'node:child_process';\nexport function call() { execSync('ls'); }\n";
    const before = new Sample({ 'caller.ts': caller });
    const after = new Sample({ 'caller.ts': caller, 'helper.ts': helper }, {}, {}, before);
    const analyser = new ClassicAnalyser(ts, rules);
    const found = (sample: Sample) =>
      analyser
        .analyse(sample.program, sample.sourceFile('caller.ts'), config)
        .findings.map(({ rule }) => rule);
    assert.deepEqual(found(before), []);
    assert.equal(after.sourceFile('caller.ts'), before.sourceFile('caller.ts'));
    assert.deepEqual(found(after), ['blocking-call-in-async']);
  });
});
