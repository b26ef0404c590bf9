import type { Config } from '../../core/config';
import type { Finding } from '../../core/finding';
import type { Rule } from '../../core/rule';
import { PythonParser, type ParserBinaries } from '../../languages/python/parser';
import { Workspace } from '../../languages/python/workspace';
import type { Engine, EngineProject, EngineRequest, FileAnalysis } from '../cli/engine';
import { readSource } from '../server/project';
import { Targets } from '../server/target';
import { PythonAnalyser } from './analyser';

export interface PythonEngineOptions {
  readonly binaries: ParserBinaries;
  readonly rules: readonly Rule[];
  /** The Python files of the whole project: modules that the requested files may import. */
  readonly modules: readonly string[];
  /** Receives a sentence about what could not be read. */
  readonly report: (text: string) => void;
}

/** All Python files are one project: imports are resolved from where each file is. */
export class PythonEngine implements Engine, EngineProject {
  private readonly workspace: Workspace;
  private readonly analyser: PythonAnalyser;
  private readonly targets: Targets;
  private overlay: ReadonlyMap<string, string> = new Map();
  files: readonly string[] = [];

  private constructor(parser: PythonParser, options: PythonEngineOptions) {
    this.workspace = new Workspace(parser, {
      read: (file) => this.overlay.get(file) ?? readSource(file)?.replace(/^\uFEFF/, ''),
    });
    this.workspace.add(options.modules);
    this.analyser = new PythonAnalyser(this.workspace, options.rules);
    this.targets = new Targets(options.report);
  }

  /** Loads the parser. */
  static async load(options: PythonEngineOptions): Promise<PythonEngine> {
    return new PythonEngine(await PythonParser.load(options.binaries), options);
  }

  open({ files, overlay }: EngineRequest): readonly EngineProject[] {
    const changed = [...overlay].filter(([file, text]) => this.overlay.get(file) !== text);
    this.overlay = overlay;
    for (const [file] of changed) this.workspace.touch(file);
    this.files = files;
    this.workspace.add(files);
    return files.length > 0 ? [this] : [];
  }

  close(): void {
    // The parser goes with the process.
  }

  *analyse(files: readonly string[], configOf: (file: string) => Config): Generator<FileAnalysis> {
    for (const file of files) {
      const config = configOf(file);
      const { version, freeThreaded } = this.targets.under(config, file);
      const analysis = this.analyser.analyse(file, config, version, freeThreaded);
      if (analysis) yield { file, analysis };
    }
  }

  fixesOf(findings: readonly Finding[]) {
    return findings.map((finding) => this.analyser.fixesOf(finding));
  }

  textOf(file: string): string | undefined {
    return this.workspace.lowered(file)?.facts.text;
  }

  dependencies(): string[] {
    return [...this.workspace.fileNames];
  }
}
