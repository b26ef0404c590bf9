import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, Folder, PYTHON } from './support';

const FLOATING = 'export const load = () => fetch("/a");\nload();\n';

/** Somebody who is not root, whom modes do not hold. */
const NOBODY = 65534;

describe('async-patterns check says in one sentence what is wrong', () => {
  let folder: Folder;
  before(() => {
    folder = new Folder({
      'a.py': PYTHON,
      'empty/readme.txt': 'nothing',
      'broken/tsconfig.json': '{ "compilerOptions": {',
      'broken/a.ts': FLOATING,
      'whole/tsconfig.json': '{}',
      'whole/a.ts': FLOATING,
      'extends/tsconfig.json': '{ "extends": "./gone.json" }',
      'extends/a.ts': 'export {};\n',
      'option/tsconfig.json': '{ "compilerOptions": { "target": "es1" } }',
      'option/a.ts': 'export {};\n',
      'reference/tsconfig.json': '{ "files": [], "references": [{ "path": "./gone" }] }',
      'reference/a.ts': 'export {};\n',
      'json/async-patterns.json': '{ "rules": ',
      'json/a.py': PYTHON,
      'key/async-patterns.json': '{ "rule": {} }',
      'key/a.py': PYTHON,
      'rule/async-patterns.json':
        '{ "overrides": [{ "files": ["*"], "rules": { "floating-promises": "off" } }] }',
      'rule/a.py': PYTHON,
      'value/pyproject.toml': '[tool.async-patterns]\npreset = "strictest"\n',
      'value/a.py': PYTHON,
      'ignored/async-patterns.json': '{ "ignore": ["*.py"] }',
      'ignored/a.py': PYTHON,
    });
  });
  after(() => folder.remove());

  it('is content where each file that was named is ignored, as a hook may name them', () => {
    const { code, stdout, stderr } = folder.check('--format', 'json', 'ignored/a.py');
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), []);
    assert.equal(stderr, 'The configuration ignores every file that was named.\n');
  });

  const cases: readonly (readonly [args: string, pattern: RegExp])[] = [
    ['gone.ts', /^async-patterns: gone\.ts: no such file or directory; check the path\.$/],
    ['empty', /^async-patterns: No files to check in empty: name files or folders with/],
    ['ignored', /^async-patterns: All files are ignored in ignored: /],
    ['empty/readme.txt', /^async-patterns: empty\/readme\.txt: neither TypeScript, JavaScript nor Python; /],
    [
      'a.py --tsconfig no.json broken/a.ts',
      /^async-patterns: \S+no\.json: no such file; check --tsconfig\.$/,
    ],
    ['json', /^async-patterns: json\/async-patterns\.json: Unexpected end of JSON input\. Correct it\.$/],
    [
      'key',
      /^async-patterns: key\/async-patterns\.json: rule: there is no such key; did you mean "rules"\?$/,
    ],
    [
      'rule',
      /^async-patterns: rule\/async-patterns\.json: overrides\[0\]\.rules: there is no rule "floating-promises"; did you mean "floating-promise"\?$/,
    ],
    [
      'value',
      /^async-patterns: value\/pyproject\.toml: preset: "strictest" is none of recommended, strict, all\.$/,
    ],
    ['a.py --config gone.json', /^async-patterns: gone\.json: it cannot be read; check the path\.$/],
    [
      'a.py --severity floating-promis=off',
      /^async-patterns: --severity: there is no rule "floating-promis"; did you mean "floating-promise"\?$/,
    ],
    [
      'a.py --severity floating-promise=loud',
      /^async-patterns: --severity: "loud" is no level for "floating-promise"; /,
    ],
    [
      'a.py --severity floating-promise',
      /^async-patterns: --severity floating-promise: expected rule=level\.$/,
    ],
    ['a.py --preset most', /^async-patterns: --preset: "most" is none of recommended, strict, all\.$/],
    ['a.py --since HEAD', /^async-patterns: --since HEAD: not a git repository/],
    ['a.py --baseline a.py', /^async-patterns: a\.py: .+; write it anew with --update-baseline\.$/],
    ['a.py --update-baseline', /^async-patterns: --update-baseline: needs --baseline FILE/],
    [
      'a.py --format xml',
      /^error: option '--format <format>' argument 'xml' is invalid\. Allowed choices are text, json, sarif, github\./,
    ],
    [
      'a.py --max-warnings few',
      /^error: option '--max-warnings <n>' argument 'few' is invalid\. expected a whole number\./,
    ],
    ['a.py --fixx', /^error: unknown option '--fixx'/],
  ];
  for (const [args, pattern] of cases) {
    it(`check ${args}`, () => {
      const { code, stdout, stderr } = folder.check(...args.split(' '));
      const [first = '', ...rest] = stderr.trimEnd().split('\n');
      assert.match(first, pattern);
      // The argument parser adds where to read on.
      if (!first.startsWith('error: ')) assert.deepEqual(rest, []);
      assert.equal(stdout, '');
      assert.equal(code, 2);
    });
  }

  const brokenProjects: readonly (readonly [folder: string, pattern: RegExp])[] = [
    [
      'broken',
      /^async-patterns: \S+broken\/tsconfig\.json: .+ Correct the file or pass another with --tsconfig\.$/,
    ],
    ['option', /^async-patterns: \S+option\/tsconfig\.json: Argument for '--target' .+ Correct the file/],
    ['extends', /^async-patterns: \S+extends\/tsconfig\.json: .+gone\.json.+ Correct the file/],
    ['reference', /^async-patterns: \S+reference\/tsconfig\.json: the referenced \S+gone does not exist\.$/],
  ];
  for (const engine of ['native', 'classic'])
    it(`that configurations cannot be read, and checks all the rest: ${engine}`, () => {
      const folders = brokenProjects.map(([name]) => name);
      for (const round of ['first', 'again']) {
        const { code, stdout, stderr } = folder.check(
          ...['--engine', engine, '--format', 'json', ...folders, 'whole'],
        );
        const lines = stderr.trimEnd().split('\n');
        assert.equal(lines.length, brokenProjects.length, `${round}: ${stderr}`);
        for (const [name, pattern] of brokenProjects)
          assert.ok(
            lines.some((line) => pattern.test(line)),
            `${name}: ${stderr}`,
          );
        const found = (JSON.parse(stdout) as { file: string }[]).map(({ file }) => file);
        assert.deepEqual(found, ['broken/a.ts', 'whole/a.ts']);
        assert.equal(code, 2);
      }
    });

  it('that a configuration cannot be read that was named, and checks nothing', () => {
    const { code, stdout, stderr } = folder.check('--tsconfig', 'broken/tsconfig.json', 'whole');
    assert.match(stderr, /^async-patterns: \S+broken\/tsconfig\.json: /);
    assert.equal(stdout, '');
    assert.equal(code, 2);
  });

  it('that a file cannot be read', () => {
    chmodSync(folder.path, 0o755);
    folder.write('secret.py', PYTHON);
    chmodSync(join(folder.path, 'secret.py'), 0);
    const options = process.getuid?.() === 0 ? { uid: NOBODY } : {};
    const { code, stderr } = folder.run(process.execPath, [CLI, 'check', '--no-cache', 'secret.py'], options);
    assert.match(
      stderr,
      /^async-patterns: \S+secret\.py: cannot be read; make it readable or leave it out\.\n$/,
    );
    assert.equal(code, 2);
  });

  it('nothing, where it only explains itself', () => {
    const help = folder.check('--help');
    assert.equal(help.code, 0);
    for (const option of ['--fix', '--since <rev>', '--baseline <file>', '--format <format>'])
      assert.ok(help.stdout.includes(option), option);
    assert.match(
      help.stdout,
      /^Exit codes: 0 nothing at warning or above, 1 findings, 2 wrong usage or an error\.$/m,
    );
    const version = folder.run(process.execPath, [CLI, '--version']);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
