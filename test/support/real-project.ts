import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachedFolder } from '../../src/tools/vscode-server/cache-folder';
import { runNpm } from '../../src/tools/vscode-server/run-command';
import { nameOf, SOURCES_TSCONFIG } from './npm-sources';

/** Packages that ship their TypeScript sources and in which many rules find something; exact, so that runs compare. */
const PACKAGES = {
  auth: '@supabase/auth-js@2.119.1',
  browser: 'puppeteer-core@24.43.1',
} as const;
/** Folders of `browser/src`, the larger half of it, in which no rule finds anything that is not in the rest, too. */
export const LEFT_OUT = ['api', 'cdp', 'generated'] as const;
/** The same in JavaScript, with `require`. */
const JAVASCRIPT = 'kafkajs@2.2.4';
const TYPES = '@types/node@20.19.43';

/** The folder of Python's own library that holds a package. */
function libraryOf(python: string): string {
  const { stdout } = spawnSync(python, ['-c', 'import asyncio; print(asyncio.__file__)'], {
    encoding: 'utf8',
  });
  return dirname(dirname(stdout.trim()));
}

/** A folder whose `node_modules` has the packages, installed from the npm registry on first use. */
function installed(): Promise<string> {
  const specifiers = [...Object.values(PACKAGES), JAVASCRIPT, TYPES];
  return cachedFolder(
    `real-project-${specifiers.join('-').replaceAll(/[^\w.@-]/g, '_')}`,
    async (unfinished) => {
      writeFileSync(join(unfinished, 'package.json'), '{ "private": true }');
      await runNpm(['install', '--ignore-scripts', '--no-audit', '--no-fund', ...specifiers], unfinished);
    },
  );
}

/**
 * Makes a project of other people's JavaScript, checked by TypeScript as far as it has types.
 * @param folder empty.
 */
export async function writeJavaScriptProject(folder: string): Promise<void> {
  const cache = await installed();
  symlinkSync(join(cache, 'node_modules'), join(folder, 'node_modules'), 'junction');
  cpSync(join(cache, 'node_modules', nameOf(JAVASCRIPT), 'src'), join(folder, 'src'), { recursive: true });
  const compilerOptions = {
    ...SOURCES_TSCONFIG.compilerOptions,
    module: 'CommonJS',
    moduleResolution: 'Node10',
    strict: false,
  };
  const config = {
    ...SOURCES_TSCONFIG,
    compilerOptions: { ...compilerOptions, ignoreDeprecations: '6.0', allowJs: true, checkJs: true },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
}

/**
 * Makes a repository of other people's code: two packages of TypeScript below `auth` and `browser`, each a project, and
 * Python's `asyncio`, with its tests where they are installed, below `python`. All rules report at their full level, but for
 * some folders that the configuration leaves out.
 * @param folder empty; its packages are linked from a cache.
 */
export async function writeRealProject(folder: string): Promise<void> {
  const cache = await installed();
  symlinkSync(join(cache, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const json = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  json('package.json', { private: true, type: 'module' });
  json('async-patterns.json', { preset: 'all', ignore: [`browser/src/{${LEFT_OUT.join()}}/**`] });
  for (const [name, specifier] of Object.entries(PACKAGES)) {
    mkdirSync(join(folder, name));
    cpSync(join(cache, 'node_modules', nameOf(specifier), 'src'), join(folder, name, 'src'), {
      recursive: true,
    });
    json(`${name}/tsconfig.json`, SOURCES_TSCONFIG);
  }
  const library = libraryOf('python3');
  const isSource = (path: string) => !path.includes('__pycache__');
  for (const part of ['asyncio', 'test/test_asyncio'])
    if (existsSync(join(library, part)))
      cpSync(join(library, part), join(folder, 'python', part), { recursive: true, filter: isSource });
}
