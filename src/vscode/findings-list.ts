import * as vscode from 'vscode';
import type { Library } from '../documents/library';
import { ruleOf } from './convert';
import type { Findings } from './findings';
import type { Messages } from './messages';
import { pickFrom } from './pick';
import type { CurrentSettings } from './settings';

interface Finding {
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
}

type FindingItem = vscode.QuickPickItem & { readonly finding?: Finding };

/** Lists the findings of one rule across all open files, as a list to go through. */
export class FindingsList {
  constructor(
    private readonly findings: Findings,
    private readonly library: Library,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {}

  /** @param rule its id; asks for one of those that have findings when left out. */
  async show(rule: string | undefined): Promise<void> {
    const chosen = rule ?? (await this.pickRule());
    if (chosen === undefined) return;
    const found = this.findings.all().filter(({ diagnostic }) => ruleOf(diagnostic) === chosen);
    if (found.length === 0) {
      const text = this.messages.t('No open file has a finding of {rule}.', { rule: chosen });
      void vscode.window.showInformationMessage(text);
      return;
    }
    await this.pickFinding(chosen, found);
  }

  private async pickRule(): Promise<string | undefined> {
    const counts = [...this.findings.countByRule()].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    if (counts.length === 0) {
      void vscode.window.showInformationMessage(this.messages.t('No open file has an async problem.'));
      return undefined;
    }
    const { language } = this.settings.value;
    const picked = await vscode.window.showQuickPick(
      counts.map(([rule, count]) => ({
        rule,
        label: this.library.rule(rule, language)?.title ?? rule,
        description: `${rule} · ${count}`,
      })),
      { placeHolder: this.messages.t('Findings of which rule?'), matchOnDescription: true },
    );
    return picked?.rule;
  }

  /** The finding at hand is shown while the list is open, and left again when nothing is chosen. */
  private async pickFinding(rule: string, found: readonly Finding[]): Promise<void> {
    const before = vscode.window.activeTextEditor;
    const origin = before && { editor: before, selection: before.selection };
    const picker = vscode.window.createQuickPick<FindingItem>();
    picker.title = this.messages.t('Findings of {rule}: {count}', { rule, count: String(found.length) });
    picker.matchOnDescription = true;
    picker.items = toItems(found);
    picker.onDidChangeActive(([active]) => {
      if (active?.finding) void reveal(active.finding, true);
    });
    const finding = await pickFrom(picker, (item) => item.finding);
    if (finding) await reveal(finding, false);
    else if (origin) {
      const { document, viewColumn } = origin.editor;
      await vscode.window.showTextDocument(document, {
        selection: origin.selection,
        ...(viewColumn !== undefined && { viewColumn }),
      });
    }
  }
}

function toItems(found: readonly Finding[]): FindingItem[] {
  const byFile = new Map<string, Finding[]>();
  for (const finding of found) {
    const file = vscode.workspace.asRelativePath(finding.uri);
    byFile.set(file, [...(byFile.get(file) ?? []), finding]);
  }
  return [...byFile]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([file, findings]): FindingItem[] => [
      { label: file, kind: vscode.QuickPickItemKind.Separator },
      ...findings
        .sort((a, b) => a.diagnostic.range.start.compareTo(b.diagnostic.range.start))
        .map((finding) => ({
          finding,
          label: finding.diagnostic.message,
          description: `${file}:${finding.diagnostic.range.start.line + 1}`,
        })),
    ]);
}

async function reveal({ uri, diagnostic: { range } }: Finding, isPreview: boolean): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  // Code is shown beside the page that was being read, not over it.
  const column =
    shown?.viewColumn ?? (vscode.window.activeTextEditor ? vscode.ViewColumn.Active : vscode.ViewColumn.One);
  await vscode.window.showTextDocument(uri, {
    selection: range,
    preserveFocus: isPreview,
    preview: isPreview,
    viewColumn: column,
  });
}
