import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { Page } from 'playwright-core';

import { installEditor } from '../../src/tools/vscode-server/install';
import { installExtension, startServer } from '../../src/tools/vscode-server/server';
import { editorVersions } from '../../src/tools/vscode-server/versions';
import { launchBrowser } from './host/browser';
import { packagedExtension } from './host/packaged-extension';
import { openWindow, type DisplayLanguage } from './host/window';
import {
  checkWorkspace,
  focusEditor,
  goTo,
  openContents,
  openWalkthrough,
  openFileByName,
  openLightBulb,
  openProblems,
  pictureSettings,
  savePicture,
  showHover,
  toggleSideBar,
  typeSnippetPrefix,
  waitForLens,
  waitForSquiggles,
  waitForWorkbench,
  waitUntilIdle,
  type Position,
} from './host/workbench';
import { makeWorkspace } from './host/workspace';
import { shots, type Shot } from './shots';

const root = resolve(__dirname, '../..');
const size = { width: 1080, height: 620 };

/** `npm run screenshots`: takes the README's pictures in a real VS Code. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'string' },
      workspace: { type: 'string', default: 'test/workspaces/example' },
      out: { type: 'string', default: 'docs/images' },
      only: { type: 'string' },
      language: { type: 'string', default: 'en' },
      theme: { type: 'string', default: 'Default Dark Modern' },
    },
  });
  const chosen = shots.filter(
    (shot) => values.only === undefined || values.only.split(',').includes(shot.name),
  );
  if (chosen.length === 0)
    throw new Error(`There is no picture named ${values.only ?? ''} in test/vscode/shots.ts.`);
  const vsix = await packagedExtension(values.vsix, say);
  const editor = await installEditor(editorVersions.newest, say);
  const extensionsFolder = await mkdtemp(join(tmpdir(), 'async-patterns-extensions-'));
  try {
    await installExtension(editor, vsix, extensionsFolder);
    const settings = { ...pictureSettings, 'workbench.colorTheme': values.theme };
    const server = await startServer(editor, { extensionsFolder, settings });
    const browser = await launchBrowser(say);
    try {
      for (const shot of chosen) {
        // One of its own: what was typed for a picture before would be there again.
        const workspace = await makeWorkspace([resolve(root, values.workspace)]);
        const { folder } = workspace;
        try {
          if (shot.kind === 'lenses') {
            await mkdir(join(folder, '.vscode'), { recursive: true });
            await writeFile(join(folder, '.vscode/settings.json'), '{ "asyncPatterns.codeLens": true }');
          }
          const language: DisplayLanguage = values.language === 'ru' ? 'ru' : 'en';
          const page = await openWindow(browser, server, { folder, language, size, scale: 2 });
          try {
            await takePicture(page, shot, folder, join(resolve(root, values.out), `${shot.name}.png`));
          } finally {
            await page.context().close();
          }
        } finally {
          await workspace.remove();
        }
      }
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    await rm(extensionsFolder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  console.log(line);
}

/** @throws Error that names a picture of how far it came. */
async function takePicture(page: Page, shot: Shot, folder: string, file: string): Promise<void> {
  try {
    await arrange(page, shot, join(folder, shot.file));
    await savePicture(page, file);
    say(file);
  } catch (error) {
    const failed = join(tmpdir(), `async-patterns-${shot.name}.png`);
    await savePicture(page, failed);
    throw new Error(`The picture ${shot.name} could not be taken; ${failed} shows how far it came.`, {
      cause: error,
    });
  }
}

async function arrange(page: Page, shot: Shot, file: string): Promise<void> {
  const position = positionOf(await readFile(file, 'utf8'), shot.at, shot.file);
  await waitForWorkbench(page);
  await toggleSideBar(page);
  const editor = await openFileByName(page, shot.file);
  if (shot.kind !== 'snippet') await goTo(page, position);
  await waitForSquiggles(editor);
  await waitUntilIdle(page);
  switch (shot.kind) {
    case 'hover':
      await showHover(page, position, shot.expect);
      break;
    case 'light-bulb':
      await openLightBulb(page, position, shot.expect);
      break;
    case 'problems':
      await openProblems(page, shot.expect);
      await focusEditor(page);
      break;
    case 'lenses':
      await waitForLens(editor, shot.expect);
      break;
    case 'contents':
      await openContents(page, shot.expect);
      break;
    case 'walkthrough':
      await openWalkthrough(page, shot.expect);
      break;
    case 'workspace':
      await checkWorkspace(page, shot.stage, shot.expect);
      break;
    case 'snippet':
      await typeSnippetPrefix(page, position.line, shot.prefix, shot.expect);
      break;
  }
}

function positionOf(text: string, wanted: string, file: string): Position {
  const index = text.indexOf(wanted);
  if (index < 0)
    throw new Error(
      `${file} does not contain ${JSON.stringify(wanted)}, which test/vscode/shots.ts looks for.`,
    );
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
  process.exitCode = 1;
});
