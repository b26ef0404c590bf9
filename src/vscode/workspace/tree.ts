import type { FileFindings, Found } from './results';

export type Grouping = 'rule' | 'file';

export interface FindingNode {
  readonly kind: 'finding';
  readonly id: string;
  readonly uri: string;
  readonly found: Found;
}

export interface FileNode {
  readonly kind: 'file';
  readonly id: string;
  readonly uri: string;
  /** The rule that it is listed under, when findings are grouped by rule. */
  readonly rule: string | undefined;
  readonly severity: number;
  readonly fixable: boolean;
  readonly children: readonly FindingNode[];
}

export interface RuleNode {
  readonly kind: 'rule';
  readonly id: string;
  readonly rule: string;
  readonly severity: number;
  readonly fixable: boolean;
  readonly count: number;
  readonly children: readonly FileNode[];
}

export type Node = RuleNode | FileNode | FindingNode;

/** What a tree needs to know apart from the findings. */
export interface TreeOptions {
  readonly grouping: Grouping;
  /** The name that files are sorted by. */
  readonly nameOf: (uri: string) => string;
  readonly isFixable: (uri: string, found: Found) => boolean;
}

/** Warnings where the language server protocol leaves the severity out. */
const WARNING = 2;

/**
 * The findings as a tree: files with their findings, or rules with their files. Rules come by severity, then by how
 * often they were found; files by name.
 */
export function treeOf(files: readonly FileFindings[], options: TreeOptions): (RuleNode | FileNode)[] {
  const sorted = files
    .map((file) => ({ ...file, name: options.nameOf(file.uri) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  if (options.grouping === 'file') return sorted.map((file) => toFile(file, undefined, options));
  const byRule = new Map<string, FileNode[]>();
  for (const file of sorted) {
    for (const rule of new Set(file.found.map(ruleOf))) {
      const found = file.found.filter((one) => ruleOf(one) === rule);
      byRule.set(rule, [...(byRule.get(rule) ?? []), toFile({ uri: file.uri, found }, rule, options)]);
    }
  }
  return [...byRule]
    .map(([rule, children]): RuleNode => ({
      kind: 'rule',
      id: `rule ${rule}`,
      rule,
      severity: Math.min(...children.map(({ severity }) => severity)),
      fixable: children.some(({ fixable }) => fixable),
      count: children.reduce((sum, { children: { length } }) => sum + length, 0),
      children,
    }))
    .sort((a, b) => a.severity - b.severity || b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

function toFile({ uri, found }: FileFindings, rule: string | undefined, options: TreeOptions): FileNode {
  const id = `file ${uri} ${rule ?? ''}`;
  const children = [...found]
    .sort(({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character)
    .map((one): FindingNode => {
      const { start, end } = one.range;
      const at = [start.line, start.character, end.line, end.character].join(':');
      return { kind: 'finding', id: `${id} ${ruleOf(one)} ${at}`, uri, found: one };
    });
  return {
    kind: 'file',
    id,
    uri,
    rule,
    severity: Math.min(...children.map(({ found: { severity } }) => severity ?? WARNING)),
    fixable: children.some((child) => options.isFixable(uri, child.found)),
    children,
  };
}

export function ruleOf({ code }: Found): string {
  return String(code ?? '');
}
