import { dirname } from 'node:path';
import { Linter } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { readConfig } from '../../src/core/config';
import { ClassicAnalyser } from '../../src/hosts/classic/analyser';
import { rules } from '../../src/rules';
import { byLine, comparisonOf, type ByLine, type Comparison } from './comparison';

/** Our rules and the rules of typescript-eslint that ask the same question. */
const COUNTERPARTS = {
  'floating-promise': ['@typescript-eslint/no-floating-promises'],
  'misused-promise': ['@typescript-eslint/no-misused-promises'],
  'await-non-promise': ['@typescript-eslint/await-thenable'],
  'missing-return-await': ['@typescript-eslint/return-await', 'error-handling-correctness-only'],
} as const;

/** Runs our rules and their counterparts over the files of one program and compares the lines they report. */
export class Comparer {
  private readonly analyser = new ClassicAnalyser(
    ts,
    rules.filter((rule) => rule.meta.id in COUNTERPARTS),
  );
  private readonly config = readConfig({}, rules).config;

  constructor(private readonly program: ts.Program) {}

  compare(file: ts.SourceFile): Comparison {
    return comparisonOf(this.ours(file), this.theirs(file));
  }

  private ours(file: ts.SourceFile): ByLine {
    const analysis = this.analyser.analyse(this.program, file, this.config);
    if (analysis.failures[0]) throw analysis.failures[0].error;
    return byLine(analysis.findings, file.text);
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
