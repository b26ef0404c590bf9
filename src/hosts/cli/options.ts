import { Command, InvalidArgumentError, Option } from 'commander';
import { PRESETS } from '../../core/config';
import { ENGINES, type EngineName } from './engine';

export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;

export interface CheckOptions {
  readonly tsconfig?: string;
  readonly config?: string;
  readonly preset?: string;
  readonly format: (typeof FORMATS)[number];
  readonly severity: readonly string[];
  readonly fix?: boolean;
  readonly fixSuggestions?: boolean;
  readonly diff?: boolean;
  readonly since?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly maxWarnings: number;
  readonly quiet?: boolean;
  readonly statistics?: boolean;
  readonly color?: boolean;
  readonly engine: EngineName;
  readonly threads?: number;
  readonly cache: boolean;
  readonly cacheLocation?: string;
}

/** The command line, as `--help` shows it. */
export function commandLine(
  version: string,
  actions: {
    readonly check: (paths: string[], options: CheckOptions) => Promise<void>;
    readonly server: () => Promise<void>;
  },
): Command {
  const program = new Command('async-patterns')
    .description('Finds async bugs in TypeScript, JavaScript and Python (asyncio).')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(see async-patterns --help)');
  program
    .command('check')
    .summary('find async bugs in files and directories')
    .description(
      'Finds async bugs in files and directories. Projects are found by their tsconfig.json; what .gitignore names is left out.',
    )
    .argument('[paths...]', 'files or directories', ['.'])
    .optionsGroup('What to look for:')
    .option('--preset <preset>', `how much to report: ${PRESETS.join(', ')}`)
    .option(
      '--severity <rule=level>',
      'level of a rule: off, hint, information, warning, error; repeatable',
      collect,
      [],
    )
    .option('--config <file>', 'configuration to use instead of the nearest async-patterns.json')
    .option('--tsconfig <file>', 'TypeScript configuration to use instead of the nearest tsconfig.json')
    .option('--since <rev>', 'only findings on lines changed since a Git revision')
    .option('--baseline <file>', 'only findings that are not in this file')
    .option('--update-baseline', 'write all findings into the baseline')
    .optionsGroup('What to repair:')
    .option('--fix', 'apply the fixes that keep what the code does')
    .option('--fix-suggestions', 'apply the other fixes, too: read the diff afterwards')
    .option('--diff', 'print the fixes as a patch and change nothing')
    .optionsGroup('What to print:')
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('text'))
    .option('--quiet', 'only errors and warnings')
    .option('--statistics', 'how often each rule reports, instead of each finding')
    .option('--max-warnings <n>', 'exit with 0 as long as there are no more warnings than this', count, 0)
    .option('--color', 'colours even where the output is no terminal')
    .option('--no-color', 'no colours')
    .optionsGroup('How to work:')
    .addOption(
      new Option('--engine <engine>', 'TypeScript that answers: native (7, faster) or classic (6)')
        .choices(ENGINES)
        .default('native'),
    )
    .option(
      '--threads <n>',
      'threads that share the files; default: as many as there is room for',
      countFrom1,
    )
    .option('--cache', 'keep results for the next run', true)
    .option('--no-cache', 'analyse everything anew')
    .option('--cache-location <folder>', 'where to keep results; default: node_modules/.cache')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing at warning or above, 1 findings, 2 wrong usage or an error.

Examples:
  async-patterns check                          the whole project
  async-patterns check src --fix                repair what can be repaired safely
  async-patterns check --since origin/main      only what a branch changes
  async-patterns check --format sarif > a.sarif for code scanning`,
    )
    .action(actions.check);
  program
    .command('server')
    .description('Serves an editor: Python findings, fixes and hovers over the Language Server Protocol.')
    .requiredOption('--stdio', 'speak over standard input and output')
    .action(actions.server);
  return program;
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}

function countFrom1(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('expected a whole number from 1.');
  return Number(value);
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('expected a whole number.');
  return Number(value);
}
