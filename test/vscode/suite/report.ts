/** What a test run inside VS Code is told, in `run.json` beside the bundled suites. */
export interface RunOrder {
  /** Bundled suites to run, file names relative to the folder of `run.json`. */
  readonly suites: readonly string[];
  /** The display language the window was opened in. */
  readonly language: string;
  /** Only tests whose full title contains this text. */
  readonly grep?: string;
  /** The file results are appended to, one JSON value a line. */
  readonly reportFile: string;
}

/** One line of the report file. */
export type ReportLine =
  | { readonly kind: 'passed'; readonly title: string; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly title: string; readonly error: string }
  /** A test that failed and is run once more: `passed` or `failed` follows. */
  | { readonly kind: 'repeated'; readonly title: string; readonly error: string }
  | { readonly kind: 'finished' };
