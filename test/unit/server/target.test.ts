import assert from 'node:assert/strict';
import { parseVersion } from '../../../src/core/python-version';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isFreeThreadedVersion,
  oldestVersion,
  saysFreeThreaded,
  Targets,
  versionRequired,
} from '../../../src/hosts/server/target';

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

  it('may be a build without the GIL', () => {
    for (const line of [
      '3.14t',
      '3.13.1t',
      '3.14.0rc2t',
      '3.14-devt',
      '3.13+freethreaded',
      'cpython-3.14.0+freethreaded-linux',
      'cpython@3.14t',
    ])
      assert.equal(isFreeThreadedVersion(line), true, line);
    for (const line of ['3.14', '3.14.1', 'pypy3.10', '', 'system', '3.14-test'])
      assert.equal(isFreeThreadedVersion(line), false, line);
    const classified = (level: string) =>
      `[project]\nclassifiers = ["Programming Language :: Python :: Free Threading${level}"]\n`;
    for (const level of ['', ' :: 2 - Beta', ' :: 3 - Stable'])
      assert.equal(saysFreeThreaded(classified(level)), true, level);
    assert.equal(saysFreeThreaded(classified(' :: 1 - Unstable')), false);
    assert.equal(saysFreeThreaded('[project]\nclassifiers = ["Programming Language :: Python"]\n'), false);
  });

  it('is without the GIL where the nearest .python-version says so, else the classifiers', () => {
    const folder = mkdtempSync(join(tmpdir(), 'async-patterns-gil-'));
    try {
      mkdirSync(join(folder, 'a/b'), { recursive: true });
      const classifiers = 'classifiers = ["Programming Language :: Python :: Free Threading :: 3 - Stable"]';
      writeFileSync(join(folder, 'pyproject.toml'), `[project]\n${classifiers}\n`);
      const targets = new Targets(() => undefined);
      const isFreeThreaded = () => {
        targets.forget();
        return targets.isFreeThreaded(`${folder}/a/b/c.py`);
      };
      assert.equal(isFreeThreaded(), true);
      writeFileSync(join(folder, 'a/.python-version'), '3.14\n');
      assert.equal(isFreeThreaded(), false);
      writeFileSync(join(folder, 'a/.python-version'), '3.14t\n');
      assert.equal(isFreeThreaded(), true);
      rmSync(join(folder, 'a/.python-version'));
      rmSync(join(folder, 'pyproject.toml'));
      assert.equal(isFreeThreaded(), false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
