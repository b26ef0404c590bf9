import type ts from 'typescript';
import type { PackageAnswer } from '../../core/questions';

/** What the nearest `package.json` says about one dependency, once installed. */
export interface Dependency {
  /** The package has no CommonJS form. */
  readonly isModuleOnly: boolean;
}

/**
 * The packages a file may import because its own `package.json` lists them and they are installed.
 * @param fileName absolute path of the file that wants to import.
 */
export function projectDependencies(tsc: typeof ts, fileName: string): ReadonlyMap<string, Dependency> {
  const found = new Map<string, Dependency>();
  const manifest = nearest(tsc, fileName, 'package.json');
  const listed = manifest && record(tsc, manifest);
  if (!listed) return found;
  for (const name of rangesIn(listed).keys()) {
    const installed = nearest(tsc, fileName, `node_modules/${name}/package.json`);
    const own = installed && record(tsc, installed);
    if (own)
      found.set(name, {
        isModuleOnly: own['type'] === 'module' && !JSON.stringify(own['exports'] ?? '').includes('"require"'),
      });
  }
  return found;
}

function rangesIn(manifest: Record<string, unknown>): Map<string, string> {
  return new Map(
    ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((group) =>
      Object.entries((manifest[group] as Record<string, unknown> | undefined) ?? {}).map(([name, range]) => [
        name,
        String(range),
      ]),
    ),
  );
}

/**
 * What the nearest `package.json` says about the package a file belongs to; undefined where there is none.
 * @param fileName absolute path of the file.
 */
export function packageOf(tsc: typeof ts, fileName: string): PackageAnswer | undefined {
  const manifest = nearest(tsc, fileName, 'package.json');
  const json = manifest && record(tsc, manifest);
  return json ? { hasCommand: json['bin'] !== undefined, dependencies: rangesIn(json) } : undefined;
}

function nearest(tsc: typeof ts, fileName: string, name: string): string | undefined {
  for (let folder = fileName; folder.includes('/');) {
    folder = folder.slice(0, folder.lastIndexOf('/'));
    const candidate = `${folder}/${name}`;
    if (tsc.sys.fileExists(candidate)) return candidate;
  }
  return undefined;
}

function record(tsc: typeof ts, path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(tsc.sys.readFile(path) ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A manifest being edited: no dependency is known then.
    return undefined;
  }
}
