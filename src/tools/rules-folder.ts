import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Rule } from '../core/rule';
import type { RuleModule } from './registry';

/** Ids of the rules in a folder: files that say `export const rule: Rule`, sorted; helpers beside them are no rules. */
export function ruleIds(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .filter((name) => /^export const rule: Rule\b/mu.test(readFileSync(join(folder, name), 'utf8')))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
}

/**
 * Loads the rules of a folder.
 * @throws {Error} naming the file when a rule's id is not the name of its file.
 */
export async function loadRules(folder: string): Promise<RuleModule[]> {
  const modules: RuleModule[] = [];
  for (const id of ruleIds(folder)) {
    const { rule } = (await import(pathToFileURL(join(folder, `${id}.ts`)).href)) as { rule: Rule };
    if (rule.meta.id !== id) {
      throw new Error(`src/rules/${id}.ts: the rule's id is "${rule.meta.id}"; name the file after it.`);
    }
    modules.push({ id, rule });
  }
  return modules;
}
