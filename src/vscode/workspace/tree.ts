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
  readonly count: number;
  /** Made when they are asked for: most files stay folded. */
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
  for (const { uri, found } of sorted) {
    const here = new Map<string, Found[]>();
    for (const one of found) {
      const known = here.get(ruleOf(one));
      if (known) known.push(one);
      else here.set(ruleOf(one), [one]);
    }
    for (const [rule, ofRule] of here) {
      const file = toFile({ uri, found: ofRule }, rule, options);
      const known = byRule.get(rule);
      if (known) known.push(file);
      else byRule.set(rule, [file]);
    }
  }
  return [...byRule]
    .map(([rule, children]): RuleNode => ({
      kind: 'rule',
      id: `rule ${rule}`,
      rule,
      severity: children.reduce((most, { severity }) => Math.min(most, severity), Infinity),
      fixable: children.some(({ fixable }) => fixable),
      count: children.reduce((sum, { count }) => sum + count, 0),
      children,
    }))
    .sort((a, b) => a.severity - b.severity || b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

function toFile({ uri, found }: FileFindings, rule: string | undefined, options: TreeOptions): FileNode {
  const id = `file ${uri} ${rule ?? ''}`;
  let children: readonly FindingNode[] | undefined;
  return {
    kind: 'file',
    id,
    uri,
    rule,
    severity: found.reduce((most, { severity }) => Math.min(most, severity ?? WARNING), Infinity),
    fixable: found.some((one) => options.isFixable(uri, one)),
    count: found.length,
    get children() {
      return (children ??= toFindings(uri, found, id));
    },
  };
}

function toFindings(uri: string, found: readonly Found[], parent: string): FindingNode[] {
  return [...found]
    .sort(({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character)
    .map((one) => {
      const { start, end } = one.range;
      const at = [start.line, start.character, end.line, end.character].join(':');
      return { kind: 'finding', id: `${parent} ${ruleOf(one)} ${at}`, uri, found: one };
    });
}

export function ruleOf({ code }: Found): string {
  return String(code ?? '');
}
