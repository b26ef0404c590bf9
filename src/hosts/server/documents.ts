import { fileURLToPath } from 'node:url';
import { LineMap, type Range, type Span } from '../../core/text';
import type { TextChange } from '../../languages/python/parser';
import type { Located } from '../lsp';

/** A change as editors send it; without a range it replaces the whole text. */
export interface ReceivedChange {
  readonly range?: Range;
  readonly text: string;
}

/** A module that is open in the editor: one document, or the cells of a notebook. */
export interface OpenModule {
  /** Path of the file; the URI itself for buffers that are no files. */
  readonly file: string;
  readonly text: string;
  /** The documents it is made of. */
  readonly uris: readonly string[];
  versionOf(uri: string): number | undefined;
  lineCountOf(uri: string): number | undefined;
  locate(span: Span): Located | undefined;
  /** The offsets of a range in one of the documents. */
  spanOf(uri: string, range: Range): Span | undefined;
}

/** Path with forward slashes for a file's URI, the URI itself for anything else. */
export function fileOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    return fileURLToPath(uri).replaceAll('\\', '/');
  } catch {
    return uri;
  }
}

/** One text document. */
export class OpenDocument implements OpenModule {
  readonly file: string;
  private lines: LineMap;

  constructor(
    readonly uri: string,
    private version: number,
    private source: string,
  ) {
    this.file = fileOf(uri);
    this.lines = new LineMap(source);
  }

  get text(): string {
    return this.source;
  }

  get uris(): readonly string[] {
    return [this.uri];
  }

  versionOf(): number {
    return this.version;
  }

  lineCountOf(): number {
    return this.lines.lineCount;
  }

  locate(span: Span): Located {
    return { uri: this.uri, range: this.lines.rangeOf(span) };
  }

  spanOf(_uri: string, { start, end }: Range): Span {
    const span = { start: this.lines.offsetAt(start), end: this.lines.offsetAt(end) };
    return span.start <= span.end ? span : { start: span.end, end: span.start };
  }

  /** Applies changes one after the other. Returns them as changes of offsets, each in the text before it. */
  apply(changes: readonly ReceivedChange[], version: number): TextChange[] {
    this.version = version;
    return changes.map(({ range, text }) => {
      const span = range ? this.spanOf(this.uri, range) : { start: 0, end: this.source.length };
      this.source = this.source.slice(0, span.start) + text + this.source.slice(span.end);
      this.lines = new LineMap(this.source);
      return { span, newText: text };
    });
  }
}
