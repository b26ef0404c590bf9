import * as vscode from 'vscode';
import { PAGES_FOLDER, type BundledPage } from '../documents/bundle';
import type { Library } from '../documents/library';
import { PageSearch } from '../documents/search';
import type { Messages } from './messages';
import { pickFrom } from './pick';
import type { CurrentSettings } from './settings';

/** The editor's Markdown preview as an editor of its own: it knows its file, and so do menus and links in it. */
const PREVIEW = 'vscode.markdown.preview.editor';

/** Shows pages of the documents inside the editor, in its Markdown preview. */
export class Viewer implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly pages: PageSearch;
  private hasToldMenus = false;

  constructor(
    private readonly library: Library,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
  ) {
    this.pages = new PageSearch(library);
    this.subscription = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => this.tellMenus(opened));
    this.tellMenus(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Menus cannot look into pages: they are told which ones have a snippet, once there is a page to be read. */
  private tellMenus(tabs: readonly vscode.Tab[]): void {
    if (this.hasToldMenus || !tabs.some((tab) => uriOf(tab)?.path.includes(PAGES_FOLDER))) return;
    this.hasToldMenus = true;
    const offering = this.library.pages('en').filter(({ snippets }) => Object.keys(snippets).length > 0);
    const names = offering.map(({ id }) => `${id}.md`);
    void vscode.commands.executeCommand('setContext', 'asyncPatterns.pagesWithSnippet', names);
  }

  /** Opens the page with an id: where pages are being read already, else beside the code, if there is any. */
  async open(id: string): Promise<void> {
    const file = this.library.file(id, this.settings.value.language);
    if (file === undefined) {
      const text = this.messages.t('There is no page on "{id}".', { id });
      void vscode.window.showWarningMessage(text);
      return;
    }
    const viewColumn =
      this.readingColumn() ??
      (vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active);
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), PREVIEW, {
      viewColumn,
      preview: true,
    });
  }

  /** The page that is being read, or the one that a menu was opened on. */
  current(chosen?: unknown): BundledPage | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const uri = chosen instanceof vscode.Uri ? chosen : uriOf(tab);
    return uri && this.library.pageOf(uri.fsPath, this.settings.value.language);
  }

  /** Lets the user pick a page, beginning with a query, by words of its title, its summary or another name, in any of the languages. */
  async search(query = ''): Promise<void> {
    const { language } = this.settings.value;
    const picker = vscode.window.createQuickPick<PageItem>();
    picker.placeholder = this.messages.t('What would you like to read about?');
    picker.value = query;
    const show = () => {
      const pages = this.pages.find(picker.value, language);
      picker.items = picker.value.trim() === '' ? this.grouped(pages) : pages.map(toItem);
    };
    show();
    picker.onDidChangeValue(show);
    const page = await pickFrom(picker, (item) => item.page);
    if (page) await this.open(page.id);
  }

  private grouped(pages: readonly BundledPage[]): PageItem[] {
    const titles = { concept: this.messages.t('Concepts'), rule: this.messages.t('Rules') };
    return (['concept', 'rule'] as const).flatMap((kind) => [
      { label: titles[kind], kind: vscode.QuickPickItemKind.Separator },
      ...pages.filter((page) => page.kind === kind).map(toItem),
    ]);
  }

  private readingColumn(): vscode.ViewColumn | undefined {
    const isPage = (tab: vscode.Tab) => {
      const uri = uriOf(tab);
      return uri !== undefined && this.library.pageOf(uri.fsPath, 'en') !== undefined;
    };
    return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isPage))?.viewColumn;
  }
}

function uriOf(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  return tab?.input instanceof vscode.TabInputCustom || tab?.input instanceof vscode.TabInputText
    ? tab.input.uri
    : undefined;
}

type PageItem = vscode.QuickPickItem & { readonly page?: BundledPage };

/** Always shown: the search has chosen it, perhaps by a word of another language that the item does not show. */
function toItem(page: BundledPage): PageItem {
  return {
    page,
    label: `$(${page.kind === 'rule' ? 'warning' : 'book'}) ${page.title}`,
    description: page.kind === 'rule' ? page.id : page.synonyms.slice(0, 3).join(', '),
    detail: page.summary,
    alwaysShow: true,
  };
}
