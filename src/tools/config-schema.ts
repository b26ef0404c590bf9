import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PRESETS } from '../core/config';
import { LEVELS } from '../core/finding';
import type { OptionSchema, Rule } from '../core/rule';
import { rules } from '../rules';

type Json = Record<string, unknown>;

/** The JSON schema of `async-patterns.json`, with the rules' own texts. */
export function configSchema(all: readonly Rule[]): Json {
  const properties = {
    preset: { enum: PRESETS, default: 'recommended', description: 'How much to report.' },
    rules: {
      type: 'object',
      description: 'The level of single rules.',
      additionalProperties: false,
      properties: Object.fromEntries(
        all.map(({ meta }) => [meta.id, { enum: LEVELS, description: meta.summary }]),
      ),
    },
    options: {
      type: 'object',
      description: 'Options of single rules.',
      additionalProperties: false,
      properties: Object.fromEntries(
        all
          .filter(({ meta }) => Object.keys(meta.options).length > 0)
          .map(({ meta }) => [
            meta.id,
            {
              type: 'object',
              description: meta.summary,
              additionalProperties: false,
              properties: Object.fromEntries(
                Object.entries(meta.options).map(([name, option]) => [name, optionSchema(option)]),
              ),
            },
          ]),
      ),
    },
  };
  const python = {
    type: 'object',
    description: 'What Python code runs on; else what pyproject.toml and .python-version say.',
    additionalProperties: false,
    properties: {
      targetVersion: {
        type: 'string',
        pattern: '^[0-9]+\\.[0-9]+$',
        description: 'The oldest Python that has to run the code, such as "3.11".',
      },
      freeThreaded: { type: 'boolean', description: 'The code runs on Python without the GIL.' },
    },
  };
  const globs = (description: string): Json => ({ type: 'array', items: { type: 'string' }, description });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Async Patterns',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...properties,
      python,
      overrides: {
        type: 'array',
        description: 'What is different for some files; later entries win.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['files'],
          properties: {
            files: globs(
              'Globs of files or folders, relative to this file; without a slash, names anywhere.',
            ),
            ...properties,
            python,
          },
        },
      },
      ignore: globs('Globs of files or folders that are not looked at.'),
    },
  };
}

function optionSchema({ type, default: value, description }: OptionSchema): Json {
  const shape = type === 'string-list' ? { type: 'array', items: { type: 'string' } } : { type };
  return { ...shape, default: value, description };
}

/** Writes the schema of all rules. */
export function writeConfigSchema(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(configSchema(rules), undefined, 2)}\n`);
}
