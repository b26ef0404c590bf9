import { readdir } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { KEPT_CHARACTERS, type Workspace } from '../../languages/python/workspace';

/** Folders that hold no code of the project's own. */
const FOREIGN: ReadonlySet<string> = new Set([
  'node_modules',
  'venv',
  'env',
  '__pycache__',
  'site-packages',
  'dist-packages',
  '__pypackages__',
]);

/** Requests wait at most this long for the index, in milliseconds. */
const SLICE_MS = 8;

export interface IndexProgress {
  /** @param done files read so far, of `total`. */
  report(done: number, total: number): void;
  readonly isCancelled: boolean;
}

export interface IndexResult {
  readonly files: number;
  /** Files that were parsed; the others are when somebody asks for them. */
  readonly parsed: number;
  readonly cancelled: boolean;
}

/**
 * Makes the Python files below some folders known to the workspace, then parses as many as it keeps facts of, so that
 * a finding that depends on another module need not wait for it. Gives way to requests all the time.
 */
export async function indexFolders(
  workspace: Workspace,
  folders: readonly string[],
  progress: IndexProgress,
): Promise<IndexResult> {
  const files: string[] = [];
  for (const folder of folders) await listPython(folder, files, progress);
  // At once: each addition makes what is known of modules stale.
  workspace.add(files);
  let parsed = 0;
  let characters = 0;
  let sliceEnd = performance.now() + SLICE_MS;
  for (const file of files) {
    if (progress.isCancelled) break;
    characters += workspace.lowered(file)?.facts.text.length ?? 0;
    parsed++;
    // From here on each file would push out the facts of another.
    if (characters >= KEPT_CHARACTERS) break;
    if (performance.now() < sliceEnd) continue;
    progress.report(parsed, files.length);
    await setImmediate();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return { files: files.length, parsed, cancelled: progress.isCancelled };
}

/** Adds the Python files of a folder and the folders below it, in a stable order; links are not followed. */
export async function listPython(
  folder: string,
  files: string[],
  progress: Pick<IndexProgress, 'isCancelled'>,
): Promise<void> {
  if (progress.isCancelled) return;
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return;
  }
  // A virtual environment may have any name; this file makes it one.
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return;
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile() && entry.name.endsWith('.py')) files.push(path);
    else if (entry.isDirectory() && !isForeign(entry.name)) await listPython(path, files, progress);
  }
}

function isForeign(name: string): boolean {
  return name.startsWith('.') || FOREIGN.has(name) || name.endsWith('.egg-info');
}

/** Whether a file below one of the folders belongs to the project. */
export function isOwn(file: string, folders: readonly string[]): boolean {
  return folders.some(
    (folder) =>
      file.startsWith(`${folder}/`) &&
      !file
        .slice(folder.length + 1)
        .split('/')
        .slice(0, -1)
        .some(isForeign),
  );
}
