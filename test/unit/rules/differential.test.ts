import assert from 'node:assert/strict';
import { join } from 'node:path';
import ts from 'typescript';
import { Comparer } from '../../differential/compare';

const CORPUS = join(__dirname, '../../fixtures/differential');

/** Every line that only one of the two reports, and why that is as it should be. */
const EXPLAINED: Readonly<Record<string, readonly (readonly [line: string, why: string])[]>> = {
  'awaited.ts': [
    ['them: await this.stop();', 'a method without a result may be overridden by one that returns a promise'],
    ['them: log(await text);', 'a type parameter tells of no single type'],
    ['them: await callback();', 'whoever passes the callback may pass one that returns a promise'],
    ['them: await null;', 'a literal is awaited to let others run'],
    ['them: await 0;', 'a literal is awaited to let others run'],
    ['them: await object;', 'any object may be a promise'],
    ['them: await empty;', 'an interface without members takes a promise as well'],
    ['them: for await (const x of promises) log(x);', 'the loop awaits the promises of an array'],
    ['them: for await (const x of anyIterable) log(x);', 'what comes out of it may be promises'],
  ],
  'floating.ts': [
    ['us: save() as unknown;', 'a cast does not take care of the promise'],
    ['them: save().catch(handler).then(() => 1);', 'what comes after it cannot reject'],
    ['them: save().catch(anything);', 'what is of type any may be a function'],
    ['us: flag && (save(), 1);', 'a sequence drops its promise behind && as well'],
    ['them: (async () => {', 'the whole body is in try, and the handler cannot fail'],
    ['us: for (save(); flag; save()) break;', 'the head of a loop drops its values'],
  ],
  'misused.tsx': [
    ['them: if (save()) log(1);', 'TypeScript reports it'],
    ['them: if (flag && save()) log(1);', 'TypeScript reports it'],
    ['them: log(save() ? 1 : 2);', 'TypeScript reports it'],
    ['them: log(save() && 1);', 'TypeScript reports it'],
    ['them: return p && 1;', 'TypeScript reports it'],
    [
      'us: log(new Uint8Array(1).filter(async (x) => save(x)));',
      'typed arrays have predicates like other arrays',
    ],
    ['them: each(async () => {', 'nothing is awaited, so nothing can be rejected later'],
    ['them: each(async () => {', 'the whole body is in try'],
    ['them: each((x) => save(x).catch(log));', 'the promise has a handler'],
    ["them: events.off('x', work);", 'off does not call the function'],
    [
      'them: new Promise<void>((resolve) => save().then(() => resolve())).catch(log);',
      'what an executor returns is for async-promise-executor to judge',
    ],
    [
      'us: export const arrow = (): (() => void) => async () => work();',
      'an arrow returns its expression as a return statement does',
    ],
    ['them: stop(): Promise<void>;', 'declares, but does nothing: the class is reported'],
    ['them: using x = d;', 'no question about disposal yet'],
  ],
  'returned.ts': [
    ['them: return load();', 'an empty finally block does nothing too early'],
    ['them: if (flag) return Promise.resolve(1);', 'fulfilled already'],
    ["them: return load().catch(() => 'x');", 'deals with its own failure'],
    ['them: return load();', 'an async generator awaits what it returns'],
    ['us: return load();', 'the catch of a plain function misses the rejection just as well'],
  ],
};

describe('the same questions as typescript-eslint', () => {
  const paths = Object.keys(EXPLAINED).map((name) => join(CORPUS, name));
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    jsx: ts.JsxEmit.Preserve,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  });
  const comparer = new Comparer(program);

  for (const [name, explained] of Object.entries(EXPLAINED)) {
    it(`get the same answers in ${name}, except for what is explained`, () => {
      const file = program.getSourceFile(join(CORPUS, name));
      assert.ok(file);
      const lines = file.text.split('\n');
      const { differences, agreed } = comparer.compare(file);
      assert.deepEqual(
        differences.map(({ only, line }) => `${only}: ${lines[line - 1]?.trim() ?? ''}`),
        explained.map(([line]) => line),
      );
      assert.ok(agreed > explained.length, `${agreed} lines in common`);
    });
  }
});
