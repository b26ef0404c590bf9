import { effectiveLevel, isEnabled, type Config } from './config';
import type { FileFacts } from './facts';
import type { Finding, Fix } from './finding';
import type { Memo } from './memo';
import { applyNoqa, type ForeignCodes } from './noqa';
import { ask, together, type Asking } from './questions';
import { toFinding, type PythonVersion, type Report, type Rule } from './rule';
import { applySuppressions } from './suppression';
import { LineMap, overlaps } from './text';

export interface Analysis {
  readonly facts: FileFacts;
  readonly lines: LineMap;
  /** Sorted by position; at most one finding per rule and span. */
  readonly findings: readonly Finding[];
  /** Exceptions of single rules; the findings of the others stand. */
  readonly failures: readonly { readonly rule: string; readonly error: unknown }[];
}

export interface AnalysisInput {
  readonly facts: FileFacts;
  readonly rules: readonly Rule[];
  readonly config: Config;
  readonly memo: Memo;
  /** The oldest Python that has to run the code; 3.11 when left out. */
  readonly python?: PythonVersion;
  /** That Python has no GIL; false when left out. */
  readonly freeThreaded?: boolean;
  /** What other linters call the rules, where their comments count here, too. */
  readonly foreign?: ForeignCodes;
}

/** The first version with `TaskGroup` and `asyncio.timeout`: assumed where a project does not say. */
export const DEFAULT_PYTHON: PythonVersion = { major: 3, minor: 11 };

/**
 * Analyses one file: all enabled rules side by side, their questions joined into a few batches, then severity,
 * precedence between rules and suppression comments. A rule that throws loses its own findings only.
 */
export function* analyse(input: AnalysisInput): Asking<Analysis> {
  const { facts, rules, config } = input;
  const lines = new LineMap(facts.text);
  const enabled = rules.filter(
    (rule) => rule.meta.languages.includes(facts.language) && isEnabled(config, rule),
  );
  const failures: { rule: string; error: unknown }[] = [];
  const reports = yield* together<readonly Report[]>(
    enabled.map((rule) => guarded(rule, input)),
    (index, error) => {
      failures.push({ rule: enabled[index]?.meta.id ?? '', error });
      return [];
    },
  );

  let findings: Finding[] = [];
  enabled.forEach((rule, index) => {
    for (const report of reports[index] ?? []) {
      const finding = toFinding(rule.meta, report);
      const level = effectiveLevel(config, rule, finding.level);
      if (level !== 'off') findings.push({ ...finding, level });
    }
  });
  findings = findings.filter((f) => !facts.broken.some((span) => overlaps(span, f.span)));
  findings = withPrecedence(findings, enabled);
  if (input.foreign) findings = [...applyNoqa(facts, findings, lines, input.foreign)];
  const active = new Set(enabled.map((rule) => rule.meta.id));
  findings = applySuppressions(facts, findings, lines, active);
  findings.sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.rule < b.rule ? -1 : 1),
  );
  return { facts, lines, findings, failures };
}

function* guarded(rule: Rule, input: AnalysisInput): Asking<readonly Report[]> {
  const { facts, config, memo, python = DEFAULT_PYTHON, freeThreaded = false } = input;
  const options = config.options.get(rule.meta.id) ?? {};
  return yield* rule.check({ facts, memo, options, python, freeThreaded });
}

/** One place, one finding: a superseded rule gives way where a more specific one points at an overlapping span. */
function withPrecedence(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
  const supersedes = new Map(rules.map((rule) => [rule.meta.id, rule.meta.supersedes]));
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.rule} ${finding.span.start} ${finding.span.end}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return !findings.some(
      (other) => supersedes.get(other.rule)?.includes(finding.rule) && overlaps(other.span, finding.span),
    );
  });
}

/** The edits behind a finding's repairs, best first; repairs that do not apply here are left out. */
export function* fixesOf(finding: Finding): Asking<Fix[]> {
  const fixes = yield* ask('repair', finding.repairs);
  return fixes.filter((fix): fix is Fix => fix !== undefined);
}
