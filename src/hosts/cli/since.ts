import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ChangedLines, Lines } from './changes';
import { slashed } from './discover';
import { InputError } from './engine';

/**
 * The lines that were changed since a branch left a revision, what is not committed or tracked yet included.
 * @param folder where to ask Git.
 * @throws InputError where Git or the revision is missing.
 */
export function changedSince(revision: string, folder: string): ChangedLines {
  const git = (...args: string[]) => {
    const { error, status, stdout, stderr } = spawnSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    if (error) throw new InputError(`--since: git cannot be run (${error.message}); install it.`);
    return { ok: status === 0, stdout, reason: stderr.trim().split('\n').at(-1) ?? '' };
  };
  const must = (...args: string[]) => {
    const { ok, stdout, reason } = git(...args);
    if (!ok)
      throw new InputError(`--since ${revision}: ${reason.replace(/^fatal: /, '')}.`.replace(/\.+$/, '.'));
    return stdout;
  };
  const root = must('rev-parse', '--show-toplevel').trim();
  const verified = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  if (!verified.ok)
    throw new InputError(`--since: Git knows no revision "${revision}"; fetch or correct it.`);
  const commit = verified.stdout.trim();
  const base = git('merge-base', commit, 'HEAD');
  const from = base.ok ? base.stdout.trim() : commit;
  const changed = new Map<string, Lines[] | 'all'>();
  // Without prefixes and quotes, but for names that need them.
  const options = [
    '-c',
    'core.quotePath=false',
    '-c',
    'diff.noprefix=false',
    '-c',
    'diff.mnemonicPrefix=false',
  ];
  const diff = must(
    ...options,
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--relative=',
    from,
    '--',
  );
  let file = '';
  let inHeader = true;
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) inHeader = true;
    const named = inHeader ? /^\+\+\+ (?:"b\/(.*)"|b\/(.*?)\t?)$/.exec(line) : null;
    if (named) {
      file = slashed(join(root, unquoted(named[1]) ?? named[2] ?? ''));
      changed.set(file, []);
    }
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    const lines = changed.get(file);
    if (!hunk || !lines || lines === 'all') continue;
    inHeader = false;
    const first = Number(hunk[1]) - 1;
    const count = Number(hunk[2] ?? 1);
    if (count > 0) lines.push([first, first + count - 1]);
  }
  const untracked = must('ls-files', '--others', '--exclude-standard', '--full-name', '-z', '--', root);
  for (const name of untracked.split('\0').filter(Boolean)) changed.set(slashed(join(root, name)), 'all');
  return changed;
}

/** Git writes names with special characters as a C string. */
function unquoted(name: string | undefined): string | undefined {
  return name?.replace(/\\(["\\abfnrtv]|[0-7]{3})/g, (_, code: string) => {
    if (/^\d/.test(code)) return String.fromCharCode(parseInt(code, 8));
    return { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }[code] ?? code;
  });
}
