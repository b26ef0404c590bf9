import assert from 'node:assert/strict';
import {
  actionTitled,
  applyCodeAction,
  closeAllEditors,
  codeActions,
  openFile,
  waitForRule,
  waitUntilRuleGone,
} from './support';

describe('in a workspace of JavaScript files without any configuration', () => {
  afterEach(closeAllEditors);

  it('findings come from another file and are repaired', async () => {
    const { document } = await openFile(
      'main.js',
      "import { save } from './store.js';\n\nexport async function run() {\n  save('a');\n}\n",
    );
    const finding = await waitForRule(document.uri, 'floating-promise');
    await applyCodeAction(actionTitled(await codeActions(document.uri, finding.range), 'Add await'));
    assert.match(document.getText(), /await save\('a'\);/u);
    await waitUntilRuleGone(document.uri, 'floating-promise');
  });

  it('findings come in JSX', async () => {
    const { document } = await openFile(
      'view.jsx',
      "import { save } from './store.js';\n\nexport const View = () => {\n  save('a');\n  return <p>text</p>;\n};\n",
    );
    await waitForRule(document.uri, 'floating-promise');
  });
});
