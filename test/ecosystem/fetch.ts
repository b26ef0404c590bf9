/** Brings the pinned packages into the user's cache, each as a project of its own. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runCommand, runNpm } from '../../src/tools/vscode-server/run-command';
import { NPM, type DebianSource, type NpmSource, type Pinned } from './packages';

const TSCONFIG = {
  compilerOptions: {
    target: 'ESNext',
    module: 'Preserve',
    moduleResolution: 'Bundler',
    lib: ['ESNext', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    strict: true,
    allowJs: true,
    checkJs: false,
    noEmit: true,
    skipLibCheck: true,
  },
  exclude: ['node_modules'],
};

/**
 * Downloads what is not in the cache yet.
 * @param say hears what takes its time.
 * @returns by name, the folder of each package.
 * @throws Error where a download fails or is not what was pinned.
 */
export async function fetchPackages(
  packages: readonly Pinned[],
  say: (text: string) => void,
): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  const isNpm = (one: Pinned): one is Pinned & { from: NpmSource } => one.from.kind === 'npm';
  const npm = packages.filter(isNpm);
  if (npm.length > 0) {
    const root = await installed(say);
    for (const one of npm) folders.set(one.name, separated(root, one));
  }
  for (const { name, version, from } of packages)
    if (from.kind === 'debian') folders.set(name, await unpacked(name, version, from, say));
  return folders;
}

/** All packages from npm with what they depend on, for its types. npm checks them against the lock file. */
function installed(say: (text: string) => void): Promise<string> {
  const lock = readFileSync(join(NPM, 'package-lock.json'));
  return cachedFolder(`ecosystem-npm-${short(lock)}`, async (folder) => {
    say('Installing the packages from npm (once)…');
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(NPM, name), join(folder, name));
    await runNpm(['ci', '--ignore-scripts', '--omit=optional'], folder);
  });
}

/** A package's sources beside `node_modules` instead of in it: there they would be somebody else's code. */
function separated(root: string, { name, from }: Pinned & { from: NpmSource }): string {
  const key = short(JSON.stringify([from.sources, TSCONFIG]));
  const folder = join(root, 'sources', `${name}-${key}`);
  if (existsSync(join(folder, 'tsconfig.json'))) return folder;
  const original = join(root, 'node_modules', name);
  makeProject(folder);
  for (const source of [...from.sources, 'package.json']) {
    if (!existsSync(join(original, source)))
      throw new Error(`${name} has no ${source}; correct packages.json.`);
    cpSync(join(original, source), join(folder, source), { recursive: true, filter: isOurs });
  }
  const own = join(original, 'node_modules');
  if (existsSync(own) && !existsSync(join(folder, 'node_modules')))
    symlinkSync(own, join(folder, 'node_modules'));
  // Last, as it says that all is there.
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  return folder;
}

/** The packages' own configurations extend what is not published. */
function isOurs(path: string): boolean {
  return !/^[jt]sconfig(?:\..+)?\.json$/.test(basename(path));
}

function unpacked(
  name: string,
  version: string,
  { sha256 }: DebianSource,
  say: (text: string) => void,
): Promise<string> {
  return cachedFolder(`ecosystem-${name}-${sha256.slice(0, 16)}`, async (folder) => {
    say(`Downloading ${name} ${version} from Debian 12 (once)…`);
    await runCommand('apt-get', ['download', `${name}=${version}`], { cwd: folder });
    const [deb] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    if (deb === undefined) throw new Error(`${name} ${version}: nothing was downloaded.`);
    const found = createHash('sha256')
      .update(readFileSync(join(folder, deb)))
      .digest('hex');
    if (found !== sha256)
      throw new Error(`${deb} is another file than the one pinned: its SHA-256 is ${found}.`);
    await runCommand('dpkg-deb', ['--extract', deb, '.'], { cwd: folder });
    makeProject(folder);
  });
}

/** The command line takes the folder with `.git` for the project, whatever is above it. */
function makeProject(folder: string): void {
  mkdirSync(join(folder, '.git'), { recursive: true });
}

function short(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
