/** What a rule wants done about a finding, in terms of facts; a language front turns it into edits. */
import type { Call, CommentFact, FileFacts, FunctionFact, Value } from './facts';
import type { Safety } from './finding';
import type { Span } from './text';

export type Repair =
  /** Await the value; the enclosing function becomes async where that is type-correct. */
  | {
      readonly kind: 'await';
      readonly value: Value;
      /** How far `await` alone can be trusted here; a suggestion when left out. */
      readonly safety?: Safety;
      /** The value is an array of promises: `await Promise.all(…)`. */
      readonly all?: boolean;
    }
  /** Mark the value as deliberately not awaited. */
  | { readonly kind: 'void'; readonly value: Value }
  /** Return the value of the statement, where it is the last of a function that may return a promise. */
  | { readonly kind: 'return'; readonly value: Value }
  /** Attach a rejection handler. */
  | { readonly kind: 'handle'; readonly value: Value }
  /** `xs.forEach(async …)` → `for (const x of xs) …`. */
  | { readonly kind: 'for-of'; readonly call: Call; readonly callback: FunctionFact }
  /** `xs.forEach(async …)` → `await Promise.all(xs.map(async …))`. */
  | { readonly kind: 'await-map'; readonly call: Call }
  /** `xs.filter(async …)` → compute the verdicts first, then filter by them. */
  | { readonly kind: 'filter-in-two-steps'; readonly call: Call }
  /** Wrap the body of a callback whose promise nobody sees in try/catch. */
  | { readonly kind: 'handle-body'; readonly function: FunctionFact }
  /** Remove an ignore comment that ignores nothing, or just the rule id at `rule` from its list. */
  | {
      readonly kind: 'remove-suppression';
      readonly file: FileFacts;
      readonly comment: CommentFact;
      readonly rule: Span;
    };
