import { LEVELS, message, type Level, type Message } from './finding';
import type { OptionSchema, OptionValues, Rule } from './rule';

export const PRESETS = ['recommended', 'strict', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

export interface Config {
  readonly preset: Preset;
  /** Level per rule id where the user set one. */
  readonly levels: ReadonlyMap<string, Level>;
  /** Option values per rule id, defaults filled in. */
  readonly options: ReadonlyMap<string, OptionValues>;
}

/** The shape users write: settings of the editor, plugin configuration, command line. */
export interface RawConfig {
  readonly preset?: unknown;
  /** Rule id to level. */
  readonly rules?: unknown;
  /** Rule id to option values. */
  readonly options?: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
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

/**
 * Reads user input leniently: what is valid takes effect, every mistake becomes one sentence that names the setting. * @param elsewhere ids of rules that exist but do not run here: naming one is no mistake.
 */
export function readConfig(
  raw: RawConfig,
  rules: readonly Rule[],
  elsewhere: readonly string[] = [],
): { config: Config; problems: Message[] } {
  const problems: Message[] = [];
  const known = new Map(rules.map((rule) => [rule.meta.id, rule]));
  const unknownRule = (setting: string, id: string) => {
    if (elsewhere.includes(id)) return;
    const guess = nearest(id, known.keys());
    problems.push(
      guess
        ? message('asyncPatterns.{setting}: there is no rule "{id}"; did you mean "{guess}"?', {
            setting,
            id,
            guess,
          })
        : message('asyncPatterns.{setting}: there is no rule "{id}".', { setting, id }),
    );
  };

  let preset: Preset = 'recommended';
  if (raw.preset !== undefined) {
    const found = PRESETS.find((p) => p === raw.preset);
    if (found) preset = found;
    else
      problems.push(
        message('asyncPatterns.preset: "{value}" is none of {allowed}.', {
          value: typeof raw.preset === 'string' ? raw.preset : JSON.stringify(raw.preset),
          allowed: PRESETS.join(', '),
        }),
      );
  }

  const levels = new Map<string, Level>();
  if (raw.rules !== undefined && !isRecord(raw.rules)) {
    problems.push(message('asyncPatterns.rules: expected an object of rule ids and levels.'));
  } else {
    for (const [id, value] of Object.entries(raw.rules ?? {})) {
      const level = LEVELS.find((l) => l === value);
      if (!known.has(id)) unknownRule('rules', id);
      else if (level) levels.set(id, level);
      else
        problems.push(
          message('asyncPatterns.rules: "{value}" is no level for "{id}"; use one of {allowed}.', {
            value: String(value),
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
    problems.push(message('asyncPatterns.options: expected an object of rule ids and options.'));
  } else {
    for (const [id, given] of Object.entries(raw.options ?? {})) {
      const rule = known.get(id);
      if (!rule) {
        unknownRule('options', id);
        continue;
      }
      if (!isRecord(given)) {
        problems.push(message('asyncPatterns.options: expected an object for "{id}".', { id }));
        continue;
      }
      const values = { ...options.get(id) };
      for (const [name, value] of Object.entries(given)) {
        const schema = rule.meta.options[name];
        if (!schema) {
          problems.push(message('asyncPatterns.options: "{id}" has no option "{name}".', { id, name }));
        } else if (!fits(schema, value)) {
          const expected = schema.type === 'string-list' ? 'a list of strings' : `a ${schema.type}`;
          problems.push(
            message('asyncPatterns.options: "{name}" of "{id}" must be {expected}.', { name, id, expected }),
          );
        } else values[name] = value;
      }
      options.set(id, values);
    }
  }
  return { config: { preset, levels, options }, problems };
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
