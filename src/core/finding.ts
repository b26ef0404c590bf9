import type { Repair } from './repair';
import type { Span } from './text';

export const LEVELS = ['off', 'hint', 'information', 'warning', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * A text for the user: `{name}` in the template stands for a value. Kept apart so that an editor can look the
 * template up in its language and fill the values in afterwards.
 */
export interface Message {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

export function message(template: string, values: Readonly<Record<string, string>> = {}): Message {
  return { template, values };
}

/** Fills the values into the template. */
export function formatMessage({ template, values }: Message): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export interface Related {
  readonly file: string;
  readonly span: Span;
  readonly message: Message;
}

export interface Finding {
  readonly rule: string;
  /** Below the rule's own level where this case is a milder one. */
  readonly level: Level;
  readonly span: Span;
  readonly message: Message;
  readonly related: readonly Related[];
  /** Repairs to offer, best first; a host asks the oracle for their edits when somebody wants them. */
  readonly repairs: readonly Repair[];
  /** The code does nothing and can be shown faded. */
  readonly unnecessary: boolean;
}

export interface Edit {
  readonly file: string;
  readonly span: Span;
  readonly newText: string;
}

/** `safe`: keeps behaviour and types, preferred and part of fix-all. `suggestion`: the author should look at it. */
export type Safety = 'safe' | 'suggestion';

export interface Fix {
  readonly title: Message;
  readonly safety: Safety;
  readonly edits: readonly Edit[];
  /** It makes right code better: an editor lists it with the refactorings. */
  readonly isRefactoring?: boolean;
}
