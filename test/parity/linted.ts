/** What ESLint reports with all rules of the plugin. */
import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { ESLint, type Linter, type Rule } from 'eslint';
import tseslint from 'typescript-eslint';
import { applyEdits } from '../../src/core/edits';
import { LEVELS, type Level } from '../../src/core/finding';
import { LineMap } from '../../src/core/text';
import plugin from '../../src/hosts/eslint';
import type { Comparable } from '../support/comparable';

/** A finding as far as ESLint tells it; fixes are what they change in the text. */
interface Linted extends Pick<Comparable, 'file' | 'rule' | 'message' | 'range'> {
  readonly severity: Level;
  readonly fix: string | undefined;
  readonly suggestions: readonly (readonly [title: string, change: string])[];
}

const REPORTED = LEVELS.filter((level) => level !== 'off');

/** As the presets beyond the recommended one do: ESLint has them in what is reported, not in how. */
function lifted(level: Level): Level {
  return level === 'hint' ? 'information' : level === 'information' ? 'warning' : level;
}

/** Lints files; what all plugins but the strictest report was found at the level of the strictest that reports it. */
export async function linted(folder: string, files: readonly string[]): Promise<Linted[]> {
  // ESLint has one severity for all that a rule reports: each level is a plugin that reports what is no milder.
  const config = {
    files: ['**/*.ts'],
    linterOptions: { noInlineConfig: true },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: folder },
    },
    plugins: Object.fromEntries(REPORTED.map((level) => [level, plugin])),
    rules: Object.fromEntries(
      REPORTED.flatMap((atLeast) =>
        Object.keys(plugin.rules).map((rule) => [`${atLeast}/${rule}`, ['error', { atLeast }]]),
      ),
    ),
  };
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: config as unknown as Linter.Config,
  });
  const found: Omit<Linted, 'severity'>[] = [];
  const reportedAt = new Set<string>();
  for (const { filePath, messages, source = '' } of await eslint.lintFiles([...files])) {
    for (const message of messages) {
      if (message.ruleId === null) {
        assert.match(message.message, /noInlineConfig/u);
        continue;
      }
      const [level = '', rule = ''] = message.ruleId.split('/');
      const { line, column, endLine = 0, endColumn = 0, fix, suggestions = [] } = message;
      const finding = {
        file: relative(folder, filePath),
        rule,
        message: message.message,
        range: {
          start: { line: line - 1, character: column - 1 },
          end: { line: endLine - 1, character: endColumn - 1 },
        },
        fix: fix && changeBy(source, [fix]),
        suggestions: suggestions.map((one) => [one.desc, changeBy(source, [one.fix])] as const),
      };
      reportedAt.add(`${level} ${JSON.stringify(finding)}`);
      if (level === REPORTED[0]) found.push(finding);
    }
  }
  return found.map((finding) => {
    const text = JSON.stringify(finding);
    const level = REPORTED.findLast((one) => reportedAt.has(`${one} ${text}`)) ?? 'off';
    return { ...finding, severity: lifted(level) };
  });
}

/** What ESLint should tell of a finding: nothing where no rule is behind it, and no fix that changes other files. */
export function asEslintTells({ fixes, ...finding }: Comparable, text: string): Linted[] {
  const { file, rule, message, range, severity } = finding;
  if (!(rule in plugin.rules)) return [];
  const lines = new LineMap(text);
  const own = fixes
    .filter(({ edits }) => edits.every((edit) => edit.file === file))
    .map(({ title, safety, edits }) => {
      const made = edits.map(({ range: { start, end }, newText }): Rule.Fix => ({
        range: [lines.offsetAt(start), lines.offsetAt(end)],
        text: newText,
      }));
      return { title, safety, change: changeBy(text, made) };
    });
  const safe = own.find(({ safety }) => safety === 'safe');
  const suggestions = own.filter((fix) => fix !== safe).map(({ title, change }) => [title, change] as const);
  return [{ file, rule, message, range, fix: safe?.change, suggestions, severity }];
}

/** The part of a text that fixes change, and what it becomes. */
function changeBy(before: string, fixes: readonly Rule.Fix[]): string {
  const edits = fixes.map(({ range: [start, end], text }) => ({
    file: '',
    span: { start, end },
    newText: text,
  }));
  const after = applyEdits(before, edits);
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  const most = Math.min(before.length, after.length) - start;
  let end = 0;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  return `${start}-${before.length - end}: ${after.slice(start, after.length - end)}`;
}
