import type { Browser, Page } from 'playwright-core';

import type { RunningServer } from '../../../src/tools/vscode-server/server';

/** The display languages the extension speaks. */
export type DisplayLanguage = 'en' | 'ru';

/** What a VS Code window shows. */
export interface WindowOptions {
  /** The folder to open, an absolute path; a window without a folder when left out. */
  readonly folder: string | undefined;
  readonly language: DisplayLanguage;
  /** Start-up arguments of the workbench that are only understood by a server under test. */
  readonly payload?: readonly (readonly [string, string])[];
  readonly size?: { readonly width: number; readonly height: number };
  /** How many pixels of a picture make one of the page; 1 when left out. */
  readonly scale?: number;
  /** Called with the new page before VS Code is loaded into it. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/**
 * Opens a VS Code window in a browser profile of its own.
 *
 * @param browser the browser
 * @param server the VS Code server
 * @param options what to open
 * @returns the page, loading; close its context when done
 */
export async function openWindow(
  browser: Browser,
  server: RunningServer,
  options: WindowOptions,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: options.size ?? { width: 1280, height: 800 },
    deviceScaleFactor: options.scale ?? 1,
    locale: options.language === 'ru' ? 'ru-RU' : 'en-US',
  });
  const page = await context.newPage();
  if (options.language !== 'en') {
    // What a language pack would set; `vscode.env.language` and the extension's own translations follow it.
    await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)};`);
  }
  await options.prepare?.(page);
  await page.goto(windowAddress(server, options.folder, options.payload));
  return page;
}

/** The address of a file on the server's machine. */
export function remoteAddress(server: RunningServer, path: string): string {
  return `vscode-remote://${server.authority}${encodeURI(toUriPath(path))}`;
}

function windowAddress(
  server: RunningServer,
  folder: string | undefined,
  payload: WindowOptions['payload'],
): string {
  const address = new URL(`http://${server.authority}/`);
  if (folder === undefined) address.searchParams.set('ew', 'true');
  else address.searchParams.set('folder', toUriPath(folder));
  address.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true'], ...(payload ?? [])]));
  return address.href;
}

function toUriPath(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}
