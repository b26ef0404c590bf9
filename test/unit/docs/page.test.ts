import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPages } from '../../../src/documents/load';
import { codeBlocksOf, headingsOf, linksOf } from '../../../src/documents/markdown';
import { PageError, parsePage } from '../../../src/documents/page';

const concept = `---
id: queue
title: Queue
summary: Hands values over.
synonyms: [buffer, channel]
anchors:
  python: [asyncio.Queue]
  typescript: [p-queue]
hover:
  python: |
    \`await queue.put(item)\`
  typescript: Text.
snippets: { typescript: asyncQueue }
---

## What it is

Text.
`;

const rule = `---
id: late-await
title: Late await
summary: A rejection that nobody handles yet.
languages: [typescript, python]
concepts: [await]
---
## What it catches
`;

function messageOf(text: string, kind: 'concept' | 'rule' = 'concept'): string {
  try {
    parsePage(text, `en/${kind}s/${kind === 'rule' ? 'late-await' : 'queue'}.md`, kind);
  } catch (error) {
    assert.ok(error instanceof PageError);
    return error.message;
  }
  assert.fail('no error');
}

describe('reading a page', () => {
  it('reads a concept page', () => {
    assert.deepEqual(parsePage(concept, 'en/concepts/queue.md', 'concept'), {
      kind: 'concept',
      id: 'queue',
      title: 'Queue',
      summary: 'Hands values over.',
      body: '\n## What it is\n\nText.\n',
      bodyLine: 14,
      headings: [{ level: 2, text: 'What it is', slug: 'what-it-is', line: 1 }],
      synonyms: ['buffer', 'channel'],
      anchors: { python: ['asyncio.Queue'], typescript: ['p-queue'] },
      hover: { python: '`await queue.put(item)`', typescript: 'Text.' },
      snippets: { typescript: 'asyncQueue' },
    });
  });

  it('reads a rule page', () => {
    const page = parsePage(rule, 'ru/rules/late-await.md', 'rule');
    assert.deepEqual(page.languages, ['typescript', 'python']);
    assert.deepEqual(page.concepts, ['await']);
    assert.equal(page.body, '## What it catches\n');
  });

  it('reads files with Windows line ends and a byte order mark', () => {
    const page = parsePage(`\uFEFF${concept.replaceAll('\n', '\r\n')}`, 'queue.md', 'concept');
    assert.deepEqual(page, parsePage(concept, 'queue.md', 'concept'));
  });

  it('leaves the snippets empty where the page names none', () => {
    assert.deepEqual(parsePage(concept.replace(/^snippets.*\n/mu, ''), 'queue.md', 'concept').snippets, {});
  });

  const broken: [name: string, text: string, message: string][] = [
    ['no front matter', '## Title\n', 'must start with front matter between two lines of "---".'],
    [
      'YAML that does not parse',
      concept.replace('title: Queue', 'title: [Queue'),
      'front matter is no valid YAML (line 4): Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    ['a list as front matter', '---\n- id\n---\n', 'front matter must be a list of "key: value" lines.'],
    ['a missing key', concept.replace('title: Queue\n', ''), '"title" must be a text that is not empty.'],
    [
      'an unknown key',
      concept.replace('title:', 'name: x\ntitle:'),
      '"name" is not a known key; known here are id, title, summary, synonyms, anchors, hover, snippets.',
    ],
    [
      'an unknown programming language',
      concept.replace('  typescript: [', '  typscript: ['),
      '"anchors.typscript" is not a known key; known here are python, typescript.',
    ],
    [
      'an id that is not the name of the file',
      concept.replace('id: queue', 'id: lock'),
      `"id" is "lock", but must be the file's name without ".md".`,
    ],
    [
      'a long summary',
      concept.replace('Hands values over.', 'x'.repeat(201)),
      '"summary" has 201 characters; at most 200 fit.',
    ],
    [
      'a text where a list is due',
      concept.replace('[buffer, channel]', 'buffer'),
      '"synonyms" must be a list of texts, such as [a, b].',
    ],
    [
      'a long hover',
      concept.replace('typescript: Text.', `typescript: |\n${'    line\n'.repeat(7)}`),
      '"hover.typescript" has 7 lines; at most 6 fit a hover.',
    ],
  ];
  for (const [name, text, message] of broken) {
    it(`names file and key for ${name}`, () =>
      assert.equal(messageOf(text), `en/concepts/queue.md: ${message}`));
  }

  it('names an unknown language of a rule', () => {
    assert.equal(
      messageOf(rule.replace('[typescript, python]', '[typescript, ruby]'), 'rule'),
      'en/rules/late-await.md: "languages" names "ruby"; known are python, typescript.',
    );
  });
});

describe('reading a docs folder', () => {
  it('finds the pages by language and kind, and lets a folder be missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docs-'));
    try {
      await mkdir(join(folder, 'ru/concepts'), { recursive: true });
      await mkdir(join(folder, 'en/rules'), { recursive: true });
      await writeFile(join(folder, 'ru/concepts/queue.md'), concept);
      await writeFile(join(folder, 'ru/concepts/notes.txt'), 'no page');
      await writeFile(join(folder, 'en/rules/late-await.md'), rule);
      const pages = await loadPages(folder);
      assert.deepEqual(
        pages.map(({ language, path, page }) => [language, path, page.kind]),
        [
          ['en', 'en/rules/late-await.md', 'rule'],
          ['ru', 'ru/concepts/queue.md', 'concept'],
        ],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('Markdown of a page', () => {
  it('gives headings their text and fragment', () => {
    assert.deepEqual(
      headingsOf('## What it *is*\n\n### `put()` & `get`\n\n## Что это?\n\n## Что это\n').map(
        ({ text, slug }) => [text, slug],
      ),
      [
        ['What it is', 'what-it-is'],
        ['put() & get', 'put--get'],
        ['Что это?', 'что-это'],
        ['Что это', 'что-это-1'],
      ],
    );
  });

  it('finds fenced blocks with their words', () => {
    assert.deepEqual(codeBlocksOf('Text.\n\n```python run min=3.13\nprint(1)\n```\n'), [
      { language: 'python', words: ['run', 'min=3.13'], code: 'print(1)\n', line: 2, endLine: 5 },
    ]);
  });

  it('finds links and images outside code', () => {
    assert.deepEqual(linksOf('[a](../rules/x.md#y) `[b](z)` ![c](../images/d.png)\n\n```\n[e](f)\n```\n'), [
      '../rules/x.md#y',
      '../images/d.png',
    ]);
  });
});
