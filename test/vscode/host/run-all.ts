import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Browser } from 'playwright-core';

import {
  bundledTypeScriptVersion,
  installEditor,
  type InstalledEditor,
} from '../../../src/tools/vscode-server/install';
import { installExtension, startServer } from '../../../src/tools/vscode-server/server';
import { editorVersions, type EditorName } from '../../../src/tools/vscode-server/versions';
import { suitesOn, testRuns, type TestRun } from '../runs';
import { launchBrowser } from './browser';
import { runSuite, type TestResult } from './run-suite';
import { makeWorkspace } from './workspace';

const testFolder = resolve(__dirname, '../..');
const suiteEnding = '.suite.ts';

/** Which tests to run in VS Code. */
export interface RunAllOptions {
  /** The packaged extension, an absolute path. */
  readonly vsix: string;
  readonly editors: readonly EditorName[];
  /** Only tests whose full title contains this text. */
  readonly grep?: string | undefined;
  /** Only the run of this name. */
  readonly run?: string | undefined;
}

/** How many tests passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs every suite in real VS Code windows, with the packaged extension installed.
 *
 * @param options what to run
 * @param print told the progress and the results line by line
 * @returns the counts over all versions
 * @throws Error when VS Code or the browser cannot be installed, the extension is refused or a suite belongs to no run
 */
export async function runAll(options: RunAllOptions, print: (line: string) => void): Promise<Counts> {
  await checkEverySuiteRuns();
  // Installing is mostly waiting for a network.
  const [browser, ...editors] = await Promise.all([
    launchBrowser(print),
    ...options.editors.map(async (name) => ({
      name,
      editor: await installEditor(editorVersions[name], print),
    })),
  ]);
  try {
    const counts = { passed: 0, failed: 0 };
    for (const { name, editor } of editors) {
      const results = await runOnVersion(browser, name, editor, options, print);
      counts.passed += results.filter((result) => result.kind === 'passed').length;
      counts.failed += results.filter((result) => result.kind === 'failed').length;
    }
    return counts;
  } finally {
    await browser.close();
  }
}

async function runOnVersion(
  browser: Browser,
  name: EditorName,
  editor: InstalledEditor,
  options: RunAllOptions,
  print: (line: string) => void,
): Promise<TestResult[]> {
  print(`VS Code ${editor.version.vscode} with TypeScript ${await bundledTypeScriptVersion(editor)}`);
  const extensionsFolder = await mkdtemp(join(tmpdir(), 'async-patterns-extensions-'));
  try {
    await installExtension(editor, options.vsix, extensionsFolder);
    const results: TestResult[] = [];
    for (const run of testRuns) {
      if (options.run !== undefined && options.run !== run.name) continue;
      const suites = suitesOn(run, name);
      if (suites.length === 0) continue;
      const started = Date.now();
      const grep = options.grep ?? (name === 'oldest' ? run.grepOnOldest : undefined);
      const found = await runOnce(browser, editor, extensionsFolder, run, suites, grep);
      if (found.length > 0) print(`  ${run.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      for (const result of found) printResult(result, print);
      results.push(...found);
    }
    return results;
  } finally {
    await rm(extensionsFolder, { recursive: true, force: true });
  }
}

async function runOnce(
  browser: Browser,
  editor: InstalledEditor,
  extensionsFolder: string,
  run: TestRun,
  suites: readonly string[],
  grep: string | undefined,
): Promise<TestResult[]> {
  const workspace = run.workspace && (await makeWorkspace(sourcesOf(run.workspace), run.packages));
  try {
    const server = await startServer(editor, {
      extensionsFolder,
      settings: withWorkspace(run.settings ?? {}, workspace?.folder ?? ''),
      trustsFolders: run.isRestricted !== true,
    });
    try {
      return await runSuite(browser, server, {
        folder: workspace?.folder,
        language: run.language,
        suites,
        grep,
      });
    } finally {
      await server.stop();
    }
  } finally {
    await workspace?.remove();
  }
}

function sourcesOf(workspace: NonNullable<TestRun['workspace']>): Parameters<typeof makeWorkspace>[0] {
  return typeof workspace === 'function'
    ? workspace
    : workspace.map((name) => join(testFolder, 'workspaces', name));
}

function printResult(result: TestResult, print: (line: string) => void): void {
  if (result.kind === 'passed') {
    print(`    ✔ ${result.title} (${result.durationMs} ms)`);
    return;
  }
  print(`    ${result.kind === 'repeated' ? '↻' : '✖'} ${result.title}`);
  for (const line of result.error.split('\n')) print(`        ${line}`);
}

function withWorkspace(settings: Readonly<Record<string, unknown>>, folder: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('${workspace}', folder) : value,
    ]),
  );
}

async function checkEverySuiteRuns(): Promise<void> {
  const files = await readdir(join(testFolder, 'vscode/suite'));
  const suites = files
    .filter((file) => file.endsWith(suiteEnding))
    .map((file) => file.slice(0, -suiteEnding.length));
  const run = new Set(testRuns.flatMap((one) => suitesOn(one, 'newest')));
  const forgotten = suites.filter((suite) => !run.has(suite));
  if (forgotten.length > 0) throw new Error(`test/vscode/runs.ts has no run for: ${forgotten.join(', ')}`);
}
