import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Folder } from '../cli/support';
import { writeRealProject } from '../support/real-project';

const TSC = join(__dirname, '../../node_modules/typescript-native/bin/tsc');

describe('real code that was fixed', () => {
  let folder: Folder;
  let known: readonly string[];

  /** What the compiler says, without places, which move. */
  const errors = (projects: readonly string[]): string[] =>
    projects.flatMap((project) =>
      folder
        .run(process.execPath, [TSC, '--noEmit', '--pretty', 'false', '-p', project])
        .stdout.split('\n')
        .filter((line) => line.includes(': error '))
        .map((line) => line.replace(/\(\d+,\d+\)/u, '')),
    );

  function check(projects: readonly string[]): void {
    const left = new Map<string, number>();
    for (const error of known) left.set(error, (left.get(error) ?? 0) + 1);
    const added = errors(projects).filter((error) => {
      const rest = (left.get(error) ?? 0) - 1;
      left.set(error, rest);
      return rest < 0;
    });
    assert.deepEqual(added, []);
    const compiled = folder.run('python3', ['-m', 'compileall', '-q', 'python']);
    assert.equal(compiled.code, 0, compiled.stdout + compiled.stderr);
  }

  before(async () => {
    folder = new Folder({ '.gitignore': 'node_modules\n__pycache__\n' });
    await writeRealProject(folder.path);
    folder.git('init', '-q');
    folder.git('config', 'core.autocrlf', 'false');
    folder.git('add', '-A');
    folder.git('commit', '-qm', 'as it is');
    known = errors(['auth', 'browser']);
    assert.ok(known.length > 0, 'the compiler knows nothing of what these packages leave out');
  });
  after(() => folder.remove());

  for (const [flag, ...projects] of [
    // In the other project no fix is safe.
    ['--fix', 'auth'],
    ['--fix-suggestions', 'auth', 'browser'],
  ] as const) {
    it(`by ${flag} type-checks as before and compiles; a second run changes nothing`, () => {
      folder.git('checkout', '-q', '--', '.');
      const { stdout, stderr } = folder.check(flag, 'python', ...projects);
      assert.equal(stderr, '');
      assert.match(stdout, /^Fixed \d+ findings\.$/mu);
      const once = folder.git('diff');
      assert.notEqual(once, '');
      check(projects);
      folder.check(flag, 'python', ...projects);
      assert.equal(folder.git('diff'), once);
    });
  }
}).timeout(900_000);
