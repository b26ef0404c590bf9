import type ts from 'typescript';
import type { Config } from '../../core/config';
import { analyse, fixesOf, type Analysis } from '../../core/engine';
import type { FileFacts } from '../../core/facts';
import type { Finding, Fix } from '../../core/finding';
import { Memo } from '../../core/memo';
import { remembering, runSync, type Oracle } from '../../core/questions';
import type { Rule } from '../../core/rule';
import { lower } from '../../languages/typescript/lower';
import { typeScriptOracle } from '../../languages/typescript/oracle';
import { Types } from '../../languages/typescript/types';
import { notesAt, type Notes } from '../../notes';

type TypeScript = typeof ts;

/**
 * Analyses files of TypeScript programs through the classic API. Give it each new program as it comes: facts are kept
 * per source file object, which TypeScript replaces when a file changes, and summaries as long as the files they were
 * derived from are the same.
 */
export class ClassicAnalyser {
  private readonly facts = new WeakMap<ts.SourceFile, FileFacts>();
  // Held weakly: an old program kept alive while the next one is checked makes every garbage collection dearer.
  private readonly oracles = new WeakMap<ts.Program, Oracle>();
  private program: WeakRef<ts.Program> | undefined;
  /** How many there have been. */
  private programs = 0;
  private readonly memo = new Memo(
    (file) => {
      const sourceFile = this.program?.deref()?.getSourceFile(file);
      return sourceFile && this.facts.get(sourceFile);
    },
    () => this.programs,
  );

  /** @param TypesOf what answers questions about types: `CheckedTypes` where files have been checked before. */
  constructor(
    private readonly tsc: TypeScript,
    private readonly rules: readonly Rule[],
    private readonly TypesOf: typeof Types = Types,
  ) {}

  /** All findings of one file of the program, with suppressions applied. */
  analyse(program: ts.Program, sourceFile: ts.SourceFile, config: Config): Analysis {
    const oracle = this.oracleFor(program);
    const facts = this.factsOf(sourceFile);
    return runSync(analyse({ facts, rules: this.rules, config, memo: this.memo }), oracle);
  }

  /** The fixes of a finding from the latest analysis of the same program. */
  fixesOf(program: ts.Program, finding: Finding): Fix[] {
    return runSync(fixesOf(finding), this.oracleFor(program));
  }

  /** What is special about the code at an offset, whose word stands for `anchors`. */
  notesAt(
    program: ts.Program,
    sourceFile: ts.SourceFile,
    offset: number,
    anchors: readonly string[],
  ): Notes | undefined {
    const oracle = this.oracleFor(program);
    const facts = this.factsOf(sourceFile);
    return runSync(notesAt({ facts, memo: this.memo, offset, anchors }), oracle);
  }

  /** Facts of a source file, computed once per version. */
  factsOf(sourceFile: ts.SourceFile): FileFacts {
    let facts = this.facts.get(sourceFile);
    if (!facts) this.facts.set(sourceFile, (facts = lower(this.tsc, sourceFile)));
    return facts;
  }

  private oracleFor(program: ts.Program): Oracle {
    if (this.program?.deref() !== program) {
      this.program = new WeakRef(program);
      this.programs++;
      this.memo.nextRound();
    }
    let oracle = this.oracles.get(program);
    if (!oracle) {
      const factsOf = (sourceFile: ts.SourceFile) => this.factsOf(sourceFile);
      const types = new this.TypesOf(this.tsc, program, program.getTypeChecker());
      oracle = remembering(typeScriptOracle({ tsc: this.tsc, program, types, factsOf }));
      this.oracles.set(program, oracle);
    }
    return oracle;
  }
}
