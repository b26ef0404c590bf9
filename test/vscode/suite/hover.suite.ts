import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAllEditors,
  hoverText,
  openFile,
  positionOf,
  setSetting,
  until,
  waitForHover,
  waitForRule,
} from './support';

const text = `import { save } from './store';

export async function run(): Promise<void> {
  save('a');
  await save('b');
}
`;

describe('a hover', () => {
  afterEach(async () => {
    await setSetting('asyncPatterns.hover', undefined);
    await setSetting('asyncPatterns.language', undefined);
    await closeAllEditors();
  });

  it('on a finding gives the summary of the rule, not the message again', async () => {
    const { document } = await openFile('src/hover.ts', text);
    const finding = await waitForRule(document.uri, 'floating-promise');
    const hover = await waitForHover(document.uri, positionOf(document, "save('a')"), 'Open the page');
    assert.match(hover, /command:asyncPatterns\.openPage\?%5B%22floating-promise%22%5D/u);
    assert.ok(!hover.includes(finding.message));
  });

  it('on an async word explains it', async () => {
    const { document } = await openFile('src/hover.ts', text);
    const hover = await waitForHover(document.uri, positionOf(document, "await save('b')"), 'Open the page');
    assert.match(hover, /command:asyncPatterns\.openPage\?%5B%22await%22%5D/u);
    assert.match(hover, /\n- /u);
  });

  it('is short or absent when a setting says so', async () => {
    const { document } = await openFile('src/hover.ts', text);
    const position = positionOf(document, "await save('b')");
    await waitForHover(document.uri, position, 'Open the page');
    await setSetting('asyncPatterns.hover', 'brief');
    await until(
      async () => !/\n- /u.test(await hoverText(document.uri, position)),
      10_000,
      () => 'the hover stays long',
    );
    await setSetting('asyncPatterns.hover', 'off');
    await until(
      async () => !(await hoverText(document.uri, position)).includes('asyncPatterns'),
      10_000,
      () => 'the hover is still there',
    );
  });

  it('and the message speak the language a setting names', async () => {
    const { document } = await openFile('src/hover.ts', text);
    await waitForRule(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.language', 'ru');
    await waitForHover(document.uri, positionOf(document, "await save('b')"), 'Открыть страницу');
    const finding = await waitForRule(document.uri, 'floating-promise');
    assert.match(finding.message, /^Промис от save никто не ждёт/u);
  });
});

describe('a code lens', () => {
  afterEach(async () => {
    await setSetting('asyncPatterns.codeLens', undefined);
    await closeAllEditors();
  });

  const titles = async (uri: vscode.Uri) =>
    (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).flatMap(
      ({ command }) => command?.title ?? [],
    );

  it('stands above an async function only when a setting asks for it', async () => {
    const { document } = await openFile('src/lens.ts', text);
    await waitForRule(document.uri, 'floating-promise');
    assert.deepEqual(await titles(document.uri), []);
    await setSetting('asyncPatterns.codeLens', true);
    assert.deepEqual(await titles(document.uri), ['1 await', '1 unhandled promise']);
  });
});
