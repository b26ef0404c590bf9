import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { readConfig } from '../../src/core/config';
import { LineMap } from '../../src/core/text';
import { ClassicEngine } from '../../src/hosts/classic/engine';
import { discover } from '../../src/hosts/cli/discover';
import type { Engine } from '../../src/hosts/cli/engine';
import { NativeEngine } from '../../src/hosts/native/engine';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { rules } from '../../src/rules';
import { frameworkProject } from '../support/framework-packages';

const MARKER = /\/\/ ✗ (.+)$/u;

/** What the comments of a file announce: `line:rule (level)`, lines counted from 1. */
function announced(text: string): string[] {
  return text.split('\n').flatMap((line, i) => {
    const marker = MARKER.exec(line);
    return (marker?.[1]?.split(', ') ?? []).map((finding) => `${i + 1}:${finding}`);
  });
}

/** What an engine finds in a project, and the files it looked at. */
function foundBy(engine: Engine, folder: string): { readonly files: string[]; readonly findings: string[] } {
  const { config } = readConfig({}, rules);
  const { typescript, explicit } = discover([folder]);
  const files: string[] = [];
  const findings: string[] = [];
  const request = { files: typescript, explicit, tsconfig: undefined, overlay: new Map<string, string>() };
  for (const project of engine.open(request)) {
    for (const { file, analysis } of project.analyse(project.files, () => config)) {
      assert.deepEqual(analysis.failures, [], file);
      const lines = new LineMap(readFileSync(file, 'utf8'));
      const name = relative(folder, file).replaceAll('\\', '/');
      files.push(name);
      for (const { rule, level, span } of analysis.findings)
        findings.push(`${name}:${lines.positionAt(span.start).line + 1}:${rule} (${level})`);
    }
  }
  return { files, findings: findings.sort() };
}

describe('the fixtures of the frameworks', function () {
  this.timeout(600_000);

  let folder: string;
  let native: NativeEngine;

  before(async () => {
    folder = await frameworkProject();
    native = new NativeEngine(await loadNativeTypeScript(), rules);
  });

  after(() => {
    native.close();
    rmSync(folder, { recursive: true });
  });

  const engines: Record<string, () => Engine> = {
    classic: () => new ClassicEngine(ts, rules),
    native: () => native,
  };
  for (const [name, engine] of Object.entries(engines)) {
    it(`give the ${name} engine what they announce, and nothing else`, () => {
      const { files, findings } = foundBy(engine(), folder);
      const expected = files.flatMap((file) =>
        announced(readFileSync(join(folder, file), 'utf8')).map((finding) => `${file}:${finding}`),
      );
      assert.ok(files.length >= 20, `only ${files.join(', ')}`);
      assert.deepEqual(
        {
          missing: expected.filter((f) => !findings.includes(f)),
          wrong: findings.filter((f) => !expected.includes(f)),
        },
        { missing: [], wrong: [] },
      );
    });
  }
});
