/**
 * Keeps what a run found. An entry is used again only while everything it may depend on is the same: the contents of
 * the project's files, the names in their folders and in `node_modules` (a new file can change what an import means),
 * size and time of the declarations of packages, configuration, and this program itself.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRecord } from '../../core/config';
import type { SessionResult } from './session';
import type { Task } from './worker';
import { writeAtomically } from './write';

/** Kept entries: a few command lines in a few states. */
const MOST_ENTRIES = 20;

type CachedResult = Pick<SessionResult, 'reports' | 'failures' | 'unread'>;

interface Entry {
  /** By path: hash of the content. */
  readonly contents: Record<string, string>;
  /** By path: size and time. */
  readonly stamps: Record<string, string>;
  /** By folder: hash of the names in it. */
  readonly listings: Record<string, string>;
  readonly result: CachedResult;
}

const MANIFEST = /^(?:package\.json|[jt]sconfig(?:\..+)?\.json|pyproject\.toml|\.python-version)$/;

function hash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url');
}

function contentOf(path: string): string {
  try {
    return hash(readFileSync(path));
  } catch {
    return '';
  }
}

function stampOf(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

function listingOf(folder: string): string {
  try {
    // Other tools' caches come and go.
    return hash(...readdirSync(folder).filter((name) => name !== '.cache'));
  } catch {
    return '';
  }
}

/** Where the cache is for a folder: with the other caches of its packages, else with those of the user. */
export function cacheFolder(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache/async-patterns');
    if (dirname(at) === at) break;
  }
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'async-patterns');
}

export class Cache {
  /** @param program what tells this build of the program from others. */
  constructor(
    private readonly folder: string,
    private readonly program: string,
  ) {}

  /** What a task found before, if nothing it depends on has changed. */
  find(task: Task): CachedResult | undefined {
    let entry: Entry;
    try {
      const value: unknown = JSON.parse(readFileSync(this.fileOf(task), 'utf8'));
      if (!isRecord(value)) return undefined;
      entry = value as unknown as Entry;
      const isCurrent = (known: Record<string, string>, now: (path: string) => string) =>
        Object.entries(known).every(([path, was]) => was === now(path));
      if (!isCurrent(entry.listings, listingOf) || !isCurrent(entry.stamps, stampOf)) return undefined;
      return isCurrent(entry.contents, contentOf) ? entry.result : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps what a task found. A cache that cannot be written is no reason to fail. */
  async keep(
    task: Task,
    { reports, failures, unread, dependencies }: SessionResult,
    started: number,
  ): Promise<void> {
    try {
      // First of all, so that it is in the listings already.
      mkdirSync(this.folder, { recursive: true });
      const isForeign = (file: string) => file.includes('/node_modules/');
      const own = [...new Set([...task.files, ...dependencies.filter((file) => !isForeign(file))])];
      const folders = foldersOf(own);
      const manifests = folders.flatMap((folder) =>
        readdirSync(folder).flatMap((name) => (MANIFEST.test(name) ? [join(folder, name)] : [])),
      );
      const contents = [...new Set([...own, ...manifests])];
      // What changed while the analysis ran may have been read before or after.
      if (contents.some((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= started))
        return;
      const entry: Entry = {
        listings: record([...folders, ...folders.flatMap(packageFolders)], listingOf),
        stamps: record(dependencies.filter(isForeign), stampOf),
        contents: record(contents, contentOf),
        result: { reports, failures, unread },
      };
      await writeAtomically(this.fileOf(task), Buffer.from(JSON.stringify(entry)));
      this.prune();
    } catch {
      // The next run analyses again.
    }
  }

  private fileOf(task: Task): string {
    const plain = (_: string, value: unknown): unknown =>
      value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
    return join(this.folder, `${hash(this.program, process.version, JSON.stringify(task, plain))}.json`);
  }

  private prune(): void {
    const entries = readdirSync(this.folder)
      .map((name) => join(this.folder, name))
      .map((path) => ({ path, time: statSync(path).mtimeMs }))
      .sort((a, b) => b.time - a.time);
    for (const { path } of entries.slice(MOST_ENTRIES)) rmSync(path, { force: true });
  }
}

/** The folders of files and those above them. */
function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = dirname(file); !folders.has(at) && at !== dirname(at); at = dirname(at)) {
      folders.add(at);
      if (existsSync(join(at, '.git'))) break;
    }
  }
  return [...folders];
}

/** Where imports of packages look: `node_modules` and the scopes in it. */
function packageFolders(folder: string): string[] {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return [];
  const scopes = readdirSync(modules).filter((name) => name.startsWith('@'));
  return [modules, ...scopes.map((name) => join(modules, name))];
}

function record(paths: readonly string[], of: (path: string) => string): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, of(path)]));
}
