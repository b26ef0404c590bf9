/** A VS Code release that can be run from the npm registry alone. */
export interface EditorVersion {
  /** The VS Code version, such as `1.139.1`. */
  readonly vscode: string;
  /** The version of the `code-server` package that carries this VS Code's server. */
  readonly codeServer: string;
  /** The Node major version this VS Code server is built for. */
  readonly nodeMajor: number;
  /** Native modules the server writes its log files and watches its parent with; it also runs without them. */
  readonly nativeModules: readonly string[];
  /** The version of the npm package with the file search program, where this VS Code would download it from GitHub. */
  readonly ripgrep?: string;
}

/** The releases the extension is tested on: `oldest` is the lower end of `engines.vscode`. */
export const editorVersions = {
  newest: {
    vscode: '1.139.1',
    codeServer: '4.139.1',
    nodeMajor: 24,
    nativeModules: ['@vscode/spdlog', '@vscode/native-watchdog'],
  },
  oldest: {
    vscode: '1.100.3',
    codeServer: '4.100.3',
    nodeMajor: 20,
    nativeModules: ['@vscode/spdlog', 'native-watchdog'],
    ripgrep: '1.18.0',
  },
} as const satisfies Record<string, EditorVersion>;

/** The name of a tested release. */
export type EditorName = keyof typeof editorVersions;
