import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runNpm } from '../../src/tools/vscode-server/run-command';

/** The TypeScript versions the plugin is tested with: the oldest it supports, one between, the newest classic one. */
export const TYPESCRIPT_VERSIONS = ['5.0.4', '5.8.3', '6.0.3'] as const;

/** Folder of a TypeScript package of some version, installed from the npm registry into the cache on first use. */
export async function typeScriptFolder(version: string): Promise<string> {
  const folder = await cachedFolder(`typescript-${version}`, async (unfinished) => {
    console.log(`Installing TypeScript ${version} from the npm registry (once)…`);
    writeFileSync(join(unfinished, 'package.json'), '{ "private": true }');
    await runNpm(['install', '--ignore-scripts', `typescript@${version}`], unfinished);
  });
  return join(folder, 'node_modules/typescript');
}
