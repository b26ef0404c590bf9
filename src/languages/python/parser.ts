import { Edit, Language, Parser, type Node, type Point, type Tree } from 'web-tree-sitter';
import type { FileFacts } from '../../core/facts';
import type { Span } from '../../core/text';
import { lower, type Lowered } from './lower';
import { SyntaxReader, type Syntax } from './syntax';

/** The two WebAssembly modules, as the host found them. */
export interface ParserBinaries {
  /** `web-tree-sitter.wasm`. */
  readonly runtime: Uint8Array;
  /** `tree-sitter-python.wasm`. */
  readonly grammar: Uint8Array;
}

/** A replacement in a text: UTF-16 offsets before the change. */
export interface TextChange {
  readonly span: Span;
  readonly newText: string;
}

/** Parses Python. One instance serves any number of documents. */
export class PythonParser {
  private constructor(
    private readonly parser: Parser,
    private readonly reader: SyntaxReader,
  ) {}

  /** Loads the parser; once per process is enough. */
  static async load({ runtime, grammar }: ParserBinaries): Promise<PythonParser> {
    await Parser.init({ wasmBinary: runtime });
    const language = await Language.load(grammar);
    const parser = new Parser();
    parser.setLanguage(language);
    return new PythonParser(parser, new SyntaxReader(language));
  }

  /** Opens a document that will be edited: it holds its tree in WebAssembly memory until `close`. */
  open(file: string, text: string): PythonDocument {
    return new PythonDocument(this, file, text);
  }

  /** Lowers a text that is not being edited. */
  lower(file: string, text: string): Lowered {
    const document = this.open(file, text);
    try {
      return document.lowered;
    } finally {
      document.close();
    }
  }

  /** The tree of a text; give the edited old tree to reuse what did not change. */
  parse(text: string, old?: Tree): Tree {
    const tree = this.parser.parse(text, old ?? null);
    if (!tree) throw new Error('The Python grammar is not loaded');
    return tree;
  }

  /** Copies a tree, taking over copies of the version before. */
  read(tree: Tree, text: string, before: Syntax | undefined): Syntax {
    const cursor = tree.walk();
    try {
      return this.reader.read(cursor, text, before);
    } finally {
      cursor.delete();
    }
  }
}

/** A Python file that may be edited. */
export class PythonDocument {
  private tree: Tree;
  private syntax: Syntax;
  private known: Lowered | undefined;

  constructor(
    private readonly parser: PythonParser,
    readonly file: string,
    private source: string,
  ) {
    this.tree = parser.parse(source);
    this.syntax = parser.read(this.tree, source, undefined);
  }

  get text(): string {
    return this.source;
  }

  /** Facts and type hints of the current text, computed once per version. */
  get lowered(): Lowered {
    return (this.known ??= lower({
      file: this.file,
      text: this.source,
      syntax: this.syntax,
      broken: brokenStatements(this.tree, this.source),
    }));
  }

  get facts(): FileFacts {
    return this.lowered.facts;
  }

  /** Applies changes one after the other, as editors send them. */
  edit(changes: readonly TextChange[]): void {
    if (changes.length === 0) return;
    for (const { span, newText } of changes) {
      const before = this.source;
      this.source = before.slice(0, span.start) + newText + before.slice(span.end);
      const newEnd = span.start + newText.length;
      this.tree.edit(
        new Edit({
          startIndex: span.start,
          oldEndIndex: span.end,
          newEndIndex: newEnd,
          startPosition: pointAt(before, span.start),
          oldEndPosition: pointAt(before, span.end),
          newEndPosition: pointAt(this.source, newEnd),
        }),
      );
    }
    const old = this.tree;
    this.tree = this.parser.parse(this.source, old);
    this.syntax = this.parser.read(this.tree, this.source, this.syntax);
    this.known = undefined;
    old.delete();
  }

  /** Replaces the text by finding the part that differs. */
  update(text: string): void {
    const before = this.source;
    if (text === before) return;
    const limit = Math.min(text.length, before.length);
    let start = 0;
    while (start < limit && text.charCodeAt(start) === before.charCodeAt(start)) start++;
    let tail = 0;
    while (
      tail < limit - start &&
      text.charCodeAt(text.length - 1 - tail) === before.charCodeAt(before.length - 1 - tail)
    )
      tail++;
    this.edit([
      { span: { start, end: before.length - tail }, newText: text.slice(start, text.length - tail) },
    ]);
  }

  /** Frees the tree; facts that were computed stay valid. */
  close(): void {
    this.tree.delete();
  }
}

/** Row and column as tree-sitter counts them: only `\n` ends a row, columns are UTF-16 units. */
function pointAt(text: string, offset: number): Point {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}

/** Spans of the smallest statements that hold a syntax error. */
function brokenStatements(tree: Tree, text: string): Span[] {
  const root = tree.rootNode;
  if (!root.hasError) return [];
  const spans: Span[] = [];
  const add = ({ start, end }: Span) => {
    const last = spans[spans.length - 1];
    if (last?.start !== start || last.end !== end) spans.push({ start, end });
  };
  const visit = (node: Node, statement: Span | undefined): void => {
    if (node.isError || node.isMissing) {
      add(statement ?? linesOf(text, node.startIndex, node.endIndex));
      return;
    }
    const isBlock = node.type === 'block';
    const isStatement = node.type.endsWith('_statement') || HEADED.has(node.type);
    for (const child of node.children) {
      if (!child.hasError && !child.isMissing) continue;
      visit(child, isStatement ? statementSpan(node, child) : isBlock ? undefined : statement);
    }
  };
  visit(root, undefined);
  return spans;
}

/** An error between statements makes its lines unreadable. */
function linesOf(text: string, from: number, to: number): Span {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', Math.max(from, to - 1));
  return { start, end: end < 0 ? text.length : end };
}

const HEADED: ReadonlySet<string> = new Set(['function_definition', 'class_definition', 'decorator']);

/** The statement itself, or only its head where the error is in the head of one that has a body. */
function statementSpan(node: Node, child: Node): Span {
  const body = node.childForFieldName('body') ?? node.childForFieldName('consequence');
  const start = node.startIndex;
  if (body && child.endIndex <= body.startIndex && !child.equals(body))
    return { start, end: body.startIndex };
  return { start, end: Math.max(node.endIndex, start + 1) };
}
