import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Folder, FLOATING, parse, places, PYTHON, TSCONFIG } from './support';

const ROOT = join(__dirname, '../..');
const PACKAGE = join(ROOT, 'dist/npm');

function bin(name: string, ...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', name), args, {
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

describe('the npm package', () => {
  it('works where it is installed: command, plugin, server and schema', () => {
    const folder = new Folder({
      'package.json': '{ "private": true }',
      'tsconfig.json': TSCONFIG,
      'a.ts': FLOATING,
      'b.py': PYTHON,
    });
    try {
      const npm = (...args: string[]) => {
        const { code, stdout, stderr } = folder.run('npm', args, {
          env: { npm_config_update_notifier: 'false' },
        });
        assert.equal(code, 0, stderr);
        return stdout;
      };
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
      // An end of input without a shutdown ends the server with 1, as the protocol has it.
      assert.equal(folder.run(command, ['server', '--stdio']).code, 1);
    } finally {
      folder.remove();
    }
  }).timeout(300_000);

  it('is what publint and attw expect', () => {
    const publint = bin('publint', 'run', PACKAGE, '--strict');
    assert.equal(publint.code, 0, publint.output);
    const attw = bin('attw', '--pack', PACKAGE, '--no-emoji');
    assert.equal(attw.code, 0, attw.output);
  }).timeout(240_000);
});
