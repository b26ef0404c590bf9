import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { readConfig, type RawConfig } from '../../src/core/config';
import { LineMap } from '../../src/core/text';
import { ClassicEngine } from '../../src/hosts/classic/engine';
import { discover } from '../../src/hosts/cli/discover';
import type { Engine } from '../../src/hosts/cli/engine';
import { NativeEngine } from '../../src/hosts/native/engine';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { rules } from '../../src/rules';
import { FRAMEWORKS, frameworkProject } from '../support/framework-packages';

const MARKER = / *\/\/ ✗ (with checkThenables: )?(.+)$/u;

/** What the comments of a file announce: `line:rule (level)`, lines counted from 1. */
function announced(text: string, checkThenables: boolean): string[] {
  return text.split('\n').flatMap((line, i) => {
    const [, isExtra, findings = ''] = MARKER.exec(line) ?? [];
    if (findings === '' || (isExtra !== undefined && !checkThenables)) return [];
    return findings.split(', ').map((finding) => `${i + 1}:${finding}`);
  });
}

/** What an engine finds in a project, and the files it looked at. */
function foundBy(
  engine: Engine,
  folder: string,
  raw: RawConfig,
): { readonly files: string[]; readonly findings: string[] } {
  const { config } = readConfig(raw, rules);
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
    // Comments are something rules read.
    folder = await frameworkProject((text) => text.replace(new RegExp(MARKER, 'gmu'), ''));
    native = new NativeEngine(await loadNativeTypeScript(), rules);
  });

  after(() => {
    native.close();
    rmSync(folder, { recursive: true });
  });

  function compare(engine: Engine, checkThenables: boolean): void {
    const { files, findings } = foundBy(engine, folder, {
      options: { 'floating-promise': { checkThenables } },
    });
    const expected = files.flatMap((file) =>
      announced(readFileSync(join(FRAMEWORKS, file), 'utf8'), checkThenables).map(
        (finding) => `${file}:${finding}`,
      ),
    );
    assert.ok(files.length >= 20, `only ${files.join(', ')}`);
    assert.deepEqual(
      {
        missing: expected.filter((finding) => !findings.includes(finding)),
        wrong: findings.filter((finding) => !expected.includes(finding)),
      },
      { missing: [], wrong: [] },
    );
  }

  it('give the classic engine what they announce, and nothing else', () => {
    compare(new ClassicEngine(ts, rules), false);
  });

  it('give the native engine the same', () => {
    compare(native, false);
  });

  it('hold no wrong report either where thenables are checked, too', () => {
    compare(native, true);
  });

  it('know Express and effects of React in JavaScript without any typings, too', () => {
    const plain = realpathSync(mkdtempSync(join(tmpdir(), 'frameworks-plain-')));
    const handlers = (head: string) => `${head}
app.get('/', async (request, response) => {
  response.send(await load());
});
app.get('/caught', async (request, response, next) => {
  try {
    response.send(await load());
  } catch (error) {
    next(error);
  }
});
app.listen(3000);
async function load() {
  return (await fetch('/')).text();
}
`;
    const files: Record<string, string> = {
      'four/package.json': '{ "dependencies": { "express": "^4.18.0" } }',
      'four/app.js': handlers("const express = require('express');\nconst app = express();"),
      'four/router.mjs': handlers("import { Router } from 'express';\nconst app = Router();"),
      'five/package.json': '{ "dependencies": { "express": "^5.1.0" } }',
      'five/app.js': handlers("const express = require('express');\nconst app = express();"),
      'koa/package.json': '{ "dependencies": { "koa": "^3.0.0", "express": "^4.18.0" } }',
      'koa/app.js': handlers("const koa = require('koa');\nconst app = koa(); // not express"),
      'react/page.jsx': `import { useEffect } from 'react';
export function Page({ load }) {
  useEffect(async () => {
    await load();
  }, []);
  useEffect(() => load(), []);
}
`,
    };
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(plain, name)), { recursive: true });
        writeFileSync(join(plain, name), text);
      }
      const expected = [
        'four/app.js:3:misused-promise (warning)',
        'four/router.mjs:3:misused-promise (warning)',
        'react/page.jsx:3:misused-promise (warning)',
      ];
      assert.deepEqual(foundBy(new ClassicEngine(ts, rules), plain, {}).findings, expected);
      assert.deepEqual(foundBy(native, plain, {}).findings, expected);
    } finally {
      rmSync(plain, { recursive: true });
    }
  });
});
