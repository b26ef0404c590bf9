import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { readConfig } from '../../src/core/config';
import { applyEdits } from '../../src/core/edits';
import type { Analysis } from '../../src/core/engine';
import { formatMessage, type Edit } from '../../src/core/finding';
import { ClassicAnalyser } from '../../src/hosts/classic/analyser';
import { rules } from '../../src/rules';

/** A fix of a finding in real code, carried out by itself. */
export interface AppliedFix {
  /** `src/a.ts:12 floating-promise: Add await`, lines counted from 1. */
  readonly name: string;
  /** `floating-promise: Add await` */
  readonly kind: string;
  /** Sentences about what is wrong with the result; none where all is well. */
  readonly problems: readonly string[];
}

/** The files of a project as an editor has them, some of them with another text. */
class Project {
  readonly names: readonly string[];
  readonly service: ts.LanguageService;
  private readonly overlay = new Map<string, string>();
  private version = 0;
  private readonly versions = new Map<string, number>();

  /** @param config path of a `tsconfig.json`. */
  constructor(config: string) {
    const read = (path: string) => ts.sys.readFile(path);
    const { config: raw, error } = ts.readConfigFile(config, read) as {
      config: unknown;
      error?: ts.Diagnostic;
    };
    if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
    const { fileNames, options } = ts.parseJsonConfigFileContent(raw, ts.sys, dirname(config));
    this.names = fileNames.filter((name) => !name.endsWith('.d.ts'));
    this.service = ts.createLanguageService({
      getScriptFileNames: () => fileNames,
      getScriptVersion: (name) => String(this.versions.get(name) ?? 0),
      getScriptSnapshot: (name) => {
        const text = this.textOf(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => dirname(config),
      getCompilationSettings: () => options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => ts.sys.fileExists(path),
      readFile: (path) => ts.sys.readFile(path),
      readDirectory: (...args) => ts.sys.readDirectory(...args),
      directoryExists: (path) => ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
    });
  }

  textOf(name: string): string | undefined {
    return this.overlay.get(name) ?? (existsSync(name) ? readFileSync(name, 'utf8') : undefined);
  }

  /** Texts that stand for those on disk, until they are given next. */
  set(texts: ReadonlyMap<string, string>): void {
    this.version++;
    for (const name of [...this.overlay.keys(), ...texts.keys()]) this.versions.set(name, this.version);
    this.overlay.clear();
    for (const [name, text] of texts) this.overlay.set(name, text);
  }

  get program(): ts.Program {
    const program = this.service.getProgram();
    if (!program) throw new Error('No program');
    return program;
  }

  /** What the compiler has against a file; the places left out, for they move. */
  errorsIn(name: string): Look['errors'] {
    const textsOf = (found: readonly ts.Diagnostic[]) =>
      found
        .filter(({ category }) => category === ts.DiagnosticCategory.Error)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    return {
      syntax: textsOf(this.service.getSyntacticDiagnostics(name)),
      types: textsOf(this.service.getSemanticDiagnostics(name)),
    };
  }
}

/** What there is to say about a file. */
interface Look {
  readonly errors: { readonly syntax: readonly string[]; readonly types: readonly string[] };
  readonly analysis: Analysis | undefined;
}

function commentsOf({ analysis }: Look): string[] {
  return (analysis?.facts.comments ?? []).map(({ text }) => text.replaceAll(/\s+/g, ' '));
}

/**
 * Carries out the fixes of everything that is found in a project, each by itself, and looks at what comes out.
 * @param config path of its `tsconfig.json`.
 * @param most how many fixes of one kind to try.
 * @param without folders beside the configuration, as paths from there, to leave out.
 */
export function* appliedFixes(
  config: string,
  most: number,
  without: readonly string[] = [],
): Generator<AppliedFix, void, undefined> {
  const project = new Project(config);
  const analyser = new ClassicAnalyser(ts, rules);
  const { config: all } = readConfig({ preset: 'all' }, rules);
  const analysisOf = (name: string): Analysis | undefined => {
    const file = project.program.getSourceFile(name);
    return file && analyser.analyse(project.program, file, all);
  };
  const tried = new Map<string, number>();
  const untouched = new Map<string, Look>();
  const look = (name: string): Look => ({ errors: project.errorsIn(name), analysis: analysisOf(name) });
  /** Of a file as it is on disk; checking it takes longer than all else. */
  const lookBefore = (name: string) => {
    let known = untouched.get(name);
    if (!known) untouched.set(name, (known = look(name)));
    return known;
  };
  const leftOut = without.map((folder) => `${join(dirname(config), folder).replaceAll('\\', '/')}/`);
  for (const name of project.names) {
    if (leftOut.some((folder) => name.startsWith(folder))) continue;
    const before = analysisOf(name);
    if (!before) continue;
    const fixes = before.findings.flatMap((finding) =>
      analyser.fixesOf(project.program, finding).map((fix) => ({ finding, fix })),
    );
    for (const { finding, fix } of fixes) {
      const kind = `${finding.rule}: ${formatMessage(fix.title)}`;
      const count = tried.get(kind) ?? 0;
      if (count >= most) continue;
      tried.set(kind, count + 1);
      const line = before.lines.positionAt(finding.span.start).line + 1;
      const changed = [...new Set(fix.edits.map(({ file }) => file))];
      const looks = changed.map((file) => ({ file, was: lookBefore(file) }));
      project.set(
        new Map(changed.map((file) => [file, edited(project.textOf(file) ?? '', fix.edits, file)])),
      );
      const problems: string[] = [];
      for (const { file, was } of looks) {
        const now = look(file);
        problems.push(
          ...added(was.errors.syntax, now.errors.syntax).map((error) => `does not parse: ${error}`),
          ...added(was.errors.types, now.errors.types).map((error) => `has a new type error: ${error}`),
          ...added(commentsOf(now), commentsOf(was)).map((comment) => `lost the comment ${comment}`),
        );
        const place = moved(finding.span.start, fix.edits, name);
        const isFoundAgain = now.analysis?.findings.some(
          ({ rule, span }) => rule === finding.rule && span.start === place,
        );
        if (file === name && isFoundAgain) problems.push('is found again');
        const spaces = (text: string) => text.split('\n').filter((row) => /[ \t]\r?$/.test(row));
        problems.push(
          ...added(spaces(readFileSync(file, 'utf8')), spaces(project.textOf(file) ?? '')).map(
            () => 'leaves space at the end of a line',
          ),
        );
      }
      project.set(new Map());
      yield { name: `${relative(dirname(config), name)}:${line} ${kind}`, kind, problems };
    }
  }
}

function edited(text: string, edits: readonly Edit[], file: string): string {
  return applyEdits(
    text,
    edits.filter((edit) => edit.file === file),
  );
}

/** Where an offset of a file is after some edits. */
function moved(offset: number, edits: readonly Edit[], file: string): number {
  return edits
    .filter((edit) => edit.file === file && edit.span.end <= offset)
    .reduce((at, { span, newText }) => at + newText.length - (span.end - span.start), offset);
}

/** What is in the second list and was not in the first, as often as it was. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** `npx tsx test/fixes/applied.ts CONFIG…`: tries every fix of whole projects and prints what is wrong. */
function main(configs: readonly string[]): void {
  let [count, bad] = [0, 0];
  for (const config of configs) {
    for (const { name, problems } of appliedFixes(join(process.cwd(), config), Infinity)) {
      count++;
      if (problems.length > 0) bad++;
      for (const problem of problems) console.log(`${name}: ${problem}`);
    }
  }
  console.log(`${count} fixes, ${bad} with a problem`);
  process.exitCode = bad > 0 ? 1 : 0;
}

if (require.main === module) main(process.argv.slice(2));
