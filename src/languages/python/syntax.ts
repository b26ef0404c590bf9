import type { Language, TreeCursor } from 'web-tree-sitter';

/**
 * A node of the syntax tree copied out of WebAssembly memory: reading a tree twice through its own interface costs far
 * more than one copy. Offsets are UTF-16 and move when the node is reused for a later version of the text.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly field: string | undefined;
  start: number;
  end: number;
  /** What an identifier reads; kept because nearly every fact is found by a name. */
  readonly text: string | undefined;
  /** Named children without comments; operator tokens too, below the operators that have them. */
  readonly children: readonly SyntaxNode[];
  readonly comments: readonly SyntaxNode[] | undefined;
}

/** A node that a later version may reuse, by the id that tree-sitter keeps for the parts of untouched nodes. */
export interface Unit {
  readonly id: number;
  readonly node: SyntaxNode;
  readonly content: Content;
}

/** What is found in the syntax below a node without walking it. */
export interface Content {
  /** The outermost units below the node. */
  readonly units: readonly Unit[];
  /** Those of the units that hold a comment, however deep. */
  readonly commented: readonly Unit[];
  /** Comments that are in none of the units. */
  readonly comments: readonly SyntaxNode[];
}

export interface Syntax {
  readonly root: SyntaxNode;
  readonly content: Content;
  /** All units by their ids; the next version takes the map over. */
  readonly units: Map<number, Unit>;
}

interface ContentDraft {
  readonly units: Unit[];
  readonly commented: Unit[];
  readonly comments: SyntaxNode[];
}

const NONE: readonly SyntaxNode[] = [];

const WITH_OPERATORS: ReadonlySet<string> = new Set([
  'binary_operator',
  'boolean_operator',
  'comparison_operator',
  'unary_operator',
  'augmented_assignment',
]);

const LEAVES: ReadonlySet<string> = new Set([
  'identifier',
  'integer',
  'float',
  'comment',
  'true',
  'false',
  'none',
  'string_start',
  'string_content',
  'string_end',
  'escape_sequence',
  'ellipsis',
  'pass_statement',
  'break_statement',
  'continue_statement',
  'line_continuation',
  'type_conversion',
  'wildcard_import',
  'import_prefix',
]);

/**
 * What is looked for in the version before. The id of a node is its place in its parent in memory: below an edited
 * block every statement has got a new one, but what is inside of those statements has not.
 */
const UNITS: ReadonlySet<string> = new Set([
  'function_definition',
  'class_definition',
  'decorated_definition',
  'block',
  'parameters',
  'assignment',
  'expression_statement',
  'if_statement',
  'for_statement',
  'while_statement',
  'try_statement',
  'with_statement',
  'match_statement',
]);

/** Nothing people write nests deeper; generated tables of constants do, and would overflow the stack. */
const MAX_DEPTH = 400;

interface Kind {
  readonly name: string;
  readonly isNamed: boolean;
  readonly isLeaf: boolean;
  readonly isIdentifier: boolean;
  readonly isUnit: boolean;
  readonly hasOperators: boolean;
}

/** Copies trees of one language. */
export class SyntaxReader {
  private readonly kinds: Kind[];
  private readonly error: Kind = kind('ERROR', true);

  constructor(private readonly language: Language) {
    this.kinds = language.types.map((name, id) => kind(name, language.nodeTypeIsNamed(id)));
  }

  /**
   * @param cursor at the root of a tree; it is left there.
   * @param before the version before, to be given up: its nodes move into the new one. Its tree must not have been
   * deleted yet, for ids are addresses.
   */
  read(cursor: TreeCursor, text: string, before: Syntax | undefined): Syntax {
    const units = before?.units ?? new Map<number, Unit>();
    const reused = new Set<Unit>();
    const made: Unit[] = [];
    const kindOf = (id: number) => this.kinds[id] ?? this.error;
    const { fields } = this.language;

    const node = (current: Kind, depth: number, around: ContentDraft): SyntaxNode => {
      const start = cursor.startIndex;
      const field = fields[cursor.currentFieldId] ?? undefined;
      let id: number | undefined;
      if (current.isUnit) {
        id = cursor.nodeId;
        const known = units.get(id);
        // A statement may get another part in the same parent, as a definition that loses its decorator.
        if (known && known.node.field === field) {
          shift(known.node, start - known.node.start);
          include(known, around);
          reused.add(known);
          return known.node;
        }
      }
      const end = cursor.endIndex;
      const content: ContentDraft = id === undefined ? around : emptyContent();
      let children: SyntaxNode[] | undefined;
      let comments: SyntaxNode[] | undefined;
      const isLeaf =
        current.isLeaf || depth > MAX_DEPTH || (current.name === 'string' && !isInterpolated(text, start));
      if (!isLeaf && cursor.gotoFirstChild()) {
        do {
          const child = kindOf(cursor.nodeTypeId);
          if (!child.isNamed && !current.hasOperators) continue;
          const lowered = node(child, depth + 1, content);
          if (child.name === 'comment') {
            (comments ??= []).push(lowered);
            content.comments.push(lowered);
          } else if (child.name !== 'line_continuation') (children ??= []).push(lowered);
        } while (cursor.gotoNextSibling());
        cursor.gotoParent();
      }
      const copy: SyntaxNode = {
        type: current.name,
        field,
        start,
        end,
        text: current.isIdentifier ? text.slice(start, end) : undefined,
        children: children ?? NONE,
        comments,
      };
      if (id !== undefined) {
        const unit = { id, node: copy, content };
        include(unit, around);
        made.push(unit);
      }
      return copy;
    };

    const content = emptyContent();
    const root = node(kindOf(cursor.nodeTypeId), 0, content);
    if (before) forget(before.content.units, reused, units);
    for (const unit of made) units.set(unit.id, unit);
    return { root, content, units };
  }
}

function emptyContent(): ContentDraft {
  return { units: [], commented: [], comments: [] };
}

function include(unit: Unit, around: ContentDraft): void {
  around.units.push(unit);
  const { comments, commented } = unit.content;
  if (comments.length > 0 || commented.length > 0) around.commented.push(unit);
}

/** Removes the units that were not reused: their ids may come to mean others once their tree is deleted. */
function forget(old: readonly Unit[], reused: ReadonlySet<Unit>, units: Map<number, Unit>): void {
  for (const unit of old) {
    if (reused.has(unit)) continue;
    units.delete(unit.id);
    forget(unit.content.units, reused, units);
  }
}

/** Every comment below a node, in source order. */
export function commentsIn(content: Content): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = ({ commented, comments }: Content): void => {
    found.push(...comments);
    for (const unit of commented) visit(unit.content);
  };
  visit(content);
  return found.sort((a, b) => a.start - b.start);
}

function kind(name: string, isNamed: boolean): Kind {
  return {
    name,
    isNamed,
    isLeaf: !isNamed || LEAVES.has(name),
    isIdentifier: name === 'identifier',
    isUnit: UNITS.has(name),
    hasOperators: WITH_OPERATORS.has(name),
  };
}

function isInterpolated(text: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const letter = text[i]?.toLowerCase();
    if (letter === 'f' || letter === 't') return true;
    if (letter === '"' || letter === "'") return false;
  }
  return false;
}

function shift(node: SyntaxNode, by: number): void {
  if (by === 0) return;
  node.start += by;
  node.end += by;
  for (const child of node.children) shift(child, by);
  for (const comment of node.comments ?? NONE) shift(comment, by);
}

/** The child that a node holds in a field. */
export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

/** All children in a field. */
export function childrenIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

/** The first child of a type. */
export function childOf(node: SyntaxNode, type: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.type === type) return child;
  return undefined;
}
