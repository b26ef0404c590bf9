import { execSync } from 'node:child_process';

/** Nothing is wrong with this in a script; it is what the async functions of pages.ts call. */
export function revision(): string {
  return git('rev-parse --short HEAD');
}

function git(command: string): string {
  return execSync(`git ${command}`).toString().trim();
}
