import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { LineMap } from '../../../src/core/text';
import { applyEdits, Sample } from '../support/analyse';

const RULE = 'blocking-call-in-async';

/** `line:level` of the rule's findings in `a.ts` (or the named file), lines counted from 1. */
function found(files: Record<string, string> | string, name = 'a.ts'): string[] {
  const sample = new Sample(typeof files === 'string' ? { [name]: files } : files);
  const lines = new LineMap(sample.sourceFile(name).text);
  return sample
    .findings(name)
    .filter((f) => f.rule === RULE)
    .map((f) => `${lines.positionAt(f.span.start).line + 1}:${f.level}`);
}

/** The text after the first fix of the first finding; undefined when none is offered. The result must type-check. */
function fixed(text: string, name = 'a.ts'): string | undefined {
  const sample = new Sample({ [name]: text });
  const [finding] = sample.findings(name).filter((f) => f.rule === RULE);
  assert.ok(finding, 'a finding');
  const [fix] = sample.fixes(finding);
  if (!fix) return undefined;
  assert.equal(fix.safety, 'suggestion');
  const result = applyEdits(text, fix.edits);
  const after = new Sample({ [name]: result });
  assert.deepEqual(after.typeErrors(name), sample.typeErrors(name), result);
  assert.deepEqual(
    after.summary(name).filter((line) => line.endsWith(RULE)),
    [],
    result,
  );
  return result;
}

const FS = "import * as fs from 'node:fs';\n";

describe(RULE, () => {
  describe('levels', () => {
    it('warns of files, processes and compression, hints at metadata', () => {
      assert.deepEqual(
        found(`${FS}import { execSync } from 'child_process';
import { gzipSync } from 'node:zlib';
export async function f(p: string) {
  fs.readFileSync(p);
  execSync('ls');
  gzipSync(p);
  fs.existsSync(p);
}`),
        ['5:warning', '6:warning', '7:warning', '8:hint'],
      );
    });

    it('follows helpers and constructors: heavy warns, files inform, metadata is silent', () => {
      assert.deepEqual(
        found(`${FS}import { execSync } from 'child_process';
function heavy() { execSync('ls'); }
function medium() { fs.readFileSync('x'); }
function cheap() { fs.statSync('x'); }
class Store { private data = fs.readFileSync('x'); get() { return this.data; } }
export async function f() {
  heavy();
  medium();
  cheap();
  new Store().get();
}`),
        ['8:warning', '9:information', '11:information'],
      );
    });

    it('follows helpers across files and re-exports', () => {
      const sample = new Sample({
        'a.ts': `import { outer } from './index';
export async function f() {
  return outer('x');
}`,
        'index.ts': `export { outer } from './helper';`,
        'helper.ts': `${FS}export const inner = (p: string) => fs.readFileSync(p);
export function outer(p: string) { return inner(p); }`,
      });
      const [finding] = sample.findings('a.ts');
      assert.equal(finding?.level, 'information');
      assert.equal(
        formatMessage(finding.message),
        'outer blocks the event loop with readFileSync: make it async.',
      );
      assert.deepEqual(
        finding.related.map((r) => [r.file, formatMessage(r.message)]),
        [
          [sample.path('helper.ts'), 'which calls inner'],
          [sample.path('helper.ts'), 'readFileSync blocks here'],
        ],
      );
    });

    it('sees callbacks that run on the spot', () => {
      assert.deepEqual(
        found(`${FS}export async function f(ps: string[]) {
  return ps.map((p) => fs.readFileSync(p));
}`),
        ['3:warning'],
      );
    });

    it('knows require, default imports and JavaScript without types', () => {
      assert.deepEqual(
        found(
          {
            'a.js': `const { readFileSync: read } = require('fs');\nmodule.exports = async function f(p) {\n  return read(p);\n};`,
          },
          'a.js',
        ),
        ['3:warning'],
      );
      assert.deepEqual(
        found(`import fs from 'fs';\nexport const f = async (p: string) => fs.readFileSync(p);`),
        ['2:warning'],
      );
    });

    it('takes an xSync with a promise-returning x beside it for information', () => {
      assert.deepEqual(
        found(`declare const disk: { scanSync(p: string): string[]; scan(p: string): Promise<string[]> };
export async function f() {
  return disk.scanSync('x');
}`),
        ['3:information'],
      );
    });

    it('knows synchronous XMLHttpRequest and Atomics.wait', () => {
      assert.deepEqual(
        found(`export async function f(cell: Int32Array) {
  const request = new XMLHttpRequest();
  request.open('GET', '/', false);
  request.open('GET', '/', true);
  Atomics.wait(cell, 0, 0);
}`),
        ['3:warning', '5:warning'],
      );
    });

    it('tells one story per blocking call: the nearest caller, the others beside it', () => {
      const sample = new Sample({
        'a.ts': `${FS}function load() { return fs.readFileSync('x'); }
function wrap() { return load(); }
export async function far() { return wrap(); }
export async function near() { return load(); }
export async function third() { return load(); }`,
      });
      const findings = sample.findings('a.ts').filter((f) => f.rule === RULE);
      assert.equal(findings.length, 1);
      const [finding] = findings;
      assert.equal(new LineMap(sample.sourceFile('a.ts').text).positionAt(finding?.span.start ?? 0).line, 4);
      assert.equal(
        finding?.related.filter((r) => formatMessage(r.message) === 'also reached from here').length,
        2,
      );
    });

    it('ends on recursion', () => {
      assert.deepEqual(
        found(`${FS}function a(n: number): void { if (n) b(n - 1); }
function b(n: number): void { fs.readdirSync('.'); a(n); }
export async function f() { a(3); }`),
        ['4:information'],
      );
    });
  });

  describe('stays silent on', () => {
    const silent = (title: string, text: string | Record<string, string>, name?: string) =>
      it(title, () => assert.deepEqual(found(text, name), []));

    silent(
      'module level and synchronous functions',
      `${FS}export const x = fs.readFileSync('x');\nexport function f() { fs.readFileSync('x'); }`,
    );
    silent(
      'a main function behind a guard that serves nobody',
      `${FS}async function main() { fs.readFileSync(process.argv[2] ?? ''); await work(); }
async function work() { fs.writeFileSync('x', 'y'); }
if (process.argv[1]) main().catch(console.error);`,
    );
    silent(
      'start-up before serving',
      `${FS}import { createServer } from 'node:http';
void (async () => { const key = fs.readFileSync('key'); createServer().listen(key.length); })();`,
    );
    silent(
      'what a function reads before it opens a server',
      `${FS}import { createServer } from 'node:https';
function open() {
  const cert = fs.readFileSync('cert.pem');
  return createServer({ cert });
}
export async function serve() {
  return open().listen(443);
}`,
    );
    silent(
      'memoised helpers: looked up when the cache is on',
      `${FS}export class Pages {
  static cached = new Map<string, string>();
  static use = true;
  async text(p: string) {
    let text: string | undefined;
    if (Pages.use) text = Pages.cached.get(p);
    if (!text && text !== '') {
      text = fs.readFileSync(p, 'utf8');
      if (Pages.use) Pages.cached.set(p, text);
    }
    return text;
  }
}`,
    );
    silent(
      'files made up by the kernel',
      `${FS}export async function f() { return fs.readFileSync('/proc/meminfo', 'utf8'); }`,
    );
    silent(
      'helpers that put an error into words',
      `${FS}function enhanceCssError(error: Error, file: string) { error.message += fs.readFileSync(file, 'utf8'); return error; }
export async function f(p: string) { try { await import(p); } catch (error) { return enhanceCssError(error as Error, p); } }`,
    );
    silent('scripts', `#!/usr/bin/env node\n${FS}export async function f() { fs.readFileSync('x'); }`);
    silent(
      'users of a command line library',
      `${FS}import { Command } from 'commander';
new Command().action(async () => { fs.readFileSync('x'); });`,
    );
    silent(
      'files in bin',
      { 'bin/a.ts': `${FS}export async function f() { fs.readFileSync('x'); }` },
      'bin/a.ts',
    );
    silent(
      'loaders of configuration',
      `${FS}export async function loadConfig() { return fs.readFileSync('x'); }
function readSettings() { return fs.readFileSync('x'); }
export async function f() { return readSettings(); }`,
    );
    silent(
      'memoised helpers: early return',
      `${FS}let cache: Buffer | undefined;
function load() { if (cache) return cache; cache = fs.readFileSync('x'); return cache; }
export async function f() { return load(); }`,
    );
    silent(
      'memoised helpers: filled when empty',
      `${FS}class A { private text?: Buffer; load() { if (!this.text) this.text = fs.readFileSync('x'); return this.text; }
  async f() { return this.load(); } }
export { A };`,
    );
    silent(
      'memoised helpers: ??=',
      `${FS}let cache: Buffer | undefined;
export async function f() { return (cache ??= fs.readFileSync('x')); }`,
    );
    silent(
      'memoised helpers: map.get(key) === undefined',
      `${FS}const cache = new Map<string, Buffer>();
function load(k: string) { let v = cache.get(k); if (v === undefined) { v = fs.readFileSync(k); cache.set(k, v); } return v; }
export async function f() { return load('x'); }`,
    );
    silent(
      'memoised in a caller on the path',
      `${FS}const cache = new Map<string, Buffer>();
function read(k: string) { return fs.readFileSync(k); }
function load(k: string) { if (!cache.has(k)) cache.set(k, read(k)); return cache.get(k); }
export async function f() { return load('x'); }`,
    );
    silent(
      'exit, signal and kill handlers',
      `import { execSync } from 'node:child_process';
${FS}process.on('exit', async () => { fs.rmSync('x'); });
export async function run() { process.once('SIGINT', () => execSync('ls')); }
export async function killProcess() { execSync('kill 1'); }`,
    );
    silent(
      'catch blocks that build an error',
      `${FS}export async function f(p: string) {
  try { await import(p); } catch (error) { const text = fs.readFileSync(p, 'utf8'); throw new Error(text, { cause: error }); }
}`,
    );
    silent(
      'lambdas not called here',
      `${FS}export async function f(later: (g: () => void) => void) { later(() => { fs.readFileSync('x'); }); return () => fs.readFileSync('y'); }`,
    );
    silent(
      'code of a worker',
      `import { parentPort } from 'node:worker_threads';
${FS}parentPort?.on('message', async (p: string) => { fs.readFileSync(p); });`,
    );
    silent('tests', { 'a.test.ts': `${FS}export async function f() { fs.readFileSync('x'); }` }, 'a.test.ts');
    silent(
      '*Sync of the DOM and in memory',
      `declare const sheet: { replaceSync(s: string): void; replace(s: string): Promise<void> };
declare const codec: { parseSync(s: string): void; parse(s: string): Promise<void> };
export async function f() { sheet.replaceSync('x'); codec.parseSync('y'); }`,
    );
    silent(
      'async helpers, which report themselves',
      `declare function g(): Promise<void>;\nexport async function f() { await g(); }`,
    );
    silent(
      'names of its own that only look like fs',
      `const fs = { readFileSync(p: string) { return p; } };\nexport async function f() { return fs.readFileSync('x'); }`,
    );
  });

  it('leaves the commands of a command-line tool alone, not those of a chat bot', () => {
    const text = `${FS}export async function run() { return fs.readFileSync('x'); }`;
    const name = 'commands/show.ts';
    assert.deepEqual(found({ [name]: text }, name), []);
    const bot = `import type { Client } from 'discord.js';\n${text}\nexport type C = Client;`;
    assert.deepEqual(found({ [name]: bot }, name), ['3:warning']);
  });

  it('reports the handlers that a main function installs', () => {
    const server = `${FS}declare const app: { get(p: string, f: (r: unknown) => Promise<unknown>): void; listen(n: number): void };
async function main() {
  fs.readFileSync('key');
  await Promise.all(['a'].map(async (p) => fs.readFileSync(p)));
  app.get('/', async () => fs.readFileSync('page'));
  await new Promise<void>((resolve) => { app.listen(80); resolve(); });
}
void main();`;
    assert.deepEqual(found(server), ['6:warning']);
    assert.deepEqual(found(`#!/usr/bin/env node\n${server}`), ['7:warning']);
  });

  it('reports the main thread that hands work to a worker', () => {
    assert.deepEqual(
      found(`${FS}import { Worker } from 'node:worker_threads';
export async function f(p: string) {
  return new Worker('./w.js', { workerData: fs.readFileSync(p) });
}`),
      ['4:warning'],
    );
  });

  it('reports what runs after the server listens', () => {
    assert.deepEqual(
      found(`${FS}import { createServer } from 'node:http';
void (async () => {
  createServer().listen(80);
  fs.readFileSync('key');
})();`),
      ['5:warning'],
    );
  });

  it('leaves allowed functions alone', () => {
    const sample = new Sample(
      { 'a.ts': `${FS}export async function f() { fs.readFileSync('x'); }` },
      { options: { [RULE]: { allow: ['readFileSync'] } } },
    );
    assert.deepEqual(sample.summary('a.ts'), []);
  });

  describe('fixes', () => {
    it('go through the namespace the file has', () => {
      assert.equal(
        fixed(`${FS}export async function f(p: string) {\n  return fs.readFileSync(p, 'utf8').trim();\n}\n`),
        `${FS}export async function f(p: string) {\n  return (await fs.promises.readFile(p, 'utf8')).trim();\n}\n`,
      );
    });

    it('import the promise API beside a named import', () => {
      assert.equal(
        fixed(
          `import { readFileSync } from 'node:fs';\nexport async function f(p: string) {\n  return readFileSync(p);\n}\n`,
        ),
        `import { readFileSync } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nexport async function f(p: string) {\n  return await readFile(p);\n}\n`,
      );
    });

    it('reuse imports of fs/promises', () => {
      assert.equal(
        fixed(
          `import { readFileSync } from 'fs';\nimport fsp from 'fs/promises';\nexport const f = async (p: string) => readFileSync(p, fsp.constants);\n`.replace(
            ', fsp.constants',
            '',
          ),
        ),
        `import { readFileSync } from 'fs';\nimport fsp from 'fs/promises';\nexport const f = async (p: string) => await fsp.readFile(p);\n`,
      );
      assert.equal(
        fixed(
          `import { readFileSync, promises as disk } from 'fs';\nexport const f = async (p: string) => readFileSync(p);\n`,
        ),
        `import { readFileSync, promises as disk } from 'fs';\nexport const f = async (p: string) => await disk.readFile(p);\n`,
      );
      assert.equal(
        fixed(
          `import { readFileSync } from 'fs';\nimport { stat } from 'fs/promises';\nexport const f = async (p: string) => [readFileSync(p), await stat(p)];\n`,
        ),
        `import { readFileSync } from 'fs';\nimport { stat, readFile } from 'fs/promises';\nexport const f = async (p: string) => [await readFile(p), await stat(p)];\n`,
      );
    });

    it('avoid names that are taken', () => {
      assert.equal(
        fixed(
          `import { readFileSync, readFile } from 'node:fs';\nreadFile('x', () => {});\nexport async function f(p: string) {\n  return readFileSync(p);\n}\n`,
        ),
        `import { readFileSync, readFile } from 'node:fs';\nimport { readFile as readFileAsync } from 'node:fs/promises';\nreadFile('x', () => {});\nexport async function f(p: string) {\n  return await readFileAsync(p);\n}\n`,
      );
    });

    it('keep CommonJS', () => {
      assert.equal(
        fixed(
          `const { readFileSync } = require('fs');\nmodule.exports = async (p) => readFileSync(p);\n`,
          'a.cjs',
        ),
        `const { readFileSync } = require('fs');\nconst { readFile } = require('fs/promises');\nmodule.exports = async (p) => await readFile(p);\n`,
      );
      assert.equal(
        fixed(`const fs = require('fs');\nmodule.exports = async () => fs.readFileSync('x');\n`, 'a.cjs'),
        `const fs = require('fs');\nmodule.exports = async () => await fs.promises.readFile('x');\n`,
      );
    });

    it('promisify callbacks', () => {
      assert.equal(
        fixed(
          `import { gzipSync } from 'node:zlib';\nexport async function f(b: Buffer) {\n  return gzipSync(b);\n}\n`,
        ),
        `import { gzipSync, gzip } from 'node:zlib';\nimport { promisify } from 'node:util';\nexport async function f(b: Buffer) {\n  return await promisify(gzip)(b);\n}\n`,
      );
      assert.equal(
        fixed(
          `import * as cp from 'child_process';\nexport async function f() {\n  return cp.execSync('ls', { encoding: 'utf8' }).length;\n}\n`,
        ),
        `import * as cp from 'child_process';\nimport { promisify } from 'util';\nexport async function f() {\n  return (await promisify(cp.exec)('ls', { encoding: 'utf8' })).stdout.length;\n}\n`,
      );
    });

    it('take the neighbour of the same library', () => {
      const bcrypt = `export function hashSync(text: string, rounds: number): string;
export function hash(text: string, rounds: number): Promise<string>;`;
      const after = (text: string) => {
        const sample = new Sample({ 'a.ts': text, 'node_modules/bcrypt/index.d.ts': bcrypt });
        const [finding] = sample.findings('a.ts').filter((f) => f.rule === RULE);
        assert.ok(finding, 'a finding');
        assert.equal(finding.level, 'warning');
        const result = applyEdits(text, sample.fixes(finding)[0]?.edits ?? []);
        assert.deepEqual(
          new Sample({ 'a.ts': result, 'node_modules/bcrypt/index.d.ts': bcrypt }).typeErrors('a.ts'),
          [],
        );
        return result;
      };
      assert.equal(
        after(
          `import * as bcrypt from 'bcrypt';\nexport const f = async (p: string) => bcrypt.hashSync(p, 12);\n`,
        ),
        `import * as bcrypt from 'bcrypt';\nexport const f = async (p: string) => await bcrypt.hash(p, 12);\n`,
      );
      assert.equal(
        after(`import { hashSync } from 'bcrypt';\nexport const f = async (p: string) => hashSync(p, 12);\n`),
        `import { hashSync, hash } from 'bcrypt';\nexport const f = async (p: string) => await hash(p, 12);\n`,
      );
    });

    it('keep line endings and lists with one name per line', () => {
      assert.equal(
        fixed(
          `import {\r\n  gzipSync,\r\n  constants,\r\n} from 'zlib';\r\nexport async function f(b: Buffer) {\r\n  return [gzipSync(b), constants];\r\n}\r\n`,
        ),
        `import {\r\n  gzipSync,\r\n  constants,\r\n  gzip,\r\n} from 'zlib';\r\nimport { promisify } from 'util';\r\nexport async function f(b: Buffer) {\r\n  return [await promisify(gzip)(b), constants];\r\n}\r\n`,
      );
    });

    it('are not offered where the promise API is another one', () => {
      assert.equal(fixed(`${FS}export async function f(p: string) { return fs.existsSync(p); }`), undefined);
      assert.equal(fixed(`${FS}export async function f() { return fs.readFileSync(0); }`), undefined);
      assert.equal(
        fixed(
          `${FS}export async function f(p: string) { return fs.statSync(p, { throwIfNoEntry: false }); }`,
        ),
        undefined,
      );
      assert.equal(
        fixed(`${FS}export async function f(ps: string[]) { return ps.map((p) => fs.readFileSync(p)); }`),
        undefined,
      );
      assert.equal(
        fixed(
          `import { execSync } from 'child_process';\nexport async function f() { execSync('ls', { stdio: 'inherit' }); }`,
        ),
        undefined,
      );
      assert.equal(
        fixed(`import { spawnSync } from 'child_process';\nexport async function f() { spawnSync('ls'); }`),
        undefined,
      );
    });
  });
});
