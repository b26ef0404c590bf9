import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import ts from 'typescript';
import { formatMessage } from '../../../src/core/finding';
import { applyEdits, Sample } from '../support/analyse';

const HEAD = `
declare function load(id: string): Promise<number>;
declare const store: { save(id: string, value?: unknown): Promise<boolean> };
declare const out: number[];
`;

/** `line:level` of the findings, lines counted from the first of `code`. */
function found(code: string, files: Readonly<Record<string, string>> = {}, name = 'a.ts'): string[] {
  const sample = new Sample({ ...files, [name]: `${HEAD}${code}\nexport {};\n` });
  const offset = HEAD.split('\n').length - 1;
  const text = sample.sourceFile(name).text;
  return sample
    .findings(name)
    .filter(({ rule }) => rule === 'await-in-loop')
    .map(({ span, level }) => `${text.slice(0, span.start).split('\n').length - offset}:${level}`);
}

const inFunction = (body: string, head = 'export async function run(ids: string[], flag: boolean)') =>
  `${head} {\n${body}\n}`;

function reported(body: string, head?: string): void {
  assert.equal(found(inFunction(body, head)).length, 1, body);
}

function silent(body: string, head?: string): void {
  assert.deepEqual(found(inFunction(body, head)), [], body);
}

describe('await-in-loop', () => {
  it('reports rounds that do not depend on each other', () => {
    assert.deepEqual(found(inFunction('for (const id of ids) {\n  await load(id);\n}')), ['3:hint']);
    reported('for (let i = 0; i < ids.length; i++) await load(ids[i]!);');
    reported(
      'const all: Record<string, number> = {};\nfor (const id in all) all[id] = await load(id);\nreturn all;',
    );
    reported('for (const id of ids) out.push(await load(id));');
    reported('for (const id of ids) { try { await load(id); } catch (e) { console.error(e); } }');
    reported('for (const id of ids) { if (id === "") continue; await load(id).catch(() => 0); }');
    reported('let done = 0;\nfor (const id of ids) { await load(id); done++; }\nreturn done;');
    reported('for (const id of ids) { const n = await load(id); await store.save(id, n); }');
  });

  it('is an information where a request, a process or a file is waited for', () => {
    const level = (call: string, imports = '') =>
      found(`${imports}\n${inFunction(`for (const id of ids) await ${call};`)}`)[0]?.replace(/^\d+:/, '');
    assert.equal(level('fetch(`/items/${id}`)'), 'information');
    assert.equal(level('readFile(id)', "import { readFile } from 'node:fs/promises';"), 'information');
    assert.equal(level('fs.promises.readFile(id)', "import fs from 'node:fs';"), 'information');
    assert.equal(
      level(
        'run(id)',
        "import { exec } from 'node:child_process';\nimport { promisify } from 'node:util';\nconst run = promisify(exec);",
      ),
      'information',
    );
    assert.equal(level('load(id)'), 'hint');
  });

  it('gives one finding per loop, for the innermost', () => {
    const body = 'for (const a of ids) {\n for (const b of ids) {\n  await load(b);\n  await load(a);\n }\n}';
    assert.deepEqual(found(inFunction(body)), ['4:hint']);
  });

  it('is silent on retry, polling and pagination', () => {
    silent(
      'for (let attempt = 0; attempt < 3; attempt++) { try { return await load("a"); } catch (e) { if (attempt === 2) throw e; } }',
    );
    silent('for (const attempt of [1, 2, 3]) await load(String(attempt));');
    silent('for (let i = 0; i < 10; i++) await load("status");');
    silent('while (!(await store.save("a"))) console.log("again");');
    silent('let cursor = "";\ndo { const n = await load(cursor); cursor = String(n); } while (cursor);');
    silent('for (let page = 1; page < 9; page++) out.push(await load(ids[page]!));');
  });

  it('is silent on an early end that depends on what was awaited', () => {
    silent('for (const id of ids) { if (await load(id)) return id; }\nreturn "";');
    silent('for (const id of ids) { if ((await load(id)) > 3) break; }');
    silent('for (const id of ids) { const n = await load(id); if (n < 0) throw new Error(id); }');
    silent('outer: for (const a of ids) for (const b of ids) { await load(b); if (a) continue outer; }');
    reported(
      'for (const id of ids) { switch (id) { case "a": await load(id); break; default: await store.save(id); } }',
    );
    reported('for (const id of ids) { if (id === "") throw new Error("empty"); await load(id); }');
  });

  it('is silent on a value carried to the next round', () => {
    silent('let last = 0;\nfor (const id of ids) last = await store.save(id, last) ? 1 : 2;\nreturn last;');
    silent('let text = "";\nfor (const id of ids) text += await load(id);\nreturn text;');
    silent('let n = 0;\nfor (const id of ids) await store.save(id, n++);');
    silent(
      'const seen = new Set<string>();\nfor (const id of ids) { if (seen.has(id)) continue; seen.add(id); await load(id); }',
    );
    silent(
      'const all: number[] = [];\nfor (const id of ids) { all.push(await load(id)); console.log(all.length); }',
    );
    silent('for (const id of ids) { const other = ids.shift(); await load(id + other); }');
    silent(
      'for (const id of ids) this.last = await load(id);',
      'export async function run(this: { last: number }, ids: string[])',
    );
  });

  it('is silent on ordered writes to one sink', () => {
    silent(
      'const s = (await import("node:fs")).createWriteStream("x");\nfor (const id of ids) await put(s, id);\nasync function put(a: unknown, b: string) { await load(b); }',
    );
    silent(
      'for (const id of ids) await file.appendFile(id);',
      'export async function run(ids: string[], file: import("node:fs/promises").FileHandle)',
    );
    silent(
      'for (const id of ids) await page.goto(id);',
      'export async function run(ids: string[], page: { goto(s: string): Promise<void> })',
    );
    silent(
      'for (const id of ids) await writer.write(id);',
      'export async function run(ids: string[], writer: WritableStreamDefaultWriter<string>)',
    );
    silent(
      'for (const id of ids) await x.connect(id);',
      'export async function run(ids: string[], x: import("node:net").Socket)',
    );
    silent(
      'const result: string[] = [];\nfor (const id of ids) await walk(id, result);\nasync function walk(a: string, b: string[]) { await load(a + b.length); }',
    );
  });

  it('is silent where the callee changes shared state', () => {
    const helper = (body: string) => ({
      'helper.ts': `let count = 0;\nconst names: string[] = [];\nexport async function touch(id: string) { await 0; ${body} }`,
    });
    const code = `import { touch } from './helper';\n${inFunction('for (const id of ids) await touch(id);')}`;
    assert.deepEqual(found(code, helper('count += id.length;')), []);
    assert.deepEqual(found(code, helper('names.push(id);')), []);
    assert.deepEqual(found(code, helper('deeper(id); function deeper(x: string) { count = x.length; }')), []);
    assert.equal(
      found(code, helper('let own = 0; own += id.length; return own + count + names.length;')).length,
      1,
    );
  });

  it('is silent in a transaction or a change of schema', () => {
    silent(
      'for (const id of ids) await tx.insert(id);',
      'export async function run(ids: string[], tx: { insert(s: string): Promise<void> })',
    );
    silent(
      'await db.transaction(async () => { for (const id of ids) await load(id); });',
      'export async function run(ids: string[], db: { transaction(f: () => Promise<void>): Promise<void> })',
    );
    silent(
      'await db.beginTransaction();\nfor (const id of ids) await load(id);\nawait db.commit();',
      'export async function run(ids: string[], db: { beginTransaction(): Promise<void>; commit(): Promise<void> })',
    );
    silent(
      'for (const id of ids) await db.dropIndex(id);',
      'export async function run(ids: string[], db: { dropIndex(s: string): Promise<void> })',
    );
    assert.deepEqual(found(inFunction('for (const id of ids) await load(id);'), {}, 'migrations/a.ts'), []);
  });

  it('is silent on lists of callbacks', () => {
    silent('for (const f of list) await f();', 'export async function run(list: (() => Promise<void>)[])');
    silent(
      'for (const hook of hooks) await hook.run();',
      'export async function run(hooks: { run(): Promise<void> }[])',
    );
    silent(
      'for (const x of list) await x.close();',
      'export async function run(list: { close(): Promise<void> }[])',
    );
    silent(
      'for (const x of list) await x.onStart();',
      'export async function run(list: { onStart(): Promise<void> }[])',
    );
    silent(
      'for (let i = 0; i < list.length; i++) await list[i]!();',
      'export async function run(list: (() => Promise<void>)[])',
    );
    silent(
      'for (const id of ids) await visit(id);',
      'export async function run(ids: string[], visit: (id: string) => Promise<void>)',
    );
    silent('for (const id of ids) await load(id);', 'export async function shutdown(ids: string[])');
    reported(
      'for (const user of users) await user.refresh();',
      'export async function run(users: { refresh(): Promise<void> }[])',
    );
  });

  it('is silent in methods that process events', () => {
    silent(
      'for (const event of events) await load(event);',
      'export async function processEvents(events: string[])',
    );
    silent(
      'for (const message of messages) await handle(message);\nasync function handle(m: string) { await load(m); }',
      'export async function run(messages: string[])',
    );
    reported(
      'for (const file of files) await load(file);',
      'export async function processFiles(files: string[])',
    );
  });

  it('is silent on waits, fan-outs and imports in the body', () => {
    silent(
      'for (const id of ids) { await load(id); await sleep(10); }\nasync function sleep(ms: number) { await new Promise((done) => setTimeout(done, ms)); }',
    );
    silent('for (const id of ids) { await load(id); await new Promise((done) => setTimeout(done, 5)); }');
    silent('for (const id of ids) { await Promise.all([load(id), store.save(id)]); }');
    silent('for (const id of ids) { await import(id); }');
    silent('for (const p of ids.map((id) => load(id))) { await p; }');
    silent('for (const p of ids.map((id) => load(id))) { await p.catch(() => 0); }');
  });

  it('is silent on dialogues and on carrying out what was written down', () => {
    silent(
      'for (const id of ids) await ask.promptForName(id);',
      'export async function run(ids: string[], ask: { promptForName(s: string): Promise<void> })',
    );
    silent(
      'for (const id of ids) await check(id);\nasync function check(id: string) { await confirmName(id); }\nasync function confirmName(id: string) { await load(id); }',
    );
    silent(
      'for (const id of ids) await runScript(id);\nasync function runScript(id: string) { await load(id); }',
    );
    silent(
      'for (const before of befores) await before.fn();',
      'export async function run(befores: { fn(): Promise<void> }[])',
    );
  });

  it('is silent beside a branch that does the same with Promise.all', () => {
    silent(
      'if (flag) { for (const id of ids) await load(id); } else { await Promise.all(ids.map((id) => load(id))); }',
    );
    silent(
      'if (flag) { await Promise.all(ids.map((id) => load(id))); return; }\nfor (const id of ids) await load(id);',
    );
  });

  it('is silent around streams', () => {
    silent('for await (const id of ids) await load(id);');
    silent('for await (const line of ids) for (const id of line.split(" ")) await load(id);');
    silent('for (const id of ids) yield await load(id);', 'export async function* run(ids: string[])');
  });

  it('is silent on sources in a chosen order or in portions', () => {
    silent('for (const id of ids.reverse()) await load(id);');
    silent('for (const id of [...ids].sort()) await load(id);');
    silent('ids.reverse();\nfor (const id of ids) await load(id);');
    silent('for (const id of sortedIds) await load(id);', 'export async function run(sortedIds: string[])');
    silent(
      'for (const batch of batches) await store.save("x", batch);',
      'export async function run(batches: string[][])',
    );
    silent('for (const id of ["a", "b"]) await load(id);');
    silent('for (let i = 0; i < ids.length; i += 10) await store.save("x", ids.slice(i, i + 10));');
    silent('for (let i = ids.length - 1; i >= 0; i--) await load(ids[i]!);');
  });

  it('is silent where a comment or a name speaks of order', () => {
    silent('// One at a time: the server allows no more.\nfor (const id of ids) await load(id);');
    silent('for (const id of ids) {\n  // eslint-disable-next-line no-await-in-loop\n  await load(id);\n}');
    silent(
      'for (const id of ids) await load(id); ',
      '/** Loads them sequentially. */\nexport async function run(ids: string[])',
    );
    silent('for (const id of ids) await load(id);', 'export async function loadInSeries(ids: string[])');
    reported('// Loads them.\nfor (const id of ids) await load(id);');
  });

  it('is silent in tests', () => {
    const code = inFunction('for (const id of ids) await load(id);');
    assert.deepEqual(found(code, {}, 'a.test.ts'), []);
    silent(
      'for (const id of ids) { assert(await load(id)); }\nfunction assert(x: unknown) { console.log(x); }',
    );
  });

  describe('pool', () => {
    function fixed(code: string): string | undefined {
      const sample = new Sample({ 'a.ts': code });
      const [finding] = sample.findings('a.ts').filter(({ rule }) => rule === 'await-in-loop');
      assert.ok(finding);
      const [fix] = sample.fixes(finding);
      if (!fix) return undefined;
      assert.equal(formatMessage(fix.title), 'Run up to 4 at a time');
      assert.equal(fix.safety, 'suggestion');
      const text = applyEdits(code, fix.edits);
      assert.deepEqual(new Sample({ 'a.ts': text }).typeErrors('a.ts'), [], text);
      return text;
    }

    it('lets a few workers share the items', () => {
      const code = `export async function run(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    // Only the answer's arrival counts.
    const answer = await fetch(url);
    console.log(url, answer.status);
  }
}
`;
      assert.equal(
        fixed(code),
        `export async function run(urls: readonly string[]): Promise<void> {
  const queue = urls.values();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const url of queue) {
        // Only the answer's arrival counts.
        const answer = await fetch(url);
        console.log(url, answer.status);
      }
    }),
  );
}
`,
      );
    });

    it('draws from any iterable, with the file’s line endings and indentation', () => {
      const code = `${HEAD}export async function run(byId: Map<string, number>) {\n\tconst queue = byId.size;\n\tfor (const [id] of byId) await load(id);\n\treturn queue;\n}\n`;
      const text = fixed(code.replaceAll('\n', '\r\n')) ?? '';
      assert.ok(
        text.includes(
          '\r\n\tconst remaining = [...byId].values();\r\n\tawait Promise.all(\r\n\t\tArray.from',
        ),
        text,
      );
      assert.equal(/[^\r]\n/.test(text), false);
    });

    it('is offered only where meaning, order and types stay', () => {
      const run = (body: string) =>
        `${HEAD}export async function run(ids: string[], id2?: string) {\n${body}\n}\n`;
      assert.equal(fixed(run('for (const id of ids) out.push(await load(id));')), undefined);
      assert.equal(fixed(run('for (const id of ids) await load(`\n${id}`);')), undefined);
      assert.equal(fixed(run('if (ids.length) for (const id of ids) await load(id);')), undefined);
      assert.equal(
        fixed(
          run(
            'let s: string | undefined = ids[0];\nif (!s) return;\nfor (const id of ids) await load(id + s.length);\ns = "";',
          ),
        ),
        undefined,
      );
      assert.equal(
        fixed(
          `${HEAD}export class A {\n  name?: string;\n  async run(ids: string[]) {\n    if (!this.name) return;\n    for (const id of ids) await load(this.name.concat(id));\n  }\n}\n`,
        ),
        undefined,
      );
    });

    it('runs every item once, a few at a time', function () {
      const code = `const ids: string[] = Array.from({ length: 10 }, (_, i) => String(i));
const done: string[] = [];
let running = 0;
let most = 0;
async function load(id: string): Promise<void> {
  most = Math.max(most, ++running);
  await new Promise((resolve) => setTimeout(resolve, 5));
  running--;
  done.push(id);
}
async function main(): Promise<void> {
  for (const id of ids) {
    await store(id);
  }
  console.log(done.length, most);
}
declare function store(id: string): Promise<void>;
void main();
`;
      const text = (fixed(code) ?? '').replace(
        'declare function store(id: string): Promise<void>;',
        'const store = load;',
      );
      const script = ts.transpileModule(text, {
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      }).outputText;
      const { stdout, stderr } = spawnSync(process.execPath, [
        '-e',
        script
          .replace(/^export .*$/m, '')
          .replace('void main();', '')
          .concat('\nmain();'),
      ]);
      assert.equal(stdout.toString(), '10 4\n', stderr.toString());
    });
  });
});
