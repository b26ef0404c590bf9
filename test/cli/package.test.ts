import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { TsServer } from '../tsserver/client';
import { Folder, FLOATING, parse, places, PYTHON, TSCONFIG } from './support';

const ROOT = join(__dirname, '../..');
const PACKAGE = join(ROOT, 'dist/npm');

/** The example in the section on ESLint. */
function eslintConfig(): string {
  const [, section = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split(/^## ESLint$/mu);
  const [, example] = /^```js\n([^]*?)^```$/mu.exec(section) ?? [];
  assert.ok(example);
  return example;
}

/** The commands in the example of a workflow. */
function workflowSteps(): string[] {
  const [, example = ''] =
    /^```yaml\n(name: [^]*?)^```$/mu.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const steps = [...example.matchAll(/^ *- run: (.*)$/gmu)].map(([, command = '']) => command);
  assert.equal(steps.length, 2);
  return steps;
}

/** Of the two promises nobody waits for, the example allows the second. */
const FILE = `declare function work(): Promise<void>;
declare const analytics: { track(): Promise<void> };
work();
analytics.track();
`;

/** A package at the version this project has. */
function own(name: string): string {
  const { version } = createRequire(__filename)(`${name}/package.json`) as { version: string };
  return `${name}@${version}`;
}

function bin(name: string, ...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', name), args, {
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

/** Runs npm in a folder, which has to succeed; gives what it printed. */
function npmIn(folder: Folder): (...args: string[]) => string {
  return (...args) => {
    const { code, stdout, stderr } = folder.run('npm', args, {
      env: { npm_config_update_notifier: 'false' },
    });
    assert.equal(code, 0, stderr);
    return stdout;
  };
}

describe('the npm package', () => {
  it('works where it is installed: command, plugin, server and schema', async () => {
    const folder = new Folder({
      'package.json': '{ "private": true }',
      'tsconfig.json': TSCONFIG,
      'a.ts': FLOATING,
      'b.py': PYTHON,
    });
    try {
      const npm = npmIn(folder);
      const tarball = npm('pack', '--silent', PACKAGE).trim();
      npm('install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`);
      const command = join(folder.path, 'node_modules/.bin/async-patterns');
      const { code, stdout, stderr } = folder.run(command, ['check', '--format', 'json']);
      assert.equal(code, 1, stderr);
      assert.deepEqual(places(parse(stdout)), ['a.ts floating-promise 3', 'b.py wrong-context-manager 6']);
      const script = `
        const ts = require('typescript');
        const plugin = require('async-patterns')({ typescript: ts });
        const schema = require('async-patterns/schema.json');
        console.log(typeof plugin.create, Object.keys(schema.properties.rules.properties).length > 0);`;
      assert.equal(folder.run(process.execPath, ['-e', script]).stdout, 'function true\n');
      // The TypeScript of the project loads the plugin that its configuration names.
      folder.write(
        'tsconfig.json',
        JSON.stringify({ compilerOptions: { types: [], plugins: [{ name: 'async-patterns' }] } }),
      );
      const server = new TsServer({ typescript: join(folder.path, 'node_modules/typescript') });
      try {
        const file = join(folder.path, 'a.ts');
        server.open(file, FLOATING);
        const found = await server.request<{ source?: string }[]>('suggestionDiagnosticsSync', { file });
        assert.deepEqual(
          found.map(({ source }) => source),
          ['async-patterns'],
        );
      } finally {
        await server.close();
      }
      // What the example of a workflow in the readme runs, in its order.
      for (const step of workflowSteps()) {
        const ended = folder.run('bash', ['-e', '-c', step]);
        assert.equal(ended.code, step.includes('check') ? 1 : 0, ended.stderr);
      }
      const sarif = JSON.parse(folder.read('async-patterns.sarif')) as { runs: { results: unknown[] }[] };
      assert.equal(sarif.runs[0]?.results.length, 2);
      // An end of input without a shutdown ends the server with 1, as the protocol has it.
      assert.equal(folder.run(command, ['server', '--stdio']).code, 1);
    } finally {
      folder.remove();
    }
  }).timeout(300_000);

  it('brings the ESLint plugin, for which the example in the readme is a configuration', () => {
    const folder = new Folder({
      'package.json': '{ "private": true }',
      'tsconfig.json': TSCONFIG,
      'a.ts': FILE,
      'eslint.config.mjs': eslintConfig(),
      'required.cjs': "console.log(Object.keys(require('async-patterns/eslint').configs).join());\n",
    });
    try {
      const npm = npmIn(folder);
      const tarball = npm('pack', '--silent', PACKAGE).trim();
      const packages = [`./${tarball}`, own('eslint'), own('typescript-eslint')];
      npm('install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);
      const { code, stdout, stderr } = folder.run(join(folder.path, 'node_modules/.bin/eslint'), [
        '--format',
        'json',
        'a.ts',
      ]);
      assert.equal(code, 1, stderr);
      const [result] = JSON.parse(stdout) as ESLint.LintResult[];
      assert.deepEqual(
        result?.messages.map(({ ruleId, line, severity }) => `${ruleId ?? ''} ${line} ${severity}`),
        ['async-patterns/floating-promise 3 2'],
      );
      assert.equal(folder.run(process.execPath, ['required.cjs']).stdout, 'recommended,strict,all\n');
      const types = folder.run(process.execPath, [
        join(folder.path, 'node_modules/typescript/bin/tsc'),
        ...['--noEmit', '--ignoreConfig', '--strict', '--checkJs', '--skipLibCheck', '--module', 'nodenext'],
        'eslint.config.mjs',
      ]);
      assert.equal(types.code, 0, types.stdout);
    } finally {
      folder.remove();
    }
  }).timeout(300_000);

  it('is what publint and attw expect', () => {
    const publint = bin('publint', 'run', PACKAGE, '--strict');
    assert.equal(publint.code, 0, publint.output);
    const attw = bin('attw', '--pack', PACKAGE, '--no-emoji');
    assert.equal(attw.code, 0, attw.output);
  });
});
