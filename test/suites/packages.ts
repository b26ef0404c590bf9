/** Packages that bring a test suite along, made ready to be changed and tested here. */
import { cpSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runCommand, runNpm } from '../../src/tools/vscode-server/run-command';

/** How a package is got and tested; commands are a shell's, run in its folder. */
export interface Listed {
  readonly version: string;
  /** What its tests need beside its own dependencies: `name@version` of npm, or names of Debian packages. */
  readonly needs: readonly string[];
  /** Makes what the tests run, where that is not the sources. */
  readonly build?: string;
  readonly test: string;
  /** Of a Debian package: the Python package in it. */
  readonly sources?: string;
}

/** A package with a test suite. */
export interface TestedPackage extends Listed {
  readonly name: string;
  readonly from: 'npm' | 'debian';
}

interface List {
  /** npm's dependencies are taken as they were at this time. */
  readonly before: string;
  readonly npm: Readonly<Record<string, Listed>>;
  readonly debian: Readonly<Record<string, Listed>>;
}

const LIST = JSON.parse(readFileSync(join(__dirname, 'packages.json'), 'utf8')) as List;
const PYTHON = 'usr/lib/python3/dist-packages';

/** The packages of `packages.json`. */
export const packages: readonly TestedPackage[] = (['npm', 'debian'] as const).flatMap((from) =>
  Object.entries(LIST[from]).map(([name, listed]) => ({ name, from, ...listed })),
);

/**
 * Brings a package into the cache.
 * @returns a folder with `package`, its files, and what they need: `node_modules` or `python`.
 * @throws Error where a download fails.
 */
export function fetched({ name, version, needs, sources, from }: TestedPackage): Promise<string> {
  const key = `suite-${name}-${version}-${needs.join('-')}`.replaceAll(/[^\w.@-]/g, '_').slice(0, 200);
  return cachedFolder(key, async (folder) => {
    if (from === 'npm') {
      await runNpm(['pack', `${name}@${version}`], folder);
      const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
      await runCommand('tar', ['-xzf', tarball], { cwd: folder });
      const manifest = join(folder, 'package/package.json');
      const own = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> };
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ private: true, dependencies: own.dependencies }),
      );
      await runNpm(['install', '--ignore-scripts', `--before=${LIST.before}`, ...needs], folder);
      return;
    }
    await runCommand('apt-get', ['download', `${name}=${version}`, ...needs], { cwd: folder });
    for (const file of readdirSync(folder).filter((one) => one.endsWith('.deb')))
      await runCommand('dpkg-deb', ['--extract', file, '.'], { cwd: folder });
    renameSync(join(folder, PYTHON), join(folder, 'python'));
    cpSync(join(folder, 'python', sources ?? ''), join(folder, 'package', sources ?? ''), {
      recursive: true,
    });
  });
}

/** Copies a package and puts what it needs beside it; its own files come first where Python looks. */
export function copyPackage(cache: string, { from }: TestedPackage, folder: string): NodeJS.ProcessEnv {
  cpSync(join(cache, 'package'), folder, { recursive: true });
  const { PATH = '', ...rest } = process.env;
  if (from === 'debian')
    return { ...rest, PATH, PYTHONPATH: `${folder}:${join(cache, 'python')}`, PYTHONDONTWRITEBYTECODE: '1' };
  symlinkSync(join(cache, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { ...rest, PATH: `${join(cache, 'node_modules/.bin')}:${PATH}` };
}
