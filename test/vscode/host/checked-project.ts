import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { writeRealProject } from '../../support/real-project';

const cli = resolve(__dirname, '../../../dist/npm/cli.js');

/** The file of a checked project that holds what the command line says about it, as JSON. */
export const saidFile = '.said-by-the-command-line.json';

/**
 * Writes other people's code into a folder, and what the command line says about it.
 *
 * @param folder an empty folder
 * @throws Error when the command line, which `npm run build` makes, does not answer
 */
export async function writeCheckedProject(folder: string): Promise<void> {
  await writeRealProject(folder);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [cli, 'check', '--no-cache', '--format', 'json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 100 * 1024 * 1024 },
  );
  if (status !== 1) throw new Error(`async-patterns check ended with ${String(status)}: ${stderr}`);
  await writeFile(join(folder, saidFile), stdout);
}
