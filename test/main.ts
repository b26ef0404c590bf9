/**
 * `npm test`: everything that has to hold, from formatting to the packaged extension in a real VS Code. Ends with one
 * line that counts: a check is one test, a suite as many as it has. Options: `--fast` leaves the real VS Code out.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism, constants, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const VSIX = join(ROOT, 'async-patterns.vsix');

interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Reads how many tests passed and failed from the output; a step without it is one test. */
  readonly counts?: (output: string) => Counts | undefined;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Outcome extends Counts {
  /** What the failed steps said of their failures, to be read at the end, where a long log is cut. */
  readonly failures: readonly string[];
}

const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

const checks: readonly Step[] = [
  { name: 'formatting', command: [bin('prettier'), '--check', '.'] },
  // By its path: other TypeScript versions bring commands of the same name. It takes an eighth of the time of TypeScript 6.
  { name: 'types', command: ['node', join(ROOT, 'node_modules/typescript-native/bin/tsc'), '--noEmit'] },
  { name: 'generated files are fresh', command: [bin('tsx'), 'src/tools/generate.ts', '--check'] },
  { name: 'lint', command: [bin('eslint'), '.'] },
  { name: 'our own rules on our own code', command: [bin('tsx'), 'src/hosts/cli/main.ts', 'check', 'src'] },
];

/** Builds what is shipped and puts it together; all suites are about these files. */
const packaging: Step = { name: 'build and package', command: [bin('vsce'), 'package', '--out', VSIX] };

const suites: readonly Step[] = [
  {
    name: 'unit tests, documents, tsserver, language server, ESLint, engines and command line',
    command: [
      bin('mocha'),
      // Files side by side, those that take longest first; each keeps to folders of its own.
      ...['--parallel', '--jobs', String(Math.max(2, Math.min(4, availableParallelism())))],
      // A process started by a test may stand still for a while beside so many others. A bug fails twice.
      ...['--retries', '1', '--reporter', 'test/support/reporter.ts'],
      'test/parity/**/*.test.ts',
      'test/fixes/**/*.test.ts',
      'test/unit/docs/**/*.test.ts',
      'test/tsserver/**/*.test.ts',
      'test/engines/**/*.test.ts',
      'test/cli/**/*.test.ts',
      'test/server/**/*.test.ts',
      'test/eslint/**/*.test.ts',
      'test/unit/{*,!(docs)/**/*}.test.ts',
    ],
    env: { ASYNC_PATTERNS_VSIX: VSIX },
    counts: mochaCounts,
  },
];

const site: Step = {
  name: 'the web site in a browser',
  command: [bin('mocha'), 'test/site/**/*.test.ts'],
  counts: mochaCounts,
};

const editor: Step = {
  name: 'the packaged extension in VS Code',
  command: [bin('tsx'), 'test/vscode/main.ts', '--vsix', VSIX],
  counts: closingCounts,
};

function mochaCounts(output: string): Counts | undefined {
  const passing = /^\s*(\d+) passing/m.exec(output);
  if (!passing) return undefined;
  return { passed: Number(passing[1]), failed: Number(/^\s*(\d+) failing/m.exec(output)?.[1] ?? 0) };
}

function closingCounts(output: string): Counts | undefined {
  const line = /^(\d+) passed, (\d+) failed$/m.exec(output);
  return line ? { passed: Number(line[1]), failed: Number(line[2]) } : undefined;
}

/** The part of an output that is about failures: Mocha's closing list, what follows a cross, else the last lines. */
function failuresIn(output: string): string {
  const closing = /^\s*\d+ failing\n[^]*/m.exec(output)?.[0];
  const crossed = [...output.matchAll(/^ +✖ .*\n(?:(?! +[✔✖↻] | {0,2}\S).*\n)*/gmu)].map(([block]) => block);
  if (closing === undefined && crossed.length === 0)
    return output.trimEnd().split('\n').slice(-MOST_LINES).join('\n');
  return (closing ?? crossed.join('')).trimEnd().split('\n').slice(0, MOST_LINES).join('\n');
}

const MOST_LINES = 60;

/**
 * Runs a step to its end and prints what it said in one piece, so that two lanes do not mix their lines.
 * @param priority of its processes, as `os.setPriority` takes it.
 */
async function run({ name, command, env, counts }: Step, priority: number): Promise<Outcome> {
  console.log(`▶ ${name}`);
  const started = Date.now();
  const [program, ...args] = command;
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // What it starts inherits this.
    if (child.pid !== undefined) setPriority(child.pid, Math.max(priority, getPriority()));
    let text = '';
    const keep = (chunk: Buffer) => {
      text += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: `${text}${error.message}\n` }));
    child.on('close', (exit) => resolve({ code: exit ?? 1, output: text }));
  });
  const counted = counts?.(output) ?? { passed: 0, failed: 0 };
  // A suite that ends badly without a failed test of its own has failed itself.
  const failed = code !== 0 && counted.failed === 0 ? 1 : counted.failed;
  const passed = counts ? counted.passed : 1 - failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const said = counts || failed > 0 ? output.replace(/^\d+ passed, \d+ failed$/m, '').trimEnd() : '';
  console.log(`${said ? `${said}\n` : ''}${failed > 0 ? '✗' : '✔'} ${name} (${seconds} s)`);
  return { passed, failed, failures: failed > 0 ? [`✗ ${name}\n${failuresIn(output)}`] : [] };
}

/** What runs in an editor waits for answers with time limits, and half of the time it waits: the rest takes what is left. */
const FIRST = constants.priority.PRIORITY_NORMAL;
/** A third of the share, so that the rest goes on on a machine with much else to do. */
const YIELDING = FIRST + 5;

const NOTHING: Outcome = { passed: 0, failed: 0, failures: [] };

async function lane(steps: readonly Step[], priority = YIELDING): Promise<Outcome> {
  let total = NOTHING;
  for (const step of steps) total = sum(total, await run(step, priority));
  return total;
}

function sum(a: Outcome, b: Outcome): Outcome {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
  };
}

async function main(): Promise<void> {
  rmSync(VSIX, { force: true });
  const checked = lane([...checks, site]);
  const packaged = await lane([packaging], FIRST);
  const isFast = process.argv.includes('--fast');
  const outcomes = await Promise.all([
    checked,
    // Without the packages they would all say the same.
    ...(packaged.failed > 0 ? [] : [lane(suites), ...(isFast ? [] : [lane([editor], FIRST)])]),
  ]);
  const { passed, failed, failures } = outcomes.reduce(sum, packaged);
  for (const failure of failures) console.log(`\n${failure}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
