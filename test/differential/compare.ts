import { dirname } from 'node:path';
import { Linter } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { readConfig } from '../../src/core/config';
import { formatMessage } from '../../src/core/finding';
import { LineMap } from '../../src/core/text';
import { ClassicAnalyser } from '../../src/hosts/classic/analyser';
import { rules } from '../../src/rules';

/** Our rules and the rules of typescript-eslint that ask the same question. */
const COUNTERPARTS = {
  'floating-promise': ['@typescript-eslint/no-floating-promises'],
  'misused-promise': ['@typescript-eslint/no-misused-promises'],
  'await-non-promise': ['@typescript-eslint/await-thenable'],
  'missing-return-await': ['@typescript-eslint/return-await', 'error-handling-correctness-only'],
} as const;

export interface Difference {
  /** Line counted from 1. */
  readonly line: number;
  readonly rule: string;
  /** Who reports something that starts on this line, where the other does not. */
  readonly only: 'us' | 'them';
  readonly message: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Findings on which both agree. */
  readonly agreed: number;
}

/** Runs our rules and their counterparts over the files of one program and compares the lines they report. */
export class Comparer {
  private readonly analyser = new ClassicAnalyser(
    ts,
    rules.filter((rule) => rule.meta.id in COUNTERPARTS),
  );
  private readonly config = readConfig({}, rules).config;

  constructor(private readonly program: ts.Program) {}

  compare(file: ts.SourceFile): Comparison {
    const ours = this.ours(file);
    const theirs = this.theirs(file);
    const differences: Difference[] = [];
    const collect = (from: Map<string, string>, other: Map<string, string>, only: Difference['only']) => {
      for (const [key, message] of from) {
        if (other.has(key)) continue;
        const [line = '', rule = ''] = key.split(' ');
        differences.push({ line: Number(line), rule, only, message });
      }
    };
    collect(ours, theirs, 'us');
    collect(theirs, ours, 'them');
    differences.sort((a, b) => a.line - b.line);
    return { differences, agreed: [...ours.keys()].filter((key) => theirs.has(key)).length };
  }

  private ours(file: ts.SourceFile): Map<string, string> {
    const analysis = this.analyser.analyse(this.program, file, this.config);
    if (analysis.failures[0]) throw analysis.failures[0].error;
    const lines = new LineMap(file.text);
    return new Map(
      analysis.findings.map(({ span, rule, message, level }) => [
        `${lines.positionAt(span.start).line + 1} ${rule}`,
        `${level}: ${formatMessage(message)}`,
      ]),
    );
  }

  private theirs(file: ts.SourceFile): Map<string, string> {
    const found = new Map<string, string>();
    const linter = new Linter({ cwd: dirname(file.fileName) });
    for (const [rule, [id, ...options]] of Object.entries(COUNTERPARTS)) {
      const messages = linter.verify(
        file.text,
        {
          files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
          plugins: { '@typescript-eslint': tseslint.plugin },
          languageOptions: {
            parser: tseslint.parser,
            parserOptions: { programs: [this.program] },
          },
          rules: { [id]: ['error', ...options] },
        },
        // Comments that switch rules off would hide what is to be compared.
        { filename: file.fileName, allowInlineConfig: false },
      );
      for (const { ruleId, line, message, fatal } of messages) {
        if (fatal || ruleId !== id) throw new Error(`${file.fileName}:${line}: ${message}`);
        found.set(`${line} ${rule}`, message);
      }
    }
    return found;
  }
}
