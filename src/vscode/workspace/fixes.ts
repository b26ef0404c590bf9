import { readFile, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { SafeFix } from '../../core/protocol';
import { fingerprintOf } from '../../core/workspace-protocol';
import { toRange } from '../convert';
import type { WorkspaceParts } from '../workspace-view';
import { combine, type RuleEdit } from './combine';
import type { Results } from './results';
import type { Node } from './tree';

/** What came of fixing. */
export interface FixSummary {
  /** Whether the editor made the edits; false when the user discarded them. */
  readonly applied: boolean;
  /** Findings that the edits repair, and the files they are in. */
  readonly fixed: number;
  readonly files: number;
  /** Files that were left alone, as they have changed since they were checked. */
  readonly changed: number;
}

/** The edits of a file, and what tells whether they still fit. */
interface Plan {
  readonly uri: vscode.Uri;
  readonly edits: readonly RuleEdit[];
  readonly fixed: number;
  readonly isCurrent: () => Promise<boolean> | boolean;
}

/** Makes the safe fixes of what was found in a workspace; the editor shows them first. */
export class Fixes {
  /** @param changed hears of files that are no longer what was checked. */
  constructor(
    private readonly parts: WorkspaceParts,
    private readonly results: Results,
    private readonly changed: (uri: vscode.Uri) => void,
  ) {}

  /** @param node a rule or a file of the tree; everything when left out. */
  async apply(node: Node | undefined): Promise<FixSummary> {
    const { messages } = this.parts;
    const rule = node?.kind === 'rule' || node?.kind === 'file' ? node.rule : undefined;
    const wanted = new Set(node?.kind === 'rule' ? node.children.map(({ uri }) => uri) : node && [node.uri]);
    const plans: Plan[] = [];
    let left = 0;
    for (const { uri, found } of this.results.current()) {
      if (node && !wanted.has(uri)) continue;
      if (!found.some((one) => this.results.isFixable(uri, one))) continue;
      const plan = await this.plan(vscode.Uri.parse(uri), rule);
      if (plan === 'changed') left++;
      else if (plan.edits.length > 0) plans.push(plan);
    }
    const current: Plan[] = [];
    for (const plan of plans) {
      if (await plan.isCurrent()) current.push(plan);
      else left++;
    }
    const summary = {
      fixed: current.reduce((sum, { fixed }) => sum + fixed, 0),
      files: current.length,
      changed: left,
    };
    if (left > 0) {
      void vscode.window.showWarningMessage(
        messages.t('Changed since the check and left alone, files: {count}. Check again to fix them.', {
          count: String(left),
        }),
      );
    }
    if (current.length === 0) {
      if (left === 0)
        void vscode.window.showInformationMessage(
          messages.t('Nothing here can be fixed without you looking at it.'),
        );
      return { ...summary, applied: false };
    }
    const applied = await vscode.workspace.applyEdit(this.toWorkspaceEdit(current), { isRefactoring: true });
    return { ...summary, applied };
  }

  private async plan(uri: vscode.Uri, rule: string | undefined): Promise<Plan | 'changed'> {
    const key = uri.toString();
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
    if (open) return this.planOpen(open, rule);
    let text: string;
    let stamp: string;
    try {
      stamp = await stampOf(uri);
      text = await readFile(uri.fsPath, 'utf8');
    } catch {
      this.changed(uri);
      return 'changed';
    }
    const fixes = this.results.fixesFor(key, fingerprintOf(text));
    if (fixes && !text.includes('\uFFFD')) {
      const isCurrent = async () => (await stampOf(uri).catch(() => '')) === stamp;
      return { uri, ...combine(fixes.filter(isOf(rule)), text.replace(/^\uFEFF/, '')), isCurrent };
    }
    if (this.results.fingerprintOf(key) !== fingerprintOf(text)) {
      this.changed(uri);
      return 'changed';
    }
    // It was open since the check: only its findings are known.
    return this.planOpen(await vscode.workspace.openTextDocument(uri), rule);
  }

  private async planOpen(document: vscode.TextDocument, rule: string | undefined): Promise<Plan | 'changed'> {
    const { uri, version } = document;
    const text = document.getText();
    const isCurrent = () => !document.isClosed && document.version === version;
    const known = this.results.fixesFor(uri.toString(), fingerprintOf(text));
    const fixes: readonly SafeFix[] | undefined =
      known ?? (await this.parts.engines.request('fixAll', document, {}))?.fixes;
    if (!fixes || !isCurrent()) return 'changed';
    return { uri, ...combine(fixes.filter(isOf(rule)), text), isCurrent };
  }

  private toWorkspaceEdit(plans: readonly Plan[]): vscode.WorkspaceEdit {
    const { library, messages, settings } = this.parts;
    const groups = new Map<string, vscode.WorkspaceEditEntryMetadata>();
    const groupOf = (rule: string) => {
      let group = groups.get(rule);
      if (!group) {
        const title = library.rule(rule, settings.value.language)?.title ?? rule;
        const iconPath = new vscode.ThemeIcon('lightbulb-autofix');
        group = { label: title, description: rule, needsConfirmation: false, iconPath };
        groups.set(rule, group);
      }
      return group;
    };
    const edit = new vscode.WorkspaceEdit();
    for (const { uri, edits } of plans)
      edit.set(
        uri,
        edits.map(({ rule, range, newText }): [vscode.TextEdit, vscode.WorkspaceEditEntryMetadata] => [
          new vscode.TextEdit(toRange(range), newText),
          groupOf(rule),
        ]),
      );
    // The editor shows edits before it makes them where one of them needs to be confirmed, and leaves those that do
    // unticked. This one changes nothing, so that the preview leaves it out and has the others ticked.
    const [first] = plans;
    if (first)
      edit.createFile(
        first.uri,
        { ignoreIfExists: true },
        { needsConfirmation: true, label: messages.t('Safe fixes') },
      );
    return edit;
  }
}

function isOf(rule: string | undefined) {
  return (fix: SafeFix) => rule === undefined || fix.rule === rule;
}

async function stampOf({ fsPath }: vscode.Uri): Promise<string> {
  const { mtimeMs, size } = await stat(fsPath);
  return `${mtimeMs} ${size}`;
}
