import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  chooseFirst,
  actionTitled,
  applyCodeAction,
  closeAllEditors,
  codeActions,
  isShown,
  positionOf,
  waitForHover,
  waitForPage,
  waitForRule,
  waitUntilRuleGone,
} from './support';

const typescript =
  'async function save(): Promise<void> {}\n\nexport async function run(): Promise<void> {\n  save();\n}\n';
const python = 'async def save():\n    pass\n\n\nasync def run():\n    save()\n';

describe('in a window without a folder', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'async-patterns-single-'));
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await closeAllEditors();
  });

  after(() => rm(folder, { recursive: true }));

  const open = async (name: string, text: string): Promise<vscode.TextDocument> => {
    const file = join(folder, name);
    await writeFile(file, text);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    return document;
  };

  it('the window is', () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
  });

  for (const [name, text, rule, repaired] of [
    ['single.ts', typescript, 'floating-promise', '  await save();'],
    ['single.py', python, 'unawaited-coroutine', '    await save()'],
  ] as const) {
    it(`a single file has findings, hovers and repairs: ${name}`, async () => {
      const document = await open(name, text);
      const finding = await waitForRule(document.uri, rule);
      await waitForHover(document.uri, positionOf(document, 'async '), 'command:asyncPatterns.openPage');
      await applyCodeAction(actionTitled(await codeActions(document.uri, finding.range), 'Add await'));
      await waitUntilRuleGone(document.uri, rule);
      assert.ok(document.getText().includes(repaired), document.getText());
    });

    it(`a file that was never saved has findings: ${name}`, async () => {
      const language = name.endsWith('.py') ? 'python' : 'typescript';
      const document = await vscode.workspace.openTextDocument({ language, content: text });
      await vscode.window.showTextDocument(document);
      await waitForRule(document.uri, rule);
    });
  }

  it('the documents are searched and opened', async () => {
    await vscode.commands.executeCommand('asyncPatterns.openPage', 'semaphore');
    await waitForPage('/en/concepts/semaphore.md');
    await chooseFirst(
      () => vscode.commands.executeCommand('asyncPatterns.openDocumentation', 'allSettled'),
      () => isShown('/en/concepts/gather.md'),
    );
  });

  it('the check of the workspace has nothing to check and ends', async () => {
    assert.equal(await vscode.commands.executeCommand('asyncPatterns.checkWorkspace'), undefined);
  });
});
