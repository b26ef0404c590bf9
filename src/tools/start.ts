import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { installEditor } from './vscode-server/install';
import { runCommand } from './vscode-server/run-command';
import { installExtension, startServer } from './vscode-server/server';
import { editorVersions } from './vscode-server/versions';

const root = resolve(__dirname, '../..');
const workspace = join(root, 'test/workspaces/example');

/** `npm start`: builds the extension and opens VS Code with it on the example workspace. */
async function main(): Promise<void> {
  console.log('Building the extension…');
  await runCommand('npm', ['run', 'package'], { cwd: root, env: process.env });
  if (desktopVsCode()) {
    console.log('Opening VS Code with the extension on test/workspaces/example…');
    await openDesktop();
  } else {
    await serveInBrowser(join(root, 'async-patterns.vsix'));
  }
}

/** Whether `code` on PATH starts a VS Code with a window; inside a remote terminal it only talks to one elsewhere. */
function desktopVsCode(): boolean {
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return false;
  if (
    process.platform === 'linux' &&
    process.env['DISPLAY'] === undefined &&
    process.env['WAYLAND_DISPLAY'] === undefined
  )
    return false;
  return spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0;
}

function openDesktop(): Promise<void> {
  return new Promise((done, reject) => {
    const child = spawn('code', ['--new-window', `--extensionDevelopmentPath=${root}`, workspace], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) done();
      else
        reject(new Error(`VS Code could not be opened: \`code\` ended with exit code ${code ?? 'unknown'}.`));
    });
  });
}

async function serveInBrowser(vsix: string): Promise<void> {
  const say = (line: string): void => {
    console.log(line);
  };
  console.log('There is no desktop VS Code on this machine; VS Code is shown in the browser instead.');
  const editor = await installEditor(editorVersions.newest, say);
  const extensionsFolder = await mkdtemp(join(tmpdir(), 'async-patterns-extensions-'));
  try {
    await installExtension(editor, vsix, extensionsFolder);
    const port = process.env['PORT'];
    const server = await startServer(editor, {
      extensionsFolder,
      ...(port === undefined ? {} : { port: Number(port) }),
    });
    const interrupted = new Promise<void>((done) => {
      process.once('SIGINT', () => done());
      process.once('SIGTERM', () => done());
    });
    console.log(
      `VS Code ${editor.version.vscode} with the extension: http://${server.authority}/?folder=${encodeURI(workspace)}`,
    );
    console.log('Open test/workspaces/example there, see src/main.ts. Ctrl-C ends it.');
    try {
      await Promise.race([interrupted, server.ended]);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(extensionsFolder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
