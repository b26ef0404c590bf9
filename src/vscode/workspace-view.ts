import * as vscode from 'vscode';
import type { Library } from '../documents/library';
import type { Engines } from './analysis';
import type { Findings } from './findings';
import type { Messages } from './messages';
import type { CurrentSettings } from './settings';
import type { FixSummary, Summary, WorkspaceCheck } from './workspace-check';
import type { Grouping, Node } from './workspace/tree';

/** Id of the view in the manifest. */
export const WORKSPACE_VIEW = 'asyncPatterns.workspace';

export interface WorkspaceParts {
  readonly engines: Engines;
  readonly findings: Findings;
  readonly library: Library;
  readonly settings: CurrentSettings;
  readonly messages: Messages;
  readonly log: vscode.LogOutputChannel;
  readonly extensionPath: string;
  /** Tells about mistakes in configuration files. */
  readonly reportProblems: (
    problems: readonly { template: string; values: Record<string, string> }[],
  ) => void;
}

/** The tree of what the check of the workspace has found. All that is behind it is loaded when somebody asks for a check. */
export class WorkspaceView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private loading: Promise<WorkspaceCheck> | undefined;
  private check: WorkspaceCheck | undefined;

  readonly onDidChangeTreeData = this.changed.event;
  readonly view = vscode.window.createTreeView<Node>(WORKSPACE_VIEW, {
    treeDataProvider: this,
    showCollapseAll: true,
  });

  constructor(private readonly parts: WorkspaceParts) {}

  /** Checks the whole workspace; resolves when that has ended, to undefined where there is nothing to check. */
  async checkWorkspace(): Promise<Summary | undefined> {
    return (await this.load()).check();
  }

  cancel(): void {
    this.check?.cancel();
  }

  clear(): void {
    this.check?.clear();
  }

  group(grouping: Grouping): void {
    this.check?.group(grouping);
  }

  /** @param node what to fix; everything when left out. */
  async fix(node: Node | undefined): Promise<FixSummary | undefined> {
    return (await this.load()).fix(node);
  }

  getChildren(node?: Node): Node[] {
    return [...(this.check?.getChildren(node) ?? [])];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (!this.check) throw new Error('there is no tree yet');
    return this.check.getTreeItem(node);
  }

  dispose(): void {
    this.check?.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  private load(): Promise<WorkspaceCheck> {
    this.loading ??= import('./workspace-check').then((loaded) => {
      const { view, parts } = this;
      return (this.check = new loaded.WorkspaceCheck(parts, view, () => this.changed.fire(undefined)));
    });
    return this.loading;
  }
}
