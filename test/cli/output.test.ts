import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import { rules } from '../../src/rules';
import { CLI, Folder, parse, RETURNED, TSCONFIG } from './support';

const FILES = {
  'tsconfig.json': TSCONFIG,
  'a.ts': RETURNED,
  'b.ts': `import { load } from './helper';
export async function main(): Promise<void> {
  load();
}
`,
  'helper.ts': `declare module 'fs' {
  export function readFileSync(path: string): string;
}
import { readFileSync } from 'fs';
export function load(): string {
  return readFileSync('x');
}
`,
  // Columns count UTF-16 code units.
  'ü/c.py': 'async def work():\n    pass\n\nasync def main():\n    "😀"; work()\n',
};

describe('async-patterns check prints', () => {
  let folder: Folder;
  before(() => {
    folder = new Folder(FILES);
  });
  after(() => folder.remove());

  it('a report for people: by file, with the lines in question and where they lead', () => {
    const { code, stdout, stderr } = folder.check();
    assert.equal(stderr, '');
    assert.equal(code, 1);
    const [a = '', b = '', c = ''] = stdout.split(/^(?=\S)/m);
    assert.match(a, /^a\.ts\n {2}4:12 {2}warning {2}.+ {2}missing-return-await\n/);
    assert.match(a, /> 4 \| {5}return work\(\);\n {8}\| +\^{6}\n/);
    assert.match(b, /^b\.ts\n {2}3:3 {2}\w+ {2}.+ {2}blocking-call-in-async\n/);
    assert.match(b, /↳ helper\.ts:6:10 {2}\S/);
    assert.match(c, /^ü\/c\.py\n {2}5:11 {2}error {2}.+ {2}unawaited-coroutine\n/);
    assert.match(
      stdout,
      /\n✖ 3 findings \(1 error, 1 warning, 1 note\) in 4 files\. 1 can be fixed with --fix\.\n$/,
    );
  });

  it('colours where they are wanted', () => {
    const plain = folder.check('a.ts').stdout;
    const colored = (env: NodeJS.ProcessEnv, ...args: string[]) =>
      folder.run(process.execPath, [CLI, 'check', '--no-cache', 'ü', ...args], { env }).stdout;
    assert.ok(!plain.includes('\x1b'));
    const forced = colored({ FORCE_COLOR: '1' });
    assert.ok(forced.includes('\x1b['));
    assert.equal(stripVTControlCharacters(forced), colored({ CI: 'true' }));
    assert.ok(!colored({ FORCE_COLOR: '1', NO_COLOR: '1' }).includes('\x1b'));
    assert.ok(colored({ NO_COLOR: '1' }, '--color').includes('\x1b['));
  });

  it('JSON as the contract has it', () => {
    const { code, stdout } = folder.check('--format', 'json');
    assert.equal(code, 1);
    const [returned, blocking, unawaited, ...rest] = parse(stdout);
    assert.deepEqual(rest, []);
    assert.deepEqual(returned, {
      file: 'a.ts',
      rule: 'missing-return-await',
      severity: 'warning',
      message: returned?.message,
      range: { start: { line: 3, character: 11 }, end: { line: 3, character: 17 } },
      related: [],
      fixes: returned?.fixes,
      docs: 'docs/en/rules/missing-return-await.md',
    });
    assert.match(returned.message, /\S/);
    assert.deepEqual(returned.fixes[0], {
      title: returned.fixes[0]?.title,
      safety: 'safe',
      edits: [
        {
          file: 'a.ts',
          range: { start: { line: 3, character: 11 }, end: { line: 3, character: 11 } },
          newText: 'await ',
        },
      ],
    });
    assert.deepEqual(
      blocking?.related.map(({ file, range }) => [file, range.start]),
      [['helper.ts', { line: 5, character: 9 }]],
    );
    assert.deepEqual([unawaited?.file, unawaited?.range.start], ['ü/c.py', { line: 4, character: 10 }]);
  });

  it('SARIF that fits the official schema', () => {
    const { code, stdout } = folder.check('--format', 'sarif');
    assert.equal(code, 1);
    const log = JSON.parse(stdout) as Log;
    const schema = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const ajv = new AjvDraft04({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
    assert.ok(validate(log), ajv.errorsText(validate.errors));
    const [run] = log.runs;
    assert.ok(run);
    assert.equal(run.columnKind, 'utf16CodeUnits');
    const descriptors = run.tool.driver.rules ?? [];
    for (const { meta } of rules) {
      const descriptor = descriptors.find(({ id }) => id === meta.id);
      assert.ok(descriptor?.helpUri?.endsWith(`/docs/en/rules/${meta.id}.md`), meta.id);
    }
    const results = run.results ?? [];
    assert.deepEqual(
      results.map(({ ruleId }) => ruleId),
      ['missing-return-await', 'blocking-call-in-async', 'unawaited-coroutine'],
    );
    for (const { ruleId, ruleIndex = -1 } of results) assert.equal(descriptors[ruleIndex]?.id, ruleId);
    const [returned, blocking, unawaited] = results;
    const replacement = returned?.fixes?.[0]?.artifactChanges[0]?.replacements[0];
    assert.equal(replacement?.insertedContent?.text, 'await ');
    assert.equal(blocking?.relatedLocations?.[0]?.physicalLocation?.artifactLocation?.uri, 'helper.ts');
    const place = unawaited?.locations?.[0]?.physicalLocation;
    assert.equal(place?.artifactLocation?.uri, '%C3%BC/c.py');
    assert.deepEqual(place.region, { startLine: 5, startColumn: 11, endLine: 5, endColumn: 17 });
    const marks = results.map(({ partialFingerprints }) => partialFingerprints?.['asyncPatterns/v1']);
    assert.equal(new Set(marks).size, 3);
  });

  it('annotations for GitHub', () => {
    const { code, stdout } = folder.check('--format', 'github', 'a.ts', 'ü');
    assert.equal(code, 1);
    const [first = '', second = ''] = stdout.split('\n');
    assert.match(
      first,
      /^::warning file=a\.ts,line=4,endLine=4,col=12,endColumn=18,title=missing-return-await::\S/,
    );
    assert.match(second, /^::error file=ü\/c\.py,line=5,/);
  });

  it('how often each rule reports', () => {
    const { stdout } = folder.check('--statistics', 'ü', 'a.ts');
    assert.match(stdout, /^1 {2}missing-return-await {2}1 fixable\n1 {2}unawaited-coroutine\n✖ 2 findings/);
  });

  it('levels as they are set, and exits accordingly', () => {
    const set = folder.check('ü', '--severity', 'unawaited-coroutine=information');
    assert.equal(set.code, 0);
    assert.match(set.stdout, /information/);
    const quiet = folder.check('ü', '--severity', 'unawaited-coroutine=information', '--quiet');
    assert.match(quiet.stdout, /No findings in 1 file\./);
    const warning = ['ü', '--severity', 'unawaited-coroutine=warning'];
    assert.equal(folder.check(...warning, '--max-warnings', '1').code, 0);
    assert.equal(folder.check(...warning).code, 1);
    assert.equal(folder.check('ü', '--max-warnings', '1').code, 1);
    assert.equal(folder.check('ü', '--severity', 'unawaited-coroutine=off').code, 0);
  });
});
