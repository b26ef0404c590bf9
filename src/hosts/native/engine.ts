import type { Config } from '../../core/config';
import type { Finding, Fix } from '../../core/finding';
import type { Rule } from '../../core/rule';
import type { Engine, EngineProject, EngineRequest, FileAnalysis } from '../cli/engine';
import { planProjects } from '../cli/projects';
import { NativeAnalyser } from './analyser';
import { withFewCollections } from './collector';
import { NativeConfigs } from './configs';
import type { Api, NativeTypeScript } from './typescript';

/** The native TypeScript, in a process of its own that lives as long as the engine. */
export class NativeEngine implements Engine {
  private readonly api: Api.API;
  private readonly configs: NativeConfigs;

  /** @throws where the native program cannot be started here. */
  constructor(
    private readonly native: NativeTypeScript,
    private readonly rules: readonly Rule[],
  ) {
    this.api = withFewCollections(() => new native.api.API());
    this.configs = new NativeConfigs(native, this.api);
    // Ask one question, to know here whether the process answers.
    this.api.parseCommandLine([]);
  }

  *open(request: EngineRequest): Generator<EngineProject> {
    const plan = planProjects(request, (config) => this.configs.parse(config));
    const rest = new Set(plan.rest);
    const fileSystem = overlaid(request.overlay);
    for (const { config, files } of plan.projects) {
      const snapshot = this.api.createSnapshot({ openProjects: [config], ...fileSystem });
      try {
        const project = snapshot.getConfiguredProject(config);
        if (!project) continue;
        const analyser = new NativeAnalyser(this.native, this.api, project, this.rules);
        const names = new Set<string>(analyser.program.getSourceFileNames());
        const imported = [...rest].filter(
          (file) => names.has(file) && !analyser.program.isSourceFileFromExternalLibrary(file),
        );
        for (const file of imported) rest.delete(file);
        const own = files.filter((file) => names.has(file));
        if (own.length + imported.length > 0) yield new NativeProject(analyser, [...own, ...imported]);
      } finally {
        snapshot.dispose();
      }
    }
    if (rest.size === 0) return;
    const snapshot = this.api.createSnapshot({
      createPrograms: [{ rootFiles: [...rest], compilerOptions: this.looseOptions() }],
      ...fileSystem,
    });
    try {
      const [project] = snapshot.getProjects();
      if (project)
        yield new NativeProject(new NativeAnalyser(this.native, this.api, project, this.rules), [...rest]);
    } finally {
      snapshot.dispose();
    }
  }

  /** Options for files that belong to no project: what an editor assumes for a lone file. */
  private looseOptions(): Api.RawCompilerOptions {
    const { ScriptTarget } = this.native.ast;
    return {
      allowJs: true,
      checkJs: false,
      noEmit: true,
      skipLibCheck: true,
      maxNodeModuleJsDepth: 0,
      target: ScriptTarget.ESNext,
      module: this.native.api.ModuleKind.ESNext,
      moduleResolution: this.native.api.ModuleResolutionKind.Bundler,
    };
  }

  close(): void {
    this.api.close();
  }
}

class NativeProject implements EngineProject {
  constructor(
    private readonly analyser: NativeAnalyser,
    readonly files: readonly string[],
  ) {}

  analyse(files: readonly string[], configOf: (file: string) => Config): FileAnalysis[] {
    return this.analyser
      .analyse(files, configOf)
      .map((analysis) => ({ file: analysis.facts.file, analysis }));
  }

  fixesOf(findings: readonly Finding[]): Fix[][] {
    return this.analyser.fixesOf(findings);
  }

  textOf(file: string): string | undefined {
    return this.analyser.textOf(file);
  }

  dependencies(): readonly string[] {
    return this.analyser.program.getSourceFileNames();
  }
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Texts that stand for those on disk, as the client takes them. */
function overlaid(overlay: ReadonlyMap<string, string>) {
  if (overlay.size === 0) return {};
  // Half a surrogate pair cannot be sent; what takes its place is as long.
  const files = [...overlay].map(
    ([file, text]) => [file, text.replaceAll(LONE_SURROGATE, '\uFFFD')] as const,
  );
  return { fileSystem: { kind: 'layer' as const, files: Object.fromEntries(files) } };
}
