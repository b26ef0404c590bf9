import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  chooseFirst,
  closeAllEditors,
  isShown,
  openFile,
  setSetting,
  until,
  waitForPage,
  waitForRule,
  waitUntilRuleGone,
} from './support';

const floating =
  "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  save('a');\n}\n";

interface Contents {
  getChildren(node?: unknown): unknown[];
  getTreeItem(node: unknown): vscode.TreeItem;
}

function extension(): vscode.Extension<{ readonly contents: Contents }> {
  const found = vscode.extensions.getExtension<{ readonly contents: Contents }>(
    'async-patterns.async-patterns',
  );
  if (!found) throw new Error('the extension is not installed');
  return found;
}

function pageUri(): vscode.Uri {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputCustom)) throw new Error('no page is open');
  return input.uri;
}

const run = (command: string, ...parameters: unknown[]) =>
  vscode.commands.executeCommand(`asyncPatterns.${command}`, ...parameters);

describe('documentation', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await setSetting('asyncPatterns.language', undefined);
    await closeAllEditors();
  });

  it('of the rule opens for the problem at the cursor, beside the code', async () => {
    const editor = await openFile('src/explain.ts', floating);
    const finding = await waitForRule(editor.document.uri, 'floating-promise');
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await run('explainProblem');
    await waitForPage('/en/rules/floating-promise.md');
    assert.equal(vscode.window.tabGroups.all.length, 2);
  });

  it('of the rule opens from the code of the problem', async () => {
    const { document } = await openFile('src/code.ts', floating);
    const { code } = await waitForRule(document.uri, 'floating-promise');
    assert.ok(typeof code === 'object');
    await vscode.commands.executeCommand('vscode.open', code.target);
    await waitForPage('/en/rules/floating-promise.md');
  });

  it('opens without any code around, in the language that a setting names', async () => {
    await run('openPage', 'semaphore');
    await waitForPage('/en/concepts/semaphore.md');
    await setSetting('asyncPatterns.language', 'ru');
    await run('openPage', 'semaphore');
    await waitForPage('/ru/concepts/semaphore.md');
    assert.equal(vscode.window.tabGroups.all.length, 1);
  });

  it('leads from a page to another by a link', async () => {
    await run('openPage', 'semaphore');
    await waitForPage('/en/concepts/semaphore.md');
    const text = Buffer.from(await vscode.workspace.fs.readFile(pageUri())).toString();
    const link = /\]\((\w[\w-]*\.md)\)/u.exec(text)?.[1];
    assert.ok(link !== undefined);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(pageUri(), '..', link));
    await waitForPage(`/en/concepts/${link}`);
  });

  it('is searched by words, titles and what stands in code', async () => {
    await chooseFirst(
      () => run('openDocumentation', 'allSettled'),
      () => isShown('/en/concepts/gather.md'),
    );
  });

  it('has a table of contents in the language of the extension, in a view of its own', async () => {
    const { contents } = await extension().activate();
    const titles = () => {
      const [concepts, rules] = contents.getChildren();
      return [concepts, rules].map((chapter) =>
        contents.getChildren(chapter).map((node) => contents.getTreeItem(node).label),
      );
    };
    const [concepts, rules] = titles();
    assert.ok(concepts?.includes('Semaphore') === true && rules?.includes('Floating promise') === true);
    await setSetting('asyncPatterns.language', 'ru');
    await until(
      () => titles()[0]?.includes('Семафор') === true,
      10_000,
      () => 'the titles stay English',
    );
    await vscode.commands.executeCommand('asyncPatterns.contents.focus');
    const item = contents.getTreeItem(contents.getChildren(contents.getChildren()[0])[1]);
    await vscode.commands.executeCommand(
      item.command?.command ?? '',
      ...((item.command?.arguments ?? []) as unknown[]),
    );
    await waitForPage('/ru/concepts/event-loop.md');
  });

  it('puts the snippet of a page into the code that was edited last', async () => {
    const editor = await openFile('src/snippet.ts', '\n');
    await run('openPage', 'semaphore');
    await waitForPage('/en/concepts/semaphore.md');
    await run('insertPageSnippet');
    await until(
      () => editor.document.getText().includes('class Semaphore'),
      10_000,
      () => `no snippet in ${JSON.stringify(editor.document.getText())}`,
    );
  });

  it('lists the findings of a rule in all open files, from its page', async () => {
    const first = await openFile('src/a-first.ts', floating);
    const second = await openFile('src/a-second.ts', floating);
    await waitForRule(first.document.uri, 'floating-promise');
    await waitForRule(second.document.uri, 'floating-promise');
    await run('openPage', 'floating-promise');
    await waitForPage('/en/rules/floating-promise.md');
    await chooseFirst(
      () => run('showFindings'),
      () => vscode.window.activeTextEditor?.selection.start.line === 3,
    );
    assert.ok(vscode.window.activeTextEditor?.document.fileName.endsWith('a-first.ts'));
  });

  for (const [language, repaired] of [
    ['typescript', 'return await readPrice(url);'],
    ['python', 'if await is_paid(order):'],
  ] as const) {
    it(`begins with an example in ${language} that is repaired at once`, async () => {
      await run('openExample', language);
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      const rule = language === 'python' ? 'unawaited-coroutine' : 'missing-return-await';
      await waitForRule(document.uri, rule);
      await run('fixAll');
      await waitUntilRuleGone(document.uri, rule);
      assert.ok(document.getText().includes(repaired));
    });
  }

  it('is introduced by a walkthrough of four steps', async () => {
    const { contributes } = extension().packageJSON as {
      readonly contributes: { readonly walkthroughs: readonly { readonly steps: readonly unknown[] }[] };
    };
    assert.equal(contributes.walkthroughs[0]?.steps.length, 4);
    await vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${extension().id}#start`,
      false,
    );
    await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab !== undefined,
      10_000,
      () => 'the walkthrough does not open',
    );
  });
});
