// The few Node functions that the example calls, so that nothing has to be installed to try it.

declare module 'node:fs' {
  export function readFileSync(path: string, encoding: 'utf8'): string;
}

declare module 'node:fs/promises' {
  export function appendFile(path: string, text: string): Promise<void>;
  export function readFile(path: string, encoding: 'utf8'): Promise<string>;
}

declare module 'node:child_process' {
  export function execSync(command: string): { toString(): string };
}
