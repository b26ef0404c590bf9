/** `docs/PRECISION.md`: how many findings on real code were right, from the verdicts in `test/ecosystem/verdicts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One finding that somebody has read, and what they think of it. */
export interface Verdict {
  readonly rule: string;
  readonly level: string;
  readonly package: string;
  /** Path inside the package. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line of code, shortened. */
  readonly text: string;
  /** `right`: an owner of the code would act on it. `arguable`: true, but hardly worth acting on. */
  readonly verdict: 'right' | 'arguable' | 'wrong';
  readonly reason: string;
}

/** What one language's reading gave. */
export interface VerdictFile {
  readonly language: string;
  /** Where the code came from. */
  readonly source: string;
  /** How many files were analysed. */
  readonly files: number;
  /** Versions by package. */
  readonly packages: Readonly<Record<string, string>>;
  /** How many findings there were, by rule and level. */
  readonly findings: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly verdicts: readonly Verdict[];
}

const LEVELS = ['error', 'warning', 'information', 'hint'];

/** The verdict files of a folder, by name. */
export function readVerdicts(folder: string): VerdictFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as VerdictFile);
}

/** The page in Markdown: a table for each language. Rules and levels of which nothing was read are listed as unread. */
export function precisionPage(files: readonly VerdictFile[]): string {
  return [
    '# Precision',
    'How often the findings are right on code that nobody wrote for us. Every finding that was read is listed with a reason in `test/ecosystem/verdicts`; `npm run generate` writes this page.',
    'A finding is *right* when an owner of the code would act on it, *arguable* when it is true but hardly worth acting on, *wrong* otherwise. Who reads decides alone, with the function and its callers in view; others may see arguable ones differently. The aim is 95 % right for errors and warnings, and 85 % right or arguable for information.',
    ...files.flatMap(section),
  ].join('\n\n');
}

function section({ language, source, files, packages, findings, verdicts }: VerdictFile): string[] {
  const rows = Object.keys(findings)
    .sort()
    .flatMap((rule) =>
      LEVELS.flatMap((level) => {
        const count = findings[rule]?.[level];
        if (count === undefined) return [];
        return [row(rule, level, count, of(verdicts, rule, level))];
      }),
    );
  const short = Object.keys(findings)
    .sort()
    .flatMap((rule) =>
      LEVELS.filter((level) => isBelowAim(level, of(verdicts, rule, level))).map(
        (level) => `${rule} (${level})`,
      ),
    );
  const list = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${language}`,
    `${source} ${files.toString()} files were analysed.`,
    [
      '| rule | level | findings | read | right | arguable | wrong | right | right or arguable |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...rows,
    ].join('\n'),
    short.length > 0 ? `Below the aim: ${short.join(', ')}.` : 'Nothing that was read is below the aim.',
    `Packages: ${list.join(', ')}.`,
  ];
}

function of(verdicts: readonly Verdict[], rule: string, level: string): Verdict[] {
  return verdicts.filter((v) => v.rule === rule && v.level === level);
}

/** Errors and warnings are to be right in 95 of 100 cases; information right or arguable in 85; hints have no aim. */
function isBelowAim(level: string, read: readonly Verdict[]): boolean {
  const good = read.filter(({ verdict }) =>
    level === 'information' ? verdict !== 'wrong' : verdict === 'right',
  ).length;
  if (read.length === 0 || level === 'hint') return false;
  return good / read.length < (level === 'information' ? 0.85 : 0.95);
}

function row(rule: string, level: string, count: number, read: readonly Verdict[]): string {
  const judged = (verdict: Verdict['verdict']) => read.filter((v) => v.verdict === verdict).length;
  const [right, arguable, wrong] = [judged('right'), judged('arguable'), judged('wrong')];
  const share = (n: number) =>
    read.length === 0 ? '–' : `${Math.floor((100 * n) / read.length).toString()} %`;
  const cells = [
    rule,
    level,
    count,
    read.length,
    right,
    arguable,
    wrong,
    share(right),
    share(right + arguable),
  ];
  return `| ${cells.join(' | ')} |`;
}
