import { parseArgs } from 'node:util';

import { editorVersions, type EditorName } from '../../src/tools/vscode-server/versions';
import { packagedExtension } from './host/packaged-extension';
import { runAll } from './host/run-all';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'string' },
      only: { type: 'string' },
      grep: { type: 'string' },
      run: { type: 'string' },
    },
  });
  const say = (line: string): void => {
    console.log(line);
  };
  const vsix = await packagedExtension(values.vsix, say);
  const { passed, failed } = await runAll(
    { vsix, editors: chosenEditors(values.only), grep: values.grep, run: values.run },
    say,
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

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
