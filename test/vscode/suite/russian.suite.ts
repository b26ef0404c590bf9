import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actionTitled,
  closeAllEditors,
  codeActions,
  openFile,
  positionOf,
  waitForHover,
  waitForRule,
} from './support';

const text = `import { save } from './store';

export async function run(): Promise<void> {
  save('a');
  await save('b');
}
`;

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
