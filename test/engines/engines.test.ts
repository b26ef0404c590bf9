import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { loadPages } from '../../src/documents/load';
import { ClassicEngine } from '../../src/hosts/classic/engine';
import { NativeEngine } from '../../src/hosts/native/engine';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { rules } from '../../src/rules';
import { reportOf } from '../support/engines';
import { blocksOf } from '../support/rulePages';

const ROOT = join(__dirname, '../..');

/** Writes files below a new folder where the packages of this repository resolve. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'engines-')));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const OPTIONS = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  // Each block is a world of its own.
  moduleDetection: 'force',
  jsx: 'preserve',
  lib: ['esnext', 'dom'],
  types: ['node'],
  strict: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
};

describe('the native engine', function () {
  this.timeout(300_000);

  let native: NativeEngine;
  const folders: string[] = [];

  before(async () => {
    native = new NativeEngine(await loadNativeTypeScript(), rules);
  });

  after(() => {
    native.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  function compare(paths: readonly string[], minimum: number): void {
    const expected = reportOf(new ClassicEngine(ts, rules), paths);
    const actual = reportOf(native, paths);
    assert.deepEqual(actual.files, expected.files);
    assert.deepEqual(actual.findings, expected.findings);
    assert.ok(
      expected.findings.length >= minimum,
      `${expected.findings.length} findings are too few to compare`,
    );
  }

  it('says what the classic one says about every example of the rule pages', async () => {
    const files: Record<string, string> = { 'tsconfig.json': JSON.stringify({ compilerOptions: OPTIONS }) };
    for (const page of await loadPages(join(ROOT, 'docs'))) {
      if (page.page.kind !== 'rule' || page.language !== 'en') continue;
      const context: [string, string][] = [];
      for (const block of blocksOf(page)) {
        if (block.file.endsWith('.py')) continue;
        const folder = `src/${page.page.id}/${block.line}`;
        if (block.role === 'context') context.push([block.file, block.code]);
        else for (const [name, code] of context) files[`${folder}/${name}`] = code;
        files[`${folder}/${block.file}`] = block.code;
      }
    }
    const folder = projectWith(files);
    folders.push(folder);
    compare([folder], 40);
  });

  it('says the same about the workspaces and fixtures of the tests', () => {
    compare([join(ROOT, 'test/workspaces'), join(ROOT, 'test/fixtures/differential')], 30);
  });

  it('says the same about the sources of this project', () => {
    compare([join(ROOT, 'src')], 0);
  });
});
