/** What the editor and the process that checks a whole workspace send each other: plain JSON. */
import { createHash } from 'node:crypto';
import type { DiagnosticsResult, SafeFix, ServerConfig } from './protocol';

export interface WorkspaceRequest {
  /** The folders of the workspace: absolute paths. */
  readonly folders: readonly string[];
  /** Check only these of their files; all when left out. */
  readonly only?: readonly string[];
  /** The settings of the editor. */
  readonly config: ServerConfig;
  /** What has been typed and not saved: path and text. */
  readonly unsaved: readonly (readonly [file: string, text: string])[];
  /** Folders that may hold a `typescript.js`, best first. */
  readonly typescript: readonly string[];
  /** Where the parser for Python is. */
  readonly binaries: string;
}

/** What is being done: looking for files, opening a project of TypeScript, judging files. */
export type Phase = 'finding' | 'reading' | 'typescript' | 'python';

/** A file that was looked at, with or without findings. */
export interface CheckedFile {
  /** Absolute path, forward slashes. */
  readonly file: string;
  /** Tells whether a text is still the one that was looked at; see {@link fingerprintOf}. */
  readonly fingerprint: string;
  readonly diagnostics: DiagnosticsResult['diagnostics'];
  readonly fixes: readonly SafeFix[];
}

export type WorkspaceEvent =
  | { readonly kind: 'phase'; readonly phase: Phase }
  /** How many files will be looked at. */
  | { readonly kind: 'total'; readonly files: number }
  | { readonly kind: 'checked'; readonly file: CheckedFile }
  /** Mistakes in configuration files. */
  | { readonly kind: 'problems'; readonly problems: DiagnosticsResult['problems'] }
  /** A sentence for the log. `incomplete`: something could not be checked. */
  | { readonly kind: 'note'; readonly text: string; readonly incomplete: boolean }
  | { readonly kind: 'done' };

/** The same for two texts that differ only in how their lines end. */
export function fingerprintOf(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return createHash('sha1').update(lines).digest('base64url');
}
