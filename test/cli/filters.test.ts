import assert from 'node:assert/strict';
import { join } from 'node:path';
import { FLOATING, Folder, PYTHON, TSCONFIG } from './support';

const FOUND = 'a.py wrong-context-manager 6';

describe('async-patterns check', () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  it('--since: only findings on lines changed since a revision, committed or not', () => {
    folder = new Folder({ 'a.py': PYTHON, 'old.py': PYTHON, 'ü.py': 'lock = None\n' });
    folder.git('init', '-q', '-b', 'main');
    folder.git('add', '.');
    folder.git('commit', '-qm', 'first');
    folder.git('checkout', '-qb', 'branch');
    assert.deepEqual(folder.findings('--since', 'main'), []);
    // What others do on main meanwhile is not this branch's.
    folder.git('checkout', '-q', 'main');
    folder.write('old.py', `${PYTHON}\n# more\n`);
    folder.git('commit', '-qam', 'theirs');
    folder.git('checkout', '-q', 'branch');
    const more = '\nasync def other():\n    with lock:\n        pass\n';
    folder.write('a.py', PYTHON + more);
    folder.git('commit', '-qam', 'second');
    folder.write('ü.py', PYTHON);
    folder.write('new.py', PYTHON);
    const found = [
      'a.py wrong-context-manager 10',
      'new.py wrong-context-manager 6',
      'ü.py wrong-context-manager 6',
    ];
    assert.deepEqual(folder.findings('--since', 'main'), found);
    // Fixes keep to these lines, too.
    assert.equal(folder.check('--since', 'main', '--fix').code, 0);
    assert.equal(folder.read('a.py'), PYTHON + more.replace('with', 'async with'));
    assert.equal(folder.read('old.py'), PYTHON);
  });

  it('--baseline: only what is new, wherever lines have moved', () => {
    folder = new Folder({ 'a.py': PYTHON, 'b.py': PYTHON });
    const missing = folder.check('--baseline', 'known.json');
    assert.equal(missing.code, 2);
    assert.match(
      missing.stderr,
      /^async-patterns: known\.json: no such file; write it anew with --update-baseline\.\n$/,
    );
    assert.equal(folder.check('--baseline', 'known.json', '--update-baseline').code, 0);
    assert.deepEqual(folder.findings('--baseline', 'known.json'), []);
    folder.write('a.py', `# moved\n\n${PYTHON}\n\nasync def other():\n    with lock:\n        pass\n`);
    // The same line once more is one more finding.
    assert.deepEqual(folder.findings('--baseline', 'known.json'), ['a.py wrong-context-manager 13']);
    folder.write('a.py', PYTHON.replace('with lock', 'with (lock)'));
    assert.equal(folder.check('--baseline', 'known.json').code, 1);
  });

  it('keeps results as long as nothing they depend on has changed', () => {
    folder = new Folder({
      'package.json': '{}',
      'tsconfig.json': TSCONFIG,
      'a.ts': "import { work } from './helper';\nwork();\n",
      'helper.ts': 'export async function work(): Promise<void> {}\n',
      'b.py': 'from helper import work\n\nasync def main():\n    work()\n',
      'helper.py': 'async def work():\n    pass\n',
      'node_modules/.keep': '',
    });
    const both = ['a.ts floating-promise 2', 'b.py unawaited-coroutine 4'];
    const findings = () => folder.findings('--cache');
    assert.deepEqual(findings(), both);
    assert.deepEqual(folder.entries('node_modules/.cache/async-patterns').length, 2);
    assert.deepEqual(findings(), both);
    // Of the same size: the content counts.
    folder.write('helper.ts', 'export /****/ function work(): void /*******/ {}\n');
    assert.deepEqual(findings(), [both[1]]);
    folder.write('helper.py', 'def work():\n    pass\n');
    assert.deepEqual(findings(), []);
    // A file that comes between changes what the import means.
    folder.write('helper.py', 'async def work():\n    pass\n');
    assert.deepEqual(findings(), [both[1]]);
    folder.write('helper/__init__.py', 'def work():\n    pass\n');
    assert.deepEqual(findings(), []);
    // So do configuration and flags.
    folder.write('c.ts', FLOATING);
    assert.deepEqual(findings(), ['c.ts floating-promise 3']);
    assert.deepEqual(folder.findings('--cache', '--severity', 'floating-promise=off'), []);
    folder.write('async-patterns.json', '{ "ignore": ["c.ts"] }');
    assert.deepEqual(findings(), []);
  });

  it('knows from its configuration, else from the project, which Python is meant', () => {
    const counting = `import asyncio

def count(numbers: list[int]) -> int:
    found = 0
    for i in range(len(numbers)):
        for j in range(i):
            if numbers[i] + numbers[j] == 100:
                found += 1
    return found

async def handle(numbers: list[int]) -> int:
    return await asyncio.to_thread(count, numbers)
`;
    folder = new Folder({ 'pyproject.toml': '', 'a.py': counting, 'node_modules/.keep': '' });
    const findings = () => folder.findings('--cache');
    const one = ['a.py cpu-bound-in-thread 12'];
    assert.deepEqual(findings(), one);
    folder.write('async-patterns.json', '{ "python": { "freeThreaded": true } }');
    assert.deepEqual(findings(), []);
    folder.write(
      'async-patterns.json',
      '{ "overrides": [{ "files": ["b.py"], "python": { "freeThreaded": true } }] }',
    );
    assert.deepEqual(findings(), one);
    folder.write('.python-version', '3.13\n');
    assert.deepEqual(findings(), one);
    // Of the same name: the content counts.
    folder.write('.python-version', '3.14t\n');
    assert.deepEqual(findings(), []);
    folder.write('async-patterns.json', '{ "python": { "targetVersion": "new" } }');
    const { code, stderr } = folder.check();
    assert.equal(code, 2);
    assert.match(
      stderr,
      /async-patterns\.json: python\.targetVersion: expected a version such as "3\.11"\.\n$/,
    );
  });

  it('takes from the cache what it took from the analysis', () => {
    // A repository of its own: what other tests make beside it does not count.
    folder = new Folder({ 'a.py': PYTHON, 'node_modules/.keep': '', '.git/.keep': '' });
    const first = folder.check('--cache', '--format', 'json');
    const [entry = ''] = folder.entries('node_modules/.cache/async-patterns');
    const path = join('node_modules/.cache/async-patterns', entry);
    // Proves that the second run reads it.
    folder.write(path, folder.read(path).replaceAll('wrong-context-manager', 'from-the-cache'));
    const second = folder.check('--cache', '--format', 'json');
    assert.equal(second.stdout.replaceAll('from-the-cache', 'wrong-context-manager'), first.stdout);
    assert.notEqual(second.stdout, first.stdout);
  });

  it('reads its configuration from the nearest file, with overrides', () => {
    folder = new Folder({
      'async-patterns.json': JSON.stringify({
        rules: { 'wrong-context-manager': 'warning' },
        overrides: [
          { files: ['tests'], rules: { 'wrong-context-manager': 'hint' } },
          { files: ['*_spec.py', 'tests/{x,y}.py'], rules: { 'wrong-context-manager': 'off' } },
        ],
        ignore: ['generated', 'tests/**/z.py'],
      }),
      'a.py': PYTHON,
      'a_spec.py': PYTHON,
      'tests/b.py': PYTHON,
      'tests/x.py': PYTHON,
      'tests/deep/z.py': PYTHON,
      'generated/c.py': PYTHON,
      'js/package.json': JSON.stringify({
        asyncPatterns: { rules: { 'wrong-context-manager': 'information' } },
      }),
      'js/d.py': PYTHON,
      'py/pyproject.toml': '[tool.async-patterns.rules]\nwrong-context-manager = "error"\n',
      'py/e.py': PYTHON,
      'py/inner/pyproject.toml': '[project]\nname = "inner"\n',
      'py/inner/f.py': PYTHON,
    });
    const levels = (...args: string[]) => folder.levels(...args);
    assert.deepEqual(levels(), {
      'a.py': 'warning',
      'js/d.py': 'information',
      'py/e.py': 'error',
      'py/inner/f.py': 'error',
      'tests/b.py': 'hint',
    });
    // Flags go first; a configuration that is named is the only one.
    assert.equal(levels('--severity', 'wrong-context-manager=hint')['py/e.py'], 'hint');
    assert.equal(levels('--config', 'js/package.json')['a.py'], 'information');
  });

  it('reports what it is asked about in one place', () => {
    folder = new Folder({ 'a.py': PYTHON });
    assert.deepEqual(folder.findings('a.py', '.', './a.py'), [FOUND]);
  });
});
