import assert from 'node:assert/strict';
import ts from 'typescript';
import { readConfig } from '../../../src/core/config';
import { analyse } from '../../../src/core/engine';
import type { FileFacts } from '../../../src/core/facts';
import { Memo } from '../../../src/core/memo';
import { runSync, type Question } from '../../../src/core/questions';
import { lower } from '../../../src/languages/typescript/lower';
import { typeScriptOracle } from '../../../src/languages/typescript/oracle';
import { Types } from '../../../src/languages/typescript/types';
import { rules } from '../../../src/rules';
import { Sample } from '../support/analyse';

const RULES = rules.filter((rule) =>
  ['blocking-call-in-async', 'unbounded-concurrency'].includes(rule.meta.id),
);

/** Analyses one sample after another as an editor does: facts and summaries are kept, programs come and go. */
class Session {
  private readonly facts = new WeakMap<ts.SourceFile, FileFacts>();
  private sample: Sample | undefined;
  private readonly memo = new Memo((file) => {
    const sourceFile = this.sample?.program.getSourceFile(file);
    return sourceFile && this.facts.get(sourceFile);
  });

  /** Levels of the findings, and how often each file's values were asked about. */
  run(sample: Sample, name: string): { levels: string[]; asked: Map<string, number> } {
    this.sample = sample;
    const asked = new Map<string, number>();
    const factsOf = (sourceFile: ts.SourceFile) => {
      let facts = this.facts.get(sourceFile);
      if (!facts) this.facts.set(sourceFile, (facts = lower(ts, sourceFile)));
      return facts;
    };
    const { program } = sample;
    const types = new Types(ts, program, program.getTypeChecker());
    const oracle = typeScriptOracle({ tsc: ts, program, types, factsOf });
    const { config } = readConfig({}, RULES);
    const analysis = runSync(
      analyse({ facts: factsOf(sample.sourceFile(name)), rules: RULES, config, memo: this.memo }),
      {
        answer: (batch) => {
          for (const question of batch) {
            const file = fileOf(question);
            if (file !== undefined) asked.set(file, (asked.get(file) ?? 0) + 1);
          }
          return oracle.answer(batch);
        },
      },
    );
    assert.deepEqual(analysis.failures, []);
    return { levels: analysis.findings.map((f) => f.level), asked };
  }
}

function fileOf({ kind, subject }: Question): string | undefined {
  if (kind === 'facts' || kind === 'package' || kind === 'repair') return undefined;
  const { file } = 'fn' in subject ? subject.fn : subject;
  return file.file.slice(file.file.lastIndexOf('/') + 1);
}

const HELPER = `import { readFileSync } from 'node:fs';
const inner = (p: string) => readFileSync(p);
export function outer(p: string) { return inner(p.trim()); }`;
const MAIN = `import { outer } from './helper';
export async function f() { return outer('x'); }`;

describe('summaries', () => {
  it('are found again after a keystroke in another file, and asked anew where it was', () => {
    const session = new Session();
    const first = new Sample({ 'main.ts': MAIN, 'helper.ts': HELPER });
    assert.deepEqual(session.run(first, 'main.ts').levels, ['information']);

    const typed = new Sample({ 'main.ts': `${MAIN}\n// one more line`, 'helper.ts': HELPER }, {}, {}, first);
    const { levels, asked } = session.run(typed, 'main.ts');
    assert.deepEqual(levels, ['information']);
    assert.ok((asked.get('main.ts') ?? 0) > 0);
    assert.equal(asked.get('helper.ts'), undefined);
  });

  it('are forgotten when a helper changes', () => {
    const session = new Session();
    const first = new Sample({ 'main.ts': MAIN, 'helper.ts': HELPER });
    session.run(first, 'main.ts');
    const mended = HELPER.replace('readFileSync(p)', 'p.length');
    const second = new Sample({ 'main.ts': MAIN, 'helper.ts': mended }, {}, {}, first);
    assert.deepEqual(session.run(second, 'main.ts').levels, []);
    const third = new Sample({ 'main.ts': MAIN, 'helper.ts': HELPER }, {}, {}, second);
    assert.deepEqual(session.run(third, 'main.ts').levels, ['information']);
  });

  it('are forgotten when a file on the way re-exports something else', () => {
    const session = new Session();
    const files = { 'main.ts': MAIN.replace('./helper', './index'), 'helper.ts': HELPER };
    const first = new Sample({ ...files, 'index.ts': `export { outer } from './helper';` });
    assert.deepEqual(session.run(first, 'main.ts').levels, ['information']);
    const second = new Sample(
      { ...files, 'index.ts': `export const outer = (p: string) => p.length;` },
      {},
      {},
      first,
    );
    assert.deepEqual(session.run(second, 'main.ts').levels, []);
  });

  it('cost nothing where no function is async and nothing is awaited together', () => {
    const sample = new Sample({
      'main.ts': `import { outer } from './helper';\nexport const f = () => outer('x');`,
      'helper.ts': HELPER,
    });
    assert.equal(new Session().run(sample, 'main.ts').asked.size, 0);
  });

  it('stop at a depth and a size', () => {
    const links = Array.from({ length: 400 }, (_, i) => `function f${i}(): void { f${i + 1}(); }`);
    const chain = `import { readFileSync } from 'node:fs';\n${links.join('\n')}\nfunction f400() { readFileSync('x'); }\nexport async function start() { f0(); }\nexport async function near() { f396(); }`;
    const sample = new Sample({ 'main.ts': chain });
    assert.deepEqual(new Session().run(sample, 'main.ts').levels, ['information']);
  });
});
