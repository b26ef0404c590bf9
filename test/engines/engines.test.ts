import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { loadPages } from '../../src/documents/load';
import type { Engine } from '../../src/hosts/cli/engine';
import { ClassicEngine } from '../../src/hosts/classic/engine';
import { NativeChecker } from '../../src/hosts/native/checker';
import { NativeEngine } from '../../src/hosts/native/engine';
import { namespaceOf } from '../../src/hosts/native/namespace';
import { Requests } from '../../src/hosts/native/requests';
import { loadNativeTypeScript } from '../../src/hosts/native/typescript';
import { rules } from '../../src/rules';
import { reportOf } from '../support/engines';
import { blocksOf } from '../support/rule-pages';

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

  it('says the same about CommonJS and about types in comments', () => {
    const folder = projectWith({
      'tsconfig.json': JSON.stringify({
        compilerOptions: { ...OPTIONS, module: 'nodenext', moduleResolution: 'nodenext', checkJs: false },
      }),
      'quiet.js': `async function quiet(reader) {
  try {
    await reader.read();
  } catch (error) {
    console.error(error);
  }
}
/** @returns {void} */
function start(reader) {
  quiet(reader);
}
/** @returns {Promise<void>} */
function later(reader) {
  quiet(reader);
}
function plain(reader) {
  quiet(reader);
}
module.exports = { quiet, start, later, plain };
`,
      'main.js': `const { quiet } = require('./quiet');
exports.run = function (reader) {
  quiet(reader);
};
`,
    });
    folders.push(folder);
    compare([folder], 4);
  });

  it('differs only where TypeScript 7 infers another type: for members that assignments in JavaScript declare', () => {
    const folder = projectWith({
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...OPTIONS, checkJs: false } }),
      // TypeScript 7 knows no members whose names are symbols here: an error of its own, TS7053, with `checkJs`.
      'symbol.js': `const key = Symbol('key');
class Client {
  constructor(connect) {
    this[key] = async () => connect();
  }
  run() {
    this[key]();
  }
}
`,
      // Neither takes the member under the other symbol, which gives a promise, for the one that is called in `run`.
      'symbols.js': `module.exports = { close: Symbol('close'), connect: Symbol('connect') };
`,
      'other.js': `const { close, connect } = require('./symbols');
class Agent {
  constructor(connector) {
    this[connect] = () => connector;
  }
  async [close]() {
    await this.end();
  }
  run() {
    this[connect]();
  }
  stop() {
    this[close]();
  }
}
`,
      // TypeScript 6 takes a member for `any` where an assignment that declares it refers to it.
      'circular.js': `class Client {
  connect() {
    const connecting = Promise.resolve();
    this.connecting = connecting.finally(() => {
      if (this.connecting === connecting) this.connecting = undefined;
    });
    return this.connecting;
  }
  start() {
    this.connect();
  }
}
`,
    });
    folders.push(folder);
    const paths = (engine: Engine) =>
      reportOf(engine, [folder]).findings.map((line) => /\w+\.js/u.exec(line)?.[0]);
    assert.deepEqual(paths(new ClassicEngine(ts, rules)), ['other.js', 'symbol.js']);
    assert.deepEqual(paths(native), ['circular.js', 'other.js']);
  });

  it('asks about the parts of a union together, however many they are', () => {
    const units = (letter: string) =>
      Array.from({ length: 40 }, (_, i) => `\`\${number}${letter}${i}\``).join(' | ');
    const folder = projectWith({
      'tsconfig.json': JSON.stringify({ compilerOptions: OPTIONS }),
      'a.ts': `declare const options: { wait: ${units('a')} } & { wait: ${units('b')} };
declare function start(wait: unknown): Promise<void>;
start(options.wait);
`,
    });
    folders.push(folder);
    const original = Object.getOwnPropertyDescriptor(Requests.prototype, 'fetch');
    assert.ok(original);
    const fetch = original.value as (this: Requests) => void;
    let messages = 0;
    Requests.prototype.fetch = function () {
      messages++;
      fetch.call(this);
    };
    try {
      compare([folder], 1);
    } finally {
      Object.defineProperty(Requests.prototype, 'fetch', original);
    }
    assert.ok(messages < 100, `${messages} messages for 1600 parts`);
  });

  it('says the same about the sources of this project in which something is asynchronous', () => {
    compare(
      ['hosts', 'tools', 'vscode'].map((folder) => join(ROOT, 'src', folder)),
      0,
    );
  });
});

describe('the stand-ins of the native engine', () => {
  /** The members that the oracle and the repairs use of an object, by its name. */
  function used(object: string): string[] {
    const folder = join(ROOT, 'src/languages/typescript');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // Hovers exist in editors only, which bring a TypeScript of their own.
      .filter((name) => name.endsWith('.ts') && name !== 'anchors.ts')
      .flatMap((name) => [
        ...readFileSync(join(folder, name), 'utf8').matchAll(new RegExp(`\\b${object}\\.(\\w+)`, 'gu')),
      ])
      .map((match) => match[1] ?? '');
    return [...new Set(names)].sort();
  }

  it('have every name that is used of TypeScript', async () => {
    const tsc = namespaceOf(await loadNativeTypeScript());
    const missing = used('tsc').filter((name) => !(name in tsc));
    assert.deepEqual(missing, []);
  });

  it('have every question that is asked of the checker', () => {
    const missing = used('checker').filter((name) => !(name in NativeChecker.prototype));
    assert.deepEqual(missing, []);
  });
});
