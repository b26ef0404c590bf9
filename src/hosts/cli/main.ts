import { CommanderError } from 'commander';
import { check } from './check';
import { InputError } from './engine';
import { commandLine } from './options';
import { assetsFolder, version } from './program';

/** Runs the command line. Resolves to the exit code: 0 clean, 1 findings at warning or above, 2 an error. */
export async function run(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = commandLine(version(), {
    check: async (paths, options) => {
      code = await check(paths, options);
    },
    server: async () => {
      const folder = assetsFolder();
      const { startServer } = await import('../server/server');
      startServer(folder);
    },
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // It has written its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const isDebug = process.env['ASYNC_PATTERNS_DEBUG'] && error instanceof Error && error.stack;
    const text = error instanceof Error ? error.message : String(error);
    const known = error instanceof InputError;
    const hint = known ? '' : ' This is a bug; ASYNC_PATTERNS_DEBUG=1 shows where.';
    process.stderr.write(`${isDebug ? isDebug : `async-patterns: ${text}${hint}`}\n`);
    return 2;
  }
}

// Whoever reads the output may stop reading: `async-patterns check | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

if (require.main === module)
  void run(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
