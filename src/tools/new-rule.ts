/** `npm run new-rule -- rule-id`: starts a rule, namely its file and its pages in both languages. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');

function ruleSource(id: string): string {
  return `import type { Rule } from '../core/rule';

export const rule: Rule = {
  meta: {
    id: '${id}',
    languages: ['typescript'],
    level: 'hint',
    preset: 'all',
    needs: 'syntax',
    summary: 'TODO',
    concepts: [],
    options: {},
    fixes: 'none',
    supersedes: [],
    inspiredBy: [],
  },
  *check() {
    return [];
  },
};
`;
}

function page(id: string, headings: readonly string[]): string {
  const front = `---\nid: ${id}\ntitle: ${id}\nsummary: TODO\nlanguages: [typescript]\nconcepts: []\n---\n`;
  return `${front}\n${headings.map((heading) => `## ${heading}\n\nTODO\n`).join('\n')}`;
}

function main(id: string | undefined): void {
  if (id === undefined || !/^[a-z]+(-[a-z]+)*$/u.test(id)) {
    throw new Error(
      'Give the new rule\'s id in lower case with hyphens, as in "npm run new-rule -- late-await".',
    );
  }
  const files = new Map([
    [`src/rules/${id}.ts`, ruleSource(id)],
    [
      `docs/en/rules/${id}.md`,
      page(id, [
        'What it finds',
        'Why it matters',
        'How to repair it',
        'When it stays silent',
        'When to switch it off',
        'Who else checks it',
        'See also',
      ]),
    ],
    [
      `docs/ru/rules/${id}.md`,
      page(id, [
        'Что находит правило',
        'Почему это важно',
        'Как исправить',
        'Когда правило молчит',
        'Когда его отключать',
        'Кто ещё это проверяет',
        'Смотрите также',
      ]),
    ],
  ]);
  const existing = [...files.keys()].find((path) => existsSync(join(root, path)));
  if (existing !== undefined) throw new Error(`${existing} is there already; nothing was written.`);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`Wrote ${path}.`);
  }
  console.log('Fill in the TODOs, then run "npm run generate".');
}

try {
  main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
