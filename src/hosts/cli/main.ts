import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import ts from 'typescript';
import { readConfig, type RawConfig } from '../../core/config';
import { formatMessage, type Finding, type Fix } from '../../core/finding';
import { LineMap, type Range, type Span } from '../../core/text';
import { rules } from '../../rules';
import { ClassicEngine } from '../classic/engine';
import { discover, slashed } from './discover';
import { InputError } from './engine';
import { GRAMMAR } from '../server/assets';

interface JsonEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

interface JsonFinding {
  readonly file: string;
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: string;
    readonly edits: readonly JsonEdit[];
  }[];
  readonly docs: string;
}

interface CheckOptions {
  readonly tsconfig?: string;
  readonly format: string;
  readonly severity: readonly string[];
}

/** Runs the command line. Resolves to the exit code: 0 clean, 1 findings at warning or above, 2 bad usage. */
export function run(args: readonly string[]): number {
  const program = new Command('async-patterns').exitOverride();
  let code = 0;
  program
    .command('check')
    .description('find async bugs in files and directories')
    .argument('[paths...]', 'files or directories', ['.'])
    .option('--tsconfig <file>', 'configuration to use instead of the nearest tsconfig.json')
    .option('--format <format>', 'text or json', 'text')
    .option(
      '--severity <rule=level>',
      'set the level of a rule',
      (value, all: string[]) => [...all, value],
      [],
    )
    .action((paths: string[], options: CheckOptions) => {
      code = check(paths, options);
    });
  program
    .command('server')
    .description('serve an editor: Python findings, fixes and hovers over the Language Server Protocol')
    .requiredOption('--stdio', 'speak over standard input and output')
    .action(() => {
      const folder = builtFolder();
      void import('../server/server').then(({ startServer }) => startServer(folder));
    });
  try {
    program.parse([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof InputError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

/** Where the build put what the server reads: beside this file once that is built itself. */
function builtFolder(): string {
  const folder = [__dirname, join(__dirname, '../../../dist')].find((candidate) =>
    existsSync(join(candidate, GRAMMAR)),
  );
  if (folder === undefined) throw new InputError(`server: ${GRAMMAR} is missing; run npm run build.`);
  return folder;
}

function check(paths: readonly string[], options: CheckOptions): number {
  const { config, problems } = readConfig(severities(options.severity), rules);
  const [problem] = problems;
  if (problem) throw new InputError(formatMessage(problem));
  if (options.format !== 'text' && options.format !== 'json') {
    throw new InputError(`--format: "${options.format}" is none of text, json.`);
  }
  const { typescript, explicit } = discover(paths);
  const engine = new ClassicEngine(ts, rules);
  const results: JsonFinding[] = [];
  let failed = false;
  const tsconfig = options.tsconfig === undefined ? undefined : slashed(resolve(options.tsconfig));
  for (const project of engine.open({ files: typescript, explicit, tsconfig, overlay: new Map() })) {
    const maps = new Map<string, LineMap>();
    const rangeIn = (file: string, span: Span) => {
      let map = maps.get(file);
      if (!map) maps.set(file, (map = new LineMap(project.textOf(file) ?? '')));
      return map.rangeOf(span);
    };
    for (const { file, analysis } of project.analyse(project.files, () => config)) {
      for (const failure of analysis.failures) {
        failed = true;
        process.stderr.write(`${file}: ${failure.rule} failed: ${describe(failure.error)}\n`);
      }
      const fixes = options.format === 'json' ? project.fixesOf(analysis.findings) : [];
      analysis.findings.forEach((finding, index) => {
        results.push(toJson(file, finding, fixes[index] ?? [], rangeIn));
      });
    }
  }
  results.sort((a, b) => compare(a.file, b.file) || a.range.start.line - b.range.start.line);
  process.stdout.write(options.format === 'json' ? `${JSON.stringify(results, null, 1)}\n` : text(results));
  if (failed) return 2;
  return results.some((r) => r.severity === 'error' || r.severity === 'warning') ? 1 : 0;
}

function describe(error: unknown): string {
  if (process.env['ASYNC_PATTERNS_DEBUG'] && error instanceof Error) return error.stack ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function severities(pairs: readonly string[]): RawConfig {
  const entries = pairs.map((pair) => {
    const [rule = '', level = ''] = pair.split('=');
    return [rule, level] as const;
  });
  return { rules: Object.fromEntries(entries) };
}

function toJson(
  file: string,
  finding: Finding,
  fixes: readonly Fix[],
  rangeIn: (file: string, span: Span) => Range,
): JsonFinding {
  const short = (path: string) => relative(process.cwd(), resolve(path)) || path;
  return {
    file: short(file),
    rule: finding.rule,
    severity: finding.level,
    message: formatMessage(finding.message),
    range: rangeIn(file, finding.span),
    related: finding.related.map((related) => ({
      file: short(related.file),
      range: rangeIn(related.file, related.span),
      message: formatMessage(related.message),
    })),
    fixes: fixes.map((fix) => ({
      title: formatMessage(fix.title),
      safety: fix.safety,
      edits: fix.edits.map((e) => ({
        file: short(e.file),
        range: rangeIn(e.file, e.span),
        newText: e.newText,
      })),
    })),
    docs: `docs/en/rules/${finding.rule}.md`,
  };
}

function text(results: readonly JsonFinding[]): string {
  const lines = results.map(
    ({ file, range, severity, rule, message }) =>
      `${file}:${range.start.line + 1}:${range.start.character + 1} ${severity} ${rule}: ${message}\n`,
  );
  return lines.join('');
}

if (require.main === module) process.exitCode = run(process.argv.slice(2));
