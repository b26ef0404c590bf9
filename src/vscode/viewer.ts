import * as vscode from 'vscode';
import type { BundledPage } from '../documents/bundle';
import type { Library } from '../documents/library';
import type { Messages } from './messages';
import type { CurrentSettings } from './settings';

/** Shows pages of the documents inside the editor, in its Markdown preview. */
export class Viewer {
  constructor(
    private readonly library: Library,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {}

  /** Opens the page with an id: beside the code where there is some, in its place otherwise. */
  async open(id: string): Promise<void> {
    const file = this.library.file(id, this.settings.value.language);
    if (file === undefined) {
      const text = this.messages.t('There is no page on "{id}".', { id });
      void vscode.window.showWarningMessage(text);
      return;
    }
    const command = vscode.window.activeTextEditor ? 'markdown.showPreviewToSide' : 'markdown.showPreview';
    await vscode.commands.executeCommand(command, vscode.Uri.file(file));
  }

  /** Lets the user pick a page by title, summary or another word for it. */
  async search(): Promise<void> {
    const pages = this.library.pages(this.settings.value.language);
    const picked = await vscode.window.showQuickPick(pages.map(toItem), {
      matchOnDescription: true,
      matchOnDetail: true,
      placeHolder: this.messages.t('What would you like to read about?'),
    });
    if (picked) await this.open(picked.id);
  }
}

function toItem(page: BundledPage): vscode.QuickPickItem & { id: string } {
  return {
    id: page.id,
    label: `$(${page.kind === 'rule' ? 'warning' : 'book'}) ${page.title}`,
    description: page.kind === 'rule' ? page.id : page.synonyms.join(', '),
    detail: page.summary,
  };
}
