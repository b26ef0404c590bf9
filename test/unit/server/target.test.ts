import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oldestVersion, parseVersion, Targets, versionRequired } from '../../../src/hosts/server/target';

const version = (major: number, minor: number) => ({ major, minor });

describe('the target version of Python', () => {
  it('is the oldest that a requirement lets in', () => {
    for (const requirement of [
      '>=3.9',
      '>= 3.9.2, <4',
      '~=3.9',
      '<4,>=3.9',
      '^3.9',
      '==3.9.*',
      '>3.9',
      '3.9',
    ]) {
      assert.deepEqual(oldestVersion(requirement), version(3, 9), requirement);
    }
    for (const requirement of ['<4', '!=3.9', '*', '']) assert.equal(oldestVersion(requirement), undefined);
  });

  it('may be a setting', () => {
    assert.deepEqual(parseVersion('3.12'), version(3, 12));
    assert.deepEqual(parseVersion(' 3.12.1 '), version(3, 12));
    for (const text of ['3', 'python3', '3.x', '']) assert.equal(parseVersion(text), undefined);
  });

  it('is read from the project table, else from Poetry', () => {
    const poetry = '[tool.poetry.dependencies]\npython = "^3.10"\n';
    assert.deepEqual(versionRequired(poetry), version(3, 10));
    assert.deepEqual(versionRequired(`[project]\nrequires-python = ">=3.8"\n${poetry}`), version(3, 8));
    assert.equal(versionRequired('[project]\nname = "x"\n'), undefined);
  });

  it('comes from the nearest pyproject.toml that names one, and a wrong one is told of', () => {
    const folder = mkdtempSync(join(tmpdir(), 'async-patterns-target-'));
    try {
      mkdirSync(join(folder, 'a/b'), { recursive: true });
      writeFileSync(join(folder, 'pyproject.toml'), '[project]\nrequires-python = ">=3.9"\n');
      writeFileSync(join(folder, 'a/pyproject.toml'), '[tool.x]\n');
      const told: string[] = [];
      const targets = new Targets((text) => told.push(text));
      assert.deepEqual(targets.of(`${folder}/a/b/c.py`), version(3, 9));
      writeFileSync(join(folder, 'a/pyproject.toml'), '[project]\nrequires-python = ">=3.12"\n');
      assert.deepEqual(targets.of(`${folder}/a/b/c.py`), version(3, 9));
      targets.forget();
      assert.deepEqual(targets.of(`${folder}/a/b/c.py`), version(3, 12));
      writeFileSync(join(folder, 'a/pyproject.toml'), '[project\n');
      targets.forget();
      assert.deepEqual(targets.of(`${folder}/a/b/c.py`), version(3, 9));
      assert.equal(told.length, 1);
      assert.match(told[0] ?? '', /a\/pyproject\.toml: .*Correct it/u);
      assert.equal(targets.of('untitled:Untitled-1'), undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
