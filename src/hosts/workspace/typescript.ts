import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';

/**
 * The first TypeScript with the classic API, 5.0 to 6.0, that is in one of some folders: the same that a TS server with
 * our plugin in it may be.
 */
export function loadTypeScript(folders: readonly string[]): typeof ts | undefined {
  const load = createRequire(__filename);
  for (const folder of folders) {
    try {
      const found = load(join(folder, 'typescript.js')) as Partial<typeof ts>;
      const major = Number.parseInt(found.version ?? '', 10);
      if (found.createProgram && (major === 5 || major === 6)) return found;
    } catch {
      // The next one.
    }
  }
  return undefined;
}
