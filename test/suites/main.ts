/**
 * `npm run suites`: are the test suites of real packages as green after our fixes as before? Prints a line for each
 * package; names restrict it to these. Exit code 0: they are after `--fix`, 1: they are not, 2: something failed. What
 * fails after `--fix-suggestions` is shown and does not count: a suggestion may change what the code does.
 * `--keep` leaves the fixed copies where they are and says where.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../src/tools/vscode-server/run-command';
import { outcomeOf, type Outcome } from './outcome';
import { copyPackage, fetched, packages, type TestedPackage } from './packages';

const CLI = join(__dirname, '../../dist/npm/cli.js');
const LIMIT_MS = 15 * 60 * 1_000;
const KEPT_LINES = 40;
const MOST_RUNS = 3;

type Flag = '--fix' | '--fix-suggestions';

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** A package's files in a folder of their own, under git to tell what changes. */
class Copy {
  private constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly tested: TestedPackage,
  ) {}

  static async of(tested: TestedPackage, cache: string): Promise<Copy> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'async-patterns-suite-')));
    const copy = new Copy(folder, copyPackage(cache, tested, folder), tested);
    writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
    await copy.must('git init -q && git add -A && git -c user.name=A -c user.email=a@b.c commit -qm start');
    return copy;
  }

  /** @returns the files that a run with the flag has changed. */
  async fix(flag: Flag): Promise<string[]> {
    const { code, output } = await run(
      process.execPath,
      [CLI, 'check', '--no-cache', flag],
      this.folder,
      this.env,
    );
    if (code !== 0 && code !== 1) throw new Error(`${this.tested.name}: ${flag} ended so:\n${output}`);
    const changed = await this.must('git diff --name-only');
    return changed.split('\n').filter((line) => line !== '');
  }

  /** The best of up to three runs: some tests measure time, and fail on a busy machine. */
  async test(): Promise<Outcome> {
    if (this.tested.build !== undefined) await this.must(this.tested.build);
    let best = await this.testOnce();
    for (let run = 1; run < MOST_RUNS && best.failed > 0; run++) {
      const again = await this.testOnce();
      if (again.failed < best.failed) best = again;
    }
    return best;
  }

  private async testOnce(): Promise<Outcome> {
    const { output } = await run('sh', ['-c', this.tested.test], this.folder, this.env);
    writeFileSync(join(this.folder, '.git', 'tests.log'), output);
    const outcome = outcomeOf(output);
    if (outcome) return outcome;
    throw new Error(`${this.tested.name}: the tests did not come to their end:\n${lastLines(output)}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private must(command: string): Promise<string> {
    return runCommand('sh', ['-c', command], { cwd: this.folder, env: this.env });
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-KEPT_LINES).join('\n');
}

const shown = ({ passed, failed }: Outcome) => `${passed} passed, ${failed} failed`;

/** @returns whether the suite is as green after safe fixes. */
async function measure(tested: TestedPackage, keep: boolean): Promise<boolean> {
  const cache = await fetched(tested);
  const copyOf = async (use: (copy: Copy) => Promise<void>) => {
    const copy = await Copy.of(tested, cache);
    try {
      await use(copy);
    } finally {
      if (keep) console.error(`${tested.name}: ${copy.folder}; what its tests said is in .git/tests.log.`);
      else copy.remove();
    }
  };
  let before: Outcome = { passed: 0, failed: 0 };
  await copyOf(async (copy) => {
    before = await copy.test();
  });
  const cells = [`${tested.name} ${tested.version}`, shown(before)];
  let isGreen = true;
  for (const flag of ['--fix', '--fix-suggestions'] as const)
    await copyOf(async (copy) => {
      const changed = await copy.fix(flag);
      cells.push(String(changed.length));
      if (changed.length === 0) {
        cells.push('');
        return;
      }
      const after = await copy.test().catch((error: unknown) => {
        if (flag === '--fix') throw error;
        console.error(error instanceof Error ? error.message : error);
        return undefined;
      });
      cells.push(after ? shown(after) : 'did not end');
      if (flag === '--fix')
        isGreen = after !== undefined && after.failed <= before.failed && after.passed >= before.passed;
    });
  console.log(`| ${cells.join(' | ')} |`);
  return isGreen;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { keep: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (!existsSync(CLI)) throw new Error('dist/npm is missing: npm run build comes first.');
  const unknown = positionals.find((name) => packages.every((one) => one.name !== name));
  if (unknown !== undefined) throw new Error(`${unknown} is no package of test/suites/packages.json.`);
  console.log('| package | tests | files changed by `--fix` | tests | by `--fix-suggestions` | tests |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  let isGreen = true;
  for (const tested of packages)
    if (positionals.length === 0 || positionals.includes(tested.name))
      isGreen = (await measure(tested, values.keep)) && isGreen;
  process.exitCode = isGreen ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
