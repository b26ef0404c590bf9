import { appendFileSync, readFileSync } from 'node:fs';
import { findSourceMap } from 'node:module';
import { join, relative } from 'node:path';

import type { Test } from 'mocha';
import * as vscode from 'vscode';

import type { ReportLine, RunOrder } from './report';

/** A test may wait for a TypeScript server to start on a slow machine. */
const testTimeoutMs = 60_000;
const foreignFrame = /^\s+at .*(node:|\/node_modules\/|\/out\/vs|<anonymous>\)$)/;

/**
 * Runs the ordered suites with mocha. VS Code calls this in its extension host and ends the window afterwards.
 *
 * @throws Error when a test failed or a suite could not be loaded
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const order = JSON.parse(readFileSync(join(__dirname, 'run.json'), 'utf8')) as RunOrder;
  const report = (line: ReportLine): void => {
    appendFileSync(order.reportFile, `${JSON.stringify(line)}\n`);
  };
  let failures: number;
  try {
    failures = await runMocha(order, report);
  } catch (error) {
    report({ kind: 'failed', title: 'loading the suites', error: describeError(error) });
    throw error;
  } finally {
    report({ kind: 'finished' });
  }
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

async function runMocha(order: RunOrder, report: (line: ReportLine) => void): Promise<number> {
  if (vscode.env.language !== order.language) {
    throw new Error(`the display language is ${vscode.env.language} and should be ${order.language}`);
  }
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: testTimeoutMs,
    // The workbench moves the focus and closes lists when it likes. A bug fails twice.
    retries: 1,
    reporter: 'base',
    ...(order.grep === undefined ? {} : { fgrep: order.grep }),
  });
  for (const suite of order.suites) mocha.addFile(join(__dirname, suite));
  return new Promise((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => {
        report({ kind: 'passed', title: test.fullTitle(), durationMs: test.duration ?? 0 });
      })
      .on('pending', (test) => {
        report({ kind: 'failed', title: test.fullTitle(), error: 'skipped: a suite must not skip tests' });
      })
      .on('retry', (test: Test, error: unknown) => {
        report({ kind: 'repeated', title: test.fullTitle(), error: describeError(error) });
      })
      .on('fail', (test, error: unknown) => {
        report({ kind: 'failed', title: test.fullTitle(), error: describeError(error) });
      });
  });
}

function describeError(error: unknown): string {
  const lines = withSourcePositions(
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ).split('\n');
  return lines.filter((line) => !foreignFrame.test(line)).join('\n');
}

/** VS Code formats stack traces itself, so Node's own use of source maps does not reach them. */
function withSourcePositions(stack: string): string {
  return stack.replaceAll(
    /(\/[^\s():]+\.suite\.js):(\d+):(\d+)/g,
    (frame, file: string, line: string, column: string) => {
      const origin = findSourceMap(file)?.findOrigin(Number(line), Number(column));
      return origin !== undefined && 'fileName' in origin
        ? `${sourcePath(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
        : frame;
    },
  );
}

function sourcePath(fileName: string): string {
  return relative(join(__dirname, '../..'), fileName.replace(/^file:\/\//, ''));
}
