import * as vscode from 'vscode';
import { commandIds } from './command-ids';
import type { Engine } from './engine';
import type { Findings } from './findings';
import type { Messages } from './messages';
import { selector } from './selector';
import type { CurrentSettings } from './settings';

/** The entry in the language status menu: is the analysis on, what did it find here, who does the work. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('asyncPatterns.status', selector);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly engine: Engine,
    private readonly findings: Findings,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {
    this.item.name = 'Async Patterns';
    const update = () => this.update();
    this.subscriptions = [
      engine.onDidChangeState(update),
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
    if (this.engine.state === 'unavailable') {
      item.text = messages.t('No analysis: the TypeScript server does not answer');
      item.severity = vscode.LanguageStatusSeverity.Warning;
      return;
    }
    if (this.engine.state === 'starting') {
      item.text = messages.t('Waiting for the TypeScript server');
      item.busy = true;
      return;
    }
    const document = vscode.window.activeTextEditor?.document.uri;
    const count = document ? this.findings.of(document).length : 0;
    item.text =
      count === 0
        ? messages.t('No async problems in this file')
        : messages.t('Async problems in this file: {count}', { count: String(count) });
    item.detail = messages.t('Async Patterns in the TypeScript server');
  }
}
