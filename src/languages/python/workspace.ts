import { STDLIB_MODULES } from '../../knowledge/python/stdlib-modules';
import type { FileFacts } from '../../core/facts';
import type { Lowered } from './hints';
import type { PythonDocument, PythonParser, TextChange } from './parser';

/** How a workspace reads files. Paths are absolute with forward slashes. */
export interface WorkspaceHost {
  /** Text of a file on disk; undefined when it cannot be read. */
  read(file: string): string | undefined;
}

/** A module of the project: its path without `.py` or `/__init__.py`. A directory is a namespace package. */
export interface ProjectModule {
  readonly base: string;
  readonly file: string | undefined;
}

interface Closed {
  readonly lowered: Lowered;
  readonly size: number;
}

/**
 * Facts take about twenty times the space of their text, so those of files that nobody edits are dropped, oldest first,
 * beyond this many characters of text.
 */
export const KEPT_CHARACTERS = 2_000_000;

const CONCURRENT_WORDS =
  /\b(?:async|await|asyncio|anyio|trio|threading|concurrent|create_task|ensure_future)\b|\.send\(/;

const IMPORTS = /^[ \t]*(?:from|import)[ \t]+([\w.]+)/gm;

/**
 * The Python files of a project: which module is which file, and facts for whoever asks. Nothing is parsed before it
 * is asked for, so that opening a large workspace costs no more than listing it.
 */
export class Workspace {
  private readonly files = new Set<string>();
  private readonly directories = new Map<string, number>();
  private readonly open = new Map<string, PythonDocument>();
  private readonly closed = new Map<string, Closed>();
  private readonly lowerings = new WeakMap<FileFacts, Lowered>();
  private readonly modules = new Map<string, ProjectModule | null>();
  private keptCharacters = 0;
  private changes = 0;
  private listings = 0;

  constructor(
    private readonly parser: PythonParser,
    private readonly host: WorkspaceHost,
  ) {}

  /** Grows with every change; what was derived under another number may be stale. */
  get generation(): number {
    return this.changes;
  }

  /** Grows when files come or go: what an import means may be another module now. */
  get listing(): number {
    return this.listings;
  }

  /** Makes files known. */
  add(files: Iterable<string>): void {
    for (const file of files) {
      if (this.files.has(file)) continue;
      this.files.add(file);
      for (const directory of directoriesOf(file))
        this.directories.set(directory, (this.directories.get(directory) ?? 0) + 1);
    }
    this.forgetModules();
  }

  /** Forgets a file that was deleted or renamed. */
  remove(file: string): void {
    if (!this.files.delete(file)) return;
    for (const directory of directoriesOf(file)) {
      const count = (this.directories.get(directory) ?? 1) - 1;
      if (count === 0) this.directories.delete(directory);
      else this.directories.set(directory, count);
    }
    this.close(file);
    this.drop(file);
    this.forgetModules();
  }

  /** A file changed on disk; what is open in an editor is not affected. */
  touch(file: string): void {
    this.drop(file);
    this.changes++;
  }

  /** A file is open in an editor, with this text. */
  setText(file: string, text: string): void {
    this.add([file]);
    const document = this.open.get(file);
    if (document) document.update(text);
    else this.open.set(file, this.parser.open(file, text));
    this.drop(file);
    this.changes++;
  }

  /** An open file was edited. */
  edit(file: string, changes: readonly TextChange[]): void {
    this.open.get(file)?.edit(changes);
    this.changes++;
  }

  /** An editor closed the file; from now on the disk has its text. */
  close(file: string): void {
    this.open.get(file)?.close();
    if (this.open.delete(file)) this.changes++;
  }

  /** Files on disk and in editors. */
  get fileNames(): Iterable<string> {
    return this.files;
  }

  has(file: string): boolean {
    return this.files.has(file);
  }

  /**
   * A cheap look at the text: false where no rule can have anything to say, because nothing in it is asynchronous or
   * threaded and it imports nothing of the project that might be.
   */
  mayConcern(file: string): boolean {
    const text =
      this.open.get(file)?.text ?? this.closed.get(file)?.lowered.facts.text ?? this.host.read(file);
    if (text === undefined) return false;
    if (CONCURRENT_WORDS.test(text)) return true;
    for (const match of text.matchAll(IMPORTS)) {
      const module = match[1];
      if (module !== undefined && this.resolve(file, module) !== 'outside') return true;
    }
    return false;
  }

  /** Facts and hints of a file now, read and lowered if need be. */
  lowered(file: string): Lowered | undefined {
    const document = this.open.get(file);
    const lowered = document ? document.lowered : this.loweredFromDisk(file);
    if (lowered) this.lowerings.set(lowered.facts, lowered);
    return lowered;
  }

  /** The facts of a file if they are known already; for deciding whether derived knowledge is stale. */
  current(file: string): FileFacts | undefined {
    return (this.open.get(file)?.lowered ?? this.closed.get(file)?.lowered)?.facts;
  }

  /** The hints that belong to facts of this workspace. */
  hintsOf(facts: FileFacts): Lowered | undefined {
    return this.lowerings.get(facts);
  }

  /**
   * The project's module for a name as a file imports it (`.sibling`, `package.module`); `outside` for the standard
   * library and everything that is not in the project.
   */
  resolve(from: string, module: string): ProjectModule | 'outside' {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const path = module
      .slice(dots)
      .split('.')
      .filter((part) => part !== '');
    if (dots > 0) {
      let directory = parentOf(from);
      for (let i = 1; i < dots; i++) directory = parentOf(directory);
      return this.moduleAt([directory, ...path].join('/')) ?? 'outside';
    }
    const [top = ''] = path;
    if (STDLIB_MODULES.has(top)) return 'outside';
    const key = `${parentOf(from)}:${top}`;
    let found = this.modules.get(key);
    if (found === undefined) this.modules.set(key, (found = this.searchUpwards(from, top) ?? null));
    if (!found) return 'outside';
    return path.length === 1 ? found : (this.moduleAt([found.base, ...path.slice(1)].join('/')) ?? 'outside');
  }

  /** The module with a base path, if there is one. */
  moduleAt(base: string): ProjectModule | undefined {
    for (const file of [`${base}/__init__.py`, `${base}.py`]) if (this.files.has(file)) return { base, file };
    return this.directories.has(base) ? { base, file: undefined } : undefined;
  }

  /**
   * Import roots are the directories above the file that are no package themselves, nearest first, and a `src` in
   * each: Python's own search path is not known here.
   */
  private searchUpwards(from: string, top: string): ProjectModule | undefined {
    let directory = parentOf(from);
    let namespace: ProjectModule | undefined;
    while (directory !== '' && this.directories.has(directory)) {
      if (!this.files.has(`${directory}/__init__.py`)) {
        for (const root of [directory, `${directory}/src`]) {
          const module = this.moduleAt(`${root}/${top}`);
          if (module?.file) return module;
          namespace ??= module;
        }
      }
      directory = parentOf(directory);
    }
    return namespace;
  }

  private loweredFromDisk(file: string): Lowered | undefined {
    const known = this.closed.get(file);
    if (known) {
      // The map keeps the order of insertion: what is asked for again moves to its end.
      this.closed.delete(file);
      this.closed.set(file, known);
      return known.lowered;
    }
    if (!this.files.has(file)) return undefined;
    const text = this.host.read(file);
    if (text === undefined) return undefined;
    const lowered = this.parser.lower(file, text);
    this.closed.set(file, { lowered, size: text.length });
    this.keptCharacters += text.length;
    for (const oldest of this.closed.keys()) {
      if (this.keptCharacters <= KEPT_CHARACTERS || oldest === file) break;
      this.drop(oldest);
    }
    return lowered;
  }

  private drop(file: string): void {
    this.keptCharacters -= this.closed.get(file)?.size ?? 0;
    this.closed.delete(file);
  }

  private forgetModules(): void {
    this.modules.clear();
    this.listings++;
    this.changes++;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function directoriesOf(file: string): string[] {
  const directories: string[] = [];
  for (let directory = parentOf(file); directory !== ''; directory = parentOf(directory))
    directories.push(directory);
  return directories;
}
