/** Where the parts of this program are: beside each other once built, spread over the repository before that. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GRAMMAR } from '../server/assets';
import { InputError } from './engine';

const isBuilt = existsSync(join(__dirname, 'worker.js'));
const repository = join(__dirname, '../../..');

export const HOMEPAGE = 'https://github.com/async-patterns/async-patterns';

export function version(): string {
  const manifest = join(isBuilt ? __dirname : repository, 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** The code of the thread that analyses, and how Node is to be started for it. */
export function workerFile(): { readonly file: string; readonly execArgv: readonly string[] } {
  if (isBuilt) return { file: join(__dirname, 'worker.js'), execArgv: [] };
  return { file: join(__dirname, 'worker.ts'), execArgv: ['--require', 'tsx/cjs'] };
}

/**
 * Where the build put the parser and the documents.
 * @throws InputError where they were not built.
 */
export function assetsFolder(): string {
  const folder = [__dirname, join(repository, 'dist')].find((candidate) =>
    existsSync(join(candidate, GRAMMAR)),
  );
  if (folder === undefined) throw new InputError(`${GRAMMAR} is missing; run npm run build.`);
  return folder;
}

/** Tells this build from others; undefined where it was not built, so that its code may be another at any time. */
export function identity(): string | undefined {
  if (!isBuilt) return undefined;
  const hash = createHash('sha1');
  for (const file of [join(__dirname, 'worker.js'), require.resolve('typescript/package.json')])
    hash.update(readFileSync(file));
  return hash.digest('hex');
}
