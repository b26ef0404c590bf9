import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ExpansionFolder, languages, type Language } from './expansions';
import type { TabStopValue } from './expand';

/** What a snippet test has at hand, for one language. */
export interface Bench {
  readonly language: Language;
  readonly folder: ExpansionFolder;
  /** Imports the expansion of the snippet with this prefix; gives its exports. */
  load: (prefix: string, value?: TabStopValue) => Promise<unknown>;
  /** Starts Node on a module that may import the expansion as `snippet`. */
  start: (prefix: string, program: string, value?: TabStopValue) => ChildProcess;
  /** Like `start`, but waits for the end; the time is in milliseconds. */
  run: (prefix: string, program: string, value?: TabStopValue) => Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly time: number;
}

/** Describes the tests of a snippet once for each language. */
export function describeSnippet(title: string, define: (bench: Bench) => void): void {
  for (const language of languages) {
    describe(`${title} in ${language}`, () => {
      const folder = new ExpansionFolder();
      const bench: Bench = {
        language,
        folder,
        load: (prefix, value) => import(folder.module(language, prefix, value)),
        start(prefix, program, value) {
          const url = folder.module(language, prefix, value);
          const file = folder.write(
            `${language}-${prefix}-program.js`,
            `import * as snippet from ${JSON.stringify(url)};\n${program}`,
          );
          return spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
        },
        async run(prefix, program, value) {
          const started = performance.now();
          const child = bench.start(prefix, program, value);
          const output = collect(child);
          const [code] = (await once(child, 'close')) as [number | null];
          return { code, output: output(), time: performance.now() - started };
        },
      };
      define(bench);
      after(() => folder.remove());
    });
  }
}

/** Collects what a child process prints, on both streams; the returned function tells what has come so far. */
export function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

/** Waits a while: long enough for everything that is ready to run. */
export function pause(milliseconds = 5): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Whether a promise settles without anything else having to happen first. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await pause();
  return settled;
}

/** A gauge of how many tasks run at once. */
export class Gauge {
  running = 0;
  highest = 0;

  async measure<T>(task: () => Promise<T>): Promise<T> {
    this.running += 1;
    this.highest = Math.max(this.highest, this.running);
    try {
      return await task();
    } finally {
      this.running -= 1;
    }
  }
}
