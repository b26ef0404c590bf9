import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Locator, Page } from 'playwright-core';

const timeout = 30_000;
const retryAfterMs = 2000;
const quickInput = '.quick-input-widget .quick-input-box input';

/** A place in a file as people count it: the first line and the first column are 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** User settings for a calm picture: nothing in it but the editor and what the extension shows. */
export const pictureSettings: Readonly<Record<string, unknown>> = {
  'breadcrumbs.enabled': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.fontSize': 14,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'explorer.openEditors.visible': 0,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Waits until the workbench is drawn.
 *
 * @param page a page that loads VS Code
 * @throws playwright's TimeoutError when VS Code does not show up within a minute
 */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.editor').waitFor({ timeout });
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout });
}

/**
 * Runs a command of the command palette.
 *
 * @param page a page with the workbench
 * @param title the English title, such as `View: Toggle Primary Side Bar Visibility`
 */
export async function runWorkbenchCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await chooseInQuickInput(page, `>${title}`, title);
}

/**
 * Opens a file by its name and waits until its text is shown.
 *
 * @param page a page with the workbench
 * @param path the file, relative to the open folder, with forward slashes
 * @returns the editor that shows it
 */
export async function openFileByName(page: Page, path: string): Promise<Locator> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  await page.keyboard.press('Control+P');
  await chooseInQuickInput(page, path, name);
  const editor = page.locator('.editor-group-container.active .monaco-editor[role="code"]').first();
  await page.locator('.tab.active', { hasText: name }).waitFor({ timeout });
  await editor.locator('.view-line').first().waitFor({ timeout });
  return editor;
}

/**
 * Puts the cursor somewhere in the active editor.
 *
 * @param page a page with an open editor
 * @param position one-based line and column
 */
export async function goTo(page: Page, position: Position): Promise<void> {
  await page.keyboard.press('Control+G');
  const input = page.locator(quickInput).first();
  await input.waitFor({ timeout });
  await input.fill(`:${position.line}:${position.column}`);
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden', timeout });
}

/**
 * Waits until a squiggle is drawn in an editor.
 *
 * @param editor the editor
 * @param count how many there must be at least
 */
export async function waitForSquiggles(editor: Locator, count = 1): Promise<void> {
  await editor
    .locator('.squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint')
    .nth(count - 1)
    .waitFor({ state: 'attached', timeout });
}

/**
 * Waits until a line above a function says something.
 *
 * @param editor the editor
 * @param expected text of the line
 */
export async function waitForLens(editor: Locator, expected: string): Promise<void> {
  await editor.locator('.codelens-decoration', { hasText: expected }).first().waitFor({ timeout });
}

/** Waits until the status bar shows no more work going on, such as TypeScript reading a project. */
export async function waitUntilIdle(page: Page): Promise<void> {
  await page.locator('.part.statusbar .codicon-modifier-spin').first().waitFor({ state: 'hidden', timeout });
}

/**
 * Shows the hover at a position of the active editor, as the mouse resting there would.
 *
 * @param page a page with an open editor
 * @param position one-based line and column
 * @param expected text the hover must contain; it is opened again until it does
 * @returns the hover
 */
export async function showHover(page: Page, position: Position, expected: string): Promise<Locator> {
  const hover = page.locator('.monaco-hover:not(.hidden):visible', { hasText: expected }).first();
  await insist(
    hover,
    async () => {
      await goTo(page, position);
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+I');
    },
    page,
  );
  return hover;
}

/**
 * Opens the menu of the light bulb at a position of the active editor.
 *
 * @param page a page with an open editor
 * @param position one-based line and column
 * @param expected text the menu must contain; it is opened again until it does
 * @returns the menu
 */
export async function openLightBulb(page: Page, position: Position, expected: string): Promise<Locator> {
  const menu = page.locator('.action-widget', { hasText: expected });
  await insist(
    menu,
    async () => {
      await goTo(page, position);
      await page.keyboard.press('Control+.');
    },
    page,
  );
  return menu;
}

/**
 * Shows the problems panel.
 *
 * @param page a page with the workbench
 * @param expected text of a problem to wait for
 * @returns the panel
 */
export async function openProblems(page: Page, expected: string): Promise<Locator> {
  await page.keyboard.press('Control+Shift+M');
  const panel = page.locator('.part.panel .markers-panel');
  await panel.locator('.monaco-list-row', { hasText: expected }).first().waitFor({ timeout });
  return panel;
}

/**
 * Types a snippet's prefix on a new line and waits for the suggestion with its preview.
 *
 * @param page a page with an open editor
 * @param line the line, counted from 1, above which the new one is made with the same indentation
 * @param prefix what to type
 * @param expected text of the suggestion to wait for
 * @returns the list of suggestions
 */
export async function typeSnippetPrefix(
  page: Page,
  line: number,
  prefix: string,
  expected: string,
): Promise<Locator> {
  await goTo(page, { line, column: 1 });
  await page.keyboard.press('Control+Shift+Enter');
  await page.keyboard.type(prefix, { delay: 30 });
  const suggestions = page.locator('.suggest-widget.visible');
  if (!(await suggestions.isVisible())) await page.keyboard.press('Control+Space');
  await suggestions.locator('.monaco-list-row', { hasText: expected }).first().waitFor({ timeout });
  const details = page.locator('.suggest-details:visible');
  if (!(await details.isVisible())) await page.keyboard.press('Control+Space');
  await details.waitFor({ timeout });
  return suggestions;
}

/**
 * Shows the extension's table of contents and opens a page from it, in the place of the code.
 *
 * @param page a page with the workbench
 * @param id the page's, as its file is named
 */
export async function openContents(page: Page, id: string): Promise<void> {
  await page.locator('.activitybar .action-item a[aria-label^="Async Patterns"]').first().click();
  const entries = page.locator('.part.sidebar .monaco-list-row .codicon-book');
  await entries.first().waitFor({ timeout });
  // The contents have more entries than half a side bar.
  await page.locator('.part.sidebar .pane-header', { hasText: /Findings|Находки/u }).click();
  const title = id.charAt(0).toUpperCase() + id.slice(1);
  await page
    .locator('.part.sidebar .monaco-list-row', { hasText: new RegExp(`^(?:${title}|Семафор)$`, 'u') })
    .first()
    .click();
  await page.locator('.tab.active', { hasText: `${id}.md` }).waitFor({ timeout });
  const frame = page.locator('iframe.webview.ready').last().contentFrame().locator('iframe').contentFrame();
  await frame.locator('h1').waitFor({ timeout });
}

/**
 * Checks the whole workspace and shows what comes of it.
 *
 * @param page a page with the workbench
 * @param stage how far to go: `progress` stops while the check runs, `preview` shows the safe fixes
 * @param expected text of an entry of the tree to wait for
 */
export async function checkWorkspace(
  page: Page,
  stage: 'progress' | 'by-rule' | 'by-file' | 'preview',
  expected: string,
): Promise<void> {
  // A window under test shows no notification by itself.
  if (stage === 'progress') await runWorkbenchCommand(page, 'Notifications: Show Notifications');
  await page.locator('.activitybar .action-item a[aria-label^="Async Patterns"]').first().click();
  await page.locator('.part.sidebar .pane-header', { hasText: /Documentation|Документация/u }).click();
  await widenSideBar(page, 120);
  const view = page.locator('.part.sidebar .pane', { hasText: /^(?:Findings|Находки)/u });
  await view.locator('.welcome-view a, .monaco-button').first().click();
  if (stage === 'progress') {
    await view.locator('.message', { hasText: /\d/u }).first().waitFor({ timeout });
    return;
  }
  const rows = view.locator('.monaco-list-row');
  await rows.first().waitFor({ timeout });
  // Only while it runs it can be cancelled.
  await view.locator('.codicon-stop-circle').waitFor({ state: 'detached', timeout });
  const action = async (name: RegExp) => {
    await view.hover();
    await view.locator('.actions-container a').and(page.getByLabel(name)).first().click();
  };
  if (stage === 'by-file') await action(/by File|по файлам/u);
  if (stage === 'preview') {
    await action(/Fix All Safe|Исправить/u);
    await page.locator('.bulk-edit-panel .monaco-list-row').first().waitFor({ timeout });
    return;
  }
  await rows.filter({ hasText: expected }).first().click();
  await rows.nth(1).click();
}

/**
 * Opens the extension's walkthrough.
 *
 * @param page a page with the workbench
 * @param name text of its title
 */
export async function openWalkthrough(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator(quickInput).first();
  await input.waitFor({ timeout });
  await input.fill('>Open Walkthrough');
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor({ timeout });
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().click();
  await page.locator('.gettingStartedContainer .step-title').first().waitFor({ timeout });
  // What stands beside the steps is a document of its own.
  const frame = page.locator('iframe.webview.ready').last().contentFrame().locator('iframe').contentFrame();
  await frame.locator('code, li').first().waitFor({ timeout });
}

async function widenSideBar(page: Page, byPixels: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('there is no side bar');
  const [x, y] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + byPixels, y, { steps: 5 });
  await page.mouse.up();
}

/** Gives the keyboard back to the first editor. */
export async function focusEditor(page: Page): Promise<void> {
  await page.keyboard.press('Control+1');
}

/** Shows or hides the side bar. */
export async function toggleSideBar(page: Page): Promise<void> {
  await page.keyboard.press('Control+B');
}

/**
 * Writes what the page shows to a PNG file.
 *
 * @param page the page
 * @param file the file to write; its folder is made
 */
export async function savePicture(page: Page, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled' });
}

/** Language features answer before their server is ready, so what they show is asked for again until it is right. */
async function insist(wanted: Locator, show: () => Promise<void>, page: Page): Promise<void> {
  const deadline = Date.now() + timeout;
  for (;;) {
    await show();
    try {
      await wanted.waitFor({ timeout: retryAfterMs });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

async function chooseInQuickInput(page: Page, text: string, expected: string): Promise<void> {
  const input = page.locator(quickInput).first();
  await input.waitFor({ timeout });
  await input.fill(text);
  await page
    .locator('.quick-input-widget .monaco-list-row', { hasText: expected })
    .first()
    .waitFor({ timeout });
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden', timeout });
}
