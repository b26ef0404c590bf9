import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { runCommand } from '../../src/tools/vscode-server/run-command';
import { editorVersions, type EditorName } from '../../src/tools/vscode-server/versions';
import { runAll } from './host/run-all';

const root = resolve(__dirname, '../..');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { vsix: { type: 'string' }, only: { type: 'string' }, grep: { type: 'string' } },
  });
  const { passed, failed } = await runAll(
    { vsix: await packagedExtension(values.vsix), editors: chosenEditors(values.only), grep: values.grep },
    (line) => {
      console.log(line);
    },
  );
  console.log(`${passed} passed, ${failed} failed`);
  // A run without a single test has shown nothing.
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

function chosenEditors(only: string | undefined): EditorName[] {
  const names = Object.keys(editorVersions) as EditorName[];
  if (only === undefined) return names;
  const chosen = names.filter((name) => name === only);
  if (chosen.length === 0) throw new Error(`--only takes ${names.join(' or ')}, not ${only}.`);
  return chosen;
}

async function packagedExtension(given: string | undefined): Promise<string> {
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`--vsix names ${given}, which does not exist.`);
    return resolve(given);
  }
  console.log('Packaging the extension…');
  await runCommand('npm', ['run', 'package'], { cwd: root, env: process.env });
  return resolve(root, 'async-patterns.vsix');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
