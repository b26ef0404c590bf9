import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  chooseFirst,
  actionTitled,
  closeAllEditors,
  codeActions,
  isShown,
  openFile,
  positionOf,
  setSetting,
  waitForDiagnostics,
  waitForHover,
  waitForRule,
  workspaceFolder,
} from './support';

const text = `import { save } from './store';

export async function run(): Promise<void> {
  save('a');
  await save('b');
}
`;

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly title: string;
      readonly steps: readonly { readonly media: { readonly markdown: string } }[];
    }[];
  };
}

interface WorkspaceTree {
  getChildren(): unknown[];
  getTreeItem(node: unknown): vscode.TreeItem;
}

describe('in Russian', () => {
  afterEach(closeAllEditors);

  it('the editor runs', () => {
    assert.equal(vscode.env.language, 'ru');
  });

  it('findings and repairs speak', async () => {
    const { document } = await openFile('src/russian.ts', text);
    const finding = await waitForRule(document.uri, 'floating-promise');
    assert.match(finding.message, /^Промис от save никто не ждёт/u);
    const actions = await codeActions(document.uri, finding.range);
    actionTitled(actions, 'Добавить await');
    actionTitled(actions, 'Не сообщать о floating-promise в этой строке');
    actionTitled(actions, 'Объяснить floating-promise');
  });

  it('notes on the code at hand speak', async () => {
    const { document } = await openFile('src/russian.ts', text);
    const hover = await waitForHover(document.uri, positionOf(document, "await save('b')"), '→ ');
    assert.match(hover, /→ Здесь функция приостанавливается; до возврата ждать больше нечего\./u);
  });

  it('an English word finds the page, which opens in Russian', async () => {
    await chooseFirst(
      () => vscode.commands.executeCommand('asyncPatterns.openDocumentation', 'back pressure'),
      () => isShown('/ru/concepts/queue.md'),
    );
  });

  it('the walkthrough and its pages speak', async () => {
    const extension = vscode.extensions.getExtension('async-patterns.async-patterns');
    assert.ok(extension);
    const { contributes } = extension.packageJSON as Manifest;
    const [walkthrough] = contributes.walkthroughs;
    assert.equal(walkthrough?.title, 'Знакомство с Async Patterns');
    for (const { media } of walkthrough.steps) {
      const file = vscode.Uri.joinPath(extension.extensionUri, media.markdown);
      assert.match(Buffer.from(await vscode.workspace.fs.readFile(file)).toString(), /[а-я]{5,}/u);
    }
  });

  it('the check of the workspace speaks, and follows another language', async () => {
    const extension = vscode.extensions.getExtension<{ readonly workspace: WorkspaceTree }>(
      'async-patterns.async-patterns',
    );
    assert.ok(extension);
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'src/unopened.ts');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    await vscode.commands.executeCommand('asyncPatterns.checkWorkspace');
    const { workspace } = extension.exports;
    const labels = () => workspace.getChildren().map((node) => workspace.getTreeItem(node).label as string);
    assert.ok(labels().includes('Брошенный промис'), labels().join());
    assert.match((await waitForRule(uri, 'floating-promise')).message, /^Промис от save никто не ждёт/u);
    await setSetting('asyncPatterns.language', 'en');
    try {
      await waitForDiagnostics(uri, ([finding]) => finding?.message.startsWith('Promise of save') === true);
      assert.ok(labels().includes('Floating promise'), labels().join());
    } finally {
      await setSetting('asyncPatterns.language', undefined);
      await vscode.commands.executeCommand('asyncPatterns.clearWorkspace');
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('hovers speak', async () => {
    const { document } = await openFile('src/russian.ts', text);
    const hover = await waitForHover(
      document.uri,
      positionOf(document, "await save('b')"),
      'Открыть страницу',
    );
    assert.match(hover, /[а-я]{4,}[\s\S]*\n- [\s\S]*[а-я]{4,}/u);
  });
});
