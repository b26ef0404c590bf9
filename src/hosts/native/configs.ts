import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { InputError } from '../cli/engine';
import type { ParsedConfig } from '../cli/projects';
import type { Api, NativeTypeScript } from './typescript';

/** 18002 and 18003: no inputs, usual for solution-style configurations. */
const NO_INPUTS: ReadonlySet<number> = new Set([18002, 18003]);

/** Reads configuration files with the native TypeScript. */
export class NativeConfigs {
  constructor(
    private readonly native: NativeTypeScript,
    private readonly api: Api.API,
  ) {}

  /**
   * @param config absolute path of a `tsconfig.json`.
   * @throws InputError where it, or a project that it references, cannot be read.
   */
  parse(config: string): ParsedConfig {
    if (!existsSync(config)) throw new InputError(`${config}: no such file; check --tsconfig.`);
    const { error } = this.api.readConfigFile(config);
    if (error) throw explain(config, error);
    const { fileNames, projectReferences = [], options, errors } = this.api.parseConfigFile(config);
    const severe: number = this.native.api.DiagnosticCategory.Error;
    const problem = errors.find(({ category, code }) => category === severe && !NO_INPUTS.has(code));
    if (problem) throw explain(config, problem);
    const references = projectReferences.map((reference) => {
      const { path, originalPath = path } = reference;
      if (!existsSync(path))
        throw new InputError(`${config}: the referenced ${originalPath} does not exist.`);
      return statSync(path).isDirectory() ? join(path, 'tsconfig.json') : path;
    });
    const outputs = [options.outDir, options.declarationDir].filter(
      // A project that compiles into its own folder has its sources there.
      (folder) => folder !== undefined && folder !== dirname(config),
    );
    return { fileNames, references, outputs: outputs as string[] };
  }
}

function explain(config: string, { text }: Api.Diagnostic): InputError {
  const reason = text.replace(/\.?$/, '.');
  return new InputError(`${config}: ${reason} Correct the file or pass another with --tsconfig.`);
}
