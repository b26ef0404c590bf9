import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoadedPage } from '../../../src/documents/load';
import { headingsOf } from '../../../src/documents/markdown';
import { differenceOf, examplesOf, reaches, typeErrorsOf, type Example } from '../../support/examples';

function pageOf(body: string): LoadedPage {
  return {
    language: 'en',
    path: 'en/concepts/queue.md',
    page: {
      kind: 'concept',
      id: 'queue',
      title: 'Queue',
      summary: 'Text.',
      body,
      bodyLine: 10,
      headings: headingsOf(body),
      synonyms: [],
      anchors: { python: [], typescript: [] },
      hover: { python: 'Text.', typescript: 'Text.' },
      snippets: {},
    },
  };
}

function exampleOf(language: 'python' | 'ts', code: string, output: string, exitCode = 0): Example {
  return { place: 'queue.md:1', language, minimum: undefined, exitCode, code, output };
}

const root = resolve(import.meta.dirname, '../..');

describe('examples of the pages', () => {
  it('are the blocks marked run with the output below', () => {
    const body =
      '```ts\nshown();\n```\n\n```python run min=3.13 exit=1\nprint(1)\n```\n\n```text output\n1\n```\n';
    assert.deepEqual(examplesOf(pageOf(body)), {
      examples: [
        {
          place: 'en/concepts/queue.md:15',
          language: 'python',
          minimum: '3.13',
          exitCode: 1,
          code: 'print(1)\n',
          output: '1\n',
        },
      ],
      problems: [],
    });
  });

  const malformed: [name: string, body: string, problem: string][] = [
    ['no output', '```ts run\nf();\n```\n', 'a "text output" block must follow directly.'],
    [
      'text between code and output',
      '```ts run\nf();\n```\nIt prints:\n```text output\n```\n',
      'a "text output" block must follow directly.',
    ],
    ['a misspelt option', '```ts run minimum=3\n```\n', 'unknown word "minimum=3" after the fence.'],
    ['another language', '```sh run\n```\n', '"run" works for python and ts, not for "sh".'],
  ];
  for (const [name, body, problem] of malformed) {
    it(`are refused with ${name}`, () => {
      assert.deepEqual(examplesOf(pageOf(body)).problems, [`en/concepts/queue.md:11: ${problem}`]);
    });
  }

  it('are type-checked as modules', () => {
    assert.deepEqual(
      typeErrorsOf([exampleOf('ts', 'await null;\nconst a: string = process.pid;\n', '')], root),
      ["queue.md:1: line 2 of the example: Type 'number' is not assignable to type 'string'."],
    );
  });

  it('know which version they need', () => {
    assert.deepEqual(
      ['3.11.7', '3.13.0', '3.14', '4'].map((version) => reaches(version, '3.13')),
      [false, true, true, true],
    );
  });

  describe('when executed', () => {
    let folder = '';
    const difference = (example: Example) => differenceOf(example, folder, 'example');

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'examples-'));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it('pass when they print what they promise', async () => {
      assert.equal(await difference(exampleOf('python', 'print(2 + 2)\n', '4\n')), undefined);
      assert.equal(
        await difference(exampleOf('ts', 'console.log(await (2 + 2 as number));\n', '4\n')),
        undefined,
      );
      assert.equal(await difference(exampleOf('ts', 'process.exitCode = 3;\n', '', 3)), undefined);
    });

    it('fail on other output, another exit code and anything on standard error', async () => {
      assert.match(
        (await difference(exampleOf('python', 'print(5)\n', '4\n'))) ?? '',
        /^queue\.md:1: printed\n5\ninstead of\n4\n/u,
      );
      assert.match(
        (await difference(exampleOf('ts', 'process.exitCode = 3;', ''))) ?? '',
        /ended with code 3, not 0/u,
      );
      assert.match(
        (await difference(exampleOf('python', 'async def f(): pass\nf()\n', ''))) ?? '',
        /wrote to standard error\n.*never awaited/su,
      );
    });
  });
});
