import type { Rule } from '../core/rule';

/** A rule's module: `id` is the file's name without `.ts`. */
export interface RuleModule {
  readonly id: string;
  readonly rule: Rule;
}

/** `floating-promise` → `floatingPromise`. */
export function identifierOf(id: string): string {
  return id.replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
}

/** The source of `src/rules/index.ts` for rules in the order given. */
export function registrySource(ids: readonly string[]): string {
  return listSource(ids, 'Every rule, sorted by id.');
}

/** The source of `src/rules/typescript.ts`: what a host that never sees Python needs, so that it carries no more. */
export function typeScriptRegistrySource(modules: readonly RuleModule[]): string {
  const isHere = ({ rule }: RuleModule) => rule.meta.languages.includes('typescript');
  const ids = modules.filter(isHere).map(({ id }) => id);
  const others = modules.filter((module) => !isHere(module)).map(({ id }) => `  '${id}',\n`);
  return `${listSource(ids, 'The rules for TypeScript and JavaScript, sorted by id.')}
/** Ids of the rules for other languages: settings may name them. */
export const otherRules: readonly string[] = [\n${others.join('')}];
`;
}

function listSource(ids: readonly string[], what: string): string {
  const imports = ids.map((id) => `import { rule as ${identifierOf(id)} } from './${id}';\n`).join('');
  const entries = ids.map((id) => `  ${identifierOf(id)},\n`).join('');
  return `// Written by \`npm run generate\` from the files of this folder.
import type { Rule } from '../core/rule';
${imports}
/** ${what} */
export const rules: readonly Rule[] = [${entries === '' ? '' : `\n${entries}`}];
`;
}
