import assert from 'node:assert/strict';
import { Sample } from '../support/analyse';

const PRELUDE = `import { readFileSync } from 'node:fs';
declare function save(id: string): Promise<void>; declare function rows(): AsyncIterable<string>;
`;

function lenses(code: string): string[] {
  return new Sample({ 'a.ts': PRELUDE + code })
    .lenses('a.ts')
    .map((lens) => lens.replace(/^\d+/, (line) => String(Number(line) - 2)));
}

describe('the line above an async function', () => {
  it('counts what waits, with and without the word await', () => {
    assert.deepEqual(
      lenses(
        "export async function f() { await save('a'); for await (const row of rows()) await save(row); }",
      ),
      ['1: 3 awaits'],
    );
    assert.deepEqual(lenses("export const f = async () => { await save('a'); };"), ['1: 1 await']);
  });

  it('is not there above other functions, and counts for the innermost one', () => {
    const inner =
      "async function f() {\nconst g = async () => {\nsave('a'); };\nawait g(); }\nexport const h = () => f;";
    assert.deepEqual(lenses(inner), ['1: 1 await', '2: 0 awaits | 1 unhandled promise']);
  });

  it('counts what fans out', () => {
    const code =
      "export async function f(ids: string[]) { await Promise.all(ids.map(save)); await Promise.race([save('a')]); }";
    assert.deepEqual(lenses(code), ['1: 2 awaits | 2 fan-outs']);
  });

  it('names what blocks, and through which helper', () => {
    const through =
      "function load() { return readFileSync('a', 'utf8'); }\nexport async function f() { await save(load()); }";
    assert.deepEqual(lenses(through), ['2: 1 await | blocks through load → readFileSync']);
    const direct = "export async function f() { await save(readFileSync('a', 'utf8')); }";
    assert.deepEqual(lenses(direct), ['1: 1 await | blocks in readFileSync']);
  });

  it('counts promises that nobody handles, those that a comment excuses left out', () => {
    assert.deepEqual(lenses("export async function f() {\nsave('a');\nsave('b');\nawait save('c'); }"), [
      '1: 1 await | 2 unhandled promises',
    ]);
    const excused =
      "export async function f() {\n// async-patterns-ignore-next-line floating-promise -- a test\nsave('a');\nawait save('c'); }";
    assert.deepEqual(lenses(excused), ['1: 1 await']);
  });
});
