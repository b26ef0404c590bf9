import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { formatMessage } from '../../../src/core/finding';
import {
  fingerprintOf,
  type CheckedFile,
  type WorkspaceEvent,
  type WorkspaceRequest,
} from '../../../src/core/workspace-protocol';
import { checkWorkspace } from '../../../src/hosts/workspace/check';
import { loadTypeScript } from '../../../src/hosts/workspace/typescript';

const TYPESCRIPT = join(__dirname, '../../../node_modules/typescript/lib');
const PARSER = dirname(require.resolve('web-tree-sitter/web-tree-sitter.wasm'));
const GRAMMAR = dirname(require.resolve('tree-sitter-python/tree-sitter-python.wasm'));
const FLOATING = 'async function f() {}\nf();\n';
const UNAWAITED = 'async def work():\n    pass\n\nasync def main():\n    work()\n';

/** The files of a workspace on disk, and what happens when it is checked. */
class Workspace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'async-patterns-check-')));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
    // Both modules of the parser in one folder, as the build puts them.
    mkdirSync(join(this.folder, '.parser'));
    for (const file of [join(PARSER, 'web-tree-sitter.wasm'), join(GRAMMAR, 'tree-sitter-python.wasm')])
      copyFileSync(file, join(this.folder, '.parser', basename(file)));
  }

  async check(request: Partial<WorkspaceRequest> = {}): Promise<WorkspaceEvent[]> {
    const events: WorkspaceEvent[] = [];
    await checkWorkspace(
      {
        folders: [this.folder],
        config: {},
        unsaved: [],
        typescript: [TYPESCRIPT],
        binaries: join(this.folder, '.parser'),
        ...request,
      },
      (event) => events.push(event),
    );
    return events;
  }

  /** The findings as `file rule line severity`. */
  async findings(request: Partial<WorkspaceRequest> = {}): Promise<string[]> {
    return checkedIn(await this.check(request))
      .flatMap(({ file, diagnostics }) =>
        diagnostics.map(
          ({ code, range, severity }) =>
            `${file.slice(this.folder.length + 1)} ${String(code)} ${range.start.line + 1} ${severity}`,
        ),
      )
      .sort();
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function checkedIn(events: readonly WorkspaceEvent[]): CheckedFile[] {
  return events.flatMap((event) => (event.kind === 'checked' ? [event.file] : []));
}

describe('checking a workspace', () => {
  let workspace: Workspace;
  afterEach(() => workspace.remove());

  it('finds what is in all its languages, in several folders, without what is ignored', async () => {
    workspace = new Workspace({
      'one/.git/HEAD': '',
      'one/.gitignore': 'generated\n',
      'one/a.ts': FLOATING,
      'one/generated/b.ts': FLOATING,
      'one/clean.js': 'export {};\n',
      'two/c.js': FLOATING,
      'two/d.py': UNAWAITED,
    });
    const request = { folders: [workspace.at('one'), workspace.at('two')] };
    assert.deepEqual(await workspace.findings(request), [
      'one/a.ts floating-promise 2 3',
      'two/c.js floating-promise 2 3',
      'two/d.py unawaited-coroutine 5 1',
    ]);
    const events = await workspace.check(request);
    assert.ok(events.some((event) => event.kind === 'total' && event.files === 4));
    assert.equal(checkedIn(events).length, 4, 'files without findings were looked at, too');
    const phases = events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []));
    assert.deepEqual([...new Set(phases)], ['finding', 'python', 'reading', 'typescript']);
    assert.equal(events.at(-1)?.kind, 'done');
  });

  it('follows the settings of the editor, then configuration files', async () => {
    workspace = new Workspace({
      'async-patterns.json': JSON.stringify({ rules: { 'floating-promise': 'hint' }, ignore: ['skip'] }),
      'a.ts': FLOATING,
      'skip/b.ts': FLOATING,
      'd.py': UNAWAITED,
    });
    const rules = { 'unawaited-coroutine': 'information' };
    assert.deepEqual(await workspace.findings({ config: { rules } }), [
      'a.ts floating-promise 2 4',
      'd.py unawaited-coroutine 5 3',
    ]);
    assert.deepEqual(
      await workspace.findings({ config: { rules: { ...rules, 'floating-promise': 'error' } } }),
      ['a.ts floating-promise 2 3', 'd.py unawaited-coroutine 5 3'],
    );
  });

  it('names mistakes in configuration files once', async () => {
    workspace = new Workspace({
      'async-patterns.json': JSON.stringify({ rules: { 'floating-promises': 'hint' } }),
      'a.ts': FLOATING,
      'b.ts': FLOATING,
    });
    const problems = (await workspace.check()).flatMap((event) =>
      event.kind === 'problems' ? event.problems : [],
    );
    assert.equal(problems.length, 1);
    assert.match(problems.map(formatMessage).join(''), /did you mean "floating-promise"/u);
  });

  it('reads what was typed and not saved', async () => {
    workspace = new Workspace({ 'a.ts': 'export {};\n', 'b.ts': FLOATING, 'd.py': UNAWAITED });
    const unsaved = [
      [workspace.at('a.ts'), `\n${FLOATING}`],
      [workspace.at('b.ts'), 'export {};\n'],
      [workspace.at('d.py'), `\n\n${UNAWAITED}`],
    ] as const;
    assert.deepEqual(await workspace.findings({ unsaved }), [
      'a.ts floating-promise 3 3',
      'd.py unawaited-coroutine 7 1',
    ]);
    const [file] = checkedIn(await workspace.check({ unsaved, only: [workspace.at('a.ts')] }));
    assert.equal(file?.fingerprint, fingerprintOf(`\r\n${FLOATING.replaceAll('\n', '\r\n')}`));
  });

  it('can be asked about some files only, which still know the others', async () => {
    workspace = new Workspace({
      'tsconfig.json': JSON.stringify({ compilerOptions: { types: [] } }),
      'load.ts': 'export async function load(): Promise<void> {}\n',
      'a.ts': "import { load } from './load';\nload();\n",
      'b.ts': FLOATING,
      '.gitignore': '',
    });
    const only = [workspace.at('a.ts'), workspace.at('node_modules/x.ts')];
    assert.deepEqual(await workspace.findings({ only }), ['a.ts floating-promise 2 3']);
  });

  it('leaves out files with more lines than are to be analysed, and says so', async () => {
    workspace = new Workspace({ 'a.ts': FLOATING, 'b.ts': `${FLOATING}// one more\n` });
    assert.deepEqual(await workspace.findings({ config: { maxLines: 3 } }), ['a.ts floating-promise 2 3']);
    const events = await workspace.check({ config: { maxLines: 3 } });
    assert.ok(
      events.some((event) => event.kind === 'note' && event.text.includes('skipped: 4 lines are more')),
    );
  });

  it('goes on where a tsconfig.json is broken', async () => {
    workspace = new Workspace({
      'good/tsconfig.json': '{ "compilerOptions": { "types": [] } }',
      'good/a.ts': FLOATING,
      'bad/tsconfig.json': '{ "extends": ',
      'bad/b.ts': FLOATING,
    });
    assert.deepEqual(await workspace.findings(), [
      'bad/b.ts floating-promise 2 3',
      'good/a.ts floating-promise 2 3',
    ]);
    const events = await workspace.check();
    assert.ok(
      events.some(
        (event) => event.kind === 'note' && event.incomplete && event.text.includes('bad/tsconfig.json'),
      ),
    );
  });

  it('checks Python where there is no TypeScript, and says what is missing', async () => {
    workspace = new Workspace({ 'a.ts': FLOATING, 'd.py': UNAWAITED });
    const events = await workspace.check({ typescript: [workspace.at('nowhere')] });
    assert.deepEqual(
      checkedIn(events).map(({ file }) => file),
      [workspace.at('d.py')],
    );
    assert.ok(
      events.some((event) => event.kind === 'note' && event.incomplete && /TypeScript/u.test(event.text)),
    );
  });

  it('knows the safe fixes, and keeps them apart from those to be looked at', async () => {
    workspace = new Workspace({
      'a.ts': [
        'async function read(): Promise<number> { return (await fetch("/")).status; }',
        'export async function run(): Promise<number> {',
        '  try {',
        '    return read();',
        '  } catch {',
        '    return 0;',
        '  }',
        '}',
        'read();',
        '',
      ].join('\n'),
    });
    const [file] = checkedIn(await workspace.check());
    assert.ok(file);
    assert.deepEqual(
      file.diagnostics.map(({ code }) => code),
      ['missing-return-await', 'floating-promise'],
    );
    assert.deepEqual(file.fixes, [
      {
        rule: 'missing-return-await',
        edits: [
          {
            range: { start: { line: 3, character: 11 }, end: { line: 3, character: 11 } },
            newText: 'await ',
          },
        ],
      },
    ]);
  });

  it('knows that there is no GIL where the settings or the project say so', async () => {
    const hashing = [
      'import asyncio',
      'def work(n=1000):',
      '    total = 0',
      '    for i in range(n):',
      '        for j in range(n):',
      '            total += i * j',
      '    return total',
      'async def main(x):',
      '    await asyncio.to_thread(work, x)',
      '',
    ].join('\n');
    workspace = new Workspace({
      'gil/a.py': hashing,
      'free/b.py': hashing,
      'free/.python-version': '3.14t\n',
    });
    assert.deepEqual(await workspace.findings(), ['gil/a.py cpu-bound-in-thread 9 4']);
    assert.deepEqual(await workspace.findings({ config: { python: { freeThreaded: true } } }), []);
  });
});

describe('the TypeScript of a check', () => {
  it('is the first that has the classic API', () => {
    assert.equal(loadTypeScript(['/nowhere', TYPESCRIPT])?.version.split('.')[0], '6');
    assert.equal(loadTypeScript([]), undefined);
  });
});
