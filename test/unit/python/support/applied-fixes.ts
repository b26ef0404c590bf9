import { execFileSync } from 'node:child_process';
import { readConfig } from '../../../../src/core/config';
import { applyEdits } from '../../../../src/core/edits';
import { formatMessage } from '../../../../src/core/finding';
import { LineMap } from '../../../../src/core/text';
import { PythonAnalyser } from '../../../../src/hosts/python/analyser';
import type { PythonParser } from '../../../../src/languages/python/parser';
import { Workspace } from '../../../../src/languages/python/workspace';
import { rules } from '../../../../src/rules';

/** A fix of a finding in a file, and what it makes of the file. */
export interface AppliedFix {
  readonly file: string;
  /** Line of the finding, counted from 1. */
  readonly line: number;
  readonly rule: string;
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** The rule still finds as much in the file as before. */
  readonly isFoundAgain: boolean;
}

/**
 * Applies every fix of every finding, each on its own.
 * @param sources text by path.
 */
export function* appliedFixes(
  parser: PythonParser,
  sources: ReadonlyMap<string, string>,
): Generator<AppliedFix, void, undefined> {
  const workspace = new Workspace(parser, { read: (file) => sources.get(file) });
  workspace.add([...sources.keys()]);
  const analyser = new PythonAnalyser(workspace, rules);
  const { config } = readConfig({ preset: 'all' }, rules);
  const count = (file: string, rule: string) =>
    analyser.analyse(file, config)?.findings.filter((finding) => finding.rule === rule).length ?? 0;
  for (const [file, before] of sources) {
    const lines = new LineMap(before);
    const findings = analyser.analyse(file, config)?.findings ?? [];
    const applied = findings.flatMap((finding) =>
      analyser.fixesOf(finding).map((fix) => ({ finding, fix, after: applyEdits(before, fix.edits) })),
    );
    for (const { finding, fix, after } of applied) {
      const { rule, span } = finding;
      workspace.setText(file, after);
      const isFoundAgain = count(file, rule) >= findings.filter((other) => other.rule === rule).length;
      yield {
        file,
        line: lines.positionAt(span.start).line + 1,
        rule,
        title: formatMessage(fix.title),
        before,
        after,
        isFoundAgain,
      };
    }
    if (applied.length > 0) workspace.close(file);
  }
}

const CHECK = `
import collections, io, json, sys, tokenize, warnings
warnings.simplefilter("ignore")
def comments(text):
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return collections.Counter(token.string for token in tokens if token.type == tokenize.COMMENT)
def compiles(text):
    try:
        compile(text, "sample.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return str(error)
problems = []
for before, after in json.load(sys.stdin):
    problem = None
    if compiles(before) is None:
        problem = compiles(after)
        if problem is None:
            lost = comments(before) - comments(after)
            if lost:
                problem = "lost " + ", ".join(lost)
    problems.append(problem)
json.dump(problems, sys.stdout)
`;

/**
 * What python3 has against the results: the error when one does not compile although the original did, or the comments
 * it lost; null where all is well.
 */
export function problemsOf(fixes: readonly AppliedFix[]): readonly (string | null)[] {
  const input = JSON.stringify(fixes.map(({ before, after }) => [before, after]));
  const output = execFileSync('python3', ['-c', CHECK], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return JSON.parse(output) as (string | null)[];
}
