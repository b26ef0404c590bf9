/** What the command line asks of an engine: the classic TypeScript API, TypeScript 7 and Python stand behind it alike. */
import type { Config } from '../../core/config';
import type { Analysis } from '../../core/engine';
import type { Finding, Fix } from '../../core/finding';

/** Bad input of the user's; the message is one sentence that names the file or setting and what to do. */
export class InputError extends Error {}

/** The engines for TypeScript and JavaScript; they find the same. */
export const ENGINES = ['native', 'classic'] as const;
export type EngineName = (typeof ENGINES)[number];

export interface EngineRequest {
  /** Files to analyse: absolute, forward slashes, sorted. */
  readonly files: readonly string[];
  /** Those of them that the user named: they count even where a build would have written them. */
  readonly explicit: ReadonlySet<string>;
  /** `--tsconfig`: the one configuration to use instead of those found above the files. */
  readonly tsconfig: string | undefined;
  /** The part of the files that is wanted, all where left out: projects with none of it need not be opened. */
  readonly share?: ReadonlySet<string> | undefined;
  /** Texts that stand for those on disk, by file: what earlier rounds of fixing made of them. */
  readonly overlay: ReadonlyMap<string, string>;
  /**
   * Hears of a configuration that cannot be read: its files go to another then, or are analysed on their own. Without
   * it the error is thrown.
   */
  readonly onBroken?: (error: InputError) => void;
}

export interface FileAnalysis {
  readonly file: string;
  readonly analysis: Analysis;
}

/** A set of files that are judged together. It may be used only until the next one is taken from its engine. */
export interface EngineProject {
  /** Those of the requested files that belong here; each is in exactly one project. */
  readonly files: readonly string[];
  /**
   * Analyses files of this project, in batches of the engine's choice.
   * @param configOf the configuration of a file.
   */
  analyse(files: readonly string[], configOf: (file: string) => Config): Iterable<FileAnalysis>;
  /** The fixes of findings of this project, best first, in the order of the findings. */
  fixesOf(findings: readonly Finding[]): Fix[][];
  /** The text that positions in a file refer to; also of files that are not analysed but pointed at. */
  textOf(file: string): string | undefined;
  /** Every file that the findings may depend on, declarations of packages included. */
  dependencies(): readonly string[];
}

export interface Engine {
  /**
   * Opens the projects that hold the requested files, one after the other. Called again for the next round of fixing,
   * with another overlay.
   * @throws InputError where a configuration cannot be read.
   */
  open(request: EngineRequest): Iterable<EngineProject>;
  close(): void;
}
