/**
 * `npm run ecosystem`: analyses pinned packages as the command line does and compares what it finds with the reviewed
 * snapshot. Exit code 0: the same, 1: findings came or went, 2: something failed. `--update` accepts what is found
 * now; names of packages restrict it to these.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createColors } from 'picocolors';
import { format, resolveConfig } from 'prettier';
import type { JsonFinding } from '../../src/hosts/cli/formats/json';
import type { VerdictFile } from '../../src/tools/precision';
import { fetchPackages } from './fetch';
import { readPackages, type Pinned } from './packages';
import { compare, formatChanges, packageSnapshot, type PackageSnapshot, type Snapshot } from './snapshot';
import { refreshVerdicts } from './verdicts';

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'src/hosts/cli/main.ts');
const SNAPSHOT = join(__dirname, 'snapshot.json');
/** What was read of the packages from npm. */
const VERDICTS = join(__dirname, 'verdicts/typescript.json');

/** What the command line finds in a folder. @throws Error where it fails, a rule included. */
async function findingsIn(folder: string): Promise<JsonFinding[]> {
  const args = ['--import', 'tsx', CLI, 'check', folder, '--format', 'json', '--no-cache'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const said = Buffer.concat(err).toString().trim();
  // Whatever it says there is no finding: a rule that failed, an engine that did not start.
  if ((code !== 0 && code !== 1) || said !== '')
    throw new Error(`${folder}: ${said || `exit code ${String(code)}`}`);
  const findings = JSON.parse(Buffer.concat(out).toString()) as JsonFinding[];
  return findings.map((finding) => ({ ...finding, file: relative(folder, join(ROOT, finding.file)) }));
}

async function analyse(folder: string): Promise<PackageSnapshot> {
  const findings = await findingsIn(folder);
  const texts = new Map<string, string>();
  const textOf = (file: string) => {
    const known = texts.get(file) ?? readFileSync(join(folder, file), 'utf8');
    texts.set(file, known);
    return known;
  };
  return packageSnapshot(findings, textOf);
}

function chosen(names: readonly string[]): Pinned[] {
  const all = readPackages();
  const unknown = names.find((name) => all.every((one) => one.name !== name));
  if (unknown !== undefined) throw new Error(`${unknown} is no package of test/ecosystem/packages.json.`);
  return names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all;
}

async function main(args: readonly string[]): Promise<number> {
  const isUpdate = args.includes('--update');
  const names = args.filter((arg) => arg !== '--update');
  const packages = chosen(names);
  const folders = await fetchPackages(packages, (text) => console.error(text));
  const before: Snapshot = existsSync(SNAPSHOT)
    ? (JSON.parse(readFileSync(SNAPSHOT, 'utf8')) as Snapshot)
    : {};
  const after: Record<string, PackageSnapshot> = {};
  for (const { name, version } of packages) {
    const started = performance.now();
    after[name] = await analyse(folders.get(name) ?? '');
    const count = Object.values(after[name]).flat().length;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.error(`${name} ${version}: ${count.toString()} findings (${seconds} s)`);
  }
  // What was left out is as it was.
  const whole = names.length > 0 ? { ...before, ...after } : after;
  const changes = compare(before, whole);
  if (changes.length > 0) console.log(formatChanges(changes, createColors(process.stdout.isTTY)));
  if (!isUpdate) return changes.length > 0 ? 1 : 0;
  const sorted = Object.fromEntries(Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeJson(SNAPSHOT, sorted);
  const npm = readPackages().filter(({ from }) => from.kind === 'npm');
  const read = JSON.parse(readFileSync(VERDICTS, 'utf8')) as VerdictFile;
  const { file, gone } = refreshVerdicts(read, sorted, npm);
  await writeJson(VERDICTS, file);
  for (const { package: name, rule, file: path, line } of gone)
    console.error(
      `Dropped the verdict on ${rule} in ${name}, ${path}:${line.toString()}: it is not found any more.`,
    );
  console.error('Now run npm run generate, which writes docs/PRECISION.md.');
  return 0;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  const options = await resolveConfig(path);
  writeFileSync(path, await format(JSON.stringify(value), { ...options, filepath: path }));
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
