import assert from 'node:assert/strict';
import { join } from 'node:path';
import ts from 'typescript';
import { readConfig, type RawConfig } from '../../../src/core/config';
import { formatMessage, type Finding, type Fix } from '../../../src/core/finding';
import { lensesOf } from '../../../src/core/lenses';
import { LineMap } from '../../../src/core/text';
import { ClassicAnalyser } from '../../../src/hosts/classic/analyser';
import { CheckedTypes } from '../../../src/languages/typescript/checked-types';
import { anchorAt } from '../../../src/languages/typescript/anchors';
import { rules } from '../../../src/rules';

/** Fixes are applied in tests as they are for users. */
export { applyEdits } from '../../../src/core/edits';

const ROOT = join(__dirname, '../../..');

/** Analyses sources held in memory, next to the real libraries of this repository's node_modules. */
export class Sample {
  readonly program: ts.Program;
  private readonly analyser = new ClassicAnalyser(ts, rules);
  /** As in an editor. */
  private readonly checked = new ClassicAnalyser(ts, rules, CheckedTypes);
  private readonly paths = new Map<string, string>();

  /** @param files text by name relative to the sample's root, e.g. `a.ts`, `lib/helper.ts`. */
  constructor(
    files: Readonly<Record<string, string>>,
    private readonly raw: RawConfig = {},
    options: ts.CompilerOptions = {},
    previous?: Sample,
  ) {
    for (const [name, text] of Object.entries(files)) this.paths.set(join(ROOT, '.sample', name), text);
    const compilerOptions: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.Preserve,
      lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
      types: ['node'],
      strict: true,
      allowJs: true,
      checkJs: true,
      skipLibCheck: true,
      noEmit: true,
      ...options,
    };
    const host = ts.createCompilerHost(compilerOptions, true);
    const disk = { ...host };
    host.fileExists = (file) => this.paths.has(file) || disk.fileExists(file);
    host.readFile = (file) => this.paths.get(file) ?? disk.readFile(file);
    host.directoryExists = (directory) =>
      [...this.paths.keys()].some((file) => file.startsWith(`${directory}/`)) ||
      (disk.directoryExists?.(directory) ?? true);
    host.getSourceFile = (file, version) => {
      const text = this.paths.get(file);
      if (text === undefined) return librarySource(file, version);
      const old = previous?.program.getSourceFile(file);
      return old?.text === text ? old : ts.createSourceFile(file, text, version, true);
    };
    host.getCurrentDirectory = () => ROOT;
    this.program = ts.createProgram([...this.paths.keys()], compilerOptions, host, previous?.program);
  }

  /** Findings of one file, in order of position: those of the command line, after a look that an editor has the same. */
  findings(name: string): readonly Finding[] {
    const { config, problems } = readConfig(this.raw, rules);
    if (problems[0]) throw new Error(formatMessage(problems[0]));
    const findingsOf = (analyser: ClassicAnalyser) => {
      const { findings, failures } = analyser.analyse(this.program, this.sourceFile(name), config);
      if (failures[0]) throw failures[0].error;
      return findings;
    };
    const found = findingsOf(this.analyser);
    assert.deepEqual(findingsOf(this.checked).map(told), found.map(told));
    return found;
  }

  /** `line:rule` for each finding, lines counted from 1. */
  summary(name: string): string[] {
    const lines = new LineMap(this.sourceFile(name).text);
    return this.findings(name).map((f) => `${lines.positionAt(f.span.start).line + 1}:${f.rule}`);
  }

  fixes(finding: Finding): Fix[] {
    return this.analyser.fixesOf(this.program, finding);
  }

  /** What a hover at an offset of a file notes, in English. */
  notes(name: string, offset: number): string[] {
    const sourceFile = this.sourceFile(name);
    const anchors = anchorAt(ts, this.program, sourceFile, offset)?.names ?? [];
    const notes = this.analyser.notesAt(this.program, sourceFile, offset, anchors);
    return (notes?.messages ?? []).map(formatMessage);
  }

  /** `line: text | text` for each async function of a file, in English, lines counted from 1. */
  lenses(name: string): string[] {
    const { config } = readConfig(this.raw, rules);
    const { facts, findings, lines } = this.analyser.analyse(this.program, this.sourceFile(name), config);
    return lensesOf(facts, findings).map(({ span, parts }) => {
      const texts = parts.map(({ text }) => formatMessage(text)).join(' | ');
      return `${lines.positionAt(span.start).line + 1}: ${texts}`;
    });
  }

  /** Errors TypeScript itself reports in a file. */
  typeErrors(name: string): string[] {
    const sourceFile = this.sourceFile(name);
    return [
      ...this.program.getSyntacticDiagnostics(sourceFile),
      ...this.program.getSemanticDiagnostics(sourceFile),
    ].map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
  }

  sourceFile(name: string): ts.SourceFile {
    const sourceFile = this.program.getSourceFile(join(ROOT, '.sample', name));
    if (!sourceFile) throw new Error(`No file ${name} in the sample`);
    return sourceFile;
  }

  /** Path of a file of the sample, as edits and related information name it. */
  path(name: string): string {
    return join(ROOT, '.sample', name);
  }
}

function told({ rule, level, span, message }: Finding): object {
  return { rule, level, span, message: formatMessage(message) };
}

const libraries = new Map<string, ts.SourceFile | undefined>();

// Parsing the standard library takes far longer than any sample: once per test run is enough.
function librarySource(
  file: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | undefined {
  const key = `${file} ${JSON.stringify(version)}`;
  if (!libraries.has(key)) {
    const text = ts.sys.readFile(file);
    libraries.set(key, text === undefined ? undefined : ts.createSourceFile(file, text, version, true));
  }
  return libraries.get(key);
}
