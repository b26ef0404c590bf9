import { stat } from 'node:fs/promises';
import { FileChangeType, type FileEvent } from 'vscode-languageserver/node';
import { fileOf } from './documents';
import { isOwn, listPython } from './indexer';
import type { Project } from './project';

/**
 * Takes in what happened on disk. What is open in an editor speaks for itself.
 * @returns whether findings may be others now.
 */
export async function takeIn(
  changes: readonly FileEvent[],
  project: Project,
  folders: readonly string[],
): Promise<boolean> {
  const { workspace, targets } = project;
  const added: string[] = [];
  let changed = false;
  for (const { uri, type } of changes) {
    const file = fileOf(uri);
    if (/\/(?:pyproject\.toml|\.python-version)$/.test(file)) {
      targets.forget();
      workspace.touch(file);
      changed = true;
    } else if (type === FileChangeType.Deleted) {
      // A deleted folder is reported without the files in it.
      const gone = [...workspace.fileNames].filter((name) => name === file || name.startsWith(`${file}/`));
      for (const name of gone) if (!project.isOpen(name)) workspace.remove(name);
      changed ||= gone.length > 0;
    } else if (!isOwn(file, folders)) {
      continue;
    } else if (file.endsWith('.py')) {
      if (workspace.has(file)) workspace.touch(file);
      else added.push(file);
      changed = true;
    } else if (type === FileChangeType.Created && (await isFolder(file))) {
      await listPython(file, added, { isCancelled: false });
    }
  }
  if (added.length > 0) workspace.add(added);
  return changed || added.length > 0;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
