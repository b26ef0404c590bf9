import assert from 'node:assert/strict';
import { readConfig } from '../../src/core/config';
import { formatMessage } from '../../src/core/finding';
import { discover } from '../../src/hosts/cli/discover';
import type { Engine } from '../../src/hosts/cli/engine';
import { rules } from '../../src/rules';

/** What an engine says about some paths. */
export interface EngineReport {
  /** The files it analysed, sorted. */
  readonly files: readonly string[];
  /** Everything it found: place, rule, level, message, related places and fixes, one finding a line, sorted. */
  readonly findings: readonly string[];
}

/**
 * Lets an engine analyse paths with all rules.
 * @throws AssertionError where a rule fails.
 */
export function reportOf(engine: Engine, paths: readonly string[]): EngineReport {
  const { config } = readConfig({ preset: 'all' }, rules);
  const { typescript, explicit } = discover(paths);
  const found: string[] = [];
  const files: string[] = [];
  const request = { files: typescript, explicit, tsconfig: undefined, overlay: new Map<string, string>() };
  for (const project of engine.open(request)) {
    for (const { file, analysis } of project.analyse(project.files, () => config)) {
      assert.deepEqual(analysis.failures, [], file);
      files.push(file);
      const fixes = project.fixesOf(analysis.findings);
      analysis.findings.forEach(({ rule, level, span, message, related, unnecessary }, i) => {
        const told = related.map((r) => [r.file, r.span, formatMessage(r.message)]);
        const offered = fixes[i]?.map(({ title, safety, edits }) => [formatMessage(title), safety, edits]);
        const parts = [file, span, rule, level, unnecessary, formatMessage(message), told, offered];
        found.push(parts.map((part) => JSON.stringify(part)).join(' '));
      });
    }
  }
  return { files: files.sort(), findings: found.sort() };
}
