import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that is analysed by itself. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly from: NpmSource | DebianSource;
}

export interface NpmSource {
  readonly kind: 'npm';
  /** Files and folders inside the package that people wrote, not a build. */
  readonly sources: readonly string[];
}

export interface DebianSource {
  readonly kind: 'debian';
  /** Hash of the `.deb` file, in hexadecimal digits. */
  readonly sha256: string;
}

interface Listed {
  readonly npm: Readonly<Record<string, readonly string[]>>;
  readonly debian: Readonly<Record<string, { readonly version: string; readonly sha256: string }>>;
}

/** The list: `packages.json` says what is analysed, `npm/package.json` which versions from npm. */
export const LIST = join(__dirname, 'packages.json');
export const NPM = join(__dirname, 'npm');

/**
 * The packages to analyse, by name, those from npm first.
 * @throws Error where a package of the list has no version.
 */
export function readPackages(): Pinned[] {
  const listed = JSON.parse(readFileSync(LIST, 'utf8')) as Listed;
  const manifest = JSON.parse(readFileSync(join(NPM, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const npm = Object.entries(listed.npm).map(([name, sources]): Pinned => {
    const version = manifest.dependencies[name];
    if (version === undefined) throw new Error(`${name}: no version; add it to npm/package.json.`);
    return { name, version, from: { kind: 'npm', sources } };
  });
  const debian = Object.entries(listed.debian).map(([name, { version, sha256 }]): Pinned => {
    return { name, version, from: { kind: 'debian', sha256 } };
  });
  return [...npm, ...debian];
}
