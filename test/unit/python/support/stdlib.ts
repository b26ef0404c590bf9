import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The directory of the standard library of the machine's python3. */
export function stdlibDirectory(): string {
  const script = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
  return execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim();
}

/** Every Python file under a directory, in a stable order. */
export function pythonFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('site-packages') && !file.includes('dist-packages'))
    .sort();
}

export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** A repeatable source of numbers in [0, below). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
