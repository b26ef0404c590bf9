import * as vscode from 'vscode';
import type { Engines } from './analysis';
import { commandIds } from './command-ids';
import type { Findings } from './findings';
import type { Messages } from './messages';
import { selector } from './selector';
import type { CurrentSettings } from './settings';

/** The entry in the language status menu: is the analysis on, what did it find here, who does the work. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('asyncPatterns.status', selector);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly engines: Engines,
    private readonly findings: Findings,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {
    this.item.name = 'Async Patterns';
    const update = () => this.update();
    this.subscriptions = [
      ...engines.onDidChangeState(update),
      findings.onDidUpdate(update),
      settings.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
    ];
    this.update();
  }

  dispose(): void {
    this.item.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private update(): void {
    const { item, messages } = this;
    item.busy = false;
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.detail = 'Async Patterns';
    if (!this.settings.value.enabled) {
      item.text = messages.t('Switched off');
      item.command = {
        title: messages.t('Open settings'),
        command: 'workbench.action.openSettings',
        arguments: ['asyncPatterns.enable'],
      };
      return;
    }
    item.command = { title: messages.t('Show log'), command: commandIds.showLog };
    const document = vscode.window.activeTextEditor?.document;
    const isPython = document?.languageId === 'python';
    const state = document ? this.engines.of(document).state : 'ready';
    if (state === 'unavailable') {
      item.text = isPython
        ? messages.t('No analysis: the language server does not answer')
        : messages.t('No analysis: the TypeScript server does not answer');
      item.severity = vscode.LanguageStatusSeverity.Warning;
      return;
    }
    if (state === 'starting') {
      item.text = isPython
        ? messages.t('Starting the language server')
        : messages.t('Waiting for the TypeScript server');
      item.busy = true;
      return;
    }
    const count = document ? this.findings.of(document.uri).length : 0;
    item.text =
      count === 0
        ? messages.t('No async problems in this file')
        : messages.t('Async problems in this file: {count}', { count: String(count) });
    item.detail = isPython
      ? messages.t('Async Patterns in its language server')
      : messages.t('Async Patterns in the TypeScript server');
  }
}
