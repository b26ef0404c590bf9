import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { createColors } from 'picocolors';
import { parse as parseToml } from 'smol-toml';
import { readConfig, type Config } from '../../core/config';
import { formatMessage } from '../../core/finding';
import { rules } from '../../rules';
import { ConfigFiles } from '../config/files';
import { matcherOf } from '../config/globs';
import { Baseline, readBaseline, writeBaseline } from './baseline';
import { Cache, cacheFolder } from './cache';
import { changedSince } from './since';
import { isOnChanged, type ChangedLines } from './changes';
import { discover, modulesOf, projectRoot, slashed } from './discover';
import { InputError } from './engine';
import { formatGithub } from './formats/github';
import { formatJson } from './formats/json';
import { formatSarif } from './formats/sarif';
import { formatText, many, statistics, summary } from './formats/text';
import { Interruption } from './interruption';
import type { CheckOptions } from './options';
import { patchOf } from './patch';
import { assetsFolder, HOMEPAGE, identity, version } from './program';
import { Progress } from './progress';
import { byPlace, isProblem, type Report } from './report';
import type { Fixing, SessionResult } from './session';
import { sharesOf } from './shares';
import { Threads } from './threads';
import type { Task } from './worker';
import { decode, writeFixed } from './write';

/** Exit codes of the contract. */
const CLEAN = 0;
const FINDINGS = 1;
const FAILED = 2;

/**
 * Checks files and directories and prints what it finds.
 * @returns the exit code.
 * @throws InputError for what the user can correct.
 */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const working = process.cwd();
  if (options.updateBaseline && (options.baseline === undefined || options.since !== undefined))
    throw new InputError('--update-baseline: needs --baseline FILE, and takes no --since.');
  const found = discover(paths);
  const configs = new ConfigFiles(rules, {
    above: flags(options),
    toml: parseToml,
    globs: matcherOf,
    ...(options.config !== undefined && { only: options.config }),
  });
  const settings = new Map<string, Config>();
  for (const file of [...found.typescript, ...found.python]) {
    const { config, ignored, problems } = configs.settingsOf(file);
    const [problem] = problems;
    if (problem) throw new InputError(formatMessage(problem).replace(`${working}/`, ''));
    if (!ignored) settings.set(file, config);
  }
  // A hook names the files of a commit, whatever they are: that all of them are ignored is no mistake then.
  if (settings.size === 0 && found.explicit.size > 0)
    process.stderr.write('The configuration ignores every file that was named.\n');
  else if (settings.size === 0) {
    const what =
      found.typescript.length + found.python.length > 0 ? 'All files are ignored' : 'No files to check';
    throw new InputError(
      `${what} in ${paths.join(', ')}: name files or folders with TypeScript, JavaScript or Python.`,
    );
  }
  const changed = options.since === undefined ? undefined : changedSince(options.since, working);
  const baseline =
    options.baseline === undefined || options.updateBaseline ? undefined : readBaseline(options.baseline);
  const fixing: Fixing = options.fixSuggestions
    ? 'suggestions'
    : options.fix || options.diff
      ? 'safe'
      : 'none';
  // Without fixes, filters come after the cache, so that one entry serves them all.
  const filters = fixing === 'none' ? { changed: undefined, baseline: undefined } : { changed, baseline };
  const tasks = (['typescript', 'python'] as const).flatMap((language): Task[] => {
    const files = found[language].filter((file) => settings.has(file));
    if (files.length === 0) return [];
    const distinct = [...new Set(files.flatMap((file) => settings.get(file) ?? []))];
    const configOf = new Map([...settings].map(([file, config]) => [file, distinct.indexOf(config)]));
    return [
      {
        language,
        engine: options.engine,
        files,
        explicit: found.explicit,
        tsconfig: options.tsconfig === undefined ? undefined : slashed(resolve(options.tsconfig)),
        configs: distinct,
        configOf,
        fixing,
        modules: language === 'python' ? modulesOf(files) : [],
        binaries: language === 'python' ? assetsFolder() : '',
        ...filters,
      },
    ];
  });

  const outcome = await runTasks(tasks, options);
  let { reports } = outcome;
  if (fixing === 'none') reports = filter(reports, changed, baseline && new Baseline(baseline));
  if (options.quiet) reports = reports.filter(isProblem);
  reports = [...reports].sort(byPlace);
  for (const failure of outcome.failures) process.stderr.write(`${failure}\n`);
  for (const problem of outcome.broken) process.stderr.write(`async-patterns: ${problem}\n`);
  const isWhole = outcome.failures.length === 0 && outcome.broken.length === 0;
  if (options.updateBaseline && options.baseline !== undefined) {
    await writeBaseline(options.baseline, reports);
    process.stderr.write(`${options.baseline}: ${many(reports.length, 'finding')} written.\n`);
    return isWhole ? CLEAN : FAILED;
  }
  if (options.diff) {
    const code = await showDiff(outcome, working);
    return isWhole ? code : FAILED;
  }
  const left = await write(outcome, working);
  print(reports, options, { fixed: outcome.fixed, files: settings.size, working });
  if (!isWhole) return FAILED;
  const warnings = reports.filter(({ severity }) => severity === 'warning').length;
  const isBad = reports.some(({ severity }) => severity === 'error') || warnings > options.maxWarnings;
  return isBad || left ? FINDINGS : CLEAN;
}

/** `--preset` and `--severity` as a layer of configuration, checked. */
function flags({ severity, preset }: CheckOptions) {
  const levels = severity.map((pair) => {
    const [rule = '', level] = pair.split('=');
    if (level === undefined) throw new InputError(`--severity ${pair}: expected rule=level.`);
    return [rule, level] as const;
  });
  const raw = { ...(preset !== undefined && { preset }), rules: Object.fromEntries(levels) };
  const { problems } = readConfig(raw, rules, [], (setting) =>
    setting === 'rules' ? '--severity' : `--${setting}`,
  );
  if (problems[0]) throw new InputError(formatMessage(problems[0]));
  return raw;
}

function filter(
  reports: readonly Report[],
  changed: ChangedLines | undefined,
  baseline: Baseline | undefined,
): Report[] {
  return reports.filter((report) => (!changed || isOnChanged(changed, report)) && !baseline?.takes(report));
}

async function runTasks(tasks: readonly Task[], options: CheckOptions): Promise<SessionResult> {
  const total = tasks.reduce((sum, { files }) => sum + files.length, 0);
  const progress = new Progress(total, process.stderr);
  const noted = new Set<string>();
  const threads = new Threads({
    onProgress: (task, done) => progress.update(task, done),
    onNote: (text) => {
      // Each thread that shares a task may have to say it.
      if (noted.has(text)) return;
      noted.add(text);
      progress.end();
      process.stderr.write(`${text}\n`);
    },
  });
  const program = options.cache ? identity() : undefined;
  const cache =
    program === undefined
      ? undefined
      : new Cache(options.cacheLocation ?? cacheFolder(process.cwd()), program);
  const interruption = new Interruption(() => {
    threads.stop();
    progress.end();
    return 'Interrupted: no file was changed.';
  });
  try {
    const results = await Promise.all(
      tasks.map(async (task): Promise<SessionResult> => {
        const isCached = cache && task.fixing === 'none';
        const known = isCached ? cache.find(task) : undefined;
        if (known) return { ...known, broken: [], changes: [], fixed: 0, dependencies: [] };
        const started = Date.now();
        const result = together(
          await Promise.all(divided(task, options.threads).map((share) => threads.run(share))),
        );
        if (isCached && result.broken.length === 0) await cache.keep(task, result, started);
        return result;
      }),
    );
    const outcome = together(results);
    const [unread] = outcome.unread;
    if (unread !== undefined)
      throw new InputError(`${unread}: cannot be read; make it readable or leave it out.`);
    return outcome;
  } finally {
    threads.stop();
    progress.end();
    interruption.over();
  }
}

/** The parts of a task that threads of their own carry out. A round of fixes needs to know of all others. */
function divided(task: Task, threads: number | undefined): Task[] {
  const isHeavy = task.language === 'typescript' && task.engine === 'classic';
  if (task.fixing !== 'none' || (isHeavy && threads === undefined)) return [task];
  const shares = sharesOf(task.files, threads);
  return shares.length > 1 ? shares.map((share) => ({ ...task, share })) : [task];
}

function together(results: readonly SessionResult[]): SessionResult {
  return {
    reports: results.flatMap(({ reports }) => reports),
    changes: results.flatMap(({ changes }) => changes),
    fixed: results.reduce((sum, { fixed }) => sum + fixed, 0),
    failures: results.flatMap(({ failures }) => failures),
    // Each thread that shares a task may say it.
    broken: [...new Set(results.flatMap(({ broken }) => broken))],
    unread: results.flatMap(({ unread }) => unread),
    dependencies: [...new Set(results.flatMap(({ dependencies }) => dependencies))],
  };
}

/** Prints what the fixes would change. The exit code says whether there is anything. */
async function showDiff({ changes, fixed }: SessionResult, working: string): Promise<number> {
  for (const { file, before, after } of changes) {
    // Where the file begins with a byte order mark, so does its first line in the patch.
    const isMarked = decode(await readFile(file)).text !== before || (await readFile(file))[0] === 0xef;
    const mark = isMarked && !before.startsWith('\uFEFF') ? '\uFEFF' : '';
    process.stdout.write(patchOf(nameIn(working, file), mark + before, mark + after));
  }
  if (fixed > 0)
    process.stderr.write(`Would fix ${many(fixed, 'finding')} in ${many(changes.length, 'file')}.\n`);
  return changes.length > 0 ? FINDINGS : CLEAN;
}

/**
 * Writes what fixes changed.
 * @returns whether some file was left as it was.
 * @throws InputError at the first file that cannot be written.
 */
async function write({ changes }: SessionResult, working: string): Promise<boolean> {
  let written = 0;
  let left = false;
  const interruption = new Interruption(undefined);
  try {
    for (const { file, before, after } of changes) {
      interruption.stopIfAsked(
        () => `Interrupted: ${written} of ${many(changes.length, 'file')} fixed; run again for the rest.`,
      );
      const outcome = await writeFixed(file, before, after);
      if (outcome === 'written') written++;
      else left = true;
      if (outcome === 'changed')
        process.stderr.write(
          `${nameIn(working, file)}: changed meanwhile and left as it is; run again to fix it.\n`,
        );
      if (outcome === 'undecodable')
        process.stderr.write(
          `${nameIn(working, file)}: not in UTF-8 and left as it is; convert it to fix it.\n`,
        );
    }
    interruption.stopIfAsked(() => `Interrupted: ${many(written, 'file')} fixed, none left.`);
  } finally {
    interruption.over();
  }
  return left;
}

function print(
  reports: readonly Report[],
  options: CheckOptions,
  { fixed, files, working }: { fixed: number; files: number; working: string },
): void {
  const out = process.stdout;
  const done = fixed > 0 ? `Fixed ${many(fixed, 'finding')}.\n` : '';
  if (options.format !== 'text') process.stderr.write(done);
  if (options.format === 'json') out.write(formatJson(reports, (file) => nameIn(working, file)));
  else if (options.format === 'sarif') {
    const root = projectRoot(working);
    const nameOf = (file: string) => nameIn(root, file);
    out.write(formatSarif(reports, { rules, version: version(), homepage: HOMEPAGE, root, nameOf }));
  } else if (options.format === 'github') {
    const root = process.env['GITHUB_WORKSPACE'] ?? projectRoot(working);
    out.write(formatGithub(reports, (file) => nameIn(root, file)));
  } else {
    const colors = createColors(hasColors(options));
    const nameOf = (file: string) => nameIn(working, file);
    if (options.statistics) out.write(statistics(reports, colors));
    else out.write(formatText(reports, { colors, nameOf }));
    out.write(done + summary(reports, files, colors));
  }
  if (options.statistics && options.format !== 'text')
    process.stderr.write(statistics(reports, createColors(false)));
}

/** Off where nobody sees them; NO_COLOR and FORCE_COLOR say otherwise, and the flags go before both. */
function hasColors({ color }: CheckOptions): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (color !== undefined) return color;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  // Node leaves it undefined for pipes and files.
  return (process.stdout as { isTTY?: boolean }).isTTY === true && TERM !== 'dumb';
}

/** A file's path from a folder, as it is printed. */
function nameIn(folder: string, file: string): string {
  return slashed(relative(folder, resolve(file))) || file;
}
