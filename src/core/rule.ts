import type { FileFacts, Language } from './facts';
import type { Finding, Level, Message, Related } from './finding';
import type { Asking } from './questions';
import type { Repair } from './repair';
import type { Memo } from './memo';
import type { Span } from './text';

/** Schema of one option of a rule; generated into the editor's settings. */
export interface OptionSchema {
  readonly type: 'boolean' | 'number' | 'string' | 'string-list';
  readonly default: boolean | number | string | readonly string[];
  /** One sentence in Markdown. */
  readonly description: string;
}

export interface RuleMeta {
  readonly id: string;
  readonly languages: readonly Language[];
  /** The level of the rule's ordinary findings; single findings may be milder. */
  readonly level: Exclude<Level, 'off'>;
  /** The smallest preset that has the rule. */
  readonly preset: 'recommended' | 'strict' | 'all';
  readonly needs: 'syntax' | 'types';
  /** One line for tables and settings. */
  readonly summary: string;
  /** Concept pages that explain the background, most useful first. */
  readonly concepts: readonly string[];
  readonly options: Readonly<Record<string, OptionSchema>>;
  readonly fixes: 'safe' | 'suggestion' | 'both' | 'none';
  /** Rules whose finding at the same place gives way to this one's. */
  readonly supersedes: readonly string[];
  /** Rules of other tools that asked the same question first. */
  readonly inspiredBy: readonly string[];
}

export type OptionValues = Readonly<Record<string, unknown>>;

/** A version of Python, such as 3.11. */
export interface PythonVersion {
  readonly major: number;
  readonly minor: number;
}

export interface RuleContext {
  readonly facts: FileFacts;
  /** The oldest Python that has to run the code: advise nothing that it does not know. */
  readonly python: PythonVersion;
  /** The code runs on a build of Python without the GIL, where threads compute in parallel. */
  readonly freeThreaded: boolean;
  readonly options: OptionValues;
  /** Summaries of functions, kept between analyses while their files stay the same. */
  readonly memo: Memo;
}

/** What a rule reports; the engine adds the rule's id and fills the defaults. */
export interface Report {
  readonly span: Span;
  readonly message: Message;
  readonly level?: Exclude<Level, 'off'>;
  readonly related?: readonly Related[];
  readonly repairs?: readonly Repair[];
  readonly unnecessary?: boolean;
}

export interface Rule {
  readonly meta: RuleMeta;
  /** Pure: from facts, through batches of questions, to reports. A cheap look at the facts comes before any question. */
  check(context: RuleContext): Asking<readonly Report[]>;
}

export function toFinding(meta: RuleMeta, report: Report): Finding {
  return {
    rule: meta.id,
    level: report.level ?? meta.level,
    span: report.span,
    message: report.message,
    related: report.related ?? [],
    repairs: report.repairs ?? [],
    unnecessary: report.unnecessary ?? false,
  };
}
