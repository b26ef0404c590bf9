import { spawn } from 'node:child_process';

/** How to run a command. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command to its end and keeps its output to itself unless it fails.
 *
 * @param command the program, looked up on PATH
 * @param args its arguments
 * @param options where and with which environment to run it
 * @returns everything it printed
 * @throws Error with the command line and the end of its output when it cannot be started or exits with another code than 0
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm and npx are .cmd files on Windows, which only a shell can start.
      shell: process.platform === 'win32',
    });
    const chunks: string[] = [];
    const keep = (chunk: Buffer): void => {
      chunks.push(chunk.toString());
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const output = chunks.join('');
      if (code === 0) {
        resolve(output);
        return;
      }
      const ending = output.trim().split('\n').slice(-15).join('\n');
      const result = code === null ? `was ended by ${signal ?? 'a signal'}` : `failed with exit code ${code}`;
      reject(new Error(`\`${[command, ...args].join(' ')}\` ${result}:\n${ending}`));
    });
  });
}

/**
 * Runs npm in a folder that has nothing to do with the package this process may have been started from.
 *
 * @param args npm's arguments
 * @param cwd the folder to work in
 * @param env the environment to start from
 * @throws Error like {@link runCommand}
 */
export async function runNpm(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  // `npm run` tells its children about the project's own package, which must not leak into an install elsewhere.
  const clean = Object.entries(env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(name),
  );
  await runCommand('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: Object.fromEntries(clean) });
}
