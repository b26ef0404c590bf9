import { formatPatch, structuredPatch } from 'diff';

/**
 * A change of one file as `git apply` takes it.
 * @param name the file's path from where the patch is to be applied.
 */
export function patchOf(name: string, before: string, after: string): string {
  const patch = structuredPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: 3,
  });
  return formatPatch({ ...patch, isGit: true });
}
