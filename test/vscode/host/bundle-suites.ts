import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { build } from 'esbuild';

import type { RunOrder } from '../suite/report';

const root = resolve(__dirname, '../../..');
const suiteFolder = join(root, 'test/vscode/suite');

/**
 * Bundles suites for VS Code's extension host, which loads CommonJS files only.
 *
 * @param suites the names of the suites, without `.suite.ts`
 * @param language the display language the window is opened in
 * @param grep only tests whose full title contains this text are run
 * @returns the new folder with `index.js` to be run, and the file the results will be in; the caller removes the folder
 * @throws esbuild's error when a suite does not exist or cannot be compiled
 */
export async function bundleSuites(
  suites: readonly string[],
  language: string,
  grep: string | undefined,
): Promise<{ readonly folder: string; readonly entry: string; readonly reportFile: string }> {
  // Inside the repository, so that the suites find mocha and other packages in its node_modules.
  const parent = join(root, 'out');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'vscode-suite-'));
  await build({
    entryPoints: [
      join(suiteFolder, 'index.ts'),
      ...suites.map((suite) => join(suiteFolder, `${suite}.suite.ts`)),
    ],
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'silent',
  });
  const reportFile = join(folder, 'report.jsonl');
  const order: RunOrder = {
    suites: suites.map((suite) => `${suite}.suite.js`),
    language,
    ...(grep === undefined ? {} : { grep }),
    reportFile,
  };
  await writeFile(join(folder, 'run.json'), JSON.stringify(order));
  await writeFile(reportFile, '');
  return { folder, entry: join(folder, 'index.js'), reportFile };
}
