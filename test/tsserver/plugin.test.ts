import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  COMMANDS,
  type CodeActionsResult,
  type DiagnosticsResult,
  type HoverResult,
  type LensesResult,
} from '../../src/core/protocol';
import { TYPESCRIPT_VERSIONS, typeScriptFolder } from './versions';
import { builtPlugin, TsServer, type ServerOptions } from './client';

interface TsDiagnostic {
  readonly start: { readonly line: number; readonly offset: number };
  readonly end: { readonly line: number; readonly offset: number };
  readonly text?: string;
  readonly message?: string;
  readonly code: number;
  readonly source?: string;
  readonly relatedInformation?: readonly { readonly span?: { readonly file: string } }[];
}

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'node',
    lib: ['ES2022', 'DOM'],
    types: [],
    allowJs: true,
    jsx: 'preserve',
  },
});

const FLOATING = `export async function save(): Promise<void> { await fetch('/orders'); }
export async function main(): Promise<void> {
  save();
}
`;

/** A folder with some files and a server that has opened nothing yet; removed afterwards. */
async function withProject(
  files: Readonly<Record<string, string>>,
  options: ServerOptions,
  work: (server: TsServer, at: (name: string) => string, text: (name: string) => string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'async-patterns-'));
  const at = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  }
  const server = new TsServer({ probe: await builtPlugin(), ...options });
  try {
    await work(server, at, (name) => files[name] ?? '');
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const semantic = (server: TsServer, file: string) =>
  server.request<TsDiagnostic[]>('semanticDiagnosticsSync', { file });
const ours = (server: TsServer, file: string) =>
  server.request<DiagnosticsResult>(COMMANDS.diagnostics, { file });
const rulesOf = (result: DiagnosticsResult) =>
  result.diagnostics.map((d) => `${d.range.start.line + 1}:${d.code}`);

for (const version of TYPESCRIPT_VERSIONS) {
  describe(`tsserver of TypeScript ${version}`, function () {
    let typescript = '';
    before(async () => {
      typescript = await typeScriptFolder(version);
    });

    it('gets findings and repairs in its own terms', () =>
      withProject(
        { 'tsconfig.json': TSCONFIG, 'a.ts': FLOATING },
        { typescript },
        async (server, at, text) => {
          server.open(at('a.ts'), text('a.ts'));
          const [finding, ...others] = await semantic(server, at('a.ts'));
          assert.equal(others.length, 0);
          assert.equal(finding?.source, 'async-patterns');
          assert.match(finding.text ?? '', /\(floating-promise\)$/);
          assert.deepEqual(finding.start, { line: 3, offset: 3 });
          const fixes = await server.request<{ description: string; changes: unknown[] }[]>('getCodeFixes', {
            file: at('a.ts'),
            startLine: 3,
            startOffset: 3,
            endLine: 3,
            endOffset: 3,
            errorCodes: [finding.code],
          });
          assert.equal(fixes[0]?.description, 'Add await');
          const supported = await server.request<string[]>('getSupportedCodeFixes', { file: at('a.ts') });
          assert.ok(supported.includes(String(finding.code)));
        },
      ));

    it('serves every project, and goes on when the first one is closed', () =>
      withProject(
        { 'a/tsconfig.json': TSCONFIG, 'a/a.ts': FLOATING, 'b/tsconfig.json': TSCONFIG, 'b/b.ts': FLOATING },
        { typescript },
        async (server, at, text) => {
          const files = ['a/a.ts', 'b/b.ts'];
          for (const file of files) server.open(at(file), text(file));
          for (const file of files) {
            assert.equal((await semantic(server, at(file))).length, 1, file);
            assert.deepEqual(rulesOf(await ours(server, at(file))), ['3:floating-promise']);
          }
          server.notify('close', { file: at('a/a.ts') });
          server.open(at('b/c.ts'), FLOATING);
          await server.request('configurePlugin', {
            pluginName: 'async-patterns-tsserver',
            configuration: { rules: { 'floating-promise': 'off' } },
          });
          assert.deepEqual(await semantic(server, at('b/b.ts')), []);
          assert.deepEqual(rulesOf(await ours(server, at('b/b.ts'))), []);
        },
      ));

    it('offers for a finding what repairs that one, not what is around it', () =>
      withProject(
        {
          'tsconfig.json': TSCONFIG,
          'a.ts': `declare function run(work: () => unknown): Promise<void>;
run(() => {
  run(() => 1);
});
`,
        },
        { typescript },
        async (server, at, text) => {
          server.open(at('a.ts'), text('a.ts'));
          const found = await semantic(server, at('a.ts'));
          assert.equal(found.length, 2);
          for (const { start, end, code } of found) {
            const fixes = await server.request<{ description: string }[]>('getCodeFixes', {
              file: at('a.ts'),
              startLine: start.line,
              startOffset: start.offset,
              endLine: end.line,
              endOffset: end.offset,
              errorCodes: [code],
            });
            const titles = fixes.map(({ description }) => description);
            assert.ok(titles.length > 0);
            assert.deepEqual([...new Set(titles)], titles);
          }
        },
      ));

    it('answers our own requests with rule ids, fixes and anchors', () =>
      withProject(
        { 'tsconfig.json': TSCONFIG, 'a.ts': FLOATING },
        { typescript },
        async (server, at, text) => {
          await server.request('configurePlugin', {
            pluginName: 'async-patterns-tsserver',
            configuration: { diagnostics: false },
          });
          server.open(at('a.ts'), text('a.ts'));
          assert.deepEqual(await semantic(server, at('a.ts')), []);
          const result = await ours(server, at('a.ts'));
          assert.deepEqual(rulesOf(result), ['3:floating-promise']);
          const [diagnostic] = result.diagnostics;
          assert.ok(diagnostic);
          const { actions } = await server.request<CodeActionsResult>(COMMANDS.codeActions, {
            file: at('a.ts'),
            range: diagnostic.range,
          });
          const [uri, edits] = Object.entries(actions[0]?.edit?.changes ?? {})[0] ?? [];
          assert.equal(uri, `file://${at('a.ts')}`);
          assert.deepEqual(edits, [
            {
              range: { start: { line: 2, character: 2 }, end: { line: 2, character: 2 } },
              newText: 'await ',
            },
          ]);
          const { hover } = await server.request<HoverResult>(COMMANDS.hover, {
            file: at('a.ts'),
            position: { line: 0, character: 9 },
          });
          assert.deepEqual(hover?.anchors, ['keyword:async']);
          const { lenses } = await server.request<LensesResult>(COMMANDS.lenses, { file: at('a.ts') });
          assert.deepEqual(
            lenses.map(({ range, parts }) => [range.start.line, parts.map(({ text }) => text.template)]),
            [
              [0, ['1 await']],
              [1, ['{count} awaits', '1 unhandled promise']],
            ],
          );
        },
      ));

    it('gives findings of its own in every project, until it is told not to', () =>
      withProject(
        {
          'one/tsconfig.json': TSCONFIG,
          'one/a.ts': FLOATING,
          'two/tsconfig.json': TSCONFIG,
          'two/b.ts': FLOATING,
        },
        { typescript },
        async (server, at, text) => {
          const files = ['one/a.ts', 'two/b.ts'];
          for (const file of files) {
            server.open(at(file), text(file));
            assert.equal((await semantic(server, at(file))).length, 1, file);
          }
          const asked = () => server.events.filter((event) => event === 'projectsUpdatedInBackground').length;
          const before = asked();
          const pluginName = 'async-patterns-tsserver';
          await server.request('configurePlugin', { pluginName, configuration: { diagnostics: false } });
          for (const file of files) assert.deepEqual(await semantic(server, at(file)), [], file);
          // Editors show what they were told before until they are asked to look again.
          assert.ok(asked() > before);
          const asks = asked();
          await server.request('configurePlugin', { pluginName, configuration: { preset: 'all' } });
          assert.equal(asked(), asks);
        },
      ));

    it('sees unsaved text, and a change in another file', () =>
      withProject(
        {
          'tsconfig.json': TSCONFIG,
          'helper.ts': 'export function helper(): number {\n  return 1;\n}\n',
          'main.ts':
            "import { helper } from './helper';\nexport async function run(): Promise<void> {\n  helper();\n}\n",
        },
        { typescript },
        async (server, at, text) => {
          server.open(at('main.ts'), text('main.ts'));
          assert.deepEqual(
            rulesOf(await ours(server, at('main.ts'))).filter((r) => r.endsWith('floating-promise')),
            [],
          );
          server.open(at('helper.ts'), text('helper.ts'));
          server.change(
            at('helper.ts'),
            [1, 1],
            [3, 1],
            'export async function helper(): Promise<number> {\n  return 1;\n',
          );
          assert.deepEqual(
            rulesOf(await ours(server, at('main.ts'))).filter((r) => r.endsWith('floating-promise')),
            ['3:floating-promise'],
          );
        },
      ));
  });
}

describe('tsserver plugin', function () {
  it('keeps the findings outside a statement with a syntax error', () =>
    withProject(
      { 'tsconfig.json': TSCONFIG, 'a.ts': `${FLOATING}\nconst = 3;\nfunction broken( {\n` },
      {},
      async (server, at, text) => {
        server.open(at('a.ts'), text('a.ts'));
        assert.deepEqual(rulesOf(await ours(server, at('a.ts'))), ['3:floating-promise']);
      },
    ));

  it('skips a file beyond the limit of lines and says so', () =>
    withProject({ 'tsconfig.json': TSCONFIG, 'a.ts': '' }, {}, async (server, at) => {
      const generated = Array.from(
        { length: 15_000 },
        (_, i) => `export async function f${i}() {\n  g(${i});}`,
      );
      server.open(at('a.ts'), `async function g(n: number) { return n; }\n${generated.join('\n')}`);
      const result = await ours(server, at('a.ts'));
      assert.deepEqual(result.diagnostics, []);
      assert.match(result.note ?? '', /30001 lines are more than asyncPatterns\.maxLines \(20000\)/);
    }));

  it('works with circular imports', () =>
    withProject(
      {
        'tsconfig.json': TSCONFIG,
        'a.ts': "import { b } from './b';\nexport async function a(): Promise<void> {\n  b();\n}\n",
        'b.ts': "import { a } from './a';\nexport async function b(): Promise<void> {\n  a();\n}\n",
      },
      {},
      async (server, at, text) => {
        for (const name of ['a.ts', 'b.ts']) {
          server.open(at(name), text(name));
          assert.deepEqual(rulesOf(await ours(server, at(name))), ['3:floating-promise']);
        }
      },
    ));

  it('works without a tsconfig and with a broken one', async () => {
    await withProject({ 'a.ts': FLOATING }, {}, async (server, at, text) => {
      server.open(at('a.ts'), text('a.ts'));
      assert.deepEqual(rulesOf(await ours(server, at('a.ts'))), ['3:floating-promise']);
    });
    await withProject(
      { 'a.ts': FLOATING, 'tsconfig.json': '{ "compilerOptions": ' },
      {},
      async (server, at, text) => {
        server.open(at('a.ts'), text('a.ts'));
        assert.deepEqual(rulesOf(await ours(server, at('a.ts'))), ['3:floating-promise']);
      },
    );
  });

  it('works in JavaScript, JSX and TSX', () =>
    withProject(
      {
        'tsconfig.json': TSCONFIG,
        'a.js': 'async function save() {}\nexport async function main() {\n  save();\n}\n',
        'b.jsx': 'async function save() {}\nexport function B() {\n  save();\n  return <p>hello</p>;\n}\n',
        'c.tsx': 'async function save() {}\nexport function C() {\n  save();\n  return null;\n}\n',
      },
      {},
      async (server, at, text) => {
        for (const name of ['a.js', 'b.jsx', 'c.tsx']) {
          server.open(at(name), text(name));
          const found = rulesOf(await ours(server, at(name))).filter((r) => r.endsWith(':floating-promise'));
          assert.deepEqual(found, ['3:floating-promise'], name);
        }
      },
    ));

  it('works across project references and solution-style configurations', () => {
    const project = (extra: object) =>
      JSON.stringify({
        compilerOptions: {
          composite: true,
          strict: true,
          target: 'ES2022',
          module: 'ESNext',
          moduleResolution: 'node',
          types: [],
        },
        ...extra,
      });
    return withProject(
      {
        'tsconfig.json': JSON.stringify({ files: [], references: [{ path: './app' }, { path: './lib' }] }),
        'app/tsconfig.json': project({ references: [{ path: '../lib' }] }),
        'lib/tsconfig.json': project({}),
        'lib/index.ts': 'export async function save(): Promise<void> {}\n',
        'app/main.ts':
          "import { save } from '../lib/index';\nexport async function main(): Promise<void> {\n  save();\n}\n",
      },
      {},
      async (server, at, text) => {
        server.open(at('app/main.ts'), text('app/main.ts'));
        assert.deepEqual(rulesOf(await ours(server, at('app/main.ts'))), ['3:floating-promise']);
      },
    );
  });

  it('names an invalid setting in one sentence and goes on with the rest', () =>
    withProject({ 'tsconfig.json': TSCONFIG, 'a.ts': FLOATING }, {}, async (server, at, text) => {
      await server.request('configurePlugin', {
        pluginName: 'async-patterns-tsserver',
        configuration: { rules: { 'floating-promis': 'error', 'floating-promise': 'warning' } },
      });
      server.open(at('a.ts'), text('a.ts'));
      const { problems, diagnostics } = await ours(server, at('a.ts'));
      assert.deepEqual(problems[0]?.values, {
        setting: 'asyncPatterns.rules',
        id: 'floating-promis',
        guess: 'floating-promise',
      });
      assert.equal(problems.length, 1);
      assert.equal(diagnostics[0]?.severity, 2);
    }));

  it('reads configuration files below its settings, and again when they change', () =>
    withProject(
      {
        'tsconfig.json': TSCONFIG,
        'package.json': JSON.stringify({ asyncPatterns: { rules: { 'floating-promise': 'information' } } }),
        'a.ts': FLOATING,
        'sub/async-patterns.json': JSON.stringify({
          rule: {},
          rules: { 'floating-promise': 'warning', 'unawaited-coroutine': 'off' },
          overrides: [{ files: ['*.test.ts'], rules: { 'floating-promise': 'off' } }],
          ignore: ['generated'],
        }),
        'sub/a.ts': FLOATING,
        'sub/a.test.ts': FLOATING,
        'sub/generated/a.ts': FLOATING,
      },
      {},
      async (server, at, text) => {
        const names = ['a.ts', 'sub/a.ts', 'sub/a.test.ts', 'sub/generated/a.ts'];
        for (const name of names) server.open(at(name), text(name));
        const severities = () =>
          Promise.all(
            names.map(async (name) => (await ours(server, at(name))).diagnostics.map((d) => d.severity)),
          );
        assert.deepEqual(await severities(), [[3], [2], [], []]);
        const { problems } = await ours(server, at('sub/a.test.ts'));
        assert.deepEqual(
          problems.map(({ values }) => values),
          [{ setting: `${at('sub/async-patterns.json')}: rule`, guess: 'rules' }],
        );

        writeFileSync(at('sub/async-patterns.json'), '{}');
        const wanted = JSON.stringify([[3], [1], [1], [1]]);
        for (let tries = 0; tries < 100 && JSON.stringify(await severities()) !== wanted; tries++)
          await setTimeout(100);
        assert.equal(JSON.stringify(await severities()), wanted);

        await server.request('configurePlugin', {
          pluginName: 'async-patterns-tsserver',
          configuration: { rules: { 'floating-promise': 'hint' } },
        });
        assert.deepEqual(await severities(), [[4], [4], [4], [4]]);
      },
    ));

  it('answers about a file that cannot be read with nothing', () =>
    withProject({ 'tsconfig.json': TSCONFIG }, {}, async (server, at) => {
      const result = await ours(server, at('missing.ts')).catch(() => undefined);
      assert.deepEqual(result?.diagnostics ?? [], []);
      server.open(at('a.ts'), FLOATING);
      assert.deepEqual(rulesOf(await ours(server, at('a.ts'))), ['3:floating-promise']);
    }));

  it('leaves the diagnostics of the editor alone when a rule throws, and logs it once', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'async-patterns-broken-'));
    const packageFolder = join(broken, 'node_modules/async-patterns-tsserver');
    mkdirSync(dirname(packageFolder), { recursive: true });
    cpSync(join(await builtPlugin(), 'node_modules/async-patterns-tsserver'), packageFolder, {
      recursive: true,
    });
    const script = join(packageFolder, 'index.js');
    // The built plugin with one rule made to throw: nothing else is changed.
    const source = readFileSync(script, 'utf8');
    const marker = /(id: "floating-promise",[\s\S]*?\},\s*)check: \w+/;
    assert.match(source, marker);
    writeFileSync(script, source.replace(marker, '$1*check(){throw new Error("boom")}'));
    rmSync(join(packageFolder, 'index.js.map'), { force: true });
    const logFile = join(broken, 'tsserver.log');
    try {
      const text = `${FLOATING}const wrong: number = 'text';\n`;
      await withProject(
        { 'tsconfig.json': TSCONFIG, 'a.ts': text },
        { logFile, probe: broken },
        async (server, at) => {
          server.open(at('a.ts'), text);
          for (let i = 0; i < 3; i++) {
            const diagnostics = await semantic(server, at('a.ts'));
            assert.deepEqual(
              diagnostics.map((d) => d.code),
              [2322, 6133].filter((code) => diagnostics.some((d) => d.code === code)),
            );
            assert.ok(diagnostics.some((d) => d.code === 2322));
          }
        },
      );
      assert.ok(existsSync(logFile));
      assert.equal(readFileSync(logFile, 'utf8').match(/async-patterns: .*boom/g)?.length, 1);
    } finally {
      rmSync(broken, { recursive: true, force: true });
    }
  });
});
