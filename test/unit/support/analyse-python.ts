import { readConfig, type RawConfig } from '../../../src/core/config';
import { applyEdits } from '../../../src/core/edits';
import { formatMessage, type Finding, type Fix } from '../../../src/core/finding';
import { LineMap } from '../../../src/core/text';
import { PythonAnalyser } from '../../../src/hosts/python/analyser';
import { anchorAt } from '../../../src/languages/python/anchors';
import type { PythonParser } from '../../../src/languages/python/parser';
import { Workspace } from '../../../src/languages/python/workspace';
import { rules } from '../../../src/rules';

const ROOT = '/sample';

/** Analyses Python sources held in memory. */
export class PythonSample {
  readonly workspace: Workspace;
  private readonly analyser: PythonAnalyser;

  /**
   * @param parser from `pythonParser()`.
   * @param files text by name relative to the sample's root, e.g. `a.py`, `package/__init__.py`.
   */
  constructor(
    parser: PythonParser,
    private readonly files: Readonly<Record<string, string>>,
    private readonly raw: RawConfig = {},
    private readonly freeThreaded = false,
  ) {
    this.workspace = new Workspace(parser, { read: (file) => files[file.slice(ROOT.length + 1)] });
    this.workspace.add(Object.keys(files).map((name) => this.path(name)));
    this.analyser = new PythonAnalyser(this.workspace, rules);
  }

  findings(name: string): readonly Finding[] {
    const { config, problems } = readConfig(this.raw, rules);
    if (problems[0]) throw new Error(formatMessage(problems[0]));
    const analysis = this.analyser.analyse(this.path(name), config, undefined, this.freeThreaded);
    if (!analysis) throw new Error(`No file ${name} in the sample`);
    if (analysis.failures[0]) throw analysis.failures[0].error;
    return analysis.findings;
  }

  /** `line:rule` for each finding, lines counted from 1. */
  summary(name: string): string[] {
    const lines = new LineMap(this.files[name] ?? '');
    return this.findings(name).map((f) => `${lines.positionAt(f.span.start).line + 1}:${f.rule}`);
  }

  /** What a hover at an offset of a file notes, in English. */
  notes(name: string, offset: number): string[] {
    const file = this.path(name);
    const anchors = anchorAt(this.workspace, file, offset)?.names ?? [];
    return (this.analyser.notesAt(file, offset, anchors)?.messages ?? []).map(formatMessage);
  }

  fixes(finding: Finding): Fix[] {
    return this.analyser.fixesOf(finding);
  }

  /** The text after the first (or the titled) fix of every finding of a file. */
  fixed(name: string, title?: string): string {
    const edits = this.findings(name).flatMap((finding) => {
      const fixes = this.fixes(finding);
      const fix = title === undefined ? fixes[0] : fixes.find((f) => formatMessage(f.title) === title);
      return fix?.edits ?? [];
    });
    return applyEdits(this.files[name] ?? '', edits);
  }

  /** Text of the statements that do not parse. */
  syntaxErrors(name: string): string[] {
    const facts = this.workspace.lowered(this.path(name))?.facts;
    return (facts?.broken ?? []).map(({ start, end }) => facts?.text.slice(start, end) ?? '');
  }

  path(name: string): string {
    return `${ROOT}/${name}`;
  }
}
