/** The engines that analyse broken files: each finds, offers every fix and applies it. */
import { join } from 'node:path';
import ts from 'typescript';
import { readConfig } from '../../src/core/config';
import { applyEdits } from '../../src/core/edits';
import type { Analysis } from '../../src/core/engine';
import type { Finding, Fix } from '../../src/core/finding';
import { ClassicAnalyser } from '../../src/hosts/classic/analyser';
import { CheckedTypes } from '../../src/languages/typescript/checked-types';
import { NativeEngine } from '../../src/hosts/native/engine';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { PythonAnalyser } from '../../src/hosts/python/analyser';
import type { PythonParser } from '../../src/languages/python/parser';
import { Workspace } from '../../src/languages/python/workspace';
import { rules } from '../../src/rules';

/** Analyses texts wholly, each as a file of its own; gives what each threw, undefined where nothing. */
export type Engine = (texts: readonly string[]) => unknown[];

const { config } = readConfig({ preset: 'all' }, rules);
const ROOT = join(__dirname, '../..');

function exhaust(text: string, analysis: Analysis, fixesOf: (finding: Finding) => readonly Fix[]): void {
  if (analysis.failures[0]) throw analysis.failures[0].error;
  for (const finding of analysis.findings) {
    const { start, end } = finding.span;
    if (start < 0 || end < start || end > text.length)
      throw new Error(`${finding.rule}: span ${start}-${end}`);
    for (const { edits } of fixesOf(finding)) applyEdits(text, edits);
  }
}

/** No file of a few hundred lines may take longer, on a machine that is busy otherwise. */
const MAX_MS = 20_000;

function thrownBy(analyse: () => void): unknown {
  const started = performance.now();
  try {
    analyse();
  } catch (error) {
    return error;
  }
  const ms = performance.now() - started;
  return ms > MAX_MS ? new Error(`took ${Math.round(ms)} ms`) : undefined;
}

/**
 * TypeScript or JavaScript under the classic API. All texts are files of one program: a checker takes far longer to
 * start than to look at one of them.
 * @param extension `.ts`, `.js` …
 */
export function classicEngine(extension: string): Engine {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    // Or what one broken file declares would be global in the others.
    moduleDetection: ts.ModuleDetectionKind.Force,
    jsx: ts.JsxEmit.Preserve,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    strict: true,
    allowJs: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const disk = ts.createCompilerHost(options, true);
  const kept = new Map<string, ts.SourceFile | undefined>();
  // As in an editor, where files are broken while people type.
  const analyser = new ClassicAnalyser(ts, rules, CheckedTypes);
  return (texts) => {
    const files = new Map(texts.map((text, i) => [join(ROOT, '.sample', `broken${i}${extension}`), text]));
    const host: ts.CompilerHost = {
      ...disk,
      getCurrentDirectory: () => ROOT,
      fileExists: (path) => files.has(path) || disk.fileExists(path),
      readFile: (path) => files.get(path) ?? disk.readFile(path),
      getSourceFile: (path, version) => {
        const text = files.get(path);
        if (text !== undefined) return ts.createSourceFile(path, text, version, true);
        if (!kept.has(path)) kept.set(path, disk.getSourceFile(path, version));
        return kept.get(path);
      },
    };
    const program = ts.createProgram([...files.keys()], options, host);
    return [...files].map(([path, text]) =>
      thrownBy(() => {
        const sourceFile = program.getSourceFile(path);
        if (!sourceFile) throw new Error(`${path} is not part of its program`);
        exhaust(text, analyser.analyse(program, sourceFile, config), (finding) =>
          analyser.fixesOf(program, finding),
        );
      }),
    );
  };
}

/**
 * The same under the native TypeScript, all texts side by side.
 * @param extension `.ts`, `.js` …
 */
export async function nativeEngine(extension: string): Promise<Engine & { close(): void }> {
  const native = await loadNativeTypeScript();
  let engine = new NativeEngine(native, rules);
  const judged = (texts: readonly string[]): unknown[] => {
    const overlay = new Map(texts.map((text, i) => [`/fuzz/broken${i}${extension}`, text]));
    const files = [...overlay.keys()];
    const thrown = new Map<string, unknown>();
    for (const project of engine.open({ files, explicit: new Set(files), tsconfig: undefined, overlay })) {
      for (const { file, analysis } of project.analyse(project.files, () => config)) {
        const fixesOf = (finding: Finding) => project.fixesOf([finding])[0] ?? [];
        thrown.set(
          file,
          thrownBy(() => exhaust(overlay.get(file) ?? '', analysis, fixesOf)),
        );
      }
    }
    return files.map((file) => (thrown.has(file) ? thrown.get(file) : new Error(`${file} was not analysed`)));
  };
  const judge = (texts: readonly string[]): unknown[] => {
    let results: unknown[] = [];
    const error = thrownBy(() => {
      results = judged(texts);
    });
    if (error === undefined) return results;
    // The other process may be gone; which text it was shows when each is looked at alone.
    engine.close();
    engine = new NativeEngine(native, rules);
    return texts.length === 1 ? [error] : texts.flatMap((text) => judge([text]));
  };
  return Object.assign(judge, { close: () => engine.close() });
}

/** Python, edited in place as in an editor. */
export function pythonEngine(parser: PythonParser): Engine {
  const file = '/fuzz/broken.py';
  const workspace = new Workspace(parser, { read: () => undefined });
  workspace.add([file]);
  const analyser = new PythonAnalyser(workspace, rules);
  return (texts) =>
    texts.map((text) =>
      thrownBy(() => {
        workspace.setText(file, text);
        const analysis = analyser.analyse(file, config);
        if (!analysis) throw new Error('the text was not analysed');
        exhaust(text, analysis, (finding) => analyser.fixesOf(finding));
      }),
    );
}
