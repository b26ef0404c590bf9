import type ts from 'typescript';
import type { Config } from '../../core/config';
import { analyse, fixesOf, type Analysis } from '../../core/engine';
import type { FileFacts } from '../../core/facts';
import type { Finding, Fix } from '../../core/finding';
import { Memo } from '../../core/memo';
import { remembering, runSync, together, type Answer, type Oracle } from '../../core/questions';
import type { Rule } from '../../core/rule';
import { lower } from '../../languages/typescript/lower';
import { typeScriptOracle } from '../../languages/typescript/oracle';
import { Types } from '../../languages/typescript/types';
import { namespaceOf } from './namespace';
import { NativeProgram } from './program';
import { Requests } from './requests';
import type { Api, NativeTypeScript } from './typescript';

/**
 * Analyses the files of one project of the native TypeScript: all files side by side, so that what all rules want to
 * know about all files is asked in a few messages.
 */
export class NativeAnalyser {
  readonly program: NativeProgram;
  private readonly tsc: typeof ts;
  private readonly requests: Requests;
  private readonly facts = new Map<ts.SourceFile, FileFacts>();
  private readonly oracle: Oracle;
  private readonly memo: Memo;

  constructor(
    native: NativeTypeScript,
    api: Api.API,
    project: Api.Project,
    private readonly rules: readonly Rule[],
  ) {
    this.tsc = namespaceOf(native);
    this.requests = new Requests(api);
    this.program = new NativeProgram(native, project, this.requests);
    const program = this.program.asClassic();
    const factsOf = (file: ts.SourceFile) => this.factsOf(file);
    const types = new Types(this.tsc, program, program.getTypeChecker());
    this.oracle = remembering(
      inBatches(typeScriptOracle({ tsc: this.tsc, program, types, factsOf }), this.requests),
    );
    // The project is of one moment: no file changes while it is looked at.
    this.memo = new Memo((name) => {
      const file = program.getSourceFile(name);
      return file && this.facts.get(file);
    });
    this.memo.nextRound();
  }

  /**
   * All findings of some files of the project, with suppressions applied, in the order of the files.
   * @param names absolute paths; those that are not in the project are left out.
   */
  analyse(names: readonly string[], configOf: (name: string) => Config): Analysis[] {
    this.program.fetchSourceFiles(names);
    const program = this.program.asClassic();
    const analyses = names.flatMap((name) => {
      const file = program.getSourceFile(name);
      if (!file) return [];
      const { rules, memo } = this;
      return [analyse({ facts: this.factsOf(file), rules, config: configOf(name), memo })];
    });
    return runSync(together(analyses), this.oracle);
  }

  /** The fixes of findings of this project, in the order of the findings. */
  fixesOf(findings: readonly Finding[]): Fix[][] {
    return runSync(together(findings.map((finding) => fixesOf(finding))), this.oracle);
  }

  /** The text that positions in a file refer to. */
  textOf(name: string): string | undefined {
    return this.program.getSourceFile(name)?.text;
  }

  private factsOf(file: ts.SourceFile): FileFacts {
    let facts = this.facts.get(file);
    if (!facts) this.facts.set(file, (facts = lower(this.tsc, file)));
    return facts;
  }
}

/** Lets an oracle that asks its checker one thing after the other be answered in batches. */
function inBatches(oracle: Oracle, requests: Requests): Oracle {
  return {
    answer(batch) {
      const answers: Answer[] = [];
      requests.runAll(
        batch.map((question, index) => () => {
          [answers[index]] = oracle.answer([question]);
        }),
      );
      return answers;
    },
  };
}
