import * as vscode from 'vscode';
import type { Library } from '../documents/library';
import type { ProgrammingLanguage } from '../documents/page';
import type { HoverResult } from '../core/protocol';
import type { Engines } from './analysis';
import { commandIds, commandUri, pageCommand } from './command-ids';
import { ruleOf, toRange } from './convert';
import type { Findings } from './findings';
import type { Messages } from './messages';
import type { CurrentSettings } from './settings';

/** Explains a finding by its rule's page and an async word or API by its concept's page. */
export class HoverProvider implements vscode.HoverProvider {
  constructor(
    private readonly engines: Engines,
    private readonly findings: Findings,
    private readonly library: Library,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const { hover: detail, enabled } = this.settings.value;
    if (detail === 'off' || !enabled) return undefined;
    const found = this.findings.of(document.uri).filter(({ range }) => range.contains(position));
    const programmingLanguage = document.languageId === 'python' ? 'python' : 'typescript';
    const rules = [...new Set(found.map((diagnostic) => ruleOf(diagnostic)))];
    const parts = rules.flatMap((rule) => this.aboutRule(rule, programmingLanguage));

    const { line, character } = position;
    const answer = await this.engines.request('hover', document, { position: { line, character } });
    if (token.isCancellationRequested) return undefined;
    const anchor = answer?.hover;
    if (anchor) parts.push(...this.aboutAnchor(anchor, detail === 'full'));

    if (parts.length === 0) return undefined;
    return new vscode.Hover(parts, anchor ? toRange(anchor.range) : found[0]?.range);
  }

  private aboutRule(id: string, programmingLanguage: ProgrammingLanguage): vscode.MarkdownString[] {
    const { language } = this.settings.value;
    const rule = this.library.rule(id, language);
    if (!rule) return [];
    const count = this.findings.countByRule().get(id) ?? 0;
    const text = this.messages.t('All findings: {count}', { count: String(count) });
    const others = count > 1 ? [`[${text}](${commandUri(commandIds.showFindings, id).toString()})`] : [];
    return [this.markdown([rule.summary], id, rule.snippets[programmingLanguage], others)];
  }

  private aboutAnchor(anchor: NonNullable<HoverResult['hover']>, full: boolean): vscode.MarkdownString[] {
    const language: ProgrammingLanguage = anchor.language;
    const concept = this.library.conceptOf(anchor, this.settings.value.language);
    if (!concept) return [];
    const notes = anchor.notes.map((note) => `→ ${this.messages.text(note)}`);
    const lines = full ? [concept.hover[language]] : [];
    return [
      this.markdown(
        [`**${concept.title}.** ${concept.summary}`, ...notes, ...lines],
        concept.id,
        concept.snippets[language],
      ),
    ];
  }

  private markdown(
    paragraphs: readonly string[],
    page: string,
    snippet: string | undefined,
    more: readonly string[] = [],
  ): vscode.MarkdownString {
    const links = [`[${this.messages.t('Open the page')}](${pageCommand(page).toString()})`];
    if (snippet !== undefined) {
      const target = commandUri(commandIds.insertSnippet, snippet).toString();
      links.push(`[${this.messages.t('Insert the snippet {snippet}', { snippet })}](${target})`);
    }
    const text = new vscode.MarkdownString([...paragraphs, [...links, ...more].join(' · ')].join('\n\n'));
    text.isTrusted = {
      enabledCommands: [commandIds.openPage, commandIds.insertSnippet, commandIds.showFindings],
    };
    return text;
  }
}
