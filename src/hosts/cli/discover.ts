import { existsSync, readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { reasonOf } from '../../core/reason';
import { InputError } from './engine';

export interface Discovered {
  /** Sorted, absolute, forward slashes. */
  readonly typescript: readonly string[];
  readonly python: readonly string[];
  /** Those of them that were named themselves. */
  readonly explicit: ReadonlySet<string>;
}

const TYPESCRIPT = /(?<!\.d)(?<!\.min)\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.([^.]+\.)?[cm]?ts$/;
const PYTHON = /\.py$/;

/** Folders of other people's code and of caches; those that begin with a dot are skipped as well. */
const FOREIGN = new Set([
  'node_modules',
  'bower_components',
  '__pycache__',
  'site-packages',
  '__pypackages__',
]);
/** Folders that tools write into, where they stand beside a manifest. */
const OUTPUTS = new Set(['dist', 'build', 'out', 'coverage', 'htmlcov']);
const MANIFESTS = new Set(['package.json', 'pyproject.toml', 'setup.py']);

type Kind = 'typescript' | 'python';

function kindOf(name: string): Kind | undefined {
  if (PYTHON.test(name)) return 'python';
  return TYPESCRIPT.test(name) && !DECLARATION.test(name) ? 'typescript' : undefined;
}

/** `.gitignore` of a folder; its patterns speak of paths relative to it. */
interface Layer {
  readonly folder: string;
  readonly patterns: Ignore;
}

/**
 * Finds the source files at some paths. In directories, what `.gitignore` names, packages, virtual environments and
 * build output are left out; a file that is named itself always counts.
 * @throws InputError for a path that does not exist.
 */
export function discover(paths: readonly string[]): Discovered {
  const found = { typescript: new Set<string>(), python: new Set<string>() };
  const explicit = new Set<string>();
  for (const path of paths) {
    const full = resolve(path);
    if (!existsSync(full)) throw new InputError(`${path}: no such file or directory; check the path.`);
    if (statSync(full).isDirectory()) {
      walk(full, layersAbove(full), (file, kind) => found[kind].add(slashed(file)));
      continue;
    }
    const kind = kindOf(full) ?? (/\.[cm]?[jt]sx?$/.test(full) ? 'typescript' : undefined);
    if (!kind) throw new InputError(`${path}: neither TypeScript, JavaScript nor Python; name other files.`);
    found[kind].add(slashed(full));
    explicit.add(slashed(full));
  }
  return { typescript: [...found.typescript].sort(), python: [...found.python].sort(), explicit };
}

/** The Python files of the project that a file belongs to: what it can import. */
function discoverPython(root: string): string[] {
  const files: string[] = [];
  walk(root, layersAbove(root), (file, kind) => {
    if (kind === 'python') files.push(slashed(file));
  });
  return files;
}

/** What some Python files may import: the modules of the projects they belong to. */
export function modulesOf(files: readonly string[]): string[] {
  const roots = new Set([...new Set(files.map((file) => dirname(file)))].map(projectRoot));
  return [...new Set([...roots].flatMap(discoverPython))].sort();
}

/** The folder that holds the whole project of a folder: the one with `.git`, else the highest with a manifest. */
export function projectRoot(folder: string): string {
  let highest = folder;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if ([...MANIFESTS].some((name) => existsSync(join(at, name)))) highest = at;
    if (dirname(at) === at) return highest;
  }
}

function walk(folder: string, layers: readonly Layer[], add: (file: string, kind: Kind) => void): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new InputError(`${folder}: ${systemReason(error)}; make it readable or leave it out.`);
  }
  const names = new Set(entries.map(({ name }) => name));
  // A virtual environment may have any name; this file makes it one.
  if (names.has('pyvenv.cfg')) return;
  const isProject = [...MANIFESTS].some((name) => names.has(name));
  const here = names.has('.gitignore') ? [...layers, layerOf(folder)] : layers;
  for (const entry of entries) {
    const { name } = entry;
    const path = join(folder, name);
    if (entry.isDirectory()) {
      if (name.startsWith('.') || FOREIGN.has(name) || (isProject && OUTPUTS.has(name))) continue;
      if (!isIgnored(here, path, true)) walk(path, here, add);
    } else if (entry.isFile()) {
      const kind = kindOf(name);
      if (kind && !isIgnored(here, path, false)) add(path, kind);
    }
  }
}

/** A nearer `.gitignore` has the last word. */
function isIgnored(layers: readonly Layer[], path: string, isDirectory: boolean): boolean {
  for (const { folder, patterns } of [...layers].reverse()) {
    const inside = slashed(relative(folder, path));
    const { ignored, unignored } = patterns.test(isDirectory ? `${inside}/` : inside);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** The `.gitignore` files that apply to a folder from above: up to the one with `.git`, none outside a repository. */
function layersAbove(folder: string): Layer[] {
  const layers: Layer[] = [];
  for (let at = folder; !existsSync(join(at, '.git'));) {
    const parent = dirname(at);
    if (parent === at) return [];
    at = parent;
    if (existsSync(join(at, '.gitignore'))) layers.unshift(layerOf(at));
  }
  // Who names an ignored folder wants what is in it.
  return layers.filter((layer) => !isIgnored([layer], folder, true));
}

function layerOf(folder: string): Layer {
  return { folder, patterns: ignore().add(readFileSync(join(folder, '.gitignore'), 'utf8')) };
}

export function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Why the system refused something, in its own words: `permission denied`. */
export function systemReason(error: unknown): string {
  const reason = reasonOf(error);
  return /^[A-Z]+: ([^,]+)/.exec(reason)?.[1] ?? reason;
}
