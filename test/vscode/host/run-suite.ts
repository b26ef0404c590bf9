import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Browser } from 'playwright-core';

import type { RunningServer } from '../../../src/tools/vscode-server/server';
import type { ReportLine } from '../suite/report';
import { bundleSuites } from './bundle-suites';
import { openWindow, remoteAddress, type DisplayLanguage } from './window';

const driver = resolve(__dirname, '../driver');
const runTimeoutMs = 10 * 60 * 1000;
const keptConsoleLines = 40;

/** What to run in a VS Code window. */
export interface SuiteOptions {
  /** The folder to open, an absolute path; the suites change its files. A window without a folder when left out. */
  readonly folder: string | undefined;
  readonly language: DisplayLanguage;
  /** The names of the suites, without `.suite.ts`. */
  readonly suites: readonly string[];
  /** Only tests whose full title contains this text. */
  readonly grep?: string | undefined;
}

/** The outcome of one test. */
export type TestResult = Exclude<ReportLine, { kind: 'finished' }>;

/**
 * Runs mocha suites inside the extension host of a VS Code window, beside the extensions installed on the server.
 *
 * @param browser the browser the window is opened in
 * @param server a running VS Code server
 * @param options what to run
 * @returns the outcome of each test; a run that breaks off ends with a failed result that says why
 */
export async function runSuite(
  browser: Browser,
  server: RunningServer,
  options: SuiteOptions,
): Promise<TestResult[]> {
  const bundle = await bundleSuites(options.suites, options.language, options.grep);
  const consoleLines: string[] = [];
  let ended: (code: number) => void = () => undefined;
  const exitCode = new Promise<number>((resolve) => {
    ended = resolve;
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), runTimeoutMs);
  });
  try {
    const page = await openWindow(browser, server, {
      folder: options.folder,
      language: options.language,
      payload: [
        // The window needs an extension under development; the tested one is installed like a user's.
        ['extensionDevelopmentPath', remoteAddress(server, driver)],
        ['extensionTestsPath', remoteAddress(server, bundle.entry)],
      ],
      prepare: async (page) => {
        await page.exposeFunction('codeAutomationLog', (type: string, values: unknown) => {
          consoleLines.push(
            `${type}: ${Array.isArray(values) ? values.map(String).join(' ') : String(values)}`,
          );
        });
        await page.exposeFunction('codeAutomationExit', (code: number) => ended(code));
      },
    });
    const outcome = await Promise.race([exitCode, timeout, server.ended.then(() => 'server' as const)]);
    await page.context().close();
    return await results(bundle.reportFile, outcome, consoleLines);
  } finally {
    clearTimeout(timer);
    await rm(bundle.folder, { recursive: true, force: true });
  }
}

async function results(
  reportFile: string,
  outcome: number | 'timeout' | 'server',
  consoleLines: readonly string[],
): Promise<TestResult[]> {
  const text = await readFile(reportFile, 'utf8');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReportLine);
  const tests = lines.filter((line) => line.kind !== 'finished');
  if (tests.length < lines.length) return tests;
  const reason = {
    timeout: `the tests were not finished after ${runTimeoutMs / 60_000} minutes`,
    server: 'the VS Code server ended before the tests did',
    exit: 'the extension host ended before the tests did',
  }[typeof outcome === 'number' ? 'exit' : outcome];
  const error = [reason, ...consoleLines.slice(-keptConsoleLines)].join('\n');
  return [...tests, { kind: 'failed', title: 'the test run as a whole', error }];
}
