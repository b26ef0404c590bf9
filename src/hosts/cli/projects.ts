import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { InputError, type EngineRequest } from './engine';

/** What a configuration file says of its project; paths are absolute. */
export interface ParsedConfig {
  /** The files it names or includes. */
  readonly fileNames: readonly string[];
  /** The configuration files of the projects it references. */
  readonly references: readonly string[];
  /** The folders that it compiles into. */
  readonly outputs: readonly string[];
}

export interface PlannedProject {
  /** Its configuration file. */
  readonly config: string;
  /** The files it is in charge of, from those that were asked for. */
  readonly files: readonly string[];
}

export interface Plan {
  readonly projects: readonly PlannedProject[];
  /** Files that no configuration names: a project may still import them, else they are analysed on their own. */
  readonly rest: readonly string[];
}

const NAMES = ['tsconfig.json', 'jsconfig.json'];

/**
 * Says which project is in charge of which file: the nearest `tsconfig.json` above it that includes it, directly or
 * through its references, as editors do; then other `tsconfig.*.json` beside those.
 * @param parse reads a configuration; called at most once for each.
 * @throws InputError where a configuration cannot be read.
 */
export function planProjects(request: EngineRequest, parse: (config: string) => ParsedConfig): Plan {
  const configs = new Configs(parse, request.onBroken);
  const owned = new Map<string, string[]>();
  const rest: string[] = [];
  const directories = new Map<string, readonly string[]>();
  const candidatesFor = (file: string) =>
    request.tsconfig === undefined ? candidates(dirname(file), directories) : [request.tsconfig];
  for (const file of request.files) {
    let owner: string | undefined;
    for (const candidate of candidatesFor(file)) if ((owner ??= configs.ownerIn(candidate, file))) break;
    if (owner !== undefined) owned.set(owner, [...(owned.get(owner) ?? []), file]);
    else if (request.explicit.has(file) || !configs.isOutput(file)) rest.push(file);
  }
  // What no configuration includes may still be imported by the nearest project.
  for (const file of rest) {
    const [nearest] = candidatesFor(file);
    for (const config of nearest === undefined ? [] : configs.closureOf(nearest))
      if (!owned.has(config) && configs.hasFiles(config)) owned.set(config, []);
  }
  const projects = [...owned].map(([config, files]) => ({ config, files }));
  const { share } = request;
  // Which project is in charge of one of the rest shows only when all of them are open.
  if (!share || rest.some((file) => share.has(file))) return { projects, rest };
  return { projects: projects.filter(({ files }) => files.some((file) => share.has(file))), rest: [] };
}

class Configs {
  private readonly included = new Map<string, ReadonlySet<string>>();
  private readonly closures = new Map<string, readonly string[]>();
  private readonly outputs = new Set<string>();

  constructor(
    private readonly parse: (config: string) => ParsedConfig,
    private readonly onBroken: EngineRequest['onBroken'],
  ) {}

  /** A configuration and all it references, itself first. */
  closureOf(config: string): readonly string[] {
    const known = this.closures.get(config);
    if (known) return known;
    const seen = new Set<string>();
    const visit = (at: string) => {
      if (seen.has(at)) return;
      seen.add(at);
      this.referencesOf(at).forEach(visit);
    };
    visit(config);
    const closure = [...seen];
    this.closures.set(config, closure);
    return closure;
  }

  ownerIn(config: string, file: string): string | undefined {
    return this.closureOf(config).find((one) => this.included.get(one)?.has(file));
  }

  hasFiles(config: string): boolean {
    return (this.included.get(config)?.size ?? 0) > 0;
  }

  isOutput(file: string): boolean {
    for (let at = dirname(file); at !== dirname(at); at = dirname(at)) if (this.outputs.has(at)) return true;
    return false;
  }

  private readonly references = new Map<string, readonly string[]>();

  private referencesOf(config: string): readonly string[] {
    const known = this.references.get(config);
    if (known) return known;
    let parsed: ParsedConfig = { fileNames: [], references: [], outputs: [] };
    try {
      parsed = this.parse(config);
    } catch (error) {
      // A file such as tsconfig.template.json need not be a configuration at all.
      if (!(error instanceof InputError)) throw error;
      if (!isExtra(config)) {
        if (!this.onBroken) throw error;
        this.onBroken(error);
      }
    }
    this.included.set(config, new Set(parsed.fileNames));
    this.references.set(config, parsed.references);
    for (const folder of parsed.outputs) this.outputs.add(folder);
    return parsed.references;
  }
}

/** The configurations to try for files of a directory, best first. */
function candidates(directory: string, known: Map<string, readonly string[]>): readonly string[] {
  let found = known.get(directory);
  if (found) return found;
  const parent = dirname(directory);
  const here = configsIn(directory);
  found = parent === directory ? here : [...here, ...candidates(parent, known)];
  known.set(directory, found);
  return found;
}

/** The configurations of a directory: the one editors use, then those beside it. */
function configsIn(directory: string): string[] {
  const main = NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (main === undefined) return [];
  const beside = readdirSync(directory).filter(isExtra).sort();
  return [main, ...beside.map((name) => join(directory, name))];
}

function isExtra(config: string): boolean {
  return /^tsconfig\..+\.json$/.test(basename(config));
}
