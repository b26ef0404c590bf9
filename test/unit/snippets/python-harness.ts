import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TabStopValue } from './expand';
import { expandSnippet } from './expand';
import { ExpansionFolder, readSnippets } from './expansions';
import { collect } from './harness';

/** What the test of a Python snippet has at hand. */
export interface PythonBench {
  /**
   * Runs a program that has the expansion as the module `snippet` and asserts that it succeeds.
   *
   * @param program Statements at the top level; `asyncio` is imported, and `raises(error, pattern)` is a context manager.
   * @returns What it printed on both streams, line by line.
   */
  run: (program: string, value?: TabStopValue) => Promise<string[]>;
  /** Starts the expansion itself as a program. */
  start: (value?: TabStopValue) => ChildProcess;
}

// Every forgotten coroutine, unclosed resource and deprecation counts as a failure.
const flags = ['-X', 'dev', '-W', 'error'];
const environment = { ...process.env, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };

// What is raised where nobody can catch it, as for a coroutine never awaited or a task nobody looks at, Python only
// prints. The development mode warns of callbacks that take long, which on a busy machine says nothing.
const prelude = `
import asyncio
import logging
import os
import re
import sys
from contextlib import contextmanager

sys.unraisablehook = lambda hooked: (sys.__unraisablehook__(hooked), os._exit(3))


class FailOnError(logging.Handler):
    def emit(self, record):
        if record.levelno >= logging.ERROR:
            print(self.format(record), file=sys.stderr)
            os._exit(4)


logging.getLogger("asyncio").addHandler(FailOnError())
logging.getLogger("asyncio").propagate = False


@contextmanager
def raises(kind, pattern=""):
    try:
        yield
    except kind as error:
        assert re.search(pattern, str(error)), repr(error)
    else:
        raise AssertionError(f"{kind.__name__} was not raised")


import snippet
`;

/** Describes the tests of a Python snippet, which run under the machine's `python3`. */
export function describePythonSnippet(prefix: string, define: (bench: PythonBench) => void): void {
  describe(`${prefix} in python`, () => {
    const folder = new ExpansionFolder();
    const children = new Set<ChildProcess>();
    let count = 0;

    const start = (program: string | undefined, value?: TabStopValue): ChildProcess => {
      const entry = readSnippets('python').find((one) => one.prefix.includes(prefix));
      if (!entry) throw new Error(`No Python snippet has the prefix "${prefix}".`);
      count += 1;
      const snippet = folder.write(`${count}/snippet.py`, `${expandSnippet(entry.body, value)}\n`);
      const file =
        program === undefined ? snippet : folder.write(`${count}/program.py`, `${prelude}${program}\n`);
      const child = spawn('python3', [...flags, file], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(child);
      return child;
    };

    define({
      async run(program, value) {
        const child = start(program, value);
        const output = collect(child);
        const [code] = (await once(child, 'close')) as [number | null];
        assert.equal(code, 0, output());
        return output().split('\n').slice(0, -1);
      },
      start: (value) => start(undefined, value),
    });
    // One that hangs must not outlive its test.
    afterEach(() => {
      for (const child of children) child.kill('SIGKILL');
      children.clear();
    });
    after(() => folder.remove());
  });
}
