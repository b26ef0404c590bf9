import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  documentLanguages,
  loadPages,
  type DocumentLanguage,
  type LoadedPage,
} from '../../../src/documents/load';
import { diagrams } from '../../../src/tools/diagrams/diagrams';
import { draw, textIn } from '../../../src/tools/diagrams/drawing';
import { palettes } from '../../../src/tools/diagrams/palette';

const docs = resolve(import.meta.dirname, '../../../docs');

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours (WCAG 2.2), from 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The pictures of a page that are drawn here: alternative text and name. */
function picturesOf({ page }: LoadedPage): { readonly alt: string; readonly name: string }[] {
  return [...page.body.matchAll(/^!\[(.*)\]\(\.\.\/images\/(.+)\.svg\)$/gmu)].map(
    ([, alt = '', name = '']) => ({ alt, name }),
  );
}

describe('the pictures of the pages', () => {
  for (const [theme, { card, text, shapes }] of Object.entries(palettes)) {
    it(`can be read in the ${theme} theme: text 4.5 to 1, outlines 3 to 1`, () => {
      assert.ok(contrast(text, card) >= 4.5);
      for (const [kind, colours] of Object.entries(shapes)) {
        assert.ok(contrast(colours.text, colours.fill) >= 4.5, `text of ${kind}`);
        assert.ok(contrast(colours.stroke, card) >= 3, `outline of ${kind}`);
      }
    });
  }

  it('have no other colours, and a ground of their own, so that no background makes them unreadable', () => {
    const known = new Set(JSON.stringify(palettes).match(/#[0-9a-f]{6}/gu));
    for (const diagram of Object.values(diagrams)) {
      const svg = draw(diagram, 'en');
      assert.deepEqual(
        (svg.match(/#\w+/gu) ?? []).filter((colour) => !known.has(colour)),
        [],
      );
      assert.match(svg, /<rect class="card" x="0.5" y="0.5" width="719"/u);
      assert.doesNotMatch(svg, /opacity|<script|href=/u);
    }
  });

  it('show no two things in a row at the same time', () => {
    for (const [name, diagram] of Object.entries(diagrams)) {
      if (diagram.kind !== 'timeline') continue;
      for (const { label, spans } of diagram.sections.flatMap(({ rows }) => rows)) {
        let last = 0;
        for (const { from, to } of spans) {
          assert.ok(from >= last && to > from && to <= 100, `${name}: ${textIn(label, 'en')} at ${from}`);
          last = to;
        }
      }
    }
  });

  it('stand on pages in every language, described in the language of the page', async () => {
    const pages = await loadPages(docs);
    const used = (language: DocumentLanguage) =>
      pages
        .filter((page) => page.language === language)
        .flatMap((page) => picturesOf(page).map(({ name }) => `${page.page.id}: ${name}`));
    assert.deepEqual(used('ru'), used('en'));
    for (const page of pages) {
      for (const { alt, name } of picturesOf(page)) {
        const diagram = diagrams[name];
        assert.ok(diagram, `${page.path}: ${name}`);
        assert.equal(alt, textIn(diagram.description, page.language), page.path);
      }
    }
    const names = new Set(pages.flatMap(picturesOf).map(({ name }) => name));
    assert.deepEqual([...names].sort(), Object.keys(diagrams).sort());
  });

  it('are the files that lie there', () => {
    for (const language of documentLanguages) {
      const folder = join(docs, language, 'images');
      assert.deepEqual(
        readdirSync(folder).sort(),
        Object.keys(diagrams)
          .map((name) => `${name}.svg`)
          .sort(),
      );
      for (const [name, diagram] of Object.entries(diagrams))
        assert.equal(readFileSync(join(folder, `${name}.svg`), 'utf8'), draw(diagram, language));
    }
  });
});
