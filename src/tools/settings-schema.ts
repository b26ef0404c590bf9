import { LEVELS } from '../core/finding';
import type { OptionSchema } from '../core/rule';
import type { RuleModule } from './registry';

type Json = Record<string, unknown>;

/** Key in `package.nls.json` of a rule's one-line description. */
export const ruleKey = (id: string): string => `rule.${id}`;

/** Key in `package.nls.json` of the description of a rule's option. */
export const optionKey = (id: string, option: string): string => `option.${id}.${option}`;

/** JSON schema of `asyncPatterns.rules`: a level per rule id. */
export function rulesSchema(modules: readonly RuleModule[]): Json {
  return Object.fromEntries(
    modules.map(({ id }) => [id, { type: 'string', enum: LEVELS, markdownDescription: `%${ruleKey(id)}%` }]),
  );
}

/** JSON schema of `asyncPatterns.options`: the options of every rule that has any. */
export function optionsSchema(modules: readonly RuleModule[]): Json {
  return Object.fromEntries(
    modules
      .filter(({ rule }) => Object.keys(rule.meta.options).length > 0)
      .map(({ id, rule }) => [
        id,
        {
          type: 'object',
          markdownDescription: `%${ruleKey(id)}%`,
          additionalProperties: false,
          properties: Object.fromEntries(
            Object.entries(rule.meta.options).map(([name, option]) => [
              name,
              {
                ...typeOf(option),
                default: option.default,
                markdownDescription: `%${optionKey(id, name)}%`,
              },
            ]),
          ),
        },
      ]),
  );
}

function typeOf(option: OptionSchema): Json {
  return option.type === 'string-list' ? { type: 'array', items: { type: 'string' } } : { type: option.type };
}

/** English texts of the schemas by their key. */
export function englishTexts(modules: readonly RuleModule[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { id, rule } of modules) {
    texts[ruleKey(id)] = rule.meta.summary;
    for (const [name, option] of Object.entries(rule.meta.options)) {
      texts[optionKey(id, name)] = option.description;
    }
  }
  return texts;
}

/** True for the keys that {@link englishTexts} is in charge of. */
export function isGeneratedKey(key: string): boolean {
  return key.startsWith('rule.') || key.startsWith('option.');
}
