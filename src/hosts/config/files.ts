/** Configuration files: found above a source file, read, checked, and joined with what the host itself was told. */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { parse as parseToml } from 'smol-toml';
import { isRecord, mergeConfig, nearest, readConfig, type Config, type RawConfig } from '../../core/config';
import { formatMessage, message, type Message } from '../../core/finding';
import type { Rule } from '../../core/rule';

export const CONFIG_FILE = 'async-patterns.json';

/** Keys of a configuration file; `overrides` has `files` beside the first three. */
const LAYER_KEYS = ['preset', 'rules', 'options'];
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

export interface ConfigLayers {
  /** Gives way to configuration files: the settings of an editor. */
  readonly below?: RawConfig;
  /** Goes before configuration files: the flags of a command line. */
  readonly above?: RawConfig;
  /** One configuration file to use instead of those found. */
  readonly only?: string;
}

/** Knows which configuration is in force for which file. What it has read it keeps until told to forget. */
export class ConfigFiles {
  private readonly nearest = new Map<string, ConfigFile | undefined>();
  private readonly files = new Map<string, ConfigFile | undefined>();
  private readonly known = new Map<string, FileSettings>();

  constructor(
    private readonly rules: readonly Rule[],
    private readonly layers: ConfigLayers = {},
  ) {}

  /** The settings in force for a source file, by its absolute path. */
  settingsOf(file: string): FileSettings {
    const { only } = this.layers;
    const found = only === undefined ? this.above(dirname(file)) : this.read(resolve(only));
    const path = found ? relative(dirname(found.path), file).replaceAll('\\', '/') : '';
    const matching = (found?.overrides ?? []).map(({ matches }) => matches(path));
    const ignored = found?.isIgnored(path) ?? false;
    const key = JSON.stringify([found?.path, matching, ignored]);
    let settings = this.known.get(key);
    if (!settings) this.known.set(key, (settings = this.join(found, matching, ignored)));
    return settings;
  }

  /** Every configuration file read so far. */
  get sources(): string[] {
    return [...this.files].flatMap(([path, file]) => (file ? [path] : []));
  }

  /** Some configuration file came, changed or went. */
  forget(): void {
    this.nearest.clear();
    this.files.clear();
    this.known.clear();
  }

  private join(found: ConfigFile | undefined, matching: readonly boolean[], ignored: boolean): FileSettings {
    const { below = {}, above = {} } = this.layers;
    const overrides = (found?.overrides ?? []).filter((_, index) => matching[index]).map(({ raw }) => raw);
    // The mistakes of each layer are reported where it was written.
    const { config } = readConfig(mergeConfig([below, found?.raw ?? {}, ...overrides, above]), this.rules);
    return { config, ignored, source: found?.path, problems: found?.problems ?? [] };
  }

  private above(folder: string): ConfigFile | undefined {
    if (this.nearest.has(folder)) return this.nearest.get(folder);
    let found: ConfigFile | undefined;
    for (const name of [CONFIG_FILE, 'package.json', 'pyproject.toml'])
      found ??= this.read(join(folder, name));
    const parent = dirname(folder);
    if (!found && parent !== folder) found = this.above(parent);
    this.nearest.set(folder, found);
    return found;
  }

  private read(path: string): ConfigFile | undefined {
    if (!this.files.has(path))
      this.files.set(path, readFile(path, this.rules, this.layers.only !== undefined));
    return this.files.get(path);
  }
}

/** @param wanted whether the user named the file, so that it has to be there and to hold a configuration. */
function readFile(path: string, rules: readonly Rule[], wanted: boolean): ConfigFile | undefined {
  const broken = (reason: string) => {
    const problem = message('{file}: {reason}', { file: path, reason });
    return { path, raw: {}, overrides: [], isIgnored: () => false, problems: [problem] };
  };
  let text: string;
  try {
    if (!statSync(path).isFile()) throw new Error('it is no file.');
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return wanted ? broken('it cannot be read; check the path.') : undefined;
  }
  const kind = basename(path);
  // Most manifests have none: spare the parsing.
  if (kind === 'package.json' && !text.includes('"asyncPatterns"')) return undefined;
  if (kind.endsWith('.toml') && !text.includes('async-patterns')) return undefined;
  let value: unknown;
  try {
    value = kind.endsWith('.toml') ? tool(parseToml(text)) : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    return broken(`${reason.replace(/\.$/, '')}. Correct it.`);
  }
  if (kind === 'package.json') value = isRecord(value) ? value['asyncPatterns'] : undefined;
  if (value === undefined) return undefined;
  return check(path, value, rules);
}

/** The table `[tool.async-patterns]`. */
function tool(document: unknown): unknown {
  const tools = isRecord(document) ? document['tool'] : undefined;
  return isRecord(tools) ? tools['async-patterns'] : undefined;
}

function check(path: string, value: unknown, rules: readonly Rule[]): ConfigFile {
  const problems: Message[] = [];
  const say = (setting: string, text: string) =>
    problems.push(message('{setting}: {text}', { setting: `${path}: ${setting}`, text }));
  const unknownKeys = (object: Record<string, unknown>, known: readonly string[], where: string) => {
    for (const key of Object.keys(object).filter((name) => !known.includes(name))) {
      const guess = nearest(key, known);
      const hint = guess === undefined ? `the keys are ${known.join(', ')}.` : `did you mean "${guess}"?`;
      say(`${where}${key}`, `there is no such key; ${hint}`);
    }
  };
  const layer = (object: Record<string, unknown>, where: string): RawConfig => {
    problems.push(...readConfig(object, rules, [], (setting) => `${path}: ${where}${setting}`).problems);
    return { preset: object['preset'], rules: object['rules'], options: object['options'] };
  };
  if (!isRecord(value)) {
    problems.push(message('{file}: expected an object.', { file: path }));
    return { path, raw: {}, overrides: [], isIgnored: () => false, problems };
  }
  unknownKeys(value, FILE_KEYS, '');
  const raw = layer(value, '');
  const overrides: Override[] = [];
  const given = value['overrides'] ?? [];
  if (!Array.isArray(given)) say('overrides', 'expected a list.');
  else {
    given.forEach((entry: unknown, index) => {
      const where = `overrides[${index}]`;
      if (!isRecord(entry)) return say(where, 'expected an object with "files".');
      unknownKeys(entry, ['files', ...LAYER_KEYS], `${where}.`);
      const matches = matcher(entry['files']);
      if (!matches) return say(`${where}.files`, 'expected a list of globs.');
      overrides.push({ matches, raw: layer(entry, `${where}.`) });
      return undefined;
    });
  }
  const isIgnored = matcher(value['ignore'] ?? []);
  if (!isIgnored) say('ignore', 'expected a list of globs.');
  return { path, raw, overrides, isIgnored: isIgnored ?? (() => false), problems };
}

/**
 * Tells whether a path, relative to the configuration file, is meant by one of some globs: itself, or as part of a
 * folder that is. A glob without a slash is about names anywhere.
 * @returns undefined where the value is no list of globs.
 */
function matcher(value: unknown): ((path: string) => boolean) | undefined {
  if (!Array.isArray(value) || !value.every((glob) => typeof glob === 'string')) return undefined;
  const globs = value.map((glob) => glob.replace(/^\.\//, '').replace(/\/$/, ''));
  const matchers = globs.map((glob) => picomatch(glob, { dot: true, basename: !glob.includes('/') }));
  return (path) => {
    for (let at = path; at !== '' && at !== '.' && !at.startsWith('..'); at = dirname(at))
      if (matchers.some((matches) => matches(at))) return true;
    return false;
  };
}

/** A message as one sentence; for hosts that do not translate. */
export function sentences(problems: readonly Message[]): string[] {
  return problems.map(formatMessage);
}
