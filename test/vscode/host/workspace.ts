import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cachedFolder } from '../../../src/tools/vscode-server/cache-folder';
import { runNpm } from '../../../src/tools/vscode-server/run-command';

/** A workspace folder that belongs to one run. */
export interface WorkspaceCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Makes a workspace whose files tests may change.
 *
 * @param source the folders whose content is copied, or what writes into the new folder
 * @param packages npm packages, as `name@version`, that the copy gets as its `node_modules`; kept in the cache folder
 * @returns the copy
 */
export async function makeWorkspace(
  source: readonly string[] | ((folder: string) => Promise<void>),
  packages: readonly string[] = [],
): Promise<WorkspaceCopy> {
  // VS Code reports resolved paths, and the temporary folder is a link on some systems.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'async-patterns-workspace-')));
  if (typeof source === 'function') await source(folder);
  else for (const from of source) await cp(from, folder, { recursive: true });
  if (packages.length > 0) {
    await symlink(
      join(await installedPackages(packages), 'node_modules'),
      join(folder, 'node_modules'),
      'junction',
    );
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

function installedPackages(packages: readonly string[]): Promise<string> {
  const name = `packages-${packages.join('-').replaceAll(/[^\w.@-]/g, '_')}`;
  return cachedFolder(name, async (folder) => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
    await runNpm(['install', '--ignore-scripts', ...packages], folder);
  });
}
