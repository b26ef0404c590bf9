import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import type { InstalledEditor } from './install';
import { startProcessTree, type ProcessTree } from './process-tree';
import { runCommand } from './run-command';

const startTimeoutMs = 60_000;
const announcement = /Extension host agent listening on (\d+)/;

/** In a browser VS Code saves by itself by default, which neither runs the actions on save nor leaves unsaved text. */
const desktopDefaults = { 'files.autoSave': 'off' };

/** How to start a VS Code server. */
export interface ServerOptions {
  /** The folder with the installed extensions; the built-in ones are always there. */
  readonly extensionsFolder: string;
  /** Settings of the machine, which count like a user's own settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether folders are opened as trusted, which they are unless it is false: then in Restricted Mode. */
  readonly trustsFolders?: boolean;
  /** The port to listen on; a free one when left out. */
  readonly port?: number;
}

/** A running VS Code server. */
export interface RunningServer {
  readonly port: number;
  /** `host:port`, as the authority of a `vscode-remote://` address. */
  readonly authority: string;
  /** Where the server keeps its state and log files; removed by `stop`. */
  readonly dataFolder: string;
  /** What the server has printed so far. */
  output(): string;
  /** Resolves once the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server with all its children and removes its data folder. */
  stop(): Promise<void>;
}

/**
 * Installs a packaged extension for a VS Code server.
 *
 * @param editor the VS Code to install with
 * @param vsix the extension's `.vsix` file, an absolute path
 * @param extensionsFolder the folder to install into; made when missing
 * @throws Error naming the file when VS Code refuses it
 */
export async function installExtension(
  editor: InstalledEditor,
  vsix: string,
  extensionsFolder: string,
): Promise<void> {
  await mkdir(extensionsFolder, { recursive: true });
  const dataFolder = await mkdtemp(join(tmpdir(), 'async-patterns-data-'));
  try {
    const output = await runCommand(
      editor.node,
      [
        'out/server-main.js',
        '--accept-server-license-terms',
        ...['--install-extension', vsix, '--force', '--do-not-include-pack-dependencies'],
        ...['--extensions-dir', extensionsFolder, '--server-data-dir', dataFolder],
      ],
      { cwd: editor.serverFolder, env: serverEnvironment(editor) },
    );
    if (!output.includes('was successfully installed')) {
      throw new Error(`VS Code ${editor.version.vscode} did not install ${vsix}:\n${output.trim()}`);
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/**
 * Starts a VS Code server that listens on this machine only.
 *
 * @param editor the VS Code to start
 * @param options its extensions, settings and port
 * @returns the server, once it accepts connections
 * @throws Error with the server's output when it ends or stays silent for a minute; it is not left running
 */
export async function startServer(editor: InstalledEditor, options: ServerOptions): Promise<RunningServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'async-patterns-vscode-'));
  const machine = join(dataFolder, 'data/Machine');
  await mkdir(machine, { recursive: true });
  await writeFile(
    join(machine, 'settings.json'),
    JSON.stringify({ ...desktopDefaults, ...options.settings }, undefined, 2),
  );

  const tree = startProcessTree(
    editor.node,
    [
      'out/server-main.js',
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
      ...['--without-connection-token', '--accept-server-license-terms'],
      ...(options.trustsFolders === false ? [] : ['--disable-workspace-trust']),
      ...['--enable-smoke-test-driver', '--telemetry-level', 'off'],
      ...['--server-data-dir', dataFolder, '--extensions-dir', options.extensionsFolder],
    ],
    { cwd: editor.serverFolder, env: serverEnvironment(editor) },
  );
  const stop = async (): Promise<void> => {
    await tree.stop();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 3 });
  };
  const printed: string[] = [];
  try {
    const port = await listeningPort(tree, printed);
    const ended = new Promise<void>((resolve) => tree.child.once('close', () => resolve()));
    return { port, authority: `127.0.0.1:${port}`, dataFolder, output: () => printed.join(''), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(tree: ProcessTree, printed: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new Error(`The VS Code server ${reason}:\n${printed.join('').trim()}`));
    };
    const timer = setTimeout(() => fail(`did not start within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    const read = (chunk: Buffer): void => {
      printed.push(chunk.toString());
      const port = announcement.exec(printed.join(''))?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    tree.child.stdout?.on('data', read);
    tree.child.stderr?.on('data', read);
    tree.child.once('error', (error) => fail(`could not be started (${error.message})`));
    tree.child.once('close', (code) => fail(`ended with exit code ${code ?? 'unknown'}`));
  });
}

/** Built-in extensions start `node` by name, and an outer VS Code's variables would confuse the inner one. */
function serverEnvironment(editor: InstalledEditor): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|NODE_OPTIONS$|ELECTRON_)/.test(name)),
  );
  return { ...own, PATH: [dirname(editor.node), process.env['PATH'] ?? ''].join(delimiter) };
}
