import * as vscode from 'vscode';
import { isSupported } from './selector';

/** The editor with code that somebody was last in, also while a page or the walkthrough has the focus. */
export class LastEditor implements vscode.Disposable {
  private last = supported(vscode.window.activeTextEditor);
  private readonly subscription = vscode.window.onDidChangeActiveTextEditor((editor) => {
    this.last = supported(editor) ?? this.last;
  });

  /** Undefined when it was closed or hidden since. */
  get value(): vscode.TextEditor | undefined {
    const { last } = this;
    if (!last || last.document.isClosed) return undefined;
    // An editor that was hidden and shown again is another object.
    return vscode.window.visibleTextEditors.find(({ document }) => document === last.document);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

function supported(editor: vscode.TextEditor | undefined): vscode.TextEditor | undefined {
  return editor && isSupported(editor.document) ? editor : undefined;
}
