import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import type ts from 'typescript';

type TypeScript = typeof ts;

/** Bad input of the user's; the message is one sentence that names the file or setting and what to do. */
export class InputError extends Error {}

const SOURCES = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']);

/** Options for files that belong to no project: what an editor assumes for a lone file. */
const LOOSE_OPTIONS = {
  allowJs: true,
  checkJs: false,
  noEmit: true,
  skipLibCheck: true,
  maxNodeModuleJsDepth: 0,
};

/**
 * Creates the programs that hold the files of some paths.
 * @param paths files or directories.
 * @param tsconfig a configuration file to use instead of searching for one upwards from each path.
 * @throws InputError for a missing path or an unreadable configuration.
 */
export function openPrograms(
  tsc: TypeScript,
  paths: readonly string[],
  tsconfig: string | undefined,
): { program: ts.Program; files: readonly ts.SourceFile[] }[] {
  const wanted = paths.map((path) => {
    const full = resolve(path);
    if (!existsSync(full)) throw new InputError(`${path}: no such file or directory; check the path.`);
    return full;
  });
  const configs = new Set<string>();
  for (const path of wanted) {
    const directory = statSync(path).isDirectory() ? path : dirname(path);
    const found = tsconfig
      ? resolve(tsconfig)
      : tsc.findConfigFile(directory, tsc.sys.fileExists.bind(tsc.sys));
    if (found) configs.add(found);
  }
  const seen = new Set<string>();
  const opened: { program: ts.Program; files: readonly ts.SourceFile[] }[] = [];
  const add = (program: ts.Program) => {
    const files = program.getSourceFiles().filter((file) => {
      const isWanted = wanted.some((path) => file.fileName === path || file.fileName.startsWith(`${path}/`));
      if (!isWanted || seen.has(file.fileName) || file.isDeclarationFile) return false;
      if (program.isSourceFileFromExternalLibrary(file)) return false;
      seen.add(file.fileName);
      return true;
    });
    if (files.length > 0) opened.push({ program, files });
  };
  for (const config of configs) for (const program of programsOf(tsc, config, new Set())) add(program);

  const loose = wanted.flatMap((path) => listSources(path)).filter((file) => !seen.has(file));
  if (loose.length > 0) {
    const target = tsc.ScriptTarget.ESNext;
    const moduleResolution = tsc.ModuleResolutionKind.Bundler;
    const module = tsc.ModuleKind.ESNext;
    add(tsc.createProgram(loose, { ...LOOSE_OPTIONS, target, module, moduleResolution }));
  }
  return opened;
}

/** The program of a configuration file and those it references. */
function programsOf(tsc: TypeScript, config: string, visited: Set<string>): ts.Program[] {
  if (visited.has(config)) return [];
  visited.add(config);
  const read: { config?: unknown; error?: ts.Diagnostic } = tsc.readConfigFile(
    config,
    tsc.sys.readFile.bind(tsc.sys),
  );
  const explain = (diagnostic: ts.Diagnostic) =>
    tsc.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
  const correct = 'Correct the file or pass another with --tsconfig.';
  if (read.error) throw new InputError(`${config}: ${explain(read.error)} ${correct}`);
  const parsed = tsc.parseJsonConfigFileContent(
    read.config,
    tsc.sys,
    dirname(config),
    { noEmit: true },
    config,
  );
  // 18003: no inputs, usual for solution-style configurations.
  const problem = parsed.errors.find((e) => e.category === tsc.DiagnosticCategory.Error && e.code !== 18003);
  if (problem)
    throw new InputError(`${config}: ${explain(problem)} Correct the file or pass another with --tsconfig.`);
  const programs: ts.Program[] = [];
  for (const reference of parsed.projectReferences ?? []) {
    const path = tsc.resolveProjectReferencePath(reference);
    if (!existsSync(path))
      throw new InputError(`${config}: the referenced ${reference.path} does not exist.`);
    programs.push(...programsOf(tsc, path, visited));
  }
  if (parsed.fileNames.length > 0) {
    const options = { ...parsed.options, noEmit: true, skipLibCheck: true };
    const projectReferences = parsed.projectReferences;
    programs.push(
      tsc.createProgram({
        rootNames: parsed.fileNames,
        options,
        ...(projectReferences ? { projectReferences } : {}),
      }),
    );
  }
  return programs;
}

function listSources(path: string): string[] {
  if (!statSync(path).isDirectory()) return SOURCES.has(extname(path)) ? [path] : [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const full = join(path, entry.name);
    if (entry.isDirectory()) return listSources(full);
    return SOURCES.has(extname(entry.name)) &&
      !/\.d\.[cm]?ts$/.test(entry.name) &&
      !entry.name.endsWith('.min.js')
      ? [full]
      : [];
  });
}
