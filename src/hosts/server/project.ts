import { readFileSync, statSync } from 'node:fs';
import type { Analysis } from '../../core/engine';
import type {
  CodeActionsResult,
  DiagnosticsResult,
  FixAllResult,
  HoverResult,
  LensesResult,
} from '../../core/protocol';
import { reasonOf } from '../../core/reason';
import type { Rule } from '../../core/rule';
import { lensesOf } from '../../core/lenses';
import { LineMap, type Position, type Range } from '../../core/text';
import { anchorAt } from '../../languages/python/anchors';
import type { PythonParser } from '../../languages/python/parser';
import { Workspace } from '../../languages/python/workspace';
import type { Notes } from '../../notes';
import {
  diagnosticsIn,
  fixAllIn,
  codeActionsIn,
  toHover,
  toLenses,
  type AnalysedFile,
  type SentDiagnostic,
} from '../answers';
import { uriOf, type Locate } from '../lsp';
import { PythonAnalyser } from '../python/analyser';
import { OpenDocument, type OpenModule, type ReceivedChange } from './documents';
import type { OpenNotebook } from './notebook';
import type { ServerSettings } from './settings';
import { Targets } from './target';

/** Nobody writes a file this long; generated ones would only cost memory. */
const LARGEST_FILE = 2_000_000;

interface Current {
  readonly generation: number;
  readonly settings: ServerSettings;
  readonly analysis: Analysis;
}

/** The Python files of all folders of the editor: those that are open, and those on disk that they lead to. */
export class Project {
  readonly workspace: Workspace;
  readonly targets: Targets;
  private readonly analyser: PythonAnalyser;
  /** By the URI of every document; a notebook is there once for each cell. */
  private readonly modules = new Map<string, OpenModule>();
  private readonly latest = new Map<string, Current>();

  /**
   * @param settings those in force for a file.
   * @param report receives what goes wrong, as one sentence each.
   */
  constructor(
    parser: PythonParser,
    rules: readonly Rule[],
    private readonly settings: (file: string) => ServerSettings,
    private readonly report: (text: string) => void,
  ) {
    this.workspace = new Workspace(parser, { read: readSource });
    this.analyser = new PythonAnalyser(this.workspace, rules);
    this.targets = new Targets(report);
  }

  open(uri: string, version: number, text: string): void {
    const document = new OpenDocument(uri, version, text);
    this.modules.set(uri, document);
    this.workspace.setText(document.file, text);
  }

  change(uri: string, version: number, changes: readonly ReceivedChange[]): void {
    const document = this.modules.get(uri);
    if (!(document instanceof OpenDocument)) return;
    this.workspace.edit(document.file, document.apply(changes, version));
  }

  close(uri: string): void {
    const document = this.modules.get(uri);
    if (!(document instanceof OpenDocument)) return;
    this.modules.delete(uri);
    this.forget(document.file);
  }

  /** A notebook was opened or has changed; replaces what was known of it. */
  setNotebook(notebook: OpenNotebook): void {
    this.removeNotebook(notebook.file, false);
    for (const uri of notebook.uris) this.modules.set(uri, notebook);
    this.workspace.setText(notebook.file, notebook.text);
  }

  removeNotebook(file: string, closed = true): void {
    for (const [uri, open] of this.modules) if (open.file === file) this.modules.delete(uri);
    if (closed) this.forget(file);
  }

  /** The URIs of all open documents. */
  get uris(): string[] {
    return [...this.modules.keys()];
  }

  /** The file that an open document is, or is part of. */
  fileOf(uri: string): string | undefined {
    return this.modules.get(uri)?.file;
  }

  isOpen(file: string): boolean {
    for (const open of this.modules.values()) if (open.file === file) return true;
    return false;
  }

  versionOf(uri: string): number | undefined {
    return this.modules.get(uri)?.versionOf(uri);
  }

  /** Undefined for a document that is not open (yet). */
  diagnostics(uri: string): DiagnosticsResult | undefined {
    const open = this.modules.get(uri);
    if (!open) return undefined;
    const { problems } = this.settings(open.file);
    const note = this.skipReason(open);
    if (note !== undefined) return { diagnostics: [], problems, note };
    const analysed = this.analysed(open);
    return { diagnostics: analysed ? diagnosticsIn(analysed, uri) : [], problems };
  }

  codeActions(uri: string, range: Range, only: readonly string[] | undefined): CodeActionsResult {
    const open = this.modules.get(uri);
    const span = open?.spanOf(uri, range);
    if (!open || !span) return { actions: [] };
    const analysed = this.analysed(open);
    return { actions: analysed ? codeActionsIn(analysed, span, only) : [] };
  }

  /** All safe fixes of one document that can be applied together. */
  fixAll(uri: string): FixAllResult {
    const open = this.modules.get(uri);
    const analysed = open && this.analysed(open);
    return analysed ? fixAllIn(analysed, uri) : { edits: [], fixes: [] };
  }

  hover(uri: string, position: Position): HoverResult {
    const open = this.modules.get(uri);
    const span = open?.spanOf(uri, { start: position, end: position });
    if (!open || !span) return {};
    const anchor = anchorAt(this.workspace, open.file, span.start);
    const anchors = anchor?.names ?? [];
    const notes = this.notesAt(open, span.start, anchors);
    const word = anchor?.span ?? notes?.span;
    const at = word && open.locate(word);
    return at ? { hover: toHover(at.range, 'python', anchors, notes) } : {};
  }

  lenses(uri: string): LensesResult {
    const open = this.modules.get(uri);
    const analysis = open && this.skipReason(open) === undefined ? this.analysisOf(open.file) : undefined;
    if (!open || !analysis) return { lenses: [] };
    return toLenses(lensesOf(analysis.facts, analysis.findings), (span) => {
      const at = open.locate(span);
      return at?.uri === uri ? at.range : undefined;
    });
  }

  /** A hover without its notes is better than none. */
  private notesAt(open: OpenModule, offset: number, anchors: readonly string[]): Notes | undefined {
    if (this.skipReason(open) !== undefined) return undefined;
    try {
      return this.analyser.notesAt(open.file, offset, anchors);
    } catch (error) {
      const reason = reasonOf(error);
      this.report(`The notes of a hover failed: ${reason}`);
      return undefined;
    }
  }

  /** The findings at a position, for hovers. */
  findingsAt(uri: string, { line, character }: Position): SentDiagnostic[] {
    return (this.diagnostics(uri)?.diagnostics ?? []).filter(
      ({ range: { start, end } }) =>
        (start.line < line || (start.line === line && start.character <= character)) &&
        (line < end.line || (line === end.line && character <= end.character)),
    );
  }

  private analysed(open: OpenModule): AnalysedFile | undefined {
    if (this.skipReason(open) !== undefined) return undefined;
    const analysis = this.analysisOf(open.file);
    return (
      analysis && {
        file: open.file,
        findings: analysis.findings,
        locate: this.locator(open),
        fixesOf: (finding) => this.analyser.fixesOf(finding),
      }
    );
  }

  private analysisOf(file: string): Analysis | undefined {
    const settings = this.settings(file);
    const known = this.latest.get(file);
    if (known?.generation === this.workspace.generation && known.settings === settings) return known.analysis;
    const { version, freeThreaded } = this.targets.under(settings.config, file);
    const analysis = this.analyser.analyse(file, settings.config, version, freeThreaded);
    if (!analysis) return undefined;
    for (const { rule, error } of analysis.failures) {
      const reason = reasonOf(error);
      this.report(`Rule ${rule} failed: ${reason}`);
    }
    this.latest.set(file, { generation: this.workspace.generation, settings, analysis });
    return analysis;
  }

  private locator(open: OpenModule): Locate {
    const maps = new Map<string, LineMap>();
    return (file, span) => {
      if (file === open.file) return open.locate(span);
      for (const other of this.modules.values()) if (other.file === file) return other.locate(span);
      let map = maps.get(file);
      if (!map) {
        const text = this.workspace.lowered(file)?.facts.text;
        if (text === undefined) return undefined;
        maps.set(file, (map = new LineMap(text)));
      }
      return { uri: uriOf(file), range: map.rangeOf(span) };
    };
  }

  private skipReason(open: OpenModule): string | undefined {
    const { maxLines, ignored, source } = this.settings(open.file);
    if (ignored) return `ignored by ${source ?? 'its settings'}`;
    const lines = open.uris.reduce((sum, uri) => sum + (open.lineCountOf(uri) ?? 0), 0);
    return lines > maxLines
      ? `skipped: ${lines} lines are more than asyncPatterns.maxLines (${maxLines})`
      : undefined;
  }

  private forget(file: string): void {
    this.latest.delete(file);
    this.workspace.close(file);
    // A file that is on disk stays a module of the project; a buffer or a deleted file does not.
    if (readSource(file) === undefined) this.workspace.remove(file);
  }
}

/** Text of a file on disk; undefined where there is none, or too much. */
export function readSource(file: string): string | undefined {
  try {
    if (statSync(file).size > LARGEST_FILE || !file.endsWith('.py')) return undefined;
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
