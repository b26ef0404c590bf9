import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type ts from 'typescript';
import { InputError, type EngineRequest } from '../cli/engine';
import { planProjects, type ParsedConfig } from '../cli/projects';

type TypeScript = typeof ts;

/** A program and those of the requested files that it is in charge of. */
export interface OpenedProgram {
  readonly program: ts.Program;
  readonly files: readonly ts.SourceFile[];
}

/** Options for files that belong to no project: what an editor assumes for a lone file. */
const LOOSE_OPTIONS = {
  allowJs: true,
  checkJs: false,
  noEmit: true,
  skipLibCheck: true,
  maxNodeModuleJsDepth: 0,
};

/** Opens TypeScript programs from disk; what they share, and what the next round of fixing leaves alone, is parsed once. */
export class ProgramLoader {
  private readonly configs = new Map<string, ts.ParsedCommandLine>();
  private readonly sources = new Map<string, { text: string; sourceFile: ts.SourceFile }>();

  private readonly registry: ts.DocumentRegistry;

  constructor(private readonly tsc: TypeScript) {
    this.registry = tsc.createDocumentRegistry();
  }

  /**
   * Creates the programs that hold some files, one at a time.
   * @throws InputError for a configuration that cannot be read.
   */
  *open(request: EngineRequest): Generator<OpenedProgram> {
    const { tsc } = this;
    const plan = planProjects(request, (config) => this.parse(config));
    const rest = new Set(plan.rest);
    for (const { config, files } of plan.projects) {
      const { options, fileNames, projectReferences } = this.read(config);
      const program = this.create(request, {
        rootNames: fileNames,
        options: { ...options, noEmit: true, skipLibCheck: true },
        ...(projectReferences && { projectReferences }),
      });
      const imported = program
        .getSourceFiles()
        .filter((file) => rest.has(file.fileName) && !program.isSourceFileFromExternalLibrary(file));
      for (const file of imported) rest.delete(file.fileName);
      const own = files.flatMap((file) => program.getSourceFile(file) ?? []);
      if (own.length + imported.length > 0) yield { program, files: [...own, ...imported] };
    }
    if (rest.size === 0) return;
    const program = this.create(request, {
      rootNames: [...rest],
      options: {
        ...LOOSE_OPTIONS,
        target: tsc.ScriptTarget.ESNext,
        module: tsc.ModuleKind.ESNext,
        moduleResolution: tsc.ModuleResolutionKind.Bundler,
      },
    });
    yield { program, files: [...rest].flatMap((file) => program.getSourceFile(file) ?? []) };
  }

  private create({ overlay }: EngineRequest, options: ts.CreateProgramOptions): ts.Program {
    const { tsc } = this;
    const host = tsc.createCompilerHost(options.options, false);
    const readFile = host.readFile.bind(host);
    host.readFile = (file) => overlay.get(file) ?? readFile(file);
    // References lead to sources, as in an editor: the outputs of other projects need not have been built.
    Object.assign(host, { useSourceOfProjectReferenceRedirect: () => true });
    // Programs share a source file only where they would parse and bind it alike.
    const key = this.registry.getKeyForCompilationSettings(options.options);
    const parse = host.getSourceFile.bind(host);
    host.getSourceFile = (file, language, ...rest) => {
      const format =
        typeof language === 'object' ? [language.languageVersion, language.impliedNodeFormat] : [language];
      const id = [file, format, key].join('\0');
      const text = host.readFile(file);
      const known = this.sources.get(id);
      if (known && known.text === text) return known.sourceFile;
      const sourceFile = parse(file, language, ...rest);
      if (sourceFile && text !== undefined) this.sources.set(id, { text, sourceFile });
      return sourceFile;
    };
    return tsc.createProgram({ ...options, host });
  }

  private parse(config: string): ParsedConfig {
    const { tsc } = this;
    const { fileNames, projectReferences = [], options } = this.read(config);
    const references = projectReferences.map((reference) => {
      const path = tsc.resolveProjectReferencePath(reference);
      if (!existsSync(path))
        throw new InputError(`${config}: the referenced ${reference.path} does not exist.`);
      return path;
    });
    const outputs = [options.outDir, options.declarationDir].filter(
      // A project that compiles into its own folder has its sources there.
      (folder): folder is string => folder !== undefined && folder !== dirname(config),
    );
    return { fileNames, references, outputs };
  }

  private read(config: string): ts.ParsedCommandLine {
    const known = this.configs.get(config);
    if (known) return known;
    const { tsc } = this;
    const { sys } = tsc;
    const explain = (diagnostic: ts.Diagnostic) => {
      const reason = tsc.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/\.?$/, '.');
      return new InputError(`${config}: ${reason} Correct the file or pass another with --tsconfig.`);
    };
    if (!existsSync(config)) throw new InputError(`${config}: no such file; check --tsconfig.`);
    const read: { config?: unknown; error?: ts.Diagnostic } = tsc.readConfigFile(config, (path) =>
      sys.readFile(path),
    );
    if (read.error) throw explain(read.error);
    const parsed = tsc.parseJsonConfigFileContent(
      read.config,
      sys,
      dirname(config),
      { noEmit: true },
      config,
    );
    // 18002 and 18003: no inputs, usual for solution-style configurations.
    const problem = parsed.errors.find(
      ({ category, code }) => category === tsc.DiagnosticCategory.Error && code !== 18002 && code !== 18003,
    );
    if (problem) throw explain(problem);
    this.configs.set(config, parsed);
    return parsed;
  }
}
