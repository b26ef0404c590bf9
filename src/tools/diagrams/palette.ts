/** What a shape stands for; the colours follow from it. */
export const shapeKinds = ['run', 'wait', 'error', 'stopped', 'level', 'note'] as const;
export type ShapeKind = (typeof shapeKinds)[number];

export interface ShapeColours {
  readonly fill: string;
  readonly stroke: string;
  readonly text: string;
}

export interface Palette {
  /** The ground of the whole picture. It is opaque, so that the picture can be read on whatever lies behind it. */
  readonly card: string;
  readonly edge: string;
  /** Text and arrows directly on the card. */
  readonly text: string;
  readonly shapes: Readonly<Record<ShapeKind, ShapeColours>>;
}

export const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    card: '#f8f9fb',
    edge: '#d5dae0',
    text: '#3a424c',
    shapes: {
      run: { fill: '#d3e5fd', stroke: '#2667b0', text: '#123a68' },
      wait: { fill: '#f8f9fb', stroke: '#6b7682', text: '#4a535e' },
      error: { fill: '#fbdedb', stroke: '#b3261e', text: '#7d1a13' },
      stopped: { fill: '#e7e9ec', stroke: '#6b7682', text: '#4a535e' },
      level: { fill: '#e7e9ec', stroke: '#6b7682', text: '#4a535e' },
      note: { fill: '#fdf0cf', stroke: '#8a6400', text: '#574000' },
    },
  },
  dark: {
    card: '#20252b',
    edge: '#3c444d',
    text: '#c8d0d9',
    shapes: {
      run: { fill: '#1d3f66', stroke: '#6aa9ee', text: '#dceafb' },
      wait: { fill: '#20252b', stroke: '#8b96a3', text: '#b9c2cc' },
      error: { fill: '#5c2320', stroke: '#ff8a80', text: '#ffe1de' },
      stopped: { fill: '#333a42', stroke: '#8b96a3', text: '#c3cbd4' },
      level: { fill: '#333a42', stroke: '#8b96a3', text: '#c3cbd4' },
      note: { fill: '#4a3a10', stroke: '#d9aa3c', text: '#fbeac0' },
    },
  },
};

/** The style sheet of a picture: light, or dark where the page that shows it is dark. */
export function styleSheet(): string {
  const rules = ({ card, edge, text, shapes }: Palette): string =>
    [
      `.card{fill:${card};stroke:${edge}}`,
      `text{fill:${text}}`,
      `.arrow{stroke:${text}}.head{fill:${text}}`,
      ...shapeKinds.map((kind) => {
        const { fill, stroke, text: inside } = shapes[kind];
        return `.${kind} rect{fill:${fill};stroke:${stroke}}.${kind} text{fill:${inside}}`;
      }),
    ].join('');
  return [
    "text{font:13px system-ui,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif}",
    '.middle{text-anchor:middle}.end{text-anchor:end}.section{font-weight:600}',
    '.wait rect,.stopped rect{stroke-dasharray:5 3}.arrow{fill:none;stroke-width:1.5}',
    rules(palettes.light),
    `@media(prefers-color-scheme:dark){${rules(palettes.dark)}}`,
  ].join('');
}
