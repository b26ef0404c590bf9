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
  const imports = ids.map((id) => `import { rule as ${identifierOf(id)} } from './${id}';\n`).join('');
  const entries = ids.map((id) => `  ${identifierOf(id)},\n`).join('');
  return `// Written by \`npm run generate\` from the files of this folder.
import type { Rule } from '../core/rule';
${imports}
/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [${entries === '' ? '' : `\n${entries}`}];
`;
}
