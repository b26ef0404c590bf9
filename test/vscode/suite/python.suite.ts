import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actionTitled,
  applyCodeAction,
  closeAllEditors,
  codeActions,
  diagnosticsOf,
  openFile,
  positionOf,
  rangeOf,
  replaceText,
  ruleOf,
  saveDocument,
  setSetting,
  typeText,
  until,
  waitForDiagnostics,
  waitForHover,
  waitForRule,
  waitUntilRuleGone,
  workspaceFolder,
} from './support';

const HEAD = 'import asyncio\n\nfrom store import load, save\n\n\nasync def run():\n';
const forgotten = `${HEAD}    save("a")\n`;
const asynchronous = 'async def call():\n    pass\n';
const synchronous = asynchronous.replace('async ', '');
const UNAWAITED = 'unawaited-coroutine';

describe('Python', () => {
  afterEach(async () => {
    await setSetting('editor.codeActionsOnSave', undefined);
    await setSetting('asyncPatterns.language', undefined);
    await closeAllEditors();
  });

  it('has findings that depend on another module, with a link to the page', async () => {
    const { document } = await openFile('found.py', forgotten);
    const finding = await waitForRule(document.uri, UNAWAITED);
    assert.deepEqual(finding.range, rangeOf(document, 'save("a")'));
    assert.equal(finding.source, 'async-patterns');
    assert.ok(typeof finding.code === 'object' && finding.code.target.path.endsWith(`${UNAWAITED}.md`));
  });

  it('follows a change in the other module while it is only in the editor', async () => {
    const helper = await openFile('helper.py', asynchronous);
    const { document } = await openFile(
      'caller.py',
      'from helper import call\n\n\nasync def run():\n    call()\n',
    );
    await waitForRule(document.uri, UNAWAITED);
    await replaceText(helper, synchronous);
    await waitUntilRuleGone(document.uri, UNAWAITED);
    await replaceText(helper, asynchronous);
    await waitForRule(document.uri, UNAWAITED);
  });

  it('follows a change in the other module on disk, until it is deleted', async () => {
    const file = vscode.Uri.joinPath(workspaceFolder(), 'on_disk.py');
    await vscode.workspace.fs.writeFile(file, Buffer.from(asynchronous));
    const { document } = await openFile(
      'disk_caller.py',
      'from on_disk import call\n\n\nasync def run():\n    call()\n',
    );
    await waitForRule(document.uri, UNAWAITED);
    await vscode.workspace.fs.writeFile(file, Buffer.from(synchronous));
    await waitUntilRuleGone(document.uri, UNAWAITED);
    await vscode.workspace.fs.writeFile(file, Buffer.from(asynchronous));
    await waitForRule(document.uri, UNAWAITED);
    await vscode.workspace.fs.delete(file);
    await waitUntilRuleGone(document.uri, UNAWAITED);
  });

  it('has findings while typing', async () => {
    const editor = await openFile('typed.py', HEAD);
    await typeText(editor, new vscode.Position(6, 0), '    save("a")');
    const { uri } = editor.document;
    await waitForRule(uri, UNAWAITED);
    await typeText(editor, positionOf(editor.document, 'save("a")'), 'await ');
    await waitUntilRuleGone(uri, UNAWAITED);
  });

  it('has a hover on words, APIs and findings', async () => {
    const { document } = await openFile(
      'hover.py',
      `${forgotten}    await save("b")\n    q = asyncio.Queue()\n`,
    );
    await waitForRule(document.uri, UNAWAITED);
    const at = (text: string) => positionOf(document, text, 1);
    await waitForHover(document.uri, at('await save'), 'openPage?%5B%22await%22%5D');
    await waitForHover(document.uri, at('Queue'), 'openPage?%5B%22queue%22%5D');
    await waitForHover(document.uri, at('save("a")'), `openPage?%5B%22${UNAWAITED}%22%5D`);
  });

  it('is repaired by a quick fix', async () => {
    const editor = await openFile('repair.py', forgotten);
    const finding = await waitForRule(editor.document.uri, UNAWAITED);
    await applyCodeAction(actionTitled(await codeActions(editor.document.uri, finding.range), 'Add await'));
    assert.equal(editor.document.getText(), forgotten.replace('save("a")', 'await save("a")'));
    await waitUntilRuleGone(editor.document.uri, UNAWAITED);
  });

  it('is repaired on save where that is safe', async () => {
    await setSetting('editor.codeActionsOnSave', { 'source.fixAll.asyncPatterns': 'explicit' });
    const text = `${HEAD}    # async-patterns-ignore-next-line ${UNAWAITED}\n    await save("a")\n`;
    const editor = await openFile('on-save.py', text);
    await waitForRule(editor.document.uri, 'unused-suppression');
    await typeText(editor, new vscode.Position(3, 0), '\n');
    await saveDocument(editor.document);
    assert.doesNotMatch(editor.document.getText(), /async-patterns/u);
    assert.match(editor.document.getText(), /\n {4}await save\("a"\)\n/u);
  });

  it('is silenced by a comment for the line, offered as a fix', async () => {
    const editor = await openFile('ignored.py', forgotten);
    const finding = await waitForRule(editor.document.uri, UNAWAITED);
    await applyCodeAction(
      actionTitled(await codeActions(editor.document.uri, finding.range), `Ignore ${UNAWAITED} on this line`),
    );
    assert.match(
      editor.document.getText(),
      /\n {4}# async-patterns-ignore-next-line unawaited-coroutine\n {4}save\("a"\)\n/u,
    );
    await waitUntilRuleGone(editor.document.uri, UNAWAITED);
  });

  it('is silenced by the comments of other linters for the same thing', async () => {
    const task = 'asyncio.create_task(save("a"))';
    const { document } = await openFile('noqa.py', `${HEAD}    ${task}  # noqa: RUF006\n    ${task}\n`);
    const found = await waitForDiagnostics(document.uri, (all) =>
      all.some((diagnostic) => ruleOf(diagnostic) === 'dangling-task'),
    );
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [7],
    );
  });

  it('speaks Russian when a setting says so', async () => {
    const { document } = await openFile('russian.py', forgotten);
    await waitForRule(document.uri, UNAWAITED);
    await setSetting('asyncPatterns.language', 'ru');
    await waitForDiagnostics(document.uri, (all) => all.some(({ message }) => /[а-я]/u.test(message)));
  });

  it('obeys a level from the settings', async () => {
    const { document } = await openFile('levels.py', forgotten);
    await waitForRule(document.uri, UNAWAITED);
    await setSetting('asyncPatterns.rules', { [UNAWAITED]: 'off' });
    await waitUntilRuleGone(document.uri, UNAWAITED);
    await setSetting('asyncPatterns.rules', undefined);
    await waitForRule(document.uri, UNAWAITED);
  });

  it('comes again after a restart', async () => {
    const editor = await openFile('restart.py', forgotten);
    await waitForRule(editor.document.uri, UNAWAITED);
    await vscode.commands.executeCommand('asyncPatterns.restart');
    await typeText(editor, positionOf(editor.document, 'save("a")'), 'await ');
    await waitUntilRuleGone(editor.document.uri, UNAWAITED);
  });

  it('may be the cells of a notebook, where await is legal at the top', async () => {
    const cell = (source: string) => ({
      cell_type: 'code',
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    });
    const file = vscode.Uri.joinPath(workspaceFolder(), 'notes.ipynb');
    const content = {
      cells: [
        cell('%matplotlib inline\nfrom store import save'),
        { cell_type: 'markdown', source: '# Notes', metadata: {} },
        cell('await save("a")\nsave("b")'),
      ],
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(content)));
    const notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(2);
    const finding = await waitForRule(document.uri, UNAWAITED);
    assert.deepEqual(finding.range, rangeOf(document, 'save("b")'));
    assert.equal(diagnosticsOf(notebook.cellAt(0).document.uri).length, 0);
    await applyCodeAction(actionTitled(await codeActions(document.uri, finding.range), 'Add await'));
    await until(
      () => document.getText() === 'await save("a")\nawait save("b")',
      10_000,
      () => `the cell is ${JSON.stringify(document.getText())}`,
    );
    await waitUntilRuleGone(document.uri, UNAWAITED);
  });
});
