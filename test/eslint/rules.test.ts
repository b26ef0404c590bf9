import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuleTester } from '@typescript-eslint/rule-tester';
import { applyEdits } from '../../src/core/edits';
import { LEVELS, formatMessage } from '../../src/core/finding';
import { parsePage } from '../../src/documents/page';
import plugin from '../../src/hosts/eslint';
import { blocksOf, type Block } from '../support/rule-pages';
import { Sample } from '../unit/support/analyse';

RuleTester.afterAll = after;
RuleTester.it = it;
RuleTester.describe = describe;

const ROOT = join(__dirname, '../..');
const PAGES = join(ROOT, 'docs/en/rules');

/** The blocks of a rule's page that stand alone. */
function examplesOf(id: string): Block[] {
  const path = `en/rules/${id}.md`;
  const page = parsePage(readFileSync(join(PAGES, `${id}.md`), 'utf8'), path, 'rule');
  return blocksOf({ language: 'en', path, page }).filter(
    ({ file, role }) => /^example\.(ts|tsx|js)$/.test(file) && role !== 'context',
  );
}

/** What ESLint has to say of a bad block, from the engine's own findings. */
function errorsOf(id: string, { file, code }: Block) {
  const sample = new Sample({ [file]: code });
  const found = sample.findings(file).filter(({ rule }) => rule === id);
  const errors = found.map((finding) => {
    const fixes = sample.fixes(finding);
    const safe = fixes.find(({ safety }) => safety === 'safe');
    return {
      messageId: 'finding' as const,
      data: { text: formatMessage(finding.message) },
      line: code.slice(0, finding.span.start).split('\n').length,
      safe,
      suggestions: fixes
        .filter((fix) => fix !== safe)
        .map((fix) => ({
          messageId: 'fix' as const,
          data: { title: formatMessage(fix.title) },
          output: applyEdits(code, fix.edits),
        })),
    };
  });
  return errors;
}

describe('rules of the ESLint plugin', () => {
  const tester = new RuleTester({
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: join(ROOT, 'test/fixtures/eslint') },
    },
  });

  for (const name of readdirSync(PAGES)) {
    const id = name.replace('.md', '');
    const rule = plugin.rules[id];
    if (!rule) continue;
    const options = [{ atLeast: LEVELS[1] }] as const;
    const standing = examplesOf(id);
    const bad = standing.filter(({ role }) => role === 'bad');
    tester.run(id, rule, {
      valid: standing
        .filter(({ role }) => role !== 'bad')
        .map(({ code, file, line }) => ({ name: `${name}:${line}`, code, filename: file, options })),
      invalid: bad.flatMap((block) => {
        const errors = errorsOf(id, block);
        // Several fixes in one block are applied in rounds: a page with one finding each shows enough.
        const safe = errors.flatMap((error) => (error.safe ? [error.safe] : []));
        if (errors.length === 0 || safe.length > 1) return [];
        return [
          {
            name: `${name}:${block.line}`,
            code: block.code,
            filename: block.file,
            options,
            output: safe[0] ? applyEdits(block.code, safe[0].edits) : null,
            errors: errors.map(({ messageId, data, line, suggestions }) => ({
              messageId,
              data,
              line,
              ...(suggestions.length > 0 ? { suggestions } : {}),
            })),
          },
        ];
      }),
    });
  }

  const floating = plugin.rules['floating-promise'];
  if (!floating) throw new Error('floating-promise is missing');
  const declared = 'declare function save(): Promise<void>;\n';
  tester.run('options', floating, {
    valid: [
      {
        name: 'an allowed callee',
        code: `${declared}save();`,
        filename: 'example.ts',
        options: [{ allow: ['save'] }],
      },
      {
        name: 'a comment of ours',
        code: `${declared}// async-patterns-ignore-next-line floating-promise -- the end\nsave();`,
        filename: 'example.ts',
      },
      {
        name: 'a finding milder than asked for',
        code: `${declared}save(); // don't await: the caller must not wait`,
        filename: 'example.ts',
      },
    ],
    invalid: [
      {
        name: 'an option left out',
        code: `${declared}export async function run() {\n  save();\n}`,
        filename: 'example.ts',
        errors: [
          {
            messageId: 'finding',
            line: 3,
            column: 3,
            endColumn: 9,
            suggestions: [
              {
                messageId: 'fix',
                output: `${declared}export async function run() {\n  await save();\n}`,
              },
              {
                messageId: 'fix',
                output: `${declared}export async function run() {\n  return save();\n}`,
              },
              {
                messageId: 'fix',
                output: `${declared}export async function run() {\n  save().catch(console.error);\n}`,
              },
              {
                messageId: 'fix',
                output: `${declared}export async function run() {\n  void save();\n}`,
              },
            ],
          },
        ],
      },
    ],
  });
});
