import type ts from 'typescript';
import type { Config } from '../../core/config';
import type { Finding } from '../../core/finding';
import type { Rule } from '../../core/rule';
import type { Engine, EngineProject, EngineRequest, FileAnalysis } from '../cli/engine';
import { ClassicAnalyser } from './analyser';
import { ProgramLoader, type OpenedProgram } from './project';

/** The classic API of TypeScript up to 6.0, in this process. */
export class ClassicEngine implements Engine {
  private readonly loader: ProgramLoader;
  private readonly analyser: ClassicAnalyser;

  constructor(tsc: typeof ts, rules: readonly Rule[]) {
    this.loader = new ProgramLoader(tsc);
    this.analyser = new ClassicAnalyser(tsc, rules);
  }

  *open(request: EngineRequest): Generator<EngineProject> {
    for (const opened of this.loader.open(request)) yield new ClassicProject(this.analyser, opened);
  }

  close(): void {
    // Nothing is held but memory.
  }
}

class ClassicProject implements EngineProject {
  readonly files: readonly string[];
  private readonly program: ts.Program;

  constructor(
    private readonly analyser: ClassicAnalyser,
    { program, files }: OpenedProgram,
  ) {
    this.program = program;
    this.files = files.map(({ fileName }) => fileName);
  }

  *analyse(files: readonly string[], configOf: (file: string) => Config): Generator<FileAnalysis> {
    for (const file of files) {
      const sourceFile = this.program.getSourceFile(file);
      if (sourceFile)
        yield { file, analysis: this.analyser.analyse(this.program, sourceFile, configOf(file)) };
    }
  }

  fixesOf(findings: readonly Finding[]) {
    return findings.map((finding) => this.analyser.fixesOf(this.program, finding));
  }

  textOf(file: string): string | undefined {
    return this.program.getSourceFile(file)?.text;
  }

  dependencies(): string[] {
    return this.program.getSourceFiles().map(({ fileName }) => fileName);
  }
}
