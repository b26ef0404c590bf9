import type { Config } from '../../core/config';
import { analyse, fixesOf, type Analysis } from '../../core/engine';
import type { Finding, Fix } from '../../core/finding';
import { Memo } from '../../core/memo';
import { remembering, runSync, type Oracle } from '../../core/questions';
import type { PythonVersion, Rule } from '../../core/rule';
import { NOQA_CODES } from '../../knowledge/python/noqa';
import { pythonOracle } from '../../languages/python/oracle';
import type { Workspace } from '../../languages/python/workspace';
import { notesAt, type Notes } from '../../notes';

/** Analyses the Python files of a workspace. Answers are kept until the workspace changes, summaries per file version. */
export class PythonAnalyser {
  private readonly memo: Memo;
  private oracle: Oracle | undefined;
  private generation = -1;

  constructor(
    private readonly workspace: Workspace,
    private readonly rules: readonly Rule[],
  ) {
    this.memo = new Memo(
      (file) => workspace.current(file),
      () => workspace.listing,
    );
  }

  /**
   * All findings of one file, with suppressions applied; undefined when the file cannot be read.
   * @param python the oldest version that has to run the file, where it is known.
   * @param freeThreaded whether that is a build without the GIL.
   */
  analyse(file: string, config: Config, python?: PythonVersion, freeThreaded = false): Analysis | undefined {
    const facts = this.workspace.lowered(file)?.facts;
    if (!facts) return undefined;
    const { rules, memo } = this;
    const input = {
      facts,
      rules,
      config,
      memo,
      foreign: NOQA_CODES,
      freeThreaded,
      ...(python && { python }),
    };
    return runSync(analyse(input), this.currentOracle());
  }

  /** The fixes of a finding from the latest analysis. */
  fixesOf(finding: Finding): Fix[] {
    return runSync(fixesOf(finding), this.currentOracle());
  }

  /** What is special about the code at an offset, whose word stands for `anchors`. */
  notesAt(file: string, offset: number, anchors: readonly string[]): Notes | undefined {
    const facts = this.workspace.lowered(file)?.facts;
    if (!facts) return undefined;
    return runSync(notesAt({ facts, memo: this.memo, offset, anchors }), this.currentOracle());
  }

  private currentOracle(): Oracle {
    if (!this.oracle || this.generation !== this.workspace.generation) {
      this.generation = this.workspace.generation;
      this.oracle = remembering(pythonOracle(this.workspace));
    }
    return this.oracle;
  }
}
