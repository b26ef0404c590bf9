import { execFileSync } from 'node:child_process';

/**
 * Runs a program with the machine's python3 and returns what it prints. Warnings are errors: a coroutine that nobody
 * awaits makes the test fail.
 */
export function runPython(program: string): string {
  return execFileSync('python3', ['-W', 'error', '-X', 'dev', '-'], {
    input: program,
    encoding: 'utf8',
    timeout: 120_000,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
