import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runNpm } from '../../src/tools/vscode-server/run-command';
import { nameOf, SOURCES_TSCONFIG } from '../support/npm-sources';
import { costOf, type Cost } from './measure';

const ROOT = join(__dirname, '../..');
const PACKAGE = 'matrix-js-sdk@43.0.0';
/** What we are measured against; exact, so that two runs compare the same. */
const TOOLS = [
  '@types/node@20',
  'typescript@6.0.3',
  'typescript-7@npm:typescript@7.0.2',
  'eslint@10.15.0',
  'typescript-eslint@8.73.0',
  'oxlint@1.94.0',
  'oxlint-tsgolint@7.0.2007',
  '@biomejs/biome@2.6.8',
];
const ROUNDS = 3;

const THREE = ['no-floating-promises', 'no-misused-promises', 'await-thenable'];
const ESLINT = `import tseslint from 'typescript-eslint';
export default tseslint.config({
  files: ['src/**/*.ts'],
  linterOptions: { reportUnusedDisableDirectives: 'off' },
  languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: ${JSON.stringify(Object.fromEntries(THREE.map((rule) => [`@typescript-eslint/${rule}`, 'error'])))},
});
`;

function oxlintConfig(rules: readonly string[]): string {
  const levels = Object.fromEntries(rules.map((rule) => [`typescript/${rule}`, 'error']));
  return JSON.stringify({ plugins: ['typescript'], categories: { correctness: 'off' }, rules: levels });
}

/** The package's sources as a project of their own, with its dependencies and the tools beside them. */
async function project(): Promise<string> {
  const folder = await cachedFolder(
    `bench-repository-${PACKAGE.replace(/\W+/g, '-')}`,
    async (unfinished) => {
      console.log(`Installing ${PACKAGE} and the tools to compare with from the npm registry (once)…`);
      writeFileSync(join(unfinished, 'package.json'), '{ "private": true }');
      await runNpm(['install', '--ignore-scripts', '--save-exact', PACKAGE, ...TOOLS], unfinished);
      const name = nameOf(PACKAGE);
      const root = join(unfinished, 'project');
      mkdirSync(root);
      cpSync(join(unfinished, 'node_modules', name, 'src'), join(root, 'src'), { recursive: true });
      writeFileSync(join(root, 'package.json'), JSON.stringify({ name, type: 'module' }));
      writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(SOURCES_TSCONFIG));
      writeFileSync(join(root, 'eslint.config.mjs'), ESLINT);
      writeFileSync(join(root, 'oxlint-3.json'), oxlintConfig(THREE));
      writeFileSync(join(root, 'oxlint-4.json'), oxlintConfig([...THREE, 'return-await']));
    },
  );
  return join(folder, 'project');
}

function linesIn(folder: string): { files: number; lines: number } {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const lines = sources.map((name) => readFileSync(join(folder, name), 'utf8').split('\n').length - 1);
  return { files: sources.length, lines: lines.reduce((sum, count) => sum + count, 0) };
}

/**
 * Whole processes over a real repository, the tools taking turns so that all meet the same machine; prints the median
 * time and the most memory of each, and what our command takes in relation to the others.
 */
export async function benchRepository(): Promise<void> {
  const folder = await project();
  const tool = (path: string) => join(folder, '../node_modules', path);
  const oxlint = (config: string) =>
    ['node', tool('oxlint/bin/oxlint'), '--type-aware', '--silent', '-c', config, 'src'] as const;
  // As `npm run build` makes it; every finding is printed.
  const ours = (engine: string) =>
    [
      'node',
      join(ROOT, 'dist/npm/cli.js'),
      'check',
      '--no-cache',
      '--preset=all',
      `--engine=${engine}`,
    ] as const;
  const biome = THREE.map((_, i) => ['noFloatingPromises', 'noMisusedPromises', 'useAwaitThenable'][i] ?? '');
  const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
    'tsc 6.0 --noEmit': ['node', tool('typescript/bin/tsc'), '--noEmit', '-p', '.'],
    'tsc 7.0 --noEmit': ['node', tool('typescript-7/bin/tsc'), '--noEmit', '-p', '.'],
    'async-patterns, native, all rules': ours('native'),
    'async-patterns, classic, all rules': ours('classic'),
    'ESLint + typescript-eslint, 3 rules': ['node', tool('eslint/bin/eslint.js'), 'src'],
    'oxlint + tsgolint, 3 rules': oxlint('oxlint-3.json'),
    'oxlint + tsgolint, 4 rules': oxlint('oxlint-4.json'),
    'Biome, 3 rules': [
      'node',
      tool('@biomejs/biome/bin/biome'),
      'lint',
      ...biome.map((rule) => `--only=nursery/${rule}`),
      'src',
    ],
  };
  const costs = new Map<string, Cost[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, command] of Object.entries(commands))
      costs.get(name)?.push(await costOf(command, folder));
  const { files, lines } = linesIn(join(folder, 'src'));
  console.log(`\n${PACKAGE}: ${files} files, ${lines} lines; whole processes, median of ${ROUNDS}`);
  console.log(`  ${''.padEnd(38)}${'time'.padStart(9)}${'processor'.padStart(11)}${'memory'.padStart(10)}`);
  for (const [name, all] of costs) {
    const time = seconds(median(all.map((cost) => cost.milliseconds)));
    const processor = seconds(median(all.map((cost) => cost.processorMilliseconds ?? NaN)));
    const memory = Math.max(...all.map((cost) => cost.peakBytes ?? NaN)) / 1e6;
    console.log(
      `  ${name.padEnd(38)}${time.padStart(9)}${processor.padStart(11)}${`${memory.toFixed(0)} MB`.padStart(10)}`,
    );
  }
  const time = (name: string) => median((costs.get(name) ?? []).map((cost) => cost.milliseconds));
  const native = time('async-patterns, native, all rules');
  for (const [name, target] of [
    ['oxlint + tsgolint, 4 rules', 1],
    ['tsc 7.0 --noEmit', 0.6],
    ['ESLint + typescript-eslint, 3 rules', 0.1],
  ] as const) {
    const ratio = (native / time(name)).toFixed(2);
    console.log(`  ours, native, takes ${ratio} times as long as ${name} (target ${target})`);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
