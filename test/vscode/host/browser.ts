import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

import { runCommand } from '../../../src/tools/vscode-server/run-command';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPrograms = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Starts a Chromium without a window. As root on Debian and its relatives a missing Chromium is installed first.
 *
 * @param say told in one line what happens, for a person who waits
 * @returns the browser; the caller closes it
 * @throws Error that tells how to provide a Chromium when there is none
 */
export async function launchBrowser(say: (line: string) => void): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? (await installChromium(say)),
    // A sandbox needs rights that containers and root do not have; the pages shown are our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
}

function findChromium(): string | undefined {
  const chosen = process.env['CHROME_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new Error(
      `CHROME_PATH names ${chosen}, which does not exist: set it to the path of a Chromium or Chrome.`,
    );
  }
  for (const program of programs) {
    const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [program], {
      encoding: 'utf8',
    });
    const path = found.status === 0 ? found.stdout.split(/\r?\n/)[0] : undefined;
    if (path !== undefined && path !== '') return path;
  }
  return macPrograms.find((path) => existsSync(path));
}

async function installChromium(say: (line: string) => void): Promise<string> {
  const help =
    'No Chromium was found: install `chromium` or Google Chrome, or set CHROME_PATH to the program.';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(help);
  say('Installing chromium with apt-get, because the tests in VS Code need a browser…');
  const options = { cwd: '/', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await runCommand('apt-get', ['update'], options);
  await runCommand(
    'apt-get',
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
    options,
  );
  const installed = findChromium();
  if (installed === undefined) throw new Error(help);
  return installed;
}
