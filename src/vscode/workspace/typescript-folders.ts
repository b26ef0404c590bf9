import { isAbsolute, join } from 'node:path';

export interface TypeScriptPlaces {
  /** `typescript.tsdk` as the user has set it, for every workspace. */
  readonly user: string | undefined;
  /** The same as the workspace sets it. */
  readonly workspace: string | undefined;
  /** Where the editor's TypeScript extension is. */
  readonly extension: string | undefined;
  /** The folders of the workspace. */
  readonly folders: readonly string[];
  /** Code of a workspace that is not trusted must not run. */
  readonly trusted: boolean;
}

/**
 * Where to look for a TypeScript, best first: what the user chose, what the editor brings and its own TS server runs
 * on, then what comes with the workspace.
 */
export function typeScriptFolders(places: TypeScriptPlaces): string[] {
  const { user, workspace, extension, folders, trusted } = places;
  const own = folders.flatMap((folder) => [
    ...(workspace === undefined ? [] : [isAbsolute(workspace) ? workspace : join(folder, workspace)]),
    join(folder, 'node_modules/typescript/lib'),
  ]);
  return [
    ...(user !== undefined && isAbsolute(user) ? [user] : []),
    ...(extension === undefined ? [] : [join(extension, '../node_modules/typescript/lib')]),
    ...(trusted ? own : []),
  ];
}
