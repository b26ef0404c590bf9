import { LineMap, type Range, type Span } from '../../core/text';
import type { Located } from '../lsp';
import { fileOf, type OpenModule } from './documents';

/** A Python cell as the editor has it. */
export interface Cell {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

interface Placed extends Cell {
  readonly start: number;
  readonly end: number;
  readonly lines: LineMap;
}

/** The Python cells of a notebook, read as one module: what one cell defines, the next ones use. */
export class OpenNotebook implements OpenModule {
  readonly file: string;
  readonly text: string;
  private readonly cells: readonly Placed[];

  constructor(
    readonly uri: string,
    cells: readonly Cell[],
  ) {
    this.file = fileOf(uri);
    let text = '';
    this.cells = cells.map((cell) => {
      const start = text.length;
      text += `${withoutMagic(cell.text)}\n`;
      return { ...cell, start, end: text.length - 1, lines: new LineMap(cell.text) };
    });
    this.text = text;
  }

  get uris(): readonly string[] {
    return this.cells.map(({ uri }) => uri);
  }

  versionOf(uri: string): number | undefined {
    return this.cells.find((cell) => cell.uri === uri)?.version;
  }

  lineCountOf(uri: string): number | undefined {
    return this.cells.find((cell) => cell.uri === uri)?.lines.lineCount;
  }

  locate({ start, end }: Span): Located | undefined {
    const cell = this.cells.find((placed) => placed.start <= start && start <= placed.end);
    if (!cell) return undefined;
    const span = { start: start - cell.start, end: Math.min(end, cell.end) - cell.start };
    return { uri: cell.uri, range: cell.lines.rangeOf(span) };
  }

  spanOf(uri: string, { start, end }: Range): Span | undefined {
    const cell = this.cells.find((placed) => placed.uri === uri);
    return (
      cell && { start: cell.start + cell.lines.offsetAt(start), end: cell.start + cell.lines.offsetAt(end) }
    );
  }
}

/** Cell magics whose cell is still Python. */
const PYTHON_CELLS = /^%%(?:time|timeit|capture|prun|python3?|memit)\b/;

/**
 * A cell with what IPython adds to Python made comments of the same length, so that offsets stay: `%magic`, `!command`,
 * `?help` and `help?` lines, and whole cells in other languages (`%%bash`).
 */
export function withoutMagic(text: string): string {
  if (text.startsWith('%%') && !PYTHON_CELLS.test(text)) return text.replace(/^./gm, '#');
  return text.replace(/^([ \t]*)(?:[%!?](?=\S)|[\w.]+\?{1,2}[ \t]*$)/gm, (found, indent: string) => {
    const rest = found.slice(indent.length);
    return `${indent}#${rest.slice(1)}`;
  });
}
