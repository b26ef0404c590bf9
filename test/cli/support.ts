import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { JsonFinding } from '../../src/hosts/cli/formats/json';

/** The command as it is published; `npm run build` makes it. */
export const CLI = join(__dirname, '../../dist/npm/cli.js');

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with some files, to run the command in. */
export class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'async-patterns-cli-')));

  constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    assert.ok(existsSync(CLI), 'npm run build comes first');
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(name: string, content: string | Uint8Array): void {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** Runs `async-patterns check` to its end; no cache unless asked for. */
  check(...args: readonly string[]): Output {
    return this.run(process.execPath, [
      CLI,
      'check',
      ...(args.includes('--cache') ? [] : ['--no-cache']),
      ...args,
    ]);
  }

  run(
    command: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; uid?: number } = {},
  ): Output {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.path,
      encoding: 'utf8',
      ...options,
      env: { ...ENVIRONMENT, XDG_CACHE_HOME: join(this.path, '.xdg'), ...options.env },
    });
    if (error) throw error;
    return { code: status, stdout, stderr };
  }

  git(...args: readonly string[]): string {
    const { code, stdout, stderr } = this.run('git', [
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b.c',
      ...args,
    ]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  /** Starts `async-patterns check` and leaves it running. */
  start(...args: readonly string[]): Started {
    const child = spawn(process.execPath, [CLI, 'check', '--no-cache', ...args], {
      cwd: this.path,
      env: ENVIRONMENT,
    });
    return new Started(child);
  }

  /** The findings as `file rule line` (counted from one), in the order printed. */
  findings(...args: readonly string[]): string[] {
    const { code, stdout, stderr } = this.check('--format', 'json', ...args);
    assert.notEqual(code, 2, stderr);
    return places(parse(stdout));
  }

  /** The level of the findings of each file. */
  levels(...args: readonly string[]): Record<string, string> {
    const { code, stdout, stderr } = this.check('--format', 'json', ...args);
    assert.notEqual(code, 2, stderr);
    return Object.fromEntries(parse(stdout).map(({ file, severity }) => [file, severity]));
  }

  /** The names in a folder. */
  entries(name: string): string[] {
    return readdirSync(join(this.path, name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export class Started {
  private stderr = '';
  readonly ended: Promise<Output>;

  constructor(readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    child.stdout?.resume();
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, stdout: '', stderr: this.stderr }));
    });
  }

  /** Waits until the run has written something to standard error. */
  async says(pattern: RegExp): Promise<void> {
    while (this.isRunning && !pattern.test(this.stderr)) await setTimeout(1);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

const { PATH, HOME } = process.env;
const ENVIRONMENT = { PATH, HOME };

export function parse(stdout: string): JsonFinding[] {
  return JSON.parse(stdout) as JsonFinding[];
}

export function places(found: readonly JsonFinding[]): string[] {
  return found.map(({ file, rule, range }) => `${file} ${rule} ${range.start.line + 1}`);
}

/** A finding that is an error, with a safe fix. */
export const PYTHON = `import asyncio

lock = asyncio.Lock()

async def main():
    with lock:
        pass
`;
export const PYTHON_FIXED = PYTHON.replace('with', 'async with');

/** A finding that is an error, whose fixes are suggestions. */
export const FLOATING = `async function work(): Promise<void> {}
export function main(): void {
  work();
}
`;

/** A finding that is a warning, with a safe fix. */
export const RETURNED = `declare function work(): Promise<string>;
export async function main(): Promise<string> {
  try {
    return work();
  } catch {
    return 'failed';
  }
}
`;
export const RETURNED_FIXED = RETURNED.replace('return work()', 'return await work()');

export const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', types: [] } });
