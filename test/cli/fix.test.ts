import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CLI, Folder, PYTHON, PYTHON_FIXED, RETURNED, RETURNED_FIXED, TSCONFIG, FLOATING } from './support';

/** Nobody else, of whom root is not one. */
const NOBODY = 65534;

describe('async-patterns check --fix', () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  it('applies safe fixes, says so, and has nothing left to do', () => {
    folder = new Folder({ 'tsconfig.json': TSCONFIG, 'a.ts': RETURNED, 'b.py': PYTHON, 'c.ts': FLOATING });
    const first = folder.check('--fix');
    assert.equal(first.code, 0);
    assert.match(first.stdout, /^c\.ts\n[^]+Fixed 2 findings\.\n● 1 finding \(1 note\)/);
    assert.equal(folder.read('a.ts'), RETURNED_FIXED);
    assert.equal(folder.read('b.py'), PYTHON_FIXED);
    assert.equal(folder.read('c.ts'), FLOATING);
    const times = () => ['a.ts', 'b.py', 'c.ts'].map((name) => statSync(join(folder.path, name)).mtimeMs);
    const before = times();
    assert.doesNotMatch(folder.check('--fix').stdout, /Fixed/);
    assert.deepEqual(times(), before);
    assert.deepEqual(readdirSync(folder.path).sort(), ['a.ts', 'b.py', 'c.ts', 'tsconfig.json']);
  });

  it('applies suggestions when told to', () => {
    folder = new Folder({ 'tsconfig.json': TSCONFIG, 'c.ts': FLOATING });
    const { code, stdout } = folder.check('--fix-suggestions');
    assert.equal(code, 0, stdout);
    assert.notEqual(folder.read('c.ts'), FLOATING);
    assert.equal(folder.check().code, 0);
  });

  it('leaves nothing for a second run where fixes are close together', () => {
    folder = new Folder({ 'a.py': PYTHON.replace('pass', 'with lock:\n            pass') });
    assert.equal(folder.check('--fix').code, 0);
    const after = folder.read('a.py');
    assert.match(after, / {4}async with lock:\n {8}async with lock:\n {12}pass\n/);
    folder.check('--fix');
    assert.equal(folder.read('a.py'), after);
  });

  it('prints a patch that git applies, and changes nothing', () => {
    const crlf = PYTHON.replaceAll('\n', '\r\n');
    const files = {
      'a.ts': `\uFEFF${RETURNED}`,
      'b.py': PYTHON.trimEnd(),
      'c d/ü.py': crlf,
    };
    folder = new Folder({ 'tsconfig.json': TSCONFIG, ...files });
    folder.git('init', '-q');
    folder.git('config', 'core.autocrlf', 'false');
    const { code, stdout, stderr } = folder.check('--diff');
    assert.equal(code, 1);
    assert.match(stderr, /^Would fix 3 findings in 3 files\.$/m);
    for (const [name, text] of Object.entries(files)) assert.equal(folder.read(name), text);
    folder.write('a.patch', stdout);
    folder.git('apply', 'a.patch');
    assert.equal(folder.read('a.ts'), `\uFEFF${RETURNED_FIXED}`);
    assert.equal(folder.read('b.py'), PYTHON_FIXED.trimEnd());
    assert.equal(folder.read('c d/ü.py'), PYTHON_FIXED.replaceAll('\n', '\r\n'));
    assert.deepEqual(folder.check('--diff'), { code: 0, stdout: '', stderr: '' });
  });

  it('keeps encoding, line ends, mode and links', () => {
    const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
    folder = new Folder({
      'tsconfig.json': TSCONFIG,
      'bom.ts': `\uFEFF${RETURNED}`,
      'bom.py': `\uFEFF${PYTHON}`,
      'crlf.py': PYTHON.replaceAll('\n', '\r\n'),
      'utf16.ts': utf16(RETURNED),
      'swapped.ts': utf16(RETURNED).swap16(),
      'real/linked.py': PYTHON,
      'latin1.py': Buffer.from(PYTHON.replace('pass', '"\xe9"'), 'latin1'),
    });
    symlinkSync('real/linked.py', join(folder.path, 'link.py'));
    chmodSync(join(folder.path, 'crlf.py'), 0o755);
    const { stderr } = folder.check('--fix', '.', 'link.py');
    assert.equal(folder.read('bom.ts'), `\uFEFF${RETURNED_FIXED}`);
    assert.equal(folder.read('bom.py'), `\uFEFF${PYTHON_FIXED}`);
    assert.equal(folder.read('crlf.py'), PYTHON_FIXED.replaceAll('\n', '\r\n'));
    assert.equal(statSync(join(folder.path, 'crlf.py')).mode & 0o777, 0o755);
    assert.deepEqual(readFileSync(join(folder.path, 'utf16.ts')), utf16(RETURNED_FIXED));
    assert.deepEqual(readFileSync(join(folder.path, 'swapped.ts')), utf16(RETURNED_FIXED).swap16());
    assert.equal(folder.read('real/linked.py'), PYTHON_FIXED);
    assert.ok(lstatSync(join(folder.path, 'link.py')).isSymbolicLink());
    // Bytes that are no text would be lost.
    assert.match(stderr, /^latin1\.py: not in UTF-8 and left as it is/m);
    assert.deepEqual(
      readFileSync(join(folder.path, 'latin1.py')),
      Buffer.from(PYTHON.replace('pass', '"\xe9"'), 'latin1'),
    );
  });

  it('says in one sentence that a file cannot be written', () => {
    folder = new Folder({
      'a.py': PYTHON,
      'closed/b.py': PYTHON,
      'full/c.py': PYTHON + '# filler\n'.repeat(500),
    });
    chmodSync(join(folder.path, 'a.py'), 0o444);
    const readOnly = folder.check('--fix', 'a.py');
    assert.equal(readOnly.code, 2);
    assert.match(readOnly.stderr, /^async-patterns: \S+a\.py: cannot be written: it is read-only\.\n$/);
    assert.equal(readOnly.stdout, '');

    // A file may grow to 1 KiB here: writing more fails half-way, as on a full disk.
    const limited = folder.run('bash', [
      '-c',
      `ulimit -f 1; exec "$0" "$@"`,
      process.execPath,
      CLI,
      'check',
      '--no-cache',
      '--fix',
      'full',
    ]);
    assert.equal(limited.code, 2, limited.stderr);
    assert.match(limited.stderr, /^async-patterns: \S+c\.py: cannot be written: file too large\.\n$/);
    assert.equal(folder.read('full/c.py'), PYTHON + '# filler\n'.repeat(500));
    assert.deepEqual(readdirSync(join(folder.path, 'full')), ['c.py']);

    chmodSync(join(folder.path, 'closed'), 0o555);
    const options = process.getuid?.() === 0 ? { uid: NOBODY } : {};
    chmodSync(folder.path, 0o755);
    const closed = folder.run(process.execPath, [CLI, 'check', '--no-cache', '--fix', 'closed'], options);
    chmodSync(join(folder.path, 'closed'), 0o755);
    assert.equal(closed.code, 2, closed.stderr);
    assert.match(closed.stderr, /^async-patterns: \S+b\.py: cannot be written: permission denied\.\n$/);
    assert.equal(folder.read('closed/b.py'), PYTHON);
  });

  /** Many files to write one after the other. */
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.py`, PYTHON]));
  const states = () => {
    const names = readdirSync(folder.path).filter((name) => /^f\d+\.py$/.test(name));
    return names.map((name) => {
      const text = folder.read(name);
      assert.ok(text === PYTHON || text === PYTHON_FIXED, `${name} is neither old nor new`);
      return text === PYTHON_FIXED;
    });
  };

  it('leaves every file old or new when it is killed', async () => {
    folder = new Folder(many(120));
    for (const wanted of [1, 15, 40, 80]) {
      const started = folder.start('--fix');
      while (started.isRunning && states().filter(Boolean).length < wanted) await setTimeout(1);
      started.child.kill('SIGKILL');
      await started.ended;
      states();
    }
    assert.equal(folder.check('--fix').code, 0);
    assert.ok(states().every(Boolean));
  });

  it('clears away what a killed run left beside a file, and nothing else', async () => {
    const { temporaryBeside } = await import('../../src/hosts/cli/write');
    folder = new Folder({ 'a.py': PYTHON });
    const beside = (pid: number | undefined) => {
      const path = temporaryBeside(join(folder.path, 'a.py'), pid);
      writeFileSync(path, 'half of it');
      return basename(path);
    };
    beside(spawnSync(process.execPath, ['-e', '']).pid);
    const kept = beside(process.pid);
    folder.write('.a.py.tmp', 'somebody else’s');
    assert.equal(folder.check('--fix').code, 0);
    assert.deepEqual(readdirSync(folder.path).sort(), [kept, '.a.py.tmp', 'a.py'].sort());
  });

  it('is not disturbed by another run', async () => {
    folder = new Folder(many(60));
    const runs = [folder.start('--fix'), folder.start('--fix')];
    for (const { ended } of runs) assert.ok([0, 1].includes((await ended).code ?? 2));
    assert.ok(states().every(Boolean));
    assert.ok(readdirSync(folder.path).every((name) => /^f\d+\.py$/.test(name)));
  });

  it('says what was done when it is interrupted', async () => {
    // The first file that is analysed makes the run speak of this one.
    folder = new Folder({ ...many(300), 'pyproject.toml': '[project' });
    const started = folder.start('--fix');
    await started.says(/pyproject\.toml/);
    started.child.kill('SIGINT');
    const { code, stderr } = await started.ended;
    assert.equal(code, 130);
    assert.match(stderr, /^Interrupted: no file was changed\.\n$/m);
    assert.ok(!states().some(Boolean));

    const writing = folder.start('--fix');
    while (writing.isRunning && !states().some(Boolean)) await setTimeout(1);
    writing.child.kill('SIGINT');
    const end = await writing.ended;
    assert.equal(end.code, 130);
    const fixed = states().filter(Boolean).length;
    assert.match(end.stderr, new RegExp(`^Interrupted: ${fixed} (of 300 files|files) fixed`, 'm'));
  });

  it('does not overwrite what changed meanwhile', async () => {
    const { writeFixed } = await import('../../src/hosts/cli/write');
    folder = new Folder({ 'a.py': 'somebody else was faster\n' });
    const file = join(folder.path, 'a.py');
    assert.equal(await writeFixed(file, PYTHON, PYTHON_FIXED), 'changed');
    assert.equal(folder.read('a.py'), 'somebody else was faster\n');
    folder.write('a.py', PYTHON);
    assert.equal(await writeFixed(file, PYTHON, PYTHON_FIXED), 'written');
  });
});
