import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEVELS } from '../../../src/core/finding';
import type { JsonFinding } from '../../../src/hosts/cli/formats/json';
import { rules } from '../../../src/rules';
import { readPackages, type Pinned } from '../../ecosystem/packages';
import { readVerdicts, type Verdict } from '../../../src/tools/precision';
import { compare, formatChanges, packageSnapshot, parseEntry, type Snapshot } from '../../ecosystem/snapshot';
import { refreshVerdicts } from '../../ecosystem/verdicts';

const PLAIN = { bold: String, green: String, red: String };

function finding(file: string, line: number, rule: string): JsonFinding {
  const position = { line, character: 2 };
  const range = { start: position, end: position };
  return { file, rule, severity: 'warning', message: '', range, related: [], fixes: [], docs: '' };
}

describe('the snapshot of the ecosystem', () => {
  it('keeps a line for each finding: level, place and code', () => {
    const text = `first();\r\n  second();\n\n${' '.repeat(8)}${'x'.repeat(200)}\n`;
    const snapshot = packageSnapshot(
      [
        finding('a.ts', 1, 'late-await'),
        finding('a.ts', 2, 'floating-promise'),
        finding('b.ts', 3, 'late-await'),
      ],
      () => text,
    );
    assert.deepEqual(snapshot, {
      'floating-promise': ['warning a.ts:3'],
      'late-await': ['warning a.ts:2 second();', `warning b.ts:4 ${'x'.repeat(120)}`],
    });
    assert.deepEqual(Object.keys(snapshot), ['floating-promise', 'late-await']);
  });

  it('takes a line apart again, whatever the path and the code look like', () => {
    assert.deepEqual(parseEntry('hint src/my file:2.ts:12 case 3: f(":4 ")'), {
      level: 'hint',
      file: 'src/my file:2.ts',
      line: 12,
      text: 'case 3: f(":4 ")',
    });
    assert.deepEqual(parseEntry('hint a.py:3'), { level: 'hint', file: 'a.py', line: 3, text: '' });
    assert.throws(() => parseEntry('nothing'), /This is no finding: nothing/);
  });

  it('shows what came and went by package and rule, in the order of the files', () => {
    const before: Snapshot = {
      one: { a: ['warning f.ts:9 x()', 'warning f.ts:20 y()'], b: ['hint f.ts:1 z()'] },
      two: { a: ['error g.ts:1 w()'] },
      same: { a: ['error h.ts:1 v()', 'error h.ts:1 v()'] },
    };
    const after: Snapshot = {
      one: {
        a: ['warning e.ts:30 n()', 'warning f.ts:9 x()', 'information f.ts:20 y()'],
        b: ['hint f.ts:1 z()'],
      },
      same: { a: ['error h.ts:1 v()'] },
    };
    assert.equal(
      formatChanges(compare(before, after), PLAIN),
      [
        'one',
        '  a',
        '    + warning e.ts:30 n()',
        '    - warning f.ts:20 y()',
        '    + information f.ts:20 y()',
        'same',
        '  a',
        '    - error h.ts:1 v()',
        'two',
        '  a',
        '    - error g.ts:1 w()',
        '2 added, 3 removed',
      ].join('\n'),
    );
    assert.deepEqual(compare(before, before), []);
  });

  it('that is checked in speaks of the pinned packages and of rules that exist', () => {
    const path = join(__dirname, '../../ecosystem/snapshot.json');
    const snapshot = JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
    const packages = readPackages();
    assert.deepEqual(Object.keys(snapshot), packages.map(({ name }) => name).sort());
    assert.ok(packages.filter(({ from }) => from.kind === 'npm').length >= 15);
    assert.ok(packages.filter(({ from }) => from.kind === 'debian').length >= 5);
    const known = new Set(rules.map(({ meta }) => meta.id));
    for (const [name, byRule] of Object.entries(snapshot))
      for (const [rule, lines] of Object.entries(byRule)) {
        assert.ok(known.has(rule) || rule === 'unused-suppression', `${name}: ${rule}`);
        for (const line of lines)
          assert.ok(
            LEVELS.some((level) => level === parseEntry(line).level),
            line,
          );
      }
  });

  it('has every finding that was read, and as many as the page on precision counts', () => {
    const folder = join(__dirname, '../../ecosystem');
    const snapshot = JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8')) as Snapshot;
    const npm = readPackages().filter(({ from }) => from.kind === 'npm');
    const read = readVerdicts(join(folder, 'verdicts')).find(
      ({ language }) => language === 'TypeScript and JavaScript',
    );
    assert.ok(read);
    assert.deepEqual(refreshVerdicts(read, snapshot, npm), { file: read, gone: [] });
  });

  it('brings verdicts up to date: levels follow, and what is gone goes', () => {
    const verdict = (line: number, level: string): Verdict => ({
      rule: 'a',
      level,
      package: 'one',
      file: 'f.ts',
      line,
      text: 'x()',
      verdict: 'right',
      reason: 'Because.',
    });
    const before = {
      language: 'TypeScript',
      source: 'Somewhere.',
      files: 1,
      packages: {},
      findings: {},
      verdicts: [verdict(9, 'error'), verdict(10, 'error')],
    };
    const packages: Pinned[] = [{ name: 'one', version: '1.0.0', from: { kind: 'npm', sources: ['src'] } }];
    assert.deepEqual(
      refreshVerdicts(before, { one: { a: ['warning f.ts:9 x()', 'error g.ts:1 y()'] } }, packages),
      {
        file: {
          ...before,
          packages: { one: '1.0.0' },
          findings: { a: { warning: 1, error: 1 } },
          verdicts: [verdict(9, 'warning')],
        },
        gone: [verdict(10, 'error')],
      },
    );
  });
});
