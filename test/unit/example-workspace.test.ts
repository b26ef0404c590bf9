import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import { readConfig } from '../../src/core/config';
import { ClassicAnalyser } from '../../src/hosts/classic/analyser';
import { ProgramLoader } from '../../src/hosts/classic/project';
import { discover } from '../../src/hosts/cli/discover';
import { rules } from '../../src/rules';

const folder = path.join(__dirname, '../workspaces/example');

/** The bugs that whoever runs `npm start` is to meet. */
const shown = [
  'floating-promise',
  'misused-promise',
  'missing-return-await',
  'blocking-call-in-async',
  'unbounded-concurrency',
  'late-await',
  'await-in-loop',
];

describe('the example workspace', () => {
  let program: ts.Program;
  let files: readonly ts.SourceFile[];
  before(() => {
    const { typescript, explicit } = discover([folder]);
    const request = { files: typescript, explicit, tsconfig: undefined, overlay: new Map<string, string>() };
    const [opened] = new ProgramLoader(ts).open(request);
    assert.ok(opened);
    ({ program, files } = opened);
  });

  it('type-checks without anything installed, and with the types of Node', () => {
    assert.deepEqual(errorsOf(program), []);
    const options = {
      ...program.getCompilerOptions(),
      types: ['node'],
      typeRoots: [path.join(__dirname, '../../node_modules/@types')],
    };
    assert.deepEqual(errorsOf(ts.createProgram([...program.getRootFileNames()], options)), []);
  });

  it('shows each bug at the place its comment speaks of, and nothing else', () => {
    const analyser = new ClassicAnalyser(ts, rules);
    const { config } = readConfig({}, rules);
    const found = files.flatMap((file) => {
      const { findings, failures } = analyser.analyse(program, file, config);
      assert.deepEqual(failures, []);
      return findings.map(({ rule, span }) => {
        const before = file.text.slice(0, span.start).split('\n').slice(-4).join('\n');
        assert.match(before, /^ *\/\/ /m, `${rule} in ${file.fileName}`);
        return rule;
      });
    });
    const known = shown.filter((id) => rules.some((rule) => rule.meta.id === id));
    assert.deepEqual([...new Set(found)].sort(), [...known].sort());
    assert.ok(files.some((file) => file.fileName.endsWith('.js')));
  });
});

function errorsOf(program: ts.Program): string[] {
  return ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
}
