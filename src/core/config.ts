import { LEVELS, message, type Level, type Message } from './finding';
import { parseVersion } from './python-version';
import type { OptionSchema, OptionValues, PythonVersion, Rule } from './rule';

export const PRESETS = ['recommended', 'strict', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

export interface Config {
  readonly preset: Preset;
  /** Level per rule id where the user set one. */
  readonly levels: ReadonlyMap<string, Level>;
  /** Option values per rule id, defaults filled in. */
  readonly options: ReadonlyMap<string, OptionValues>;
  readonly python: PythonTarget;
}

/** What the user says that Python code runs on; else the project may. */
export interface PythonTarget {
  /** The oldest version that has to run it. */
  readonly version?: PythonVersion;
  /** A build without the GIL. */
  readonly freeThreaded?: boolean;
}

/** The shape users write: settings of the editor, plugin configuration, command line. */
export interface RawConfig {
  readonly preset?: unknown;
  /** Rule id to level. */
  readonly rules?: unknown;
  /** Rule id to option values. */
  readonly options?: unknown;
  /** `targetVersion`, such as `"3.11"`, and `freeThreaded`. */
  readonly python?: unknown;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fits(schema: OptionSchema, value: unknown): boolean {
  if (schema.type === 'string-list') return Array.isArray(value) && value.every((v) => typeof v === 'string');
  return typeof value === schema.type && !(typeof value === 'number' && !Number.isFinite(value));
}

/** The candidate closest to a misspelt word, if any is close enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Where a setting comes from and how its name is written there. */
export type SettingName = (setting: string) => string;

const inEditor: SettingName = (setting) => `asyncPatterns.${setting}`;

function noRule(setting: string, id: string, known: Iterable<string>): Message {
  const guess = nearest(id, known);
  return guess === undefined
    ? message('{setting}: there is no rule "{id}".', { setting, id })
    : message('{setting}: there is no rule "{id}"; did you mean "{guess}"?', { setting, id, guess });
}

function noOption(setting: string, id: string, option: string, known: Iterable<string>): Message {
  const values = { setting, id, name: option };
  const guess = nearest(option, known);
  return guess === undefined
    ? message('{setting}: "{id}" has no option "{name}".', values)
    : message('{setting}: "{id}" has no option "{name}"; did you mean "{guess}"?', { ...values, guess });
}

function readPython(raw: unknown, name: SettingName, problems: Message[]): PythonTarget {
  if (raw === undefined || raw === null) return {};
  if (!isRecord(raw)) {
    problems.push(message('{setting}: expected an object.', { setting: name('python') }));
    return {};
  }
  const { targetVersion, freeThreaded } = raw;
  // An editor says null, and for a text the empty one, where its user has taken a setting back.
  const isGiven = (value: unknown) => !isTakenBack(value);
  const version = typeof targetVersion === 'string' ? parseVersion(targetVersion) : undefined;
  if (!version && isGiven(targetVersion)) {
    const setting = name('python.targetVersion');
    problems.push(message('{setting}: expected a version such as "3.11".', { setting }));
  }
  if (typeof freeThreaded !== 'boolean' && isGiven(freeThreaded))
    problems.push(message('{setting}: expected true or false.', { setting: name('python.freeThreaded') }));
  return { ...(version && { version }), ...(typeof freeThreaded === 'boolean' && { freeThreaded }) };
}

/**
 * Reads user input leniently: what is valid takes effect, every mistake becomes one sentence that names the setting.
 * @param elsewhere ids of rules that exist but do not run here: naming one is no mistake.
 * @param name how settings are called where the input comes from; as in the editor when left out.
 */
export function readConfig(
  raw: RawConfig,
  rules: readonly Rule[],
  elsewhere: readonly string[] = [],
  name: SettingName = inEditor,
): { config: Config; problems: Message[] } {
  const problems: Message[] = [];
  const known = new Map(rules.map((rule) => [rule.meta.id, rule]));
  const unknownRule = (setting: string, id: string) => {
    if (elsewhere.includes(id)) return;
    problems.push(noRule(name(setting), id, [...known.keys(), ...elsewhere]));
  };

  let preset: Preset = 'recommended';
  // An editor says null where its user has taken a setting back.
  if (raw.preset !== undefined && raw.preset !== null) {
    const found = PRESETS.find((p) => p === raw.preset);
    if (found) preset = found;
    else
      problems.push(
        message('{setting}: "{value}" is none of {allowed}.', {
          setting: name('preset'),
          value: typeof raw.preset === 'string' ? raw.preset : JSON.stringify(raw.preset),
          allowed: PRESETS.join(', '),
        }),
      );
  }

  const levels = new Map<string, Level>();
  if (raw.rules !== undefined && !isRecord(raw.rules)) {
    problems.push(
      message('{setting}: expected an object of rule ids and levels.', { setting: name('rules') }),
    );
  } else {
    for (const [id, value] of Object.entries(raw.rules ?? {})) {
      const level = LEVELS.find((l) => l === value);
      if (!known.has(id)) unknownRule('rules', id);
      else if (level) levels.set(id, level);
      else
        problems.push(
          message('{setting}: "{value}" is no level for "{id}"; use one of {allowed}.', {
            setting: name('rules'),
            value: typeof value === 'string' ? value : JSON.stringify(value),
            id,
            allowed: LEVELS.join(', '),
          }),
        );
    }
  }

  const options = new Map<string, OptionValues>();
  for (const { meta } of rules) {
    options.set(meta.id, Object.fromEntries(Object.entries(meta.options).map(([k, s]) => [k, s.default])));
  }
  if (raw.options !== undefined && !isRecord(raw.options)) {
    problems.push(
      message('{setting}: expected an object of rule ids and options.', { setting: name('options') }),
    );
  } else {
    for (const [id, given] of Object.entries(raw.options ?? {})) {
      const rule = known.get(id);
      if (!rule) {
        unknownRule('options', id);
        continue;
      }
      const setting = name('options');
      if (!isRecord(given)) {
        problems.push(message('{setting}: expected an object for "{id}".', { setting, id }));
        continue;
      }
      const values = { ...options.get(id) };
      for (const [option, value] of Object.entries(given)) {
        const schema = rule.meta.options[option];
        if (!schema) {
          problems.push(noOption(setting, id, option, Object.keys(rule.meta.options)));
        } else if (!fits(schema, value)) {
          const expected = schema.type === 'string-list' ? 'a list of strings' : `a ${schema.type}`;
          problems.push(
            message('{setting}: "{name}" of "{id}" must be {expected}.', {
              setting,
              name: option,
              id,
              expected,
            }),
          );
        } else values[option] = value;
      }
      options.set(id, values);
    }
  }
  const python = readPython(raw.python, name, problems);
  return { config: { preset, levels, options, python }, problems };
}

/** Joins configurations; what comes later wins, rule by rule and option by option. */
export function mergeConfig(layers: readonly RawConfig[]): RawConfig {
  const merged: { preset?: unknown; rules?: unknown; options?: unknown; python?: unknown } = {};
  for (const { preset, rules, options, python } of layers) {
    if (preset !== undefined && preset !== null) merged.preset = preset;
    merged.rules = join(merged.rules, rules, (_, value) => value);
    merged.python = join(merged.python, python, (before, value) => (isTakenBack(value) ? before : value));
    merged.options = join(merged.options, options, (before, value) => join(before, value, (_, own) => own));
  }
  return merged;
}

/** What editors say of a setting that its user has not set. */
function isTakenBack(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** What is no object is passed on, for {@link readConfig} to complain of. */
function join(before: unknown, next: unknown, each: (before: unknown, value: unknown) => unknown): unknown {
  if (next === undefined) return before;
  if (!isRecord(before) || !isRecord(next)) return next;
  const joined = { ...before };
  for (const [key, value] of Object.entries(next)) joined[key] = each(joined[key], value);
  return joined;
}

/** Whether a rule runs at all under a configuration. */
export function isEnabled(config: Config, rule: Rule): boolean {
  const level = config.levels.get(rule.meta.id);
  if (level !== undefined) return level !== 'off';
  return PRESETS.indexOf(rule.meta.preset) <= PRESETS.indexOf(config.preset);
}

/**
 * The level a finding is shown at. A level set for the rule replaces the rule's own; a case the rule itself calls
 * milder stays milder, and setting what the rule has anyway changes nothing. `strict` lifts hints to information and information to warnings.
 */
export function effectiveLevel(config: Config, rule: Rule, own: Level): Level {
  const set = config.levels.get(rule.meta.id);
  if (set !== undefined) {
    if (set === rule.meta.level) return own;
    const milder = LEVELS.indexOf(own) < LEVELS.indexOf(rule.meta.level);
    return milder && LEVELS.indexOf(own) < LEVELS.indexOf(set) ? own : set;
  }
  if (config.preset === 'recommended') return own;
  if (own === 'hint') return 'information';
  return own === 'information' ? 'warning' : own;
}
