/**
 * The language-neutral description of one file's async behaviour that every language front produces and every rule
 * reads. Facts keep evaluation order and what becomes of each value; syntax that has no bearing on that is dropped
 * (types, parentheses, casts) or collapsed into `opaque` values that only keep their interesting parts.
 */
import type { Span } from './text';

export type Language = 'typescript' | 'python';

export interface FileFacts {
  /** Absolute path with forward slashes. */
  readonly file: string;
  readonly language: Language;
  readonly text: string;
  /** Every function in source order; the first one stands for the file's top level. */
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly comments: readonly CommentFact[];
  /** Statements the parser could not read; findings inside them are held back. */
  readonly broken: readonly Span[];
  /** Module specifiers this file imports or requires, in source order. */
  readonly imports: readonly string[];
}

/** A comment: `text` is without its delimiters and outer white space. */
export interface CommentFact {
  readonly span: Span;
  readonly text: string;
}

export type FunctionKind =
  'module' | 'function' | 'arrow' | 'method' | 'constructor' | 'getter' | 'setter' | 'static-block';

export interface FunctionFact {
  readonly file: FileFacts;
  readonly kind: FunctionKind;
  /** Its own name, or the name it is bound to (`const f = () => …`, `{ f: … }`, a method's name). */
  readonly name: string | undefined;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly span: Span;
  /** Where to point at when the function itself is meant: its name, else its first token. */
  readonly nameSpan: Span;
  readonly parent: FunctionFact | undefined;
  readonly owner: ClassFact | undefined;
  readonly isStatic: boolean;
  readonly params: readonly Param[];
  readonly decorators: readonly Value[];
  /** The function as a value, where it is an expression. */
  readonly value: FunctionValue | undefined;
  /** Its statements; an arrow function's expression body is one `return`. */
  readonly body: Block;
  /** Calls of this function itself, not of functions nested in it, in evaluation order. */
  readonly calls: readonly Call[];
  readonly awaits: readonly Await[];
  /** Handle of the front that made the fact; nobody else reads it. */
  readonly origin: unknown;
}

export interface Param {
  readonly binding: Binding | undefined;
  readonly span: Span;
  readonly initial: Value | undefined;
  readonly rest: boolean;
}

export interface ClassFact {
  readonly name: string | undefined;
  readonly span: Span;
  readonly heritage: readonly Value[];
  readonly members: readonly ClassMember[];
  readonly parent: FunctionFact;
}

export interface ClassMember {
  readonly name: string | undefined;
  readonly isStatic: boolean;
  readonly fn: FunctionFact | undefined;
  readonly initial: Value | undefined;
}

export type BindingKind =
  'const' | 'let' | 'var' | 'param' | 'function' | 'class' | 'import' | 'catch' | 'global-declaration';

/** A name declared in this file. */
export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  /** Function whose scope owns the name. */
  readonly fn: FunctionFact;
  readonly span: Span;
  /** The value it was declared with, where it is bound whole (not by destructuring). */
  readonly initial: Value | undefined;
  /** True where the name takes a part of the declared value (destructuring, loop element). */
  readonly destructured: boolean;
  readonly declared: FunctionFact | ClassFact | undefined;
  readonly imported: ImportedName | undefined;
  readonly exported: boolean;
  /** Declared with a type that by its form holds neither a promise nor a function: `string`, `number[]`. */
  readonly isPlain: boolean;
  /** Every use after the declaration, in source order. */
  readonly references: readonly Name[];
}

/** What an import binding stands for: `name` is `*` for a namespace, `default` for a default import. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

interface ValueBase {
  readonly span: Span;
  readonly fn: FunctionFact;
  readonly parent: Value | Statement;
  /** Handle of the front that made the fact; nobody else reads it. */
  readonly origin: unknown;
}

export type Value =
  | Call
  | Await
  | Name
  | Member
  | FunctionValue
  | ClassValue
  | Choice
  | Sequence
  | Collection
  | Assign
  | Unary
  | Binary
  | Template
  | Literal
  | Yield
  | Comprehension
  | Markup
  | Opaque;

export interface Argument {
  readonly value: Value;
  readonly spread: boolean;
  /** Keyword of a Python keyword argument. */
  readonly keyword: string | undefined;
}

/** A call, a construction, a tagged template (`args` are its substitutions) or `import(…)`. */
export interface Call extends ValueBase {
  readonly kind: 'call';
  readonly form: 'call' | 'new' | 'tagged' | 'import';
  readonly callee: Value;
  readonly args: readonly Argument[];
  readonly optional: boolean;
}

export interface Await extends ValueBase {
  readonly kind: 'await';
  readonly operand: Value;
}

export interface Name extends ValueBase {
  readonly kind: 'name';
  readonly text: string;
  /** Undefined for globals and names the file does not declare. */
  readonly binding: Binding | undefined;
  readonly access: 'read' | 'write' | 'both';
}

/** `this`, `self` and `super` are names; `object.name` and `object[computed]` are members. */
export interface Member extends ValueBase {
  readonly kind: 'member';
  readonly object: Value;
  readonly name: string | undefined;
  readonly nameSpan: Span;
  readonly computed: Value | undefined;
  readonly optional: boolean;
  readonly access: 'read' | 'write' | 'both';
}

export interface FunctionValue extends ValueBase {
  readonly kind: 'function';
  readonly function: FunctionFact;
}

export interface ClassValue extends ValueBase {
  readonly kind: 'class';
  readonly class: ClassFact;
}

/** `test ? left : right` (with `test`) or `left && right`, `||`, `??`. */
export interface Choice extends ValueBase {
  readonly kind: 'choice';
  readonly operator: '?:' | '&&' | '||' | '??';
  readonly test: Value | undefined;
  readonly left: Value;
  readonly right: Value;
}

export interface Sequence extends ValueBase {
  readonly kind: 'sequence';
  readonly values: readonly Value[];
}

export interface Collection extends ValueBase {
  readonly kind: 'collection';
  readonly form: 'array' | 'object' | 'set' | 'tuple';
  readonly elements: readonly Element[];
}

export interface Element {
  /** Property name where it is known. */
  readonly key: string | undefined;
  readonly computedKey: Value | undefined;
  readonly value: Value;
  readonly spread: boolean;
}

export interface Assign extends ValueBase {
  readonly kind: 'assign';
  /** `=`, `+=`, `??=` …, `:=` of a Python walrus. */
  readonly operator: string;
  readonly target: Value;
  readonly value: Value;
}

export interface Unary extends ValueBase {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operand: Value;
}

export interface Binary extends ValueBase {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
}

/** A template or f-string: its parts are turned into strings. */
export interface Template extends ValueBase {
  readonly kind: 'template';
  readonly parts: readonly Value[];
}

export interface Literal extends ValueBase {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null | undefined;
}

export interface Yield extends ValueBase {
  readonly kind: 'yield';
  readonly operand: Value | undefined;
  readonly delegates: boolean;
}

/** A Python comprehension: the clauses run before each `element`. */
export interface Comprehension extends ValueBase {
  readonly kind: 'comprehension';
  readonly form: 'list' | 'set' | 'dict' | 'generator';
  readonly clauses: readonly ComprehensionClause[];
  readonly elements: readonly Value[];
}

export interface ComprehensionClause {
  readonly isAsync: boolean;
  readonly source: Value;
  readonly conditions: readonly Value[];
}

/** A JSX element with its attributes and children. */
export interface Markup extends ValueBase {
  readonly kind: 'markup';
  readonly tag: string;
  /** What the tag names, where that is no element of the platform. */
  readonly component: Value | undefined;
  readonly attributes: readonly Element[];
  readonly children: readonly Value[];
}

/** Anything else that holds interesting parts. */
export interface Opaque extends ValueBase {
  readonly kind: 'opaque';
  readonly parts: readonly Value[];
}

interface StatementBase {
  readonly span: Span;
  readonly fn: FunctionFact;
  readonly parent: Statement | undefined;
  readonly origin: unknown;
}

export type Statement =
  | ExpressionStatement
  | Declare
  | Return
  | Throw
  | Block
  | If
  | Loop
  | Try
  | Switch
  | With
  | Jump
  | FunctionDeclaration
  | ClassDeclaration;

export interface ExpressionStatement extends StatementBase {
  readonly kind: 'expression';
  readonly value: Value;
}

export interface Declare extends StatementBase {
  readonly kind: 'declare';
  readonly bindings: readonly Binding[];
  readonly value: Value | undefined;
  /** `using` and `await using` hold the value until the end of the enclosing block. */
  readonly disposal: 'using' | 'await using' | undefined;
  /** The name that takes the value whole; undefined for destructuring. */
  readonly whole: Binding | undefined;
}

export interface Return extends StatementBase {
  readonly kind: 'return';
  readonly value: Value | undefined;
  /** True for the expression body of an arrow function or lambda. */
  readonly implicit: boolean;
}

export interface Throw extends StatementBase {
  readonly kind: 'throw';
  readonly value: Value | undefined;
}

export interface Block extends StatementBase {
  readonly kind: 'block';
  /** Label that a `break` inside may name; loops carry their own. */
  readonly label?: string;
  readonly body: readonly Statement[];
}

export interface If extends StatementBase {
  readonly kind: 'if';
  readonly test: Value;
  readonly then: Statement;
  readonly otherwise: Statement | undefined;
}

export interface Loop extends StatementBase {
  readonly kind: 'loop';
  /** Label that a `break` or `continue` inside may name. */
  readonly label?: string;
  readonly form: 'for' | 'for-of' | 'for-in' | 'for-await' | 'while' | 'do';
  /** Runs once before the loop (`for (init; …)`). */
  readonly initial: readonly Statement[];
  /** The iterated value of `for … of`/`in`; evaluated once. */
  readonly source: Value | undefined;
  /** The condition, evaluated for each round. */
  readonly test: Value | undefined;
  readonly update: Value | undefined;
  readonly bindings: readonly Binding[];
  /** `for (using x of xs)` disposes of each element after its round. */
  readonly disposal?: 'using' | 'await using' | undefined;
  readonly body: Statement;
  readonly otherwise: Statement | undefined;
}

export interface Try extends StatementBase {
  readonly kind: 'try';
  readonly block: Block;
  readonly handlers: readonly Handler[];
  /** Python's `else:`. */
  readonly otherwise: Block | undefined;
  readonly finalizer: Block | undefined;
}

export interface Handler {
  readonly span: Span;
  /** Exception types named by Python's `except`; empty means everything. */
  readonly types: readonly Value[];
  readonly binding: Binding | undefined;
  readonly body: Block;
}

export interface Switch extends StatementBase {
  readonly kind: 'switch';
  readonly value: Value;
  readonly cases: readonly SwitchCase[];
}

export interface SwitchCase {
  readonly test: Value | undefined;
  readonly body: readonly Statement[];
}

/** Python's `with` and `async with`. */
export interface With extends StatementBase {
  readonly kind: 'with';
  readonly isAsync: boolean;
  readonly resources: readonly { readonly value: Value; readonly bindings: readonly Binding[] }[];
  readonly body: Block;
}

export interface Jump extends StatementBase {
  readonly kind: 'jump';
  readonly form: 'break' | 'continue';
  readonly label: string | undefined;
}

export interface FunctionDeclaration extends StatementBase {
  readonly kind: 'function-declaration';
  readonly function: FunctionFact;
}

export interface ClassDeclaration extends StatementBase {
  readonly kind: 'class-declaration';
  readonly class: ClassFact;
}
