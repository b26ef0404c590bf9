import { access, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { cachedFolder, cacheRoot } from './cache-folder';
import { runNpm } from './run-command';
import type { EditorVersion } from './versions';

const ripgrepPackage = `@vscode/ripgrep-${process.platform}-${process.arch}`;

/** A VS Code server on this machine, ready to be started. */
export interface InstalledEditor {
  readonly version: EditorVersion;
  /** The Node program the server runs on. */
  readonly node: string;
  /** The folder of the VS Code server, which holds `out/server-main.js`. */
  readonly serverFolder: string;
}

/**
 * Installs the server of a VS Code release from the npm registry into the cache folder, unless it is there already.
 *
 * `code-server` carries the VS Code server under `lib/vscode` without that server's own dependencies; they are
 * installed here one after the other because code-server's install script also wants compilers and other tools.
 *
 * @param version the release to install
 * @param say told in one line what happens, for a person who waits
 * @returns where the server and its Node are
 * @throws Error with the failing command when the registry cannot be reached or a package does not install
 */
export async function installEditor(
  version: EditorVersion,
  say: (line: string) => void,
): Promise<InstalledEditor> {
  const folder = await cachedFolder(folderName(version), async (unfinished) => {
    const started = Date.now();
    say(`Installing the VS Code ${version.vscode} server from the npm registry (once, about a minute)…`);
    await fill(unfinished, version, say);
    say(
      `Installed VS Code ${version.vscode} in ${Math.round((Date.now() - started) / 1000)} s; it is kept in ${cacheRoot()}.`,
    );
  });
  const serverFolder = serverFolderIn(folder);
  await linkArchive(serverFolder);
  return { version, node: nodeProgram(folder, version), serverFolder };
}

/**
 * The TypeScript version a VS Code release brings.
 *
 * @param editor an installed VS Code
 * @returns the version, such as `5.8.3`
 * @throws Error when the installation is damaged
 */
export async function bundledTypeScriptVersion(editor: InstalledEditor): Promise<string> {
  const file = join(editor.serverFolder, 'extensions/node_modules/typescript/package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { readonly version: string };
  return manifest.version;
}

async function fill(folder: string, version: EditorVersion, say: (line: string) => void): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const packages = [`code-server@${version.codeServer}`];
  if (!runsOnOwnNode(version)) packages.push(`${nodePackage()}@${version.nodeMajor}`);
  if (version.ripgrep !== undefined) packages.push(`${ripgrepPackage}@${version.ripgrep}`);
  await runNpm(['install', '--ignore-scripts', '--force', ...packages], folder);

  const server = serverFolderIn(folder);
  const node = nodeProgram(folder, version);
  const nodeRoot = dirname(dirname(node));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [dirname(node), process.env['PATH'] ?? ''].join(delimiter),
    npm_config_nodedir: nodeRoot,
  };
  await runNpm(['install', '--omit=dev', '--ignore-scripts'], server, env);
  await runNpm(['install', '--omit=dev', '--ignore-scripts'], join(server, 'extensions'), env);
  if (version.ripgrep !== undefined) {
    await cp(
      join(folder, 'node_modules', ripgrepPackage, 'bin'),
      join(server, 'node_modules/@vscode/ripgrep/bin'),
      { recursive: true },
    );
  }
  try {
    // Without the headers beside the program node-gyp would fetch them from nodejs.org.
    await access(join(nodeRoot, 'include/node/node.h'));
    await runNpm(['rebuild', ...version.nativeModules], server, env);
  } catch {
    say(
      'The native modules of the server could not be compiled; it runs without them, but writes no log files.',
    );
  }
}

/** The built-in extensions look for shared modules under the name of the desktop build's archive. */
async function linkArchive(serverFolder: string): Promise<void> {
  try {
    await symlink(join(serverFolder, 'node_modules'), join(serverFolder, 'node_modules.asar'), 'junction');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Folders made for different Node programs differ, because native modules fit only one Node major version. */
function folderName(version: EditorVersion): string {
  return `vscode-${version.vscode}${runsOnOwnNode(version) ? '' : `-node${version.nodeMajor}`}`;
}

function serverFolderIn(folder: string): string {
  return join(folder, 'node_modules/code-server/lib/vscode');
}

function runsOnOwnNode(version: EditorVersion): boolean {
  return Number.parseInt(process.versions.node, 10) === version.nodeMajor;
}

function nodeProgram(folder: string, version: EditorVersion): string {
  if (runsOnOwnNode(version)) return process.execPath;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(folder, 'node_modules', nodePackage(), 'bin', program);
}

/** The npm package that carries a Node program for this machine. */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}
