/**
 * The ESLint plugin: every rule for TypeScript and JavaScript, for flat configurations of ESLint 9 and 10 with the
 * parser of typescript-eslint and its types.
 */
import type { TSESLint } from '@typescript-eslint/utils';
import { PRESETS, type Preset } from '../../core/config';
import { rules as own } from '../../rules/typescript';
import { version } from '../../../package.json';
import { toEslintRule, type AtLeast, type EslintRule } from './rule';

const NAME = 'async-patterns';

const rules: Readonly<Record<string, EslintRule>> = Object.fromEntries(
  own.map((rule) => [rule.meta.id, toEslintRule(rule, own)]),
);

/** What a preset shows at warning or above in the editor is what its configuration reports here. */
const LEAST: Readonly<Record<Preset, AtLeast>> = {
  recommended: 'warning',
  strict: 'information',
  all: 'hint',
};

function configOf(preset: Preset): TSESLint.FlatConfig.Config {
  const least = LEAST[preset];
  const chosen = own.filter(({ meta }) => PRESETS.indexOf(meta.preset) <= PRESETS.indexOf(preset));
  return {
    name: `${NAME}/${preset}`,
    plugins: { [NAME]: plugin },
    rules: Object.fromEntries(
      chosen.map((rule) => {
        const severity = rule.meta.level === 'error' ? 'error' : 'warn';
        return [`${NAME}/${rule.meta.id}`, [severity, { atLeast: least }]];
      }),
    ),
  };
}

interface Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: typeof rules;
  readonly configs: Record<Preset, TSESLint.FlatConfig.Config>;
}

const plugin: Plugin = {
  meta: { name: NAME, version, namespace: NAME },
  rules,
  configs: {} as Plugin['configs'],
};
for (const preset of PRESETS) plugin.configs[preset] = configOf(preset);

export = plugin;
