import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { runCommand } from '../../../src/tools/vscode-server/run-command';

const root = resolve(__dirname, '../../..');

/**
 * The packaged extension to test.
 *
 * @param given the `.vsix` file somebody chose; without one the extension is packaged first
 * @param say told in one line what happens, for a person who waits
 * @returns the file's absolute path
 * @throws Error when the chosen file does not exist or packaging fails
 */
export async function packagedExtension(
  given: string | undefined,
  say: (line: string) => void,
): Promise<string> {
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`--vsix names ${given}, which does not exist.`);
    return resolve(given);
  }
  say('Packaging the extension…');
  await runCommand('npm', ['run', 'package'], { cwd: root, env: process.env });
  return resolve(root, 'async-patterns.vsix');
}
