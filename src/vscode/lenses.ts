import * as vscode from 'vscode';
import type { Engines } from './analysis';
import { toRange } from './convert';
import type { Findings } from './findings';
import type { Messages } from './messages';
import type { CurrentSettings } from './settings';

/** A line above each async function: awaits, fan-outs, what blocks, promises nobody handles. Off by default. */
export class LensProvider implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly engines: Engines,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
    findings: Findings,
  ) {
    this.subscriptions = [
      settings.onDidChange(() => this.changed.fire()),
      // An edit elsewhere can change what blocks here.
      findings.onDidUpdate(() => {
        if (this.settings.value.codeLens) this.changed.fire();
      }),
    ];
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    const { codeLens, enabled } = this.settings.value;
    if (!codeLens || !enabled) return [];
    const { version } = document;
    const answer = await this.engines.request('lenses', document, {});
    if (!answer || token.isCancellationRequested || document.version !== version) return [];
    return answer.lenses.flatMap(({ range, parts }) =>
      parts.map(({ text, places }) => {
        const at = toRange(range);
        const locations = places.map((place) => new vscode.Location(document.uri, toRange(place)));
        const title = this.messages.text(text);
        return new vscode.CodeLens(
          at,
          locations.length > 0
            ? {
                title,
                command: 'editor.action.peekLocations',
                arguments: [document.uri, at.start, locations, 'peek'],
              }
            : { title, command: '' },
        );
      }),
    );
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
