import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeAction } from 'vscode-languageserver-types';
import type { Range } from '../../src/core/text';
import { COMMANDS, type CodeActionsResult, type DiagnosticsResult } from '../../src/core/protocol';
import type { CheckedFile } from '../../src/core/workspace-protocol';
import { startCheck } from '../../src/vscode/workspace/check-process';
import { Folder, parse } from '../cli/support';
import { Client } from '../server/client';
import { comparable, fromLsp, type Comparable } from '../support/comparable';
import { writeRealProject } from '../support/real-project';
import { builtPlugin, TsServer } from '../tsserver/client';
import { asEslintTells, linted } from './linted';
import { askedPlainly, asTsServersTell } from './asked-plainly';

/** Files without findings that each host is asked about as well. */
const SILENT = 10;

describe('the same findings on the same code', () => {
  let folder: Folder;
  /** What the command line says with its usual engine. */
  let expected: readonly Comparable[];
  let typescript: { readonly files: readonly string[]; readonly findings: readonly Comparable[] };
  let python: typeof typescript;

  const check = (...args: readonly string[]): Comparable[] => {
    const { code, stdout, stderr } = folder.check('--format', 'json', ...args);
    assert.equal(code, 1, stderr);
    assert.equal(stderr, '');
    return comparable(parse(stdout));
  };

  before(async () => {
    folder = new Folder({});
    await writeRealProject(folder.path);
    expected = check('.');
    const part = (ending: string, ...folders: readonly string[]) => {
      const findings = expected.filter(({ file }) => file.endsWith(ending));
      const found = new Set(findings.map(({ file }) => file));
      const { stdout } = folder.run('find', [...folders, '-name', `*${ending}`]);
      const silent = stdout.split('\n').filter((file) => file !== '' && !found.has(file));
      return { findings, files: [...found, ...silent.sort().slice(0, SILENT)] };
    };
    typescript = part('.ts', 'auth/src', 'browser/src');
    python = part('.py', 'python');
  });
  after(() => folder.remove());

  it('are many, of many rules, with related places and with fixes of both kinds', () => {
    assert.equal(typescript.findings.length + python.findings.length, expected.length);
    assert.ok(new Set(typescript.findings.map(({ rule }) => rule)).size >= 10);
    assert.ok(typescript.findings.length >= 33, `${typescript.findings.length} findings`);
    assert.ok(python.findings.length > 0);
    assert.ok(expected.some(({ related }) => related.length > 0));
    for (const safety of ['safe', 'suggestion'])
      assert.ok(expected.some(({ fixes }) => fixes.some((fix) => fix.safety === safety)));
  });

  it('come from the classic engine', () => {
    assert.deepEqual(check('.', '--engine', 'classic'), expected);
  });

  it('come from the TS server plugin: to the extension, and in the terms of TS servers', async () => {
    const server = new TsServer({ probe: await builtPlugin() });
    const custom: Comparable[] = [];
    const plain: Comparable[] = [];
    try {
      for (const name of typescript.files) {
        const file = join(folder.path, name);
        server.open(file, folder.read(name));
        const uri = pathToFileURL(file).toString();
        const { diagnostics, problems } = await server.request<DiagnosticsResult>(COMMANDS.diagnostics, {
          file,
        });
        assert.deepEqual(problems, []);
        for (const diagnostic of diagnostics) {
          const { range } = diagnostic;
          const { actions } = await server.request<CodeActionsResult>(COMMANDS.codeActions, { file, range });
          custom.push(fromLsp(folder.path, uri, diagnostic, actions));
        }
        plain.push(...(await askedPlainly(server, folder.path, file)));
      }
    } finally {
      await server.close();
    }
    assert.deepEqual(comparable(custom), typescript.findings);
    assert.deepEqual(comparable(plain), comparable(typescript.findings.map(asTsServersTell)));
  });

  it('come from the ESLint plugin', async () => {
    const found = await linted(folder.path, typescript.files);
    const wanted = typescript.findings.flatMap((finding) =>
      asEslintTells(finding, folder.read(finding.file)),
    );
    const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sorted(found), sorted(wanted));
  });

  it('come from the language server', async () => {
    const client = await Client.start({ folder: folder.path });
    const found: Comparable[] = [];
    try {
      await client.indexed();
      for (const name of python.files) {
        const uri = pathToFileURL(join(folder.path, name)).toString();
        await client.open(uri, folder.read(name));
        for (const diagnostic of await client.diagnostics(uri)) {
          const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
            textDocument: { uri },
            range: diagnostic.range,
            context: { diagnostics: [] },
          });
          found.push(fromLsp(folder.path, uri, diagnostic, actions));
        }
        await client.close(uri);
      }
    } finally {
      await client.stop();
    }
    assert.deepEqual(comparable(found), python.findings);
  });

  it('come from the check of the workspace in the editor, with the safe fixes', async () => {
    const root = join(__dirname, '../..');
    const checked: CheckedFile[] = [];
    const { outcome } = startCheck({
      program: join(root, 'dist/check.js'),
      memory: 3_072,
      request: {
        folders: [folder.path],
        config: {},
        unsaved: [],
        typescript: [join(root, 'node_modules/typescript/lib')],
        binaries: join(root, 'dist'),
      },
      onEvent: (event) => {
        if (event.kind === 'checked') checked.push(event.file);
        else if (event.kind === 'note') assert.ok(!event.incomplete, event.text);
      },
    });
    assert.equal(await outcome, 'done');
    const found = checked.flatMap(({ file, diagnostics }) =>
      diagnostics.map((diagnostic) => fromLsp(folder.path, pathToFileURL(file).toString(), diagnostic, [])),
    );
    const withoutFixes = expected.map((finding) => ({ ...finding, fixes: [] }));
    assert.deepEqual(comparable(found), comparable(withoutFixes));
    const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
    const fixes = checked.flatMap(({ file, fixes: safe }) =>
      safe.map(({ rule, edits }) => ({
        file: relative(folder.path, file),
        rule,
        edits: edits.map(({ range, newText }) => ({ range, newText })),
      })),
    );
    const wanted = expected.flatMap(({ file, rule, fixes: all }) => {
      const safe = all.find(({ safety }) => safety === 'safe');
      if (!safe?.edits.every((edit) => edit.file === file)) return [];
      return [{ file, rule, edits: safe.edits.map(({ range, newText }) => ({ range, newText })) }];
    });
    assert.ok(wanted.length > 0);
    assert.deepEqual(sorted(fixes.map(inOrder)), sorted(wanted.map(inOrder)));
  });
}).timeout(900_000);

/** The edits of a fix by place: hosts list them as they like. */
function inOrder<T extends { readonly edits: readonly { readonly range: Range }[] }>(fix: T): T {
  const key = ({ range: { start } }: { readonly range: Range }) => start.line * 10_000 + start.character;
  return { ...fix, edits: [...fix.edits].sort((a, b) => key(a) - key(b)) };
}
