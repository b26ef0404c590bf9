import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAllEditors,
  openFile,
  setSetting,
  waitForDiagnostics,
  waitForRule,
  waitUntilRuleGone,
} from './support';

const floating =
  "import { save } from './store';\n\nexport async function run(): Promise<void> {\n  save('a');\n}\n";

describe('settings take effect at once:', () => {
  afterEach(async () => {
    for (const name of ['rules', 'enable', 'maxLines', 'options'])
      await setSetting(`asyncPatterns.${name}`, undefined);
    await closeAllEditors();
  });

  it('a rule switched off and on', async () => {
    const { document } = await openFile('src/rules.ts', floating);
    await waitForRule(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.rules', { 'floating-promise': 'off' });
    await waitUntilRuleGone(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.rules', undefined);
    await waitForRule(document.uri, 'floating-promise');
  });

  it("a rule's level", async () => {
    const { document } = await openFile('src/level.ts', floating);
    await waitForRule(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.rules', { 'floating-promise': 'information' });
    const [finding] = await waitForDiagnostics(document.uri, ([first]) => {
      return first?.severity === vscode.DiagnosticSeverity.Information;
    });
    assert.equal(finding?.source, 'async-patterns');
  });

  it("a rule's option", async () => {
    const { document } = await openFile('src/option.ts', floating);
    await waitForRule(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.options', { 'floating-promise': { allow: ['save'] } });
    await waitUntilRuleGone(document.uri, 'floating-promise');
  });

  it('the whole analysis switched off and on', async () => {
    const { document } = await openFile('src/enable.ts', floating);
    await waitForRule(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.enable', false);
    await waitUntilRuleGone(document.uri, 'floating-promise');
    await setSetting('asyncPatterns.enable', true);
    await waitForRule(document.uri, 'floating-promise');
  });

  it('one that makes no sense leaves the others working', async () => {
    await setSetting('asyncPatterns.rules', { 'no-such-rule': 'error', 'floating-promise': 'warning' });
    const { document } = await openFile('src/invalid.ts', floating);
    const finding = await waitForRule(document.uri, 'floating-promise');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
  });
});
