import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { documentLanguages, loadPages, type LoadedPage } from '../../src/documents/load';
import { diagrams } from '../../src/tools/diagrams/diagrams';
import { buildSite } from '../../src/tools/site/site';
import { launchBrowser } from '../vscode/host/browser';
import { serve, type StaticServer } from './serve';

// Not at the root: the site has to work below any address.
const base = '/async-patterns/';

describe('the web site', function () {
  let folder: string;
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  let documents: LoadedPage[];
  const problems: string[] = [];
  const at = (path: string) => `${server.address}${path}`;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'async-patterns-site-'));
    await buildSite({ out: folder, base });
    documents = await loadPages(resolve(__dirname, '../../docs'));
    server = await serve(folder, base);
    browser = await launchBrowser(console.log);
  });

  after(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    page = await browser.newPage({ locale: 'en-US', colorScheme: 'light' });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
    page.on('requestfailed', (request) => {
      // What a page still loads when it is left is given up.
      const error = request.failure()?.errorText ?? '';
      if (error !== 'net::ERR_ABORTED') problems.push(`${page.url()}: ${request.url()}: ${error}`);
    });
  });

  afterEach(async () => {
    await page.close();
    assert.deepEqual(problems.splice(0), []);
  });

  /** Of a page that may still be on its way: an element is there before its text. */
  const title = () => page.locator('h1', { hasText: /\S/u }).textContent();

  /** Opens a page, types into its search and returns the titles of what is found, best first. */
  async function search(path: string, words: string): Promise<string[]> {
    await page.goto(at(path));
    await page.keyboard.press('Control+k');
    await page.locator('.pf-input').fill(words);
    const found = page.locator('.pf-result-link');
    await found.first().waitFor();
    return found.allTextContents();
  }

  it('starts in the language of the browser', async () => {
    await page.goto(at(''));
    await page.waitForURL(at('en/index.html'));
    const russian = await browser.newPage({ locale: 'ru-RU' });
    await russian.goto(at(''));
    await russian.waitForURL(at('ru/index.html'));
    await russian.close();
  });

  it('leads from home to a page, on to another, and to the same page in the other language', async () => {
    await page.goto(at('en/index.html'));
    await page.locator('main').getByRole('link', { name: 'Gather', exact: true }).click();
    assert.equal(await title(), 'Gather');
    await page.locator('main').getByRole('link', { name: 'late-await' }).click();
    assert.equal(await title(), 'Late await');
    await page.getByRole('link', { name: 'Русский' }).click();
    assert.equal(page.url(), at('ru/rules/late-await.html'));
    assert.equal(await title(), 'Запоздалый await');
    assert.equal(await page.locator('html').getAttribute('lang'), 'ru');
    assert.equal(await page.locator('nav [aria-current=page]').textContent(), 'Запоздалый await');
  });

  it('finds words in every form, in both languages', async () => {
    assert.equal((await search('en/concepts/await.html', 'semaphores'))[0], 'Semaphore');
    assert.equal((await search('ru/rules/late-await.html', 'очередями'))[0], 'Очередь');
    await page.locator('.pf-result-link').first().click();
    await page.waitForURL(/\/ru\/concepts\/queue\.html/u);
    // A word that stands only among the synonyms.
    assert.deepEqual(await search('ru/index.html', 'реакторы'), ['Цикл событий']);
  });

  it('says in words what a block is, and marks the reported lines', async () => {
    await page.goto(at('ru/rules/await-in-loop.html'));
    assert.match(await page.locator('.block.bad figcaption').first().innerText(), /✗\s*Замечание/u);
    assert.match(await page.locator('.block.good figcaption').first().innerText(), /✓\s*Без замечаний/u);
    const rule = documents.find(({ path }) => path === 'ru/rules/await-in-loop.md');
    const marks = rule?.page.body.match(/(?:\/\/|#) ✗ /gu) ?? [];
    assert.equal(await page.locator('.line.reported').count(), marks.length);
    assert.ok(marks.length > 0);
    await page.goto(at('ru/rules/misused-promise.html'));
    const repairs = await page.locator('.block.fixed figcaption').allInnerTexts();
    assert.ok(repairs.some((text) => /✓\s*Исправлено: Заменить на Promise\.all: все сразу/u.test(text)));
    await page.goto(at('en/concepts/gather.html'));
    assert.match(await page.locator('.block.output figcaption').first().innerText(), /Prints/u);
  });

  it('turns dark and remembers it', async () => {
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.goto(at('en/concepts/gather.html'));
    const light = await background();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    const dark = await background();
    assert.notEqual(dark, light);
    await page.goto(at('ru/concepts/gather.html'));
    assert.equal(await background(), dark);
  });

  it('has every page, no broken link or picture, and nothing wider than a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    const seen = new Set<string>();
    const fragments: { readonly from: string; readonly to: string; readonly id: string }[] = [];
    const idsOf = new Map<string, ReadonlySet<string>>();
    const queue = [at('en/index.html'), at('ru/index.html')];
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const response = await page.goto(url);
      assert.equal(response?.status(), 200, url);
      const { links, ids, pictures, width } = await page.evaluate<PageFacts>(`(async () => {
        const images = [...document.images];
        await Promise.all(images.map((image) => image.decode().catch(() => {})));
        return {
          links: [...document.querySelectorAll('a[href], link[hreflang]')].map((link) => link.href),
          ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
          pictures: images.map(({ src, alt, naturalWidth }) => ({ src, alt, naturalWidth })),
          width: document.documentElement.scrollWidth,
        };
      })()`);
      assert.ok(width <= 390, `${url} is ${width} pixels wide`);
      idsOf.set(url, new Set(ids));
      for (const { src, alt, naturalWidth } of pictures)
        assert.ok(naturalWidth > 0 && alt !== '', `${url}: ${src} is not shown or has no text`);
      for (const link of links) {
        if (!link.startsWith(server.address)) continue;
        const [to = '', fragment] = link.split('#');
        queue.push(to);
        if (fragment) fragments.push({ from: url, to, id: decodeURIComponent(fragment) });
      }
    }
    for (const { from, to, id } of fragments) assert.ok(idsOf.get(to)?.has(id), `${from}: ${to}#${id}`);
    const missing = documents
      .map(({ path }) => at(path.replace('.md', '.html')))
      .filter((url) => !seen.has(url));
    assert.deepEqual(missing, []);
  });

  it('has pictures whose texts stay in their boxes, in both languages', async () => {
    const outside: string[] = [];
    // For a picture of its own the browser asks the server for an icon.
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    for (const language of documentLanguages) {
      for (const name of Object.keys(diagrams)) {
        await page.goto(at(`${language}/images/${name}.svg`));
        const texts = await page.evaluate<readonly string[]>(`[...document.querySelectorAll('text')]
          .filter((text) => {
            const inner = text.getBBox();
            const ground = text.parentNode.querySelector(':scope > rect').getBBox();
            return inner.x < ground.x || inner.x + inner.width > ground.x + ground.width
              || inner.y < ground.y || inner.y + inner.height > ground.y + ground.height;
          })
          .map((text) => text.textContent)`);
        outside.push(...texts.map((text) => `${language}/${name}: ${text}`));
      }
    }
    assert.deepEqual(outside, []);
  });

  it('answers with a page of its own where there is none', async () => {
    const response = await page.goto(at('en/concepts/nothing/here.html'));
    assert.equal(response?.status(), 404);
    // The browser itself reports the status.
    problems.length = 0;
    await page.getByRole('link', { name: 'Главная' }).click();
    assert.equal(page.url(), at('ru/index.html'));
  });
});

interface PageFacts {
  readonly links: readonly string[];
  readonly ids: readonly string[];
  readonly pictures: readonly { readonly src: string; readonly alt: string; readonly naturalWidth: number }[];
  readonly width: number;
}
