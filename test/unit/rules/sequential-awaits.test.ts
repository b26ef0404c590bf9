import assert from 'node:assert/strict';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `import * as api from './api'; import { client } from './api';
declare function getUser(id: string): Promise<{ name: string }>; declare function getTeam(id: string): Promise<string>;
declare function readHead(from: { at: number }): Promise<string>; declare function saveUser(id: string): Promise<number>;
declare function use(...values: unknown[]): void; declare const tx: { a: { find(): Promise<number> }; b: { find(): Promise<number> } };
declare const db: { users: { find(id: string): Promise<number> }; teams: { find(id: string): Promise<number> }; get(id: string): Promise<number> };
`;
const API = `export async function getNews(): Promise<string[]> { return []; }
export const client = { async get(path: string) { return path; }, async list(path: string) { return [path]; } };
`;

function sample(code: string, file = 'a.ts'): Sample {
  return new Sample({ [file]: PRELUDE + code, 'api.ts': API });
}

/** Lines of the rule's findings, those of the code counted from 1. */
function found(code: string, file = 'a.ts'): number[] {
  return sample(code, file)
    .summary(file)
    .filter((entry) => entry.endsWith(':sequential-awaits'))
    .map((entry) => Number.parseInt(entry, 10) - 5);
}

function inside(...lines: readonly string[]): string {
  return ['export async function f(id: string, n: number, from: { at: number }) {', ...lines, '}'].join('\n');
}

describe('sequential-awaits', () => {
  const reported: Record<string, [lines: string[], expected: number[]]> = {
    'two calls that share a text': [
      ['const user = await getUser(id);', 'const team = await getTeam(id);', 'use(user, team);'],
      [3],
    ],
    'one finding for a whole run': [
      [
        'const a = await getUser("a");',
        'const b = await getUser("b");',
        'const { name } = await getUser("c");',
        'use(a, b, name);',
      ],
      [3],
    ],
    'the part of a run that is independent': [
      [
        'const a = await getTeam("a");',
        'const b = await getTeam(a);',
        'const c = await getTeam("c");',
        'use(b, c);',
      ],
      [4],
    ],
    'functions of a module': [
      ['const a = await api.getNews();', 'const b = await api.getNews();', 'use(a, b);'],
      [3],
    ],
    'different collections of one client': [
      ['const a = await db.users.find(id);', 'const b = await db.teams.find(id);', 'use(a, b);'],
      [3],
    ],
    requests: [['const a = await fetch("/a");', 'const b = await fetch("/b");', 'use(a, b);'], [3]],
    'an inner block': [
      ['if (n > 1) {', 'const a = await getTeam("a");', 'const b = await getTeam("b");', 'use(a, b);', '}'],
      [4],
    ],
  };
  for (const [name, [lines, expected]] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(inside(...lines)), expected));
  }

  const silent: Record<string, string[]> = {
    'a call that needs the result': [
      'const a = await getTeam(id);',
      'const b = await getUser(a);',
      'use(a, b);',
    ],
    'a statement between': [
      'const a = await getTeam(id);',
      'if (!a) return;',
      'const b = await getUser(id);',
      'use(b);',
    ],
    'a remark between': [
      'const a = await getTeam(id);',
      '// Only now.',
      'const b = await getUser(id);',
      'use(a, b);',
    ],
    'a remark about order': [
      '// One after the other.',
      'const a = await getTeam(id);',
      'const b = await getUser(id);',
      'use(a, b);',
    ],
    'what writes': ['const a = await saveUser(id);', 'const b = await getUser(id);', 'use(a, b);'],
    'a request that may write': [
      "const a = await fetch('/a', { method: 'POST' });",
      "const b = await fetch('/b');",
      'use(a, b);',
    ],
    'one receiver': ['const a = await db.get("a");', 'const b = await db.get("b");', 'use(a, b);'],
    'a client that was imported as a value': [
      'const a = await client.get("a");',
      'const b = await client.list("b");',
      'use(a, b);',
    ],
    'one object given to both': [
      'const a = await readHead(from);',
      'const b = await readHead(from);',
      'use(a, b);',
    ],
    'a transaction': ['const a = await tx.a.find();', 'const b = await tx.b.find();', 'use(a, b);'],
    callbacks: ['const a = await api.getNews();', 'const b = await getTeam(String(() => a));', 'use(b);'],
    'a value that is dropped': ['await getTeam(id);', 'await getUser(id);'],
  };
  for (const [name, lines] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(inside(...lines)), []));
  }

  it('is silent on methods of this', () => {
    const code = `export class Page { async getA() { return 1; } async getB() { return 2; }
      async f() { const a = await this.getA(); const b = await this.getB(); use(a, b); } }`;
    assert.deepEqual(found(code), []);
  });

  it('is silent on a helper of the project that changes state', () => {
    const code = (change: string) => `let last = 0; async function read(n: number) { ${change} return n; }
      async function getOne(n: number) { return await read(n); }
      ${inside('const a = await getOne(1);', 'const b = await getOne(2);', 'use(a, b);')}\nuse(last);`;
    assert.deepEqual(found(code('last = n;')), []);
    assert.deepEqual(found(code('use(n);')), [5]);
  });

  it('is silent in tests, and in functions that speak of order', () => {
    const lines = ['const a = await getTeam("a");', 'const b = await getTeam("b");', 'use(a, b);'];
    assert.deepEqual(found(inside(...lines), 'a.test.ts'), []);
    assert.deepEqual(found(inside(...lines).replace('function f', 'function loadInOrder')), []);
    assert.deepEqual(found(inside(...lines).replace('function f', 'function close')), []);
  });

  it('is repaired by a refactoring, never by itself', () => {
    const code = inside(
      'const user = await getUser(id);',
      'const team = await getTeam(id);',
      'use(user, team);',
    );
    const one = sample(code);
    const [fix, ...others] = one.findings('a.ts').flatMap((finding) => one.fixes(finding));
    assert.ok(fix);
    assert.deepEqual(others, []);
    assert.deepEqual([fix.safety, fix.isRefactoring], ['suggestion', true]);
    const after = applyEdits(PRELUDE + code, fix.edits);
    assert.match(after, /const \[user, team\] = await Promise\.all\(\[getUser\(id\), getTeam\(id\)\]\);/);
  });
});
