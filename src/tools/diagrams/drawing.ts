import type { DocumentLanguage } from '../../documents/load';
import { styleSheet, type ShapeKind } from './palette';

/** A text in every language, or one that is the same in all of them. */
export type Text = string | Readonly<Record<DocumentLanguage, string>>;

/** A stretch of time in a row. */
export interface Span {
  /** Per cent of the time shown. */
  readonly from: number;
  readonly to: number;
  readonly kind: ShapeKind;
  readonly text?: Text;
}

export interface Row {
  readonly label: Text;
  readonly spans: readonly Span[];
}

/** Who does what when: rows of spans, read from left to right. */
export interface Timeline {
  readonly kind: 'timeline';
  /** What the picture shows, for those who do not see it. */
  readonly description: Text;
  readonly sections: readonly { readonly title?: Text; readonly rows: readonly Row[] }[];
}

/** Boxes and the ways between them; pixels. */
export interface Flow {
  readonly kind: 'flow';
  readonly description: Text;
  readonly height: number;
  readonly boxes: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly kind: ShapeKind;
    /** One line each. */
    readonly text: readonly Text[];
  }[];
  readonly arrows: readonly (readonly (readonly [x: number, y: number])[])[];
  readonly labels: readonly { readonly x: number; readonly y: number; readonly text: Text }[];
}

export type Diagram = Timeline | Flow;

const time: Text = { en: 'time →', ru: 'время →' };
const width = 720;
const padding = 16;
const labelWidth = 128;
const rowHeight = 26;
const rowGap = 8;
const lineHeight = 18;
/** From the middle of a line to its base line, for 13 px. */
const baseline = 4.5;

export function textIn(text: Text, language: DocumentLanguage): string {
  return typeof text === 'string' ? text : text[language];
}

/** Draws a diagram as an SVG file of its own, with the texts of one language. */
export function draw(diagram: Diagram, language: DocumentLanguage): string {
  const say = (text: Text) => escape(textIn(text, language));
  const { height, shapes } = diagram.kind === 'timeline' ? timeline(diagram, say) : flow(diagram, say);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" xml:lang="${language}">`,
    `<title>${say(diagram.description)}</title>`,
    `<style>${styleSheet()}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...shapes,
    '</svg>',
  ].join('\n')}\n`;
}

type Say = (text: Text) => string;

function timeline({ sections }: Timeline, say: Say): { height: number; shapes: string[] } {
  const left = padding + labelWidth;
  const scale = (width - padding - left) / 100;
  const shapes: string[] = [];
  let y = padding;
  sections.forEach(({ title, rows }, index) => {
    if (index > 0) y += rowGap;
    if (title !== undefined) {
      shapes.push(label(padding, y + rowHeight / 2, say(title), 'section'));
      y += rowHeight + rowGap / 2;
    }
    for (const row of rows) {
      shapes.push(label(padding, y + rowHeight / 2, say(row.label)));
      for (const { from, to, kind, text } of row.spans) {
        const x = left + from * scale;
        shapes.push(box(x, y, (to - from) * scale, rowHeight, kind, text === undefined ? [] : [say(text)]));
      }
      y += rowHeight + rowGap;
    }
  });
  y += lineHeight / 2;
  shapes.push(label(width - padding, y, say(time), 'end'));
  return { height: y + lineHeight / 2 + rowGap, shapes };
}

function flow({ boxes, arrows, labels, height }: Flow, say: Say): { height: number; shapes: string[] } {
  const heightOf = (lines: number) => lines * lineHeight + 14;
  return {
    height,
    shapes: [
      ...arrows.map(arrow),
      ...boxes.map(({ x, y, width: boxWidth, kind, text }) =>
        box(x, y, boxWidth, heightOf(text.length), kind, text.map(say)),
      ),
      ...labels.map(({ x, y, text }) => label(x, y, say(text))),
    ],
  };
}

function box(x: number, y: number, w: number, h: number, kind: ShapeKind, lines: readonly string[]): string {
  const top = y + h / 2 - ((lines.length - 1) * lineHeight) / 2 + baseline;
  const texts = lines.map(
    (line, index) =>
      `<text class="middle" x="${round(x + w / 2)}" y="${round(top + index * lineHeight)}">${line}</text>`,
  );
  const rect = `<rect x="${round(x + 1)}" y="${round(y)}" width="${round(w - 2)}" height="${round(h)}" rx="4"/>`;
  return `<g class="${kind}">${rect}${texts.join('')}</g>`;
}

function label(x: number, y: number, text: string, className?: string): string {
  const attribute = className === undefined ? '' : ` class="${className}"`;
  return `<text${attribute} x="${round(x)}" y="${round(y + baseline)}">${text}</text>`;
}

/** A line through points that ends in a head. */
function arrow(points: readonly (readonly [x: number, y: number])[]): string {
  const [endX, endY] = points.at(-1) ?? [0, 0];
  const [beforeX, beforeY] = points.at(-2) ?? [endX, endY];
  const angle = (Math.atan2(endY - beforeY, endX - beforeX) * 180) / Math.PI;
  const line = points.map(([x, y]) => `${x},${y}`).join(' ');
  const head = `<path class="head" d="M0 0l-9 -4.5v9z" transform="translate(${endX} ${endY}) rotate(${round(angle)})"/>`;
  return `<polyline class="arrow" points="${line}"/>${head}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
