/**
 * What the analysis hosts (tsserver plugin, language server) and the editor exchange: JSON in the shapes of the
 * Language Server Protocol, so that the editor side converts one format for every engine.
 */
import type { CodeAction, Diagnostic, Range, TextEdit } from 'vscode-languageserver-types';
import type { RawConfig } from './config';

/** Package name of the tsserver plugin inside the VSIX. */
export const PLUGIN_NAME = 'async-patterns-tsserver';

/** Diagnostic `source`. */
export const SOURCE = 'async-patterns';

/** Kind of the code actions that make right code better. */
export const REFACTORING = 'refactor.rewrite.asyncPatterns';

/** Custom tsserver requests; arguments and results are the types below. `file` is a URI or a path. */
export const COMMANDS = {
  diagnostics: '_asyncPatterns.diagnostics',
  codeActions: '_asyncPatterns.codeActions',
  fixAll: '_asyncPatterns.fixAll',
  hover: '_asyncPatterns.hover',
  lenses: '_asyncPatterns.lenses',
} as const;

/** The same requests to the language server, and what it tells of its own accord. */
export const SERVER_REQUESTS = {
  diagnostics: 'asyncPatterns/diagnostics',
  codeActions: 'asyncPatterns/codeActions',
  fixAll: 'asyncPatterns/fixAll',
  hover: 'asyncPatterns/hover',
  lenses: 'asyncPatterns/lenses',
} as const satisfies Record<keyof typeof COMMANDS, string>;

/** Notification of the language server: findings may be others now in any document, as it has read more files. */
export const FINDINGS_CHANGED = 'asyncPatterns/findingsChanged';

/** Sent through `configurePlugin`; every field is optional and replaces the one before, `null` takes it back. */
export interface PluginConfig extends RawConfig {
  /** False where the editor shows the diagnostics itself; the plugin then adds none to tsserver's own. */
  readonly diagnostics?: boolean;
  /** Largest file to analyse, in lines. */
  readonly maxLines?: number;
}

/** Options of the language server: in `initializationOptions` and, below `asyncPatterns`, in changed settings. */
export interface ServerConfig extends PluginConfig {
  /** `en`, `ru` or `auto` for the editor's own language. */
  readonly language?: unknown;
  /** `full`, `brief` or `off`. */
  readonly hover?: unknown;
}

export interface FileArguments {
  readonly file: string;
}

/** `data` of a diagnostic: lets the editor translate the message and find the fixes again. */
export interface DiagnosticData {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  /** The same for each related information, in order. */
  readonly related: readonly {
    readonly template: string;
    readonly values: Readonly<Record<string, string>>;
  }[];
  /** True when at least one safe fix is likely; shown without asking for it. */
  readonly fixable: boolean;
}

export interface DiagnosticsResult {
  readonly diagnostics: readonly (Diagnostic & { readonly data: DiagnosticData })[];
  /** Why a file was not analysed (too long, no project …), for the log. */
  readonly note?: string;
  /** Sentences about invalid configuration, each naming the setting. */
  readonly problems: readonly {
    readonly template: string;
    readonly values: Readonly<Record<string, string>>;
  }[];
}

export interface CodeActionArguments extends FileArguments {
  readonly range: Range;
  /** Requested kinds (prefixes, as in LSP); all when left out. */
  readonly only?: readonly string[];
}

/**
 * Quick fixes carry `edit.changes` keyed by file URI, `isPreferred` when safe, `diagnostics` they belong to and
 * `data: { template, values }` of the title.
 */
export interface CodeActionsResult {
  readonly actions: readonly CodeAction[];
}

/** The repair of one finding that can be made without looking at it. */
export interface SafeFix {
  readonly rule: string;
  /** In the file of the finding. */
  readonly edits: readonly TextEdit[];
}

export interface FixAllResult {
  /** All safe fixes of a file that do not overlap. */
  readonly edits: readonly TextEdit[];
  /** Every safe fix by itself, also those that overlap. */
  readonly fixes: readonly SafeFix[];
}

export interface HoverArguments extends FileArguments {
  readonly position: { readonly line: number; readonly character: number };
}

/** What is under the cursor; the editor renders the concept page whose anchor it is, and the notes. */
export interface HoverResult {
  readonly hover?: {
    readonly range: Range;
    /** Resolved names, most specific first, as concept pages list them: `Promise.all`, `p-limit`, `keyword:await`. */
    readonly anchors: readonly string[];
    readonly language: 'typescript' | 'python';
    /** The concept to explain where no page lists any of the anchors, if there is something to note. */
    readonly page?: string;
    /** What is special about the code at hand, as translatable messages. */
    readonly notes: readonly {
      readonly template: string;
      readonly values: Readonly<Record<string, string>>;
    }[];
  };
}

/** For each async function what a line above it tells, as translatable messages. */
export interface LensesResult {
  readonly lenses: readonly {
    /** Of the function's name. */
    readonly range: Range;
    readonly parts: readonly {
      readonly text: { readonly template: string; readonly values: Readonly<Record<string, string>> };
      /** What is counted. */
      readonly places: readonly Range[];
    }[];
  }[];
}
