import type ts from 'typescript';
import { NativeChecker } from './checker';
import { Slot, type Requests } from './requests';
import type { Api, Ast, NativeTypeScript } from './typescript';

interface Diagnostic {
  readonly code: number;
  readonly start: number;
  readonly length: number;
}

/** A source file with what the classic API has on it and the native one tells on request. */
type SourceFile = Ast.SourceFile & { parseDiagnostics?: readonly Diagnostic[] };

/** The parts of the classic `ts.Program` that the oracle and the repairs use, over a project of the native TypeScript. */
export class NativeProgram {
  private readonly checker: NativeChecker;
  private readonly metadata = new Map<string, Slot<Api.SourceFileMetadata | undefined>>();
  private readonly diagnostics = new Map<string, Slot<readonly Diagnostic[]>>();

  constructor(
    private readonly native: NativeTypeScript,
    readonly project: Api.Project,
    private readonly requests: Requests,
  ) {
    this.checker = new NativeChecker(native.ast.isIdentifier, project, requests);
  }

  /** As the classic API types it. */
  asClassic(): ts.Program {
    return this as unknown as ts.Program;
  }

  /** Fetches the trees of files and their syntax errors. */
  fetchSourceFiles(names: readonly string[]): void {
    const { program } = this.project;
    const errors = new Map<string, Diagnostic[]>();
    for (const diagnostic of names.length > 0 ? program.getSyntacticDiagnostics(names) : []) {
      const { fileName = '' } = diagnostic;
      errors.set(fileName, [...(errors.get(fileName) ?? []), classic(diagnostic)]);
    }
    for (const name of names) {
      const file = this.getSourceFile(name);
      if (!file) continue;
      file.parseDiagnostics = errors.get(name) ?? [];
      const format = () => this.formatOf(name);
      Object.defineProperty(file, 'impliedNodeFormat', { get: format, configurable: true });
    }
  }

  getSourceFileNames(): readonly string[] {
    return this.project.program.getSourceFileNames();
  }

  /** A tree comes faster as a message of its own than in a batch, where it has to be text. */
  getSourceFile(name: string): SourceFile | undefined {
    return this.project.program.getSourceFile(name);
  }

  getTypeChecker(): NativeChecker {
    return this.checker;
  }

  getCompilerOptions(): Api.CompilerOptions {
    return this.project.program.getCompilerOptions();
  }

  isSourceFileDefaultLibrary(file: Ast.SourceFile): boolean {
    return this.metadataOf(file.fileName)?.isDefaultLibrary ?? false;
  }

  isSourceFileFromExternalLibrary(name: string): boolean {
    return this.metadataOf(name)?.isFromExternalLibrary ?? false;
  }

  /** As the classic API has it: only where Node's own rules decide. */
  private formatOf(name: string): Api.ModuleKind | undefined {
    const { ModuleKind } = this.native.api;
    const { module = ModuleKind.None } = this.getCompilerOptions();
    const isNodes = module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext;
    return isNodes ? this.metadataOf(name)?.impliedNodeFormat : undefined;
  }

  private metadataOf(name: string): Api.SourceFileMetadata | undefined {
    const { program } = this.project;
    return this.requests.ask(slotFor(this.metadata, name), () => program.getSourceFileMetadata.gen(name));
  }

  getSemanticDiagnostics(file: Ast.SourceFile): readonly Diagnostic[] {
    const { program } = this.project;
    const slot = slotFor(this.diagnostics, file.fileName);
    return this.requests.ask(
      slot,
      () => program.getSemanticDiagnostics.gen(file.fileName),
      (found) => found.map(classic),
    );
  }
}

function classic({ code, pos, end }: Api.Diagnostic): Diagnostic {
  return { code, start: pos, length: end - pos };
}

function slotFor<T>(slots: Map<string, Slot<T>>, name: string): Slot<T> {
  let slot = slots.get(name);
  if (!slot) slots.set(name, (slot = new Slot<T>()));
  return slot;
}
