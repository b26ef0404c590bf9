import * as vscode from 'vscode';
import type { Library } from '../documents/library';
import type { DiagnosticsResult } from '../core/protocol';
import type { Engines } from './analysis';
import { ruleOf, toDiagnostic } from './convert';
import type { Messages } from './messages';
import { Queue } from './queue';
import { isSupported } from './selector';
import type { CurrentSettings } from './settings';

const AFTER_OPENING_MS = 50;
const AFTER_TYPING_MS = 250;
/** Documents that may depend on the one being typed in wait until it has been judged itself. */
const VISIBLE_DEPENDENT_MS = 700;
const HIDDEN_DEPENDENT_MS = 2_000;
/** A TS server hears of changes on disk from its own watchers, a little later than the editor. */
const AFTER_DISK_CHANGE_MS = 1_500;
const RETRIES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Shows the findings of every open document and keeps them up to date. */
export class Findings implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('async-patterns');
  private readonly results = new Map<string, DiagnosticsResult>();
  private readonly retries = new Map<string, number>();
  private readonly notes = new Map<string, string>();
  private readonly updated = new vscode.EventEmitter<vscode.Uri>();
  private readonly queue = new Queue<vscode.TextDocument>({
    carryOut: (document) => this.refresh(document),
    keyOf: (document) => document.uri.toString(),
    urgencyOf: (document) => this.urgency(document),
    // A TS server that opens a large project keeps nobody waiting for Python.
    laneOf: (document) => this.engines.of(document),
  });

  /** Fires with a document whose findings were set or cleared. */
  readonly onDidUpdate = this.updated.event;

  constructor(
    private readonly engines: Engines,
    private readonly settings: CurrentSettings,
    private readonly messages: Messages,
    private readonly library: Library,
    private readonly log: vscode.LogOutputChannel,
    private readonly reportProblems: (problems: DiagnosticsResult['problems']) => void,
  ) {}

  of(document: vscode.Uri): readonly vscode.Diagnostic[] {
    return this.collection.get(document) ?? [];
  }

  /** What the engine says of the open document with a URI; undefined where it has not been judged (yet). */
  resultOf(uri: string): DiagnosticsResult | undefined {
    return this.results.get(uri);
  }

  /** Every finding of every open document. */
  all(): { readonly uri: vscode.Uri; readonly diagnostic: vscode.Diagnostic }[] {
    const found: { uri: vscode.Uri; diagnostic: vscode.Diagnostic }[] = [];
    this.collection.forEach((uri, diagnostics) => {
      for (const diagnostic of diagnostics) found.push({ uri, diagnostic });
    });
    return found;
  }

  /** How many findings there are of each rule that has some. */
  countByRule(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { diagnostic } of this.all()) {
      const rule = ruleOf(diagnostic);
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
    return counts;
  }

  /** True while a document waits for its findings or they are being computed. */
  isPending(document: vscode.Uri): boolean {
    return this.queue.has(document.toString());
  }

  opened(document: vscode.TextDocument): void {
    this.schedule(document, AFTER_OPENING_MS);
  }

  changed(document: vscode.TextDocument): void {
    if (!isSupported(document)) return;
    this.schedule(document, AFTER_TYPING_MS);
    for (const other of this.tracked()) {
      if (other === document || isPython(other) !== isPython(document)) continue;
      this.schedule(other, this.isVisible(other) ? VISIBLE_DEPENDENT_MS : HIDDEN_DEPENDENT_MS);
    }
  }

  changedOnDisk(file: vscode.Uri): void {
    // An open document speaks for itself: its text in the editor is what counts.
    if (this.tracked().some((document) => document.uri.toString() === file.toString())) return;
    // The language server tells by itself what changes on disk mean for Python.
    for (const document of this.tracked())
      if (!isPython(document)) this.schedule(document, AFTER_DISK_CHANGE_MS);
  }

  closed(document: vscode.TextDocument): void {
    this.forget(document.uri);
    this.queue.remove(document.uri.toString());
  }

  /** Computes everything anew, for other settings or another engine. */
  refreshAll(): void {
    if (!this.settings.value.enabled) {
      for (const document of this.tracked()) this.closed(document);
      return;
    }
    this.retries.clear();
    for (const document of this.tracked()) this.schedule(document, 0);
  }

  /** The engine of a language knows more now: its documents are asked about again. */
  refreshLanguage(languageId: string): void {
    for (const document of this.tracked())
      if (document.languageId === languageId) this.schedule(document, AFTER_OPENING_MS);
  }

  /** Shows known findings anew, in another language. */
  retranslate(): void {
    for (const document of this.tracked()) {
      const result = this.results.get(document.uri.toString());
      if (result) this.show(document.uri, result);
    }
  }

  dispose(): void {
    this.queue.dispose();
    this.collection.dispose();
    this.updated.dispose();
  }

  private tracked(): vscode.TextDocument[] {
    return vscode.workspace.textDocuments.filter((document) => isSupported(document));
  }

  private isVisible(document: vscode.TextDocument): boolean {
    return vscode.window.visibleTextEditors.some((editor) => editor.document === document);
  }

  private urgency(document: vscode.TextDocument): number {
    if (vscode.window.activeTextEditor?.document === document) return 0;
    return this.isVisible(document) ? 1 : 2;
  }

  private schedule(document: vscode.TextDocument, delayMs: number): void {
    if (this.settings.value.enabled && isSupported(document)) this.queue.add(document, delayMs);
  }

  private async refresh(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed || !this.settings.value.enabled) return;
    const { uri, version } = document;
    const result = await this.engines.request('diagnostics', document, {});
    if (!this.isCurrent(document, version)) {
      // Not every new version comes with an event about it: another kind of line ends does not.
      if (document.version !== version) this.schedule(document, AFTER_TYPING_MS);
      return;
    }
    if (result) {
      this.retries.delete(uri.toString());
      this.results.set(uri.toString(), result);
      this.show(uri, result);
      this.note(uri, result.note);
      this.reportProblems(result.problems);
      return;
    }
    const attempt = this.retries.get(uri.toString()) ?? 0;
    const delay = RETRIES_MS[attempt];
    if (delay === undefined) return;
    this.retries.set(uri.toString(), attempt + 1);
    this.schedule(document, delay);
  }

  /** False where the document or the settings have moved on while the engine was at work. */
  private isCurrent(document: vscode.TextDocument, version: number): boolean {
    return !document.isClosed && document.version === version && this.settings.value.enabled;
  }

  private show(uri: vscode.Uri, result: DiagnosticsResult): void {
    const pageOf = (rule: string) => {
      const file = this.library.file(rule, this.settings.value.language);
      return file === undefined ? undefined : vscode.Uri.file(file);
    };
    const diagnostics = result.diagnostics.map((d) => toDiagnostic(d, uri, this.messages, pageOf));
    this.collection.set(uri, diagnostics);
    this.updated.fire(uri);
  }

  private forget(uri: vscode.Uri): void {
    this.results.delete(uri.toString());
    this.retries.delete(uri.toString());
    this.notes.delete(uri.toString());
    this.collection.delete(uri);
    this.updated.fire(uri);
  }

  private note(uri: vscode.Uri, note: string | undefined): void {
    if (note === undefined) this.notes.delete(uri.toString());
    else if (this.notes.get(uri.toString()) !== note) {
      this.notes.set(uri.toString(), note);
      this.log.info(`${vscode.workspace.asRelativePath(uri)}: ${note}`);
    }
  }
}

function isPython(document: vscode.TextDocument): boolean {
  return document.languageId === 'python';
}
