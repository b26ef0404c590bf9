import type { ParserServicesWithTypeInformation, TSESLint } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { readConfig } from '../../core/config';
import type { Finding, Fix, Level } from '../../core/finding';
import type { OptionValues, Rule } from '../../core/rule';
import { ClassicAnalyser } from '../classic/analyser';
import { typeScriptOf } from './typescript';

/** What all rules together know of one file that is being linted. */
export interface FileAnalysis {
  /** Its path as edits name it. */
  readonly path: string;
  /** The findings of one of the rules that take part. */
  findingsOf(rule: Rule): readonly Finding[];
  fixesOf(finding: Finding): readonly Fix[];
}

const analysers = new WeakMap<typeof ts, ClassicAnalyser>();
const files = new WeakMap<object, Run>();

/**
 * Lets a rule take part in the analysis of the file that ESLint is about to walk. ESLint creates all rules of a file
 * before it walks it, so by then it is known which rules to run, and one run serves all of them.
 * @returns gives the analysis; to be called while the file is walked, not before.
 */
export function takePart(
  rule: Rule,
  options: OptionValues,
  { sourceCode, cwd }: Pick<TSESLint.RuleContext<string, readonly unknown[]>, 'sourceCode' | 'cwd'>,
  services: ParserServicesWithTypeInformation,
  all: readonly Rule[],
): () => FileAnalysis | undefined {
  let run = files.get(sourceCode);
  if (!run) files.set(sourceCode, (run = new Run(all, services, cwd, sourceCode)));
  run.add(rule, options);
  return () => run.result();
}

class Run {
  private readonly chosen = new Map<Rule, OptionValues>();
  private done: FileAnalysis | undefined;

  constructor(
    private readonly all: readonly Rule[],
    private readonly services: ParserServicesWithTypeInformation,
    private readonly cwd: string,
    private readonly sourceCode: Readonly<TSESLint.SourceCode>,
  ) {}

  add(rule: Rule, options: OptionValues): void {
    this.chosen.set(rule, options);
  }

  /** Undefined where the program holds another text than ESLint shows: parts of a Vue file, a processor's block. */
  result(): FileAnalysis | undefined {
    return (this.done ??= this.analyse());
  }

  private analyse(): FileAnalysis | undefined {
    const { program, esTreeNodeToTSNodeMap } = this.services;
    const sourceFile = esTreeNodeToTSNodeMap.get(this.sourceCode.ast);
    if (sourceFile.text !== this.sourceCode.text) return undefined;
    const tsc = typeScriptOf(sourceFile, this.cwd);
    let analyser = analysers.get(tsc);
    if (!analyser) analysers.set(tsc, (analyser = new ClassicAnalyser(tsc, this.all)));
    const { findings, failures } = analyser.analyse(program, sourceFile, this.config());
    const [failure] = failures;
    if (failure) throw failure.error;
    return {
      path: sourceFile.fileName,
      findingsOf: (rule) => findings.filter((finding) => finding.rule === rule.meta.id),
      fixesOf: (finding) => analyser.fixesOf(program, finding),
    };
  }

  private config() {
    const levels: Record<string, Level> = {};
    const options: Record<string, OptionValues> = {};
    for (const rule of this.all) {
      const chosen = this.chosen.get(rule);
      levels[rule.meta.id] = chosen ? rule.meta.level : 'off';
      if (chosen) options[rule.meta.id] = chosen;
    }
    return readConfig({ rules: levels, options }, this.all).config;
  }
}
