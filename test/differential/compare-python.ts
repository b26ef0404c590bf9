import { PositionEncoding, Workspace as Ruff, type Diagnostic } from '@astral-sh/ruff-wasm-nodejs';
import { readConfig } from '../../src/core/config';
import { PythonAnalyser } from '../../src/hosts/python/analyser';
import type { PythonParser } from '../../src/languages/python/parser';
import { Workspace } from '../../src/languages/python/workspace';
import { rules } from '../../src/rules';
import { byLine, comparisonOf, type ByLine, type Comparison } from './comparison';

/** Our rules and Ruff's rules that ask the same question: https://docs.astral.sh/ruff/rules/. */
const COUNTERPARTS = {
  'blocking-call-in-async': [
    'ASYNC210',
    'ASYNC212',
    'ASYNC220',
    'ASYNC221',
    'ASYNC222',
    'ASYNC230',
    'ASYNC240',
    'ASYNC250',
    'ASYNC251',
  ],
  'dangling-task': ['RUF006'],
} as const;

/** Runs our rules and Ruff's over Python files that see each other, and compares the lines they report. */
export class PythonComparer {
  private readonly analyser: PythonAnalyser;
  private readonly config = readConfig({}, rules).config;
  private readonly ruff = Object.entries(COUNTERPARTS).map(
    ([rule, select]) =>
      [
        rule,
        new Ruff(
          // Half of the rules are in preview; comments that switch rules off would hide what is to be compared.
          { preview: true, 'target-version': 'py313', lint: { select, 'dummy-variable-rgx': '^$' } },
          PositionEncoding.Utf16,
        ),
      ] as const,
  );

  /** @param sources texts by absolute path; the path tells tests from other code. */
  constructor(
    parser: PythonParser,
    private readonly sources: ReadonlyMap<string, string>,
  ) {
    const workspace = new Workspace(parser, { read: (file) => sources.get(file) });
    workspace.add([...sources.keys()]);
    this.analyser = new PythonAnalyser(
      workspace,
      rules.filter((rule) => rule.meta.id in COUNTERPARTS),
    );
  }

  /**
   * Compares one file: a finding counts by its first line and our rule's id.
   *
   * @throws when a rule fails, or the file is none of the sources.
   */
  compare(file: string): Comparison {
    const text = this.sources.get(file);
    if (text === undefined) throw new Error(`${file} is none of the sources`);
    return comparisonOf(this.ours(file, text), this.theirs(text));
  }

  private ours(file: string, text: string): ByLine {
    const analysis = this.analyser.analyse(file, this.config);
    if (!analysis) throw new Error(`${file} cannot be analysed`);
    if (analysis.failures[0]) throw analysis.failures[0].error;
    return byLine(analysis.findings, text);
  }

  private theirs(text: string): Map<string, string> {
    const found = new Map<string, string>();
    // What only says that the file does not parse is no answer to the question.
    if (!/async|task|future/i.test(text)) return found;
    for (const [rule, ruff] of this.ruff) {
      for (const { code, message, start_location } of ruff.check(text) as Diagnostic[]) {
        if (code === null || code === 'invalid-syntax') continue;
        found.set(`${start_location.row} ${rule}`, `${code}: ${message}`);
      }
    }
    return found;
  }
}
