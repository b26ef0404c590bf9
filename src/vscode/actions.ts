import type * as lsp from 'vscode-languageserver-types';
import * as vscode from 'vscode';
import type { Message } from '../core/finding';
import type { Library } from '../documents/library';
import type { Engines } from './analysis';
import { commandIds } from './command-ids';
import { isOurs, ruleOf, toTextEdit, toWorkspaceEdit } from './convert';
import { canIgnore, ignoreFileEdit, ignoreLineEdit } from './ignore-edits';
import type { Messages } from './messages';
import type { CurrentSettings } from './settings';

export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('asyncPatterns');

/** Repairs, "fix all", and what else can be done about a finding. */
export class ActionProvider implements vscode.CodeActionProvider {
  static readonly kinds = [
    vscode.CodeActionKind.QuickFix,
    fixAllKind,
    vscode.CodeActionKind.RefactorRewrite.append('asyncPatterns'),
  ];

  constructor(
    private readonly engines: Engines,
    private readonly settings: CurrentSettings,
    private readonly library: Library,
    private readonly messages: Messages,
  ) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    if (!this.settings.value.enabled) return [];
    // "Fix all" is only asked for by name: on save, from the menu of sources, by its command.
    if (context.only && vscode.CodeActionKind.Source.contains(context.only)) {
      return context.only.intersects(fixAllKind) ? this.fixAll(document) : [];
    }
    const found = context.diagnostics.filter((diagnostic) => isOurs(diagnostic));
    if (found.length === 0) return [];
    const { start, end } = range;
    const answer = await this.engines.request('codeActions', document, {
      range: {
        start: { line: start.line, character: start.character },
        end: { line: end.line, character: end.character },
      },
      ...(context.only && { only: [context.only.value] }),
    });
    if (token.isCancellationRequested) return [];
    const fixes = (answer?.actions ?? []).map((action) => this.toCodeAction(action, document, found));
    if (context.only && !context.only.intersects(vscode.CodeActionKind.QuickFix)) return fixes;
    return [...fixes, ...found.flatMap((diagnostic) => this.about(document, diagnostic))];
  }

  private async fixAll(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
    const { version } = document;
    const answer = await this.engines.request('fixAll', document, {});
    if (!answer || answer.edits.length === 0 || document.version !== version) return [];
    const action = new vscode.CodeAction(this.messages.t('Fix all async problems'), fixAllKind);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(
      document.uri,
      answer.edits.map((edit) => toTextEdit(edit)),
    );
    return [action];
  }

  private toCodeAction(
    received: lsp.CodeAction,
    document: vscode.TextDocument,
    found: readonly vscode.Diagnostic[],
  ): vscode.CodeAction {
    const title = isMessage(received.data) ? this.messages.text(received.data) : received.title;
    const kind = new ActionKind(received.kind).value;
    const action = new vscode.CodeAction(title, kind);
    if (received.isPreferred !== undefined) action.isPreferred = received.isPreferred;
    if (received.edit) action.edit = toWorkspaceEdit(received.edit, document.uri);
    action.diagnostics = found.filter((diagnostic) =>
      received.diagnostics?.some(
        (repaired) =>
          repaired.code === ruleOf(diagnostic) &&
          repaired.range.start.line === diagnostic.range.start.line &&
          repaired.range.start.character === diagnostic.range.start.character,
      ),
    );
    return action;
  }

  /** Fix all, ignore and explain. */
  private about(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
    const rule = ruleOf(diagnostic);
    const actions: vscode.CodeAction[] = [];
    const offer = (title: string, what: vscode.WorkspaceEdit | vscode.Command | undefined) => {
      if (!what) return;
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      if (what instanceof vscode.WorkspaceEdit) action.edit = what;
      else action.command = what;
      action.diagnostics = [diagnostic];
      actions.push(action);
    };
    if (canIgnore(diagnostic)) {
      const line = this.messages.t('Ignore {rule} on this line', { rule });
      offer(line, ignoreLineEdit(document, diagnostic));
      const file = this.messages.t('Ignore {rule} in this file', { rule });
      offer(file, ignoreFileEdit(document, diagnostic));
    }
    if (this.library.rule(rule, 'en')) {
      const title = this.messages.t('Explain {rule}', { rule });
      offer(title, { title, command: commandIds.openPage, arguments: [rule] });
    }
    return actions;
  }
}

/** A code action kind received as text; `quickfix` when there is none. */
class ActionKind {
  readonly value: vscode.CodeActionKind;

  constructor(kind: string | undefined) {
    const [first = 'quickfix', ...rest] = (kind ?? 'quickfix').split('.');
    const base = {
      quickfix: vscode.CodeActionKind.QuickFix,
      refactor: vscode.CodeActionKind.Refactor,
      source: vscode.CodeActionKind.Source,
    }[first];
    this.value = (base ?? vscode.CodeActionKind.QuickFix).append(rest.join('.'));
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'template' in value && 'values' in value;
}
