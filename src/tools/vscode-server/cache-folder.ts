import { mkdir, mkdtemp, rename, rm, stat, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const abandonedAfterMs = 60 * 60 * 1000;

/**
 * The folder large downloads are kept in between runs, outside any checkout.
 *
 * @returns `$XDG_CACHE_HOME/async-patterns`, or `~/.cache/async-patterns`; it may not exist yet.
 */
export function cacheRoot(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'async-patterns');
}

/**
 * Returns a cached folder, filling it first when it does not exist. The folder appears under its name only once
 * `fill` has succeeded, so an interrupted run leaves nothing half-made and two runs at once do not disturb each other.
 *
 * @param name the folder's name inside the cache
 * @param fill writes the content into the empty folder it is given
 * @returns the absolute path of the filled folder
 * @throws whatever `fill` throws; the unfinished folder is removed
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const root = cacheRoot();
  const finished = join(root, name);
  if (await exists(finished)) return finished;
  await mkdir(root, { recursive: true });
  await removeAbandoned(root, name);
  const unfinished = await mkdtemp(join(root, `${name}.unfinished-`));
  try {
    await fill(unfinished);
    try {
      await rename(unfinished, finished);
    } catch (error) {
      // Another run may have finished the same folder first; its content is as good as ours.
      if (!(await exists(finished))) throw error;
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return finished;
}

async function removeAbandoned(root: string, name: string): Promise<void> {
  for (const entry of await readdir(root)) {
    if (!entry.startsWith(`${name}.unfinished-`)) continue;
    const folder = join(root, entry);
    const modified = await stat(folder).then(
      (found) => found.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (Date.now() - modified > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
