import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import {
  closeAllEditors,
  diagnosticsOf,
  openFile,
  positionOf,
  replaceText,
  ruleOf,
  saveDocument,
  setSetting,
  until,
  waitForDiagnostics,
  waitForRule,
  workspaceFolder,
} from './support';

interface Node {
  readonly kind: string;
}

interface WorkspaceView {
  readonly view: vscode.TreeView<Node>;
  getChildren(node?: Node): Node[];
  getTreeItem(node: Node): vscode.TreeItem;
}

interface Summary {
  readonly outcome: string;
  readonly files: number;
  readonly done: number;
  readonly findings: number;
}

interface FixSummary {
  readonly applied: boolean;
  readonly fixed: number;
  readonly files: number;
  readonly changed: number;
}

const all = [
  'service/main.py unawaited-coroutine 10',
  'src/legacy.js floating-promise 6',
  'src/orders.ts floating-promise 4',
  'src/orders.ts missing-return-await 9',
  'src/prices.ts missing-return-await 8',
  'src/rates.ts missing-return-await 5',
];

const run = <T>(command: string, ...parameters: unknown[]) =>
  vscode.commands.executeCommand<T>(`asyncPatterns.${command}`, ...parameters);

function tree(): WorkspaceView {
  const found = vscode.extensions.getExtension<{ readonly workspace: WorkspaceView }>(
    'async-patterns.async-patterns',
  );
  if (!found) throw new Error('the extension is not installed');
  return found.exports.workspace;
}

function uriOf(path: string): vscode.Uri {
  return vscode.Uri.joinPath(workspaceFolder(), path);
}

/** Everything in the problems panel, hints included: file, rule and line; one entry for each time it is there. */
function problems(): string[] {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([uri, diagnostics]) =>
      diagnostics
        .filter(({ source }) => source === 'async-patterns')
        .map(
          (diagnostic) =>
            `${vscode.workspace.asRelativePath(uri)} ${ruleOf(diagnostic) ?? ''} ${diagnostic.range.start.line + 1}`,
        ),
    )
    .sort();
}

/** The tree as it is shown, an entry a line. */
function outline(node?: Node, indent = ''): string[] {
  return tree()
    .getChildren(node)
    .flatMap((child) => {
      const { label, description } = tree().getTreeItem(child);
      const line = `${indent}${typeof label === 'string' ? label : ''} | ${String(description)}`;
      return [line, ...outline(child, `${indent}  `)];
    });
}

async function textOf(path: string): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uriOf(path))).toString();
}

async function waitForProblems(wanted: readonly string[]): Promise<void> {
  await until(
    () => problems().join('\n') === [...wanted].sort().join('\n'),
    40_000,
    () => `the problems are ${JSON.stringify(problems())}`,
  );
}

/** Presses "Apply" in the refactor preview, once it is there. */
async function applyPreview<T>(fixing: Thenable<T>): Promise<T> {
  let ended = false;
  const result = Promise.resolve(fixing).finally(() => (ended = true));
  await until(
    async () => {
      await delay(300);
      if (!ended) await vscode.commands.executeCommand('refactorPreview.apply');
      return ended;
    },
    30_000,
    () => 'the preview does not apply',
  );
  return result;
}

describe('checking the workspace', () => {
  const originals = new Map<string, string>();

  before(async () => {
    for (const path of new Set(all.map((line) => line.split(' ')[0] ?? '')))
      originals.set(path, await textOf(path));
    await vscode.extensions.getExtension('async-patterns.async-patterns')?.activate();
  });

  afterEach(async () => {
    await setSetting('asyncPatterns.rules', undefined);
    await closeAllEditors();
    await run('clearWorkspace');
    for (const [path, text] of originals)
      if ((await textOf(path).catch(() => '')) !== text)
        await vscode.workspace.fs.writeFile(uriOf(path), Buffer.from(text));
  });

  it('shows what is in files that nobody has opened, as problems that lead to pages', async () => {
    assert.deepEqual(problems(), []);
    const summary = await run<Summary>('checkWorkspace');
    assert.deepEqual(summary, { outcome: 'done', files: 5, done: 5, findings: 6 });
    assert.deepEqual(problems(), all);
    assert.deepEqual(
      vscode.workspace.textDocuments.filter(({ uri }) => uri.path.includes('/src/')),
      [],
    );
    const [finding] = diagnosticsOf(uriOf('src/prices.ts'));
    assert.ok(typeof finding?.code === 'object');
    assert.match(finding.code.target.path, /missing-return-await\.md$/u);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('shows a tree by rule or by file, whose entries lead to the code', async () => {
    await run('checkWorkspace');
    assert.deepEqual(
      outline().map((line) => line.replace(/^(\s*).* \| /u, '$1')),
      [
        '2 · floating-promise',
        '  1 · src',
        '    floating-promise [6, 3]',
        '  1 · src',
        '    floating-promise [4, 3]',
        '1 · unawaited-coroutine',
        '  1 · service',
        '    unawaited-coroutine [10, 8]',
        '3 · missing-return-await',
        '  1 · src',
        '    missing-return-await [9, 12]',
        '  1 · src',
        '    missing-return-await [8, 12]',
        '  1 · src',
        '    missing-return-await [5, 12]',
      ],
    );
    await run('groupWorkspaceByFile');
    assert.deepEqual(
      outline().filter((line) => !line.startsWith(' ')),
      [
        'main.py | 1 · service',
        'legacy.js | 1 · src',
        'orders.ts | 2 · src',
        'prices.ts | 1 · src',
        'rates.ts | 1 · src',
      ],
    );
    const [python] = tree().getChildren();
    const [finding] = tree().getChildren(python);
    assert.ok(finding);
    const { command, iconPath } = tree().getTreeItem(finding);
    assert.ok(iconPath instanceof vscode.ThemeIcon && iconPath.id === 'error');
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
    await until(
      () => vscode.window.activeTextEditor?.selection.start.line === 9,
      10_000,
      () => 'the code is not shown',
    );
    await run('groupWorkspaceByRule');
  });

  it('gives way to what is found while a file is open and typed in, and shows nothing twice', async () => {
    await run('checkWorkspace');
    const editor = await openFile('src/orders.ts');
    await waitForRule(editor.document.uri, 'floating-promise');
    await waitForProblems(all);
    await replaceText(editor, `\n${editor.document.getText()}`);
    const moved = all.map((line) =>
      line.replace(/(orders\.ts .* )(\d)$/u, (_, head: string, n) => `${head}${Number(n) + 1}`),
    );
    await waitForProblems(moved);
    assert.ok(
      outline().some((line) => line.endsWith('floating-promise [5, 3]')),
      outline().join('\n'),
    );
    // What was typed is thrown away: the file on disk counts again.
    await closeAllEditors();
    await waitForProblems(all);
    assert.ok(
      outline().some((line) => line.endsWith('floating-promise [4, 3]')),
      outline().join('\n'),
    );
  });

  it('keeps what was found last when a repaired file is saved and closed', async () => {
    await run('checkWorkspace');
    const editor = await openFile('src/prices.ts');
    await waitForRule(editor.document.uri, 'missing-return-await');
    await replaceText(
      editor,
      editor.document.getText().replace('return readPrice', 'return await readPrice'),
    );
    await waitForDiagnostics(editor.document.uri, (found) => found.length === 0);
    await saveDocument(editor.document);
    await closeAllEditors();
    await waitForProblems(all.filter((line) => !line.startsWith('src/prices.ts')));
  });

  it('looks again at files that change on disk, and forgets those that are deleted', async () => {
    await run('checkWorkspace');
    const legacy = uriOf('src/legacy.js');
    await vscode.workspace.fs.writeFile(legacy, Buffer.from(`\n\n${originals.get('src/legacy.js') ?? ''}`));
    await waitForProblems(
      all.map((line) => line.replace('legacy.js floating-promise 6', 'legacy.js floating-promise 8')),
    );
    await vscode.workspace.fs.delete(legacy);
    await waitForProblems(all.filter((line) => !line.includes('legacy.js')));
  });

  it('reads what is typed and not saved, and follows the settings', async () => {
    const editor = await openFile('service/main.py');
    await waitForRule(editor.document.uri, 'unawaited-coroutine');
    await replaceText(editor, editor.document.getText().replace('if is_paid', 'if await is_paid'));
    await setSetting('asyncPatterns.rules', { 'floating-promise': 'off' });
    const summary = await run<Summary>('checkWorkspace');
    assert.equal(summary.findings, 3);
    await waitForProblems(all.filter((line) => line.includes('missing-return-await')));
  });

  it('ends at once when it is cancelled, and keeps what it has found', async () => {
    const checking = run<Summary>('checkWorkspace');
    // Python comes first; reading the project of TypeScript takes longer than this notices.
    await until(
      () => tree().getChildren().length > 0,
      30_000,
      () => 'nothing is found',
    );
    await run('cancelWorkspaceCheck');
    const summary = await checking;
    assert.deepEqual(summary, { outcome: 'cancelled', files: 5, done: 1, findings: 1 });
    assert.ok(problems().includes('service/main.py unawaited-coroutine 10'));
    assert.ok(problems().every((line) => !line.startsWith('src/legacy.js')));
    assert.equal(outline().length, 3);
  });

  it('runs once, however often it is asked for, and says how far it is', async () => {
    const first = run<Summary>('checkWorkspace');
    const messages = new Set<string | undefined>();
    const timer = setInterval(() => messages.add(tree().view.message), 20);
    try {
      const second = run<Summary>('checkWorkspace');
      assert.deepEqual(await second, await first);
    } finally {
      clearInterval(timer);
    }
    assert.ok(
      [...messages].some((text) => /^\d of 5 files · \w/u.test(text ?? '')),
      [...messages].join('; '),
    );
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

describe('fixing the workspace', () => {
  const originals = new Map<string, string>();

  before(async () => {
    for (const path of new Set(all.map((line) => line.split(' ')[0] ?? '')))
      originals.set(path, await textOf(path));
  });

  afterEach(async () => {
    await closeAllEditors();
    await run('clearWorkspace');
    for (const [path, text] of originals) await vscode.workspace.fs.writeFile(uriOf(path), Buffer.from(text));
  });

  it('leaves a file alone that has changed on disk, and checks it again', async () => {
    await run('checkWorkspace');
    await vscode.workspace.fs.writeFile(
      uriOf('src/rates.ts'),
      Buffer.from(`// by somebody else\n${originals.get('src/rates.ts') ?? ''}`),
    );
    const summary = await applyPreview(run<FixSummary>('fixWorkspace'));
    assert.equal(summary.applied, true);
    assert.equal(summary.fixed, 3);
    assert.match(await textOf('src/rates.ts'), /^\/\/ by somebody else\n[^]*return readPrice/u);
    await until(
      () => problems().includes('src/rates.ts missing-return-await 6'),
      30_000,
      () => `the problems are ${JSON.stringify(problems())}`,
    );
  });

  it('makes all safe fixes after a preview, and no other', async () => {
    await run('checkWorkspace');
    const summary = await applyPreview(run<FixSummary>('fixWorkspace'));
    assert.deepEqual(summary, { applied: true, fixed: 4, files: 4, changed: 0 });
    await until(
      async () => (await textOf('service/main.py')).includes('if await is_paid(order):'),
      10_000,
      () => 'the file was not saved',
    );
    assert.match(await textOf('src/orders.ts'), /return await readPrice/u);
    assert.match(await textOf('src/orders.ts'), /\n {2}readPrice\(url\);/u);
    assert.match(await textOf('src/prices.ts'), /return await readPrice/u);
    assert.match(await textOf('src/rates.ts'), /return await readPrice/u);
    await waitForProblems(['src/legacy.js floating-promise 6', 'src/orders.ts floating-promise 4']);
  });

  it('makes those of one rule or one file of the tree', async () => {
    await run('checkWorkspace');
    const rule = tree()
      .getChildren()
      .find((node) => tree().getTreeItem(node).id === 'rule missing-return-await');
    assert.ok(rule);
    assert.equal(tree().getTreeItem(rule).contextValue, 'rule-fixable');
    const [orders] = tree().getChildren(rule);
    const one = await applyPreview(run<FixSummary>('fixWorkspaceNode', orders));
    assert.deepEqual(one, { applied: true, fixed: 1, files: 1, changed: 0 });
    // Where it is one file only, the editor leaves it to the user to save it.
    const { document } = await openFile('src/orders.ts');
    assert.match(document.getText(), /return await readPrice/u);
    await saveDocument(document);
    assert.equal(await textOf('src/prices.ts'), originals.get('src/prices.ts'));
    const rest = await applyPreview(run<FixSummary>('fixWorkspaceNode', rule));
    assert.deepEqual(rest, { applied: true, fixed: 2, files: 2, changed: 0 });
    assert.equal(await textOf('service/main.py'), originals.get('service/main.py'));
  });

  it('fixes what is being typed as it is now', async () => {
    await run('checkWorkspace');
    const editor = await openFile('src/prices.ts');
    await waitForRule(editor.document.uri, 'missing-return-await');
    await replaceText(editor, `// typed since\n${editor.document.getText()}`);
    const summary = await applyPreview(run<FixSummary>('fixWorkspace'));
    assert.deepEqual(summary, { applied: true, fixed: 4, files: 4, changed: 0 });
    assert.match(editor.document.getText(), /^\/\/ typed since\n[^]*return await readPrice/u);
  });

  it('loses nothing that is typed while the preview is open', async () => {
    await run('checkWorkspace');
    const editor = await openFile('src/prices.ts');
    await waitForRule(editor.document.uri, 'missing-return-await');
    const fixing = run<FixSummary>('fixWorkspace');
    await delay(2_000);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(editor.document.uri, positionOf(editor.document, 'export'), '// typed meanwhile\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const summary = await applyPreview(fixing);
    assert.equal(summary.applied, false);
    const text = editor.document.getText();
    assert.equal(text, `// typed meanwhile\n${originals.get('src/prices.ts') ?? ''}`);
    assert.equal(await textOf('src/orders.ts'), originals.get('src/orders.ts'));
  });
});
