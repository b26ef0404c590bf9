import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runCommand, runNpm } from '../../src/tools/vscode-server/run-command';

/** The fixtures: one file or folder per framework. */
export const FRAMEWORKS = join(__dirname, '../fixtures/frameworks');

/** Packages of which only the typings are needed, and whose dependencies are large. */
const ALONE = ['cypress@15.3.0', 'vitest@5.1.1'];

/**
 * The packages that the fixtures import, installed from the npm registry into the cache on first use.
 * @returns a folder with `node_modules` and `express4/node_modules`.
 */
export async function frameworkPackages(): Promise<string> {
  const hash = createHash('sha256').update(ALONE.join());
  for (const file of ['package.json', 'express4/package.json', 'package-lock.json'])
    hash.update(readFileSync(join(FRAMEWORKS, file)));
  return cachedFolder(`frameworks-${hash.digest('hex').slice(0, 12)}`, async (unfinished) => {
    console.log('Installing the packages of the framework fixtures from the npm registry (once)…');
    for (const file of ['package.json', 'express4', 'package-lock.json'])
      cpSync(join(FRAMEWORKS, file), join(unfinished, file), { recursive: true });
    await runNpm(['ci', '--ignore-scripts', '--legacy-peer-deps', '--omit=optional'], unfinished);
    for (const name of ALONE) await unpack(name, unfinished);
  });
}

/** Puts one package without its dependencies into `node_modules`. */
async function unpack(name: string, folder: string): Promise<void> {
  await runNpm(['pack', name, '--pack-destination', folder], folder);
  await runCommand('tar', ['-xzf', `${name.replace('@', '-')}.tgz`], { cwd: folder });
  renameSync(join(folder, 'package'), join(folder, 'node_modules', name.replace(/@.*$/, '')));
}

/**
 * Copies the fixtures into a new folder where what they import resolves.
 * @param edit what to make of the text of each source file.
 */
export async function frameworkProject(edit = (text: string) => text): Promise<string> {
  const packages = await frameworkPackages();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'frameworks-')));
  cpSync(FRAMEWORKS, folder, { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.[jt]sx?$/.test(name)) continue;
    const file = join(folder, name);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }
  for (const place of ['.', 'express4']) {
    mkdirSync(join(folder, place), { recursive: true });
    symlinkSync(join(packages, place, 'node_modules'), join(folder, place, 'node_modules'), 'junction');
  }
  return folder;
}
