import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { Message } from '../core/finding';
import type { Messages } from './messages';

/** Tells the user about mistakes in the settings and in configuration files: each once, until it is mended and made again. */
export class SettingsProblems {
  private told = new Set<string>();

  constructor(
    private readonly messages: Messages,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  report(problems: readonly Message[]): void {
    for (const problem of problems) {
      const text = this.messages.text(problem);
      if (this.told.has(text)) continue;
      this.told.add(text);
      this.log.warn(text);
      const [, file] = /^(.+?\.(?:json|toml)): /u.exec(text) ?? [];
      if (file !== undefined && isAbsolute(file)) void this.showInFile(text, file);
      else void this.show(text, /^asyncPatterns\.\w+/u.exec(text)?.[0] ?? 'asyncPatterns');
    }
  }

  /** For changed settings: what is wrong again is told again. */
  reset(): void {
    this.told = new Set();
  }

  private async showInFile(text: string, file: string): Promise<void> {
    const open = this.messages.t('Open the file');
    const answer = await vscode.window.showWarningMessage(text, open);
    if (answer === open) await vscode.window.showTextDocument(vscode.Uri.file(file));
  }

  private async show(text: string, setting: string): Promise<void> {
    const open = this.messages.t('Open settings');
    const answer = await vscode.window.showWarningMessage(text, open);
    if (answer === open) await vscode.commands.executeCommand('workbench.action.openSettings', setting);
  }
}
