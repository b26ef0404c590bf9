/**
 * `npm run bench`: what the plugin costs while typing, in a real tsserver on a real file. Prints the server without
 * and with the plugin side by side, alternating between them so that both meet the same machine, and typescript-eslint
 * on the same edits; then the language server on Python's own library, and whole processes over a whole repository
 * beside other tools. `npm run bench -- repository` runs one of `typing`, `python` and `repository` alone. Timings decide
 * nothing: read them.
 */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runNpm } from '../../src/tools/vscode-server/run-command';
import { COMMANDS } from '../../src/core/protocol';
import { builtPlugin, TsServer } from '../tsserver/client';
import { benchPython } from './python';
import { benchRepository } from './repository';
import { lintTimes } from './typescript-eslint';

const ROOT = join(__dirname, '../..');
const EDITS = 60;
const HOVERS = 100;
/** The compiler of JavaScript itself takes some dozens of edits until it has seen what is hot. */
const WARM_UP = 40;
const PACKAGE = 'mongodb@7.0.0';
/** Files of one to three thousand lines, one plain and one full of promises. */
const FILES = ['src/collection.ts', 'src/sdam/topology.ts'];

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    lib: ['ESNext', 'DOM'],
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['src'],
};

/** The package's sources as a project of their own, with its dependencies beside them. */
async function project(): Promise<string> {
  const folder = await cachedFolder(`bench-${PACKAGE.replace(/\W+/g, '-')}`, async (unfinished) => {
    console.log(`Installing ${PACKAGE} from the npm registry (once)…`);
    writeFileSync(join(unfinished, 'package.json'), '{ "private": true }');
    await runNpm(['install', '--ignore-scripts', PACKAGE, '@types/node@20'], unfinished);
    mkdirSync(join(unfinished, 'project'));
    cpSync(join(unfinished, 'node_modules/mongodb/src'), join(unfinished, 'project/src'), {
      recursive: true,
    });
    writeFileSync(join(unfinished, 'project/tsconfig.json'), JSON.stringify(TSCONFIG));
  });
  return join(folder, 'project');
}

/** Opens a file in a server and answers each edit with its semantic diagnostics; times in milliseconds. */
class Typing {
  readonly times: number[] = [];
  private readonly line: number;

  constructor(
    private readonly server: TsServer,
    private readonly file: string,
    text: string,
  ) {
    server.open(file, text);
    // Inside a function in the middle of the file: the place where people type.
    const lines = text.split('\n');
    const middle = lines.findIndex(
      (line, i) => i > lines.length / 2 && /^ {4}(const|return|if)\b/.test(line),
    );
    this.line = (middle < 0 ? Math.floor(lines.length / 2) : middle) + 1;
  }

  async edit(index: number): Promise<void> {
    const at: [number, number] = [this.line, 1];
    if (index % 2 === 0) this.server.change(this.file, at, at, ' ');
    else this.server.change(this.file, at, [this.line, 2], '');
    const started = performance.now();
    await this.server.request('semanticDiagnosticsSync', { file: this.file });
    this.times.push(performance.now() - started);
  }

  /** One edit answered by our own request, as VS Code asks after the diagnostics. */
  async editAndAsk(index: number): Promise<number> {
    await this.edit(index);
    this.times.pop();
    const started = performance.now();
    await this.server.request(COMMANDS.diagnostics, { file: this.file });
    return performance.now() - started;
  }
}

/** Hovers over the file's own awaits and calls of `Promise`, as VS Code asks for them; times in milliseconds. */
async function hoverTimes(server: TsServer, file: string, text: string): Promise<number[]> {
  const places = text.split('\n').flatMap((content, line) => {
    const found = /\bawait\b|\bPromise\b|\basync\b|\w+\(/u.exec(content);
    return found ? [{ line, character: found.index }] : [];
  });
  const times: number[] = [];
  const step = Math.max(1, Math.floor(places.length / HOVERS));
  for (const [i, position] of places.entries()) {
    if (i % step !== 0) continue;
    const started = performance.now();
    await server.request(COMMANDS.hover, { file, position });
    times.push(performance.now() - started);
  }
  return times;
}

interface Measured {
  readonly baseline: readonly number[];
  readonly ours: readonly number[];
}

function quantile(times: readonly number[], q: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

function row(name: string, times: readonly number[], baseline?: readonly number[]): string {
  const ms = (value: number) => value.toFixed(1).padStart(8);
  const median = quantile(times, 0.5);
  const p95 = quantile(times, 0.95);
  const grows = baseline
    ? `  +${(median - quantile(baseline, 0.5)).toFixed(1)} ms (${((median / quantile(baseline, 0.5) - 1) * 100).toFixed(1)} %), 95th +${(p95 - quantile(baseline, 0.95)).toFixed(1)} ms`
    : '';
  return `  ${name.padEnd(34)}${ms(median)}${ms(p95)}${grows}`;
}

async function benchFile(folder: string, name: string): Promise<void> {
  const file = join(folder, name);
  const text = readFileSync(file, 'utf8');
  const bare = new TsServer();
  const plugged = new TsServer({ probe: await builtPlugin() });
  try {
    const baseline = new Typing(bare, file, text);
    const ours = new Typing(plugged, file, text);
    // The first answers build the program and warm the compiler up.
    for (let i = 0; i < WARM_UP; i++) {
      await baseline.edit(i);
      await ours.edit(i);
    }
    baseline.times.length = 0;
    ours.times.length = 0;
    const requests: number[] = [];
    for (let i = 0; i < EDITS; i++) {
      await baseline.edit(i);
      await ours.edit(i);
    }
    await plugged.request('configurePlugin', {
      pluginName: 'async-patterns-tsserver',
      configuration: { diagnostics: false },
    });
    // As VS Code uses it: tsserver answers alone, and our findings come with a request of their own.
    const plain: Measured = { baseline: [...baseline.times], ours: [...ours.times] };
    baseline.times.length = 0;
    ours.times.length = 0;
    for (let i = 0; i < EDITS; i++) {
      await baseline.edit(i);
      await ours.edit(i);
    }
    const inEditor: Measured = { baseline: [...baseline.times], ours: [...ours.times] };
    for (let i = 0; i < EDITS / 2; i++) requests.push(await ours.editAndAsk(i));
    const hovers = await hoverTimes(plugged, file, text);
    console.log(`\n${name}, ${text.split('\n').length} lines, ${EDITS} edits`);
    console.log(`  ${'milliseconds'.padEnd(34)}${'median'.padStart(8)}${'95th'.padStart(8)}`);
    console.log(row('tsserver', inEditor.baseline));
    console.log(row('with Async Patterns, as in VS Code', inEditor.ours, inEditor.baseline));
    console.log(row('our request after the diagnostics', requests));
    console.log(row(`a hover, ${hovers.length} awaits and calls`, hovers));
    console.log(row('tsserver', plain.baseline));
    console.log(row('with Async Patterns, any editor', plain.ours, plain.baseline));
  } finally {
    await Promise.all([bare.close(), plugged.close()]);
  }
  console.log(row('typescript-eslint, two rules', await lintTimes(file, text, 10)));
}

async function benchTyping(): Promise<void> {
  const folder = await project();
  for (const name of FILES) await benchFile(folder, name);
  const size = (path: string) => `${(statSync(join(ROOT, path)).size / 1024).toFixed(0)} KB`;
  console.log('\nSizes of the last build (npm run package makes the small one)');
  console.log(`  extension.js  ${size('dist/extension.js')}`);
  console.log(`  client.js     ${size('dist/client.js')}`);
  console.log(`  server.js     ${size('dist/server.js')}`);
  console.log(`  plugin        ${size('node_modules/async-patterns-tsserver/index.js')}`);
}

const PARTS = { typing: benchTyping, python: benchPython, repository: benchRepository };

async function main(): Promise<void> {
  const [wanted] = process.argv.slice(2);
  for (const [name, bench] of Object.entries(PARTS))
    if (wanted === undefined || wanted === name) await bench();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
