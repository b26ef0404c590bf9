/** Configuration files: found above a source file, read, checked, and joined with what the host itself was told. */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isRecord, mergeConfig, nearest, readConfig, type Config, type RawConfig } from '../../core/config';
import { message, type Message } from '../../core/finding';
import { reasonOf } from '../../core/reason';
import type { Rule } from '../../core/rule';

export const CONFIG_FILE = 'async-patterns.json';

/** Keys of a configuration file; `overrides` has `files` beside the first four. */
const LAYER_KEYS = ['preset', 'rules', 'options', 'python'];
const PYTHON_KEYS = ['targetVersion', 'freeThreaded'];
const FILE_KEYS = ['$schema', ...LAYER_KEYS, 'overrides', 'ignore'];

/** What holds for one source file. */
export interface FileSettings {
  readonly config: Config;
  /** Some configuration file says that this file is not to be looked at. */
  readonly ignored: boolean;
  /** The configuration file that was read. */
  readonly source: string | undefined;
  readonly problems: readonly Message[];
}

interface Override {
  readonly matches: (path: string) => boolean;
  readonly raw: RawConfig;
}

interface ConfigFile {
  readonly path: string;
  readonly raw: RawConfig;
  readonly overrides: readonly Override[];
  readonly isIgnored: (path: string) => boolean;
  readonly problems: readonly Message[];
}

/** Makes a test for paths of globs; see `matcherOf` in `globs.ts`. */
type Globs = (globs: readonly string[]) => (path: string) => boolean;

export interface ConfigOptions {
  readonly globs: Globs;
  /** Goes before configuration files: the flags of a command line, what a user has set in an editor. */
  readonly above?: RawConfig;
  /** One configuration file to use instead of those found. */
  readonly only?: string;
  /** Reads TOML; without it `pyproject.toml` is left alone. */
  readonly toml?: (text: string) => unknown;
  /** Ids of rules that exist but do not run here: naming one is no mistake. */
  readonly elsewhere?: readonly string[];
}

/** Knows which configuration is in force for which file. What it has read it keeps until it is told to look again. */
export class ConfigFiles {
  private readonly nearest = new Map<string, ConfigFile | undefined>();
  private readonly files = new Map<string, ConfigFile | undefined>();
  private readonly known = new Map<string, FileSettings>();
  private readonly byFile = new Map<string, FileSettings>();
  private readonly stamps = new Map<string, string>();

  constructor(
    private readonly rules: readonly Rule[],
    private readonly options: ConfigOptions,
  ) {}

  /** The settings in force for a source file, by its absolute path. */
  settingsOf(file: string): FileSettings {
    let settings = this.byFile.get(file);
    if (!settings) this.byFile.set(file, (settings = this.settingsIn(file)));
    return settings;
  }

  private settingsIn(file: string): FileSettings {
    const found = this.fileFor(file);
    const path = found ? relative(dirname(found.path), file).replaceAll('\\', '/') : '';
    const matching = (found?.overrides ?? []).map(({ matches }) => matches(path));
    const ignored = found?.isIgnored(path) ?? false;
    const key = JSON.stringify([found?.path, matching, ignored]);
    let settings = this.known.get(key);
    if (!settings) this.known.set(key, (settings = this.join(found, matching, ignored)));
    return settings;
  }

  /**
   * Looks whether some configuration file came, changed or went.
   * @returns whether settings may be others now.
   */
  refresh(): boolean {
    if ([...this.stamps].every(([path, stamp]) => stampOf(path) === stamp)) return false;
    this.byFile.clear();
    this.nearest.clear();
    this.files.clear();
    this.known.clear();
    this.stamps.clear();
    return true;
  }

  private fileFor(file: string): ConfigFile | undefined {
    const { only } = this.options;
    if (only !== undefined) return this.read(resolve(only));
    // A buffer that was never saved is in no folder.
    return isAbsolute(file) ? this.above(dirname(file)) : undefined;
  }

  private join(found: ConfigFile | undefined, matching: readonly boolean[], ignored: boolean): FileSettings {
    const { above = {} } = this.options;
    const overrides = (found?.overrides ?? []).filter((_, index) => matching[index]).map(({ raw }) => raw);
    // The mistakes of each layer are reported where it was written.
    const { config } = readConfig(mergeConfig([found?.raw ?? {}, ...overrides, above]), this.rules);
    return { config, ignored, source: found?.path, problems: found?.problems ?? [] };
  }

  private above(folder: string): ConfigFile | undefined {
    if (this.nearest.has(folder)) return this.nearest.get(folder);
    let found: ConfigFile | undefined;
    const names = [CONFIG_FILE, 'package.json', ...(this.options.toml ? ['pyproject.toml'] : [])];
    for (const name of names) found ??= this.read(join(folder, name));
    const parent = dirname(folder);
    if (!found && parent !== folder) found = this.above(parent);
    this.nearest.set(folder, found);
    return found;
  }

  private read(path: string): ConfigFile | undefined {
    if (!this.files.has(path)) {
      this.stamps.set(path, stampOf(path));
      this.files.set(path, readFile(path, this.rules, this.options));
    }
    return this.files.get(path);
  }
}

/** Tells one state of a file on disk from another; empty where there is none. */
function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : '';
}

function readFile(path: string, rules: readonly Rule[], options: ConfigOptions): ConfigFile | undefined {
  const { only, toml } = options;
  const broken = (problem: Message) => ({
    path,
    raw: {},
    overrides: [],
    isIgnored: () => false,
    problems: [problem],
  });
  let text: string;
  try {
    if (!statSync(path).isFile()) throw new Error('it is no file.');
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    // Who names a file means one that is there.
    return only !== undefined
      ? broken(message('{file}: it cannot be read; check the path.', { file: path }))
      : undefined;
  }
  const kind = basename(path);
  // Most manifests have none: spare the parsing.
  if (kind === 'package.json' && !text.includes('"asyncPatterns"')) return undefined;
  if (kind.endsWith('.toml') && !text.includes('async-patterns')) return undefined;
  let value: unknown;
  try {
    value = kind.endsWith('.toml') ? tool(toml?.(text)) : JSON.parse(text);
  } catch (error) {
    const reason = reasonOf(error);
    return broken(
      message('{file}: {reason}. Correct it.', { file: path, reason: reason.replace(/\.$/, '') }),
    );
  }
  if (kind === 'package.json') value = isRecord(value) ? value['asyncPatterns'] : undefined;
  if (value === undefined) return undefined;
  return check(path, value, rules, options);
}

/** The table `[tool.async-patterns]`. */
function tool(document: unknown): unknown {
  const tools = isRecord(document) ? document['tool'] : undefined;
  return isRecord(tools) ? tools['async-patterns'] : undefined;
}

function check(
  path: string,
  value: unknown,
  rules: readonly Rule[],
  { globs, elsewhere = [] }: ConfigOptions,
): ConfigFile {
  const problems: Message[] = [];
  const matcher = (given: unknown) => {
    if (!Array.isArray(given) || !given.every((glob) => typeof glob === 'string')) return undefined;
    return given.length === 0 ? () => false : globs(given);
  };
  const at = (setting: string) => ({ setting: `${path}: ${setting}` });
  const unknownKeys = (object: Record<string, unknown>, known: readonly string[], where: string) => {
    for (const key of Object.keys(object).filter((name) => !known.includes(name))) {
      const guess = nearest(key, known);
      const setting = at(`${where}${key}`);
      problems.push(
        guess === undefined
          ? message('{setting}: there is no such key; the keys are {known}.', {
              ...setting,
              known: known.join(', '),
            })
          : message('{setting}: there is no such key; did you mean "{guess}"?', { ...setting, guess }),
      );
    }
  };
  const layer = (object: Record<string, unknown>, where: string): RawConfig => {
    problems.push(...readConfig(object, rules, elsewhere, (name) => at(`${where}${name}`).setting).problems);
    if (isRecord(object['python'])) unknownKeys(object['python'], PYTHON_KEYS, `${where}python.`);
    const { preset, rules: levels, options, python } = object;
    return { preset, rules: levels, options, python };
  };
  if (!isRecord(value)) {
    problems.push(message('{file}: expected an object.', { file: path }));
    return { path, raw: {}, overrides: [], isIgnored: () => false, problems };
  }
  unknownKeys(value, FILE_KEYS, '');
  const raw = layer(value, '');
  const overrides: Override[] = [];
  const given = value['overrides'] ?? [];
  if (!Array.isArray(given)) problems.push(message('{setting}: expected a list.', at('overrides')));
  else {
    for (const [index, entry] of given.entries()) {
      const where = `overrides[${index}]`;
      if (!isRecord(entry)) {
        problems.push(message('{setting}: expected an object with "files".', at(where)));
        continue;
      }
      unknownKeys(entry, ['files', ...LAYER_KEYS], `${where}.`);
      const matches = matcher(entry['files']);
      if (matches) overrides.push({ matches, raw: layer(entry, `${where}.`) });
      else problems.push(message('{setting}: expected a list of globs.', at(`${where}.files`)));
    }
  }
  const isIgnored = matcher(value['ignore'] ?? []);
  if (!isIgnored) problems.push(message('{setting}: expected a list of globs.', at('ignore')));
  return { path, raw, overrides, isIgnored: isIgnored ?? (() => false), problems };
}
