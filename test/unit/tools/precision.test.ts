import assert from 'node:assert/strict';
import { join } from 'node:path';
import { precisionPage, readVerdicts, type Verdict } from '../../../src/tools/precision';

describe('the page on precision', () => {
  const verdict = (given: Verdict['verdict']): Verdict => ({
    rule: 'a',
    level: 'warning',
    package: 'p',
    file: 'p/f.py',
    line: 1,
    text: 'f()',
    verdict: given,
    reason: 'Because.',
  });

  it('counts the verdicts of each rule and level, and rounds down', () => {
    const page = precisionPage([
      {
        language: 'Python',
        source: 'Somewhere.',
        files: 12,
        packages: { p: '1.0' },
        findings: { a: { warning: 7, hint: 2 } },
        verdicts: [verdict('right'), verdict('right'), verdict('arguable')],
      },
    ]);
    assert.ok(page.includes('| a | warning | 7 | 3 | 2 | 1 | 0 | 66 % | 100 % |'));
    assert.ok(page.includes('| a | hint | 2 | 0 | 0 | 0 | 0 | – | – |'));
    assert.ok(page.includes('Below the aim: a (warning).'));
    assert.ok(page.includes('Packages: p 1.0.'));
    assert.ok(page.includes('Somewhere. 12 files were analysed.'));
  });

  it('names only packages whose version is known, and never counts more than was found', () => {
    for (const { packages, findings, verdicts } of readVerdicts(
      join(__dirname, '../../ecosystem/verdicts'),
    )) {
      for (const { rule, level, package: name, reason, line } of verdicts) {
        assert.ok(packages[name], name);
        assert.ok(reason.length > 0 && line > 0);
        const read = verdicts.filter((v) => v.rule === rule && v.level === level).length;
        assert.ok(read <= (findings[rule]?.[level] ?? 0), rule);
      }
    }
  });
});
