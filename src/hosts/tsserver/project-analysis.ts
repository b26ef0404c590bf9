import type ts from 'typescript';
import type { Config } from '../../core/config';
import type { Analysis } from '../../core/engine';
import type { Finding, Fix } from '../../core/finding';
import { lensesOf } from '../../core/lenses';
import { reasonOf } from '../../core/reason';
import { LineMap, type Range } from '../../core/text';
import { anchorAt } from '../../languages/typescript/anchors';
import { CheckedTypes } from '../../languages/typescript/checked-types';
import type { Rule } from '../../core/rule';
import type { Notes } from '../../notes';
import { codeActionsIn, diagnosticsIn, fixAllIn, toHover, toLenses, type AnalysedFile } from '../answers';
import { ClassicAnalyser } from '../classic/analyser';
import type { FromFile } from '../config/layered';
import { uriOf } from '../lsp';
import type {
  CodeActionsResult,
  DiagnosticsResult,
  FixAllResult,
  HoverResult,
  LensesResult,
} from '../../core/protocol';

type TypeScript = typeof ts;

/** What the plugin knows apart from the project: read anew at each request, so that settings need no restart. */
export interface Settings {
  readonly config: Config;
  readonly problems: DiagnosticsResult['problems'];
  readonly maxLines: number;
}

interface Current {
  readonly settings: Settings;
  readonly analysis: Analysis;
}

/** The findings of one tsserver project; the latest analysis of a file is kept for the requests that follow it. */
export class ProjectAnalysis {
  private readonly analyser: ClassicAnalyser;
  // Hangs on the program, so that an old one and all that is known about it can go together.
  private readonly latest = new WeakMap<ts.Program, Map<ts.SourceFile, Current>>();

  /**
   * @param settings those in force for a file.
   * @param report receives what goes wrong, once per rule.
   */
  constructor(
    private readonly tsc: TypeScript,
    rules: readonly Rule[],
    private readonly settings: (file: string) => Settings & FromFile,
    private readonly report: (text: string) => void,
  ) {
    // An editor asks for the errors of TypeScript first.
    this.analyser = new ClassicAnalyser(tsc, rules, CheckedTypes);
  }

  /** Why a file is not analysed, if so. */
  skipReason(sourceFile: ts.SourceFile): string | undefined {
    const { maxLines, ignored, source } = this.settings(sourceFile.fileName);
    if (ignored) return `ignored by ${source ?? 'its settings'}`;
    const lines = sourceFile.getLineStarts().length;
    if (lines > maxLines) return `skipped: ${lines} lines are more than asyncPatterns.maxLines (${maxLines})`;
    return undefined;
  }

  analysis(program: ts.Program, sourceFile: ts.SourceFile): Analysis {
    const settings = this.settings(sourceFile.fileName);
    let ofProgram = this.latest.get(program);
    if (!ofProgram) this.latest.set(program, (ofProgram = new Map<ts.SourceFile, Current>()));
    const known = ofProgram.get(sourceFile);
    if (known?.settings === settings) return known.analysis;
    const analysis = this.analyser.analyse(program, sourceFile, settings.config);
    for (const { rule, error } of analysis.failures) {
      this.report(`rule ${rule} failed: ${reasonOf(error)}`);
    }
    ofProgram.set(sourceFile, { settings, analysis });
    return analysis;
  }

  fixesOf(program: ts.Program, finding: Finding): Fix[] {
    return this.analyser.fixesOf(program, finding);
  }

  diagnostics(program: ts.Program, sourceFile: ts.SourceFile): DiagnosticsResult {
    const { problems } = this.settings(sourceFile.fileName);
    const note = this.skipReason(sourceFile);
    if (note !== undefined) return { diagnostics: [], note, problems };
    return { diagnostics: diagnosticsIn(this.analysed(program, sourceFile)), problems };
  }

  codeActions(
    program: ts.Program,
    sourceFile: ts.SourceFile,
    range: Range,
    only: readonly string[] | undefined,
  ): CodeActionsResult {
    if (this.skipReason(sourceFile) !== undefined) return { actions: [] };
    const { lines } = this.analysis(program, sourceFile);
    const span = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
    return { actions: codeActionsIn(this.analysed(program, sourceFile), span, only) };
  }

  /** All safe fixes of a file that can be applied together. */
  fixAll(program: ts.Program, sourceFile: ts.SourceFile): FixAllResult {
    if (this.skipReason(sourceFile) !== undefined) return { edits: [], fixes: [] };
    return fixAllIn(this.analysed(program, sourceFile));
  }

  hover(program: ts.Program, sourceFile: ts.SourceFile, line: number, character: number): HoverResult {
    const lines = new LineMap(sourceFile.text);
    const offset = lines.offsetAt({ line, character });
    const anchor = anchorAt(this.tsc, program, sourceFile, offset);
    const anchors = anchor?.names ?? [];
    const notes = this.notesAt(program, sourceFile, offset, anchors);
    const span = anchor?.span ?? notes?.span;
    return span ? { hover: toHover(lines.rangeOf(span), 'typescript', anchors, notes) } : {};
  }

  lenses(program: ts.Program, sourceFile: ts.SourceFile): LensesResult {
    if (this.skipReason(sourceFile) !== undefined) return { lenses: [] };
    const { facts, findings, lines } = this.analysis(program, sourceFile);
    return toLenses(lensesOf(facts, findings), (span) => lines.rangeOf(span));
  }

  /** A hover without its notes is better than none. */
  private notesAt(
    program: ts.Program,
    sourceFile: ts.SourceFile,
    offset: number,
    anchors: readonly string[],
  ): Notes | undefined {
    if (this.skipReason(sourceFile) !== undefined) return undefined;
    try {
      return this.analyser.notesAt(program, sourceFile, offset, anchors);
    } catch (error) {
      if (error instanceof this.tsc.OperationCanceledException) throw error;
      this.report(`notes failed: ${reasonOf(error)}`);
      return undefined;
    }
  }

  private analysed(program: ts.Program, sourceFile: ts.SourceFile): AnalysedFile {
    const { findings, lines } = this.analysis(program, sourceFile);
    const maps = new Map([[sourceFile.fileName, lines]]);
    return {
      file: sourceFile.fileName,
      findings,
      locate: (file, span) => {
        let map = maps.get(file);
        if (!map) {
          const other = program.getSourceFile(file);
          if (other) maps.set(file, (map = new LineMap(other.text)));
        }
        return map && { uri: uriOf(file), range: map.rangeOf(span) };
      },
      fixesOf: (finding) => this.fixesOf(program, finding),
    };
  }
}
