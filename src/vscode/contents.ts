import * as vscode from 'vscode';
import type { BundledPage } from '../documents/bundle';
import { contentsOf } from '../documents/contents';
import type { Library } from '../documents/library';
import { commandIds } from './command-ids';
import type { Findings } from './findings';
import type { Messages } from './messages';
import type { CurrentSettings } from './settings';

/** Id of the view in the manifest. */
export const CONTENTS_VIEW = 'asyncPatterns.contents';

type Node = { readonly kind: 'chapter'; readonly of: BundledPage['kind'] } | BundledPage;

const CHAPTERS: readonly Node[] = [
  { kind: 'chapter', of: 'concept' },
  { kind: 'chapter', of: 'rule' },
];

/** The table of contents: concepts and rules, in the language of the extension. */
export class Contents implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly subscriptions: vscode.Disposable[];
  private counts = new Map<string, number>();

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly library: Library,
    findings: Findings,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {
    this.subscriptions = [
      settings.onDidChange(() => this.changed.fire(undefined)),
      findings.onDidUpdate(() => {
        const counts = findings.countByRule();
        const isSame =
          counts.size === this.counts.size && [...counts].every(([rule, n]) => this.counts.get(rule) === n);
        this.counts = counts;
        if (!isSame) this.changed.fire(undefined);
      }),
      vscode.window.registerTreeDataProvider(CONTENTS_VIEW, this),
    ];
  }

  getChildren(node?: Node): Node[] {
    if (!node) return [...CHAPTERS];
    if (node.kind !== 'chapter') return [];
    return [...contentsOf(this.library.pages(this.settings.value.language))[node.of]];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'chapter') {
      const label = node.of === 'concept' ? this.messages.t('Concepts') : this.messages.t('Rules');
      const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
      item.id = node.of;
      return item;
    }
    const item = new vscode.TreeItem(node.title);
    item.id = `${node.kind} ${node.id}`;
    item.tooltip = new vscode.MarkdownString(`**${node.title}**\n\n${node.summary}`);
    item.iconPath = new vscode.ThemeIcon(node.kind === 'rule' ? 'warning' : 'book');
    item.command = {
      command: commandIds.openPage,
      title: this.messages.t('Open the page'),
      arguments: [node.id],
    };
    item.contextValue = node.kind;
    const count = node.kind === 'rule' ? this.counts.get(node.id) : undefined;
    if (count !== undefined) {
      item.description = String(count);
      item.contextValue = 'rule-with-findings';
    }
    return item;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
