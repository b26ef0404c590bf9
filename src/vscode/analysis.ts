import type { Disposable, Event, TextDocument } from 'vscode';
import type {
  CodeActionArguments,
  CodeActionsResult,
  DiagnosticsResult,
  FileArguments,
  FixAllResult,
  HoverArguments,
  HoverResult,
  LensesResult,
} from '../core/protocol';

export interface Requests {
  diagnostics: { arguments: FileArguments; result: DiagnosticsResult };
  codeActions: { arguments: CodeActionArguments; result: CodeActionsResult };
  fixAll: { arguments: FileArguments; result: FixAllResult };
  hover: { arguments: HoverArguments; result: HoverResult };
  lenses: { arguments: FileArguments; result: LensesResult };
}

/** `starting` until the first answer; `unavailable` after several requests in a row went unanswered. */
export type EngineState = 'starting' | 'ready' | 'unavailable';

/** Analyses documents: the plugin in the TS server, or the language server. Never throws. */
export interface Analysis {
  readonly state: EngineState;
  readonly onDidChangeState: Event<EngineState>;
  /** The answer about an open document; undefined when there is none (yet). */
  request<K extends keyof Requests>(
    kind: K,
    document: TextDocument,
    parameters: Omit<Requests[K]['arguments'], 'file'>,
  ): Promise<Requests[K]['result'] | undefined>;
}

/** Hands every request to who analyses the document's language. */
export class Engines implements Pick<Analysis, 'request'> {
  constructor(
    private readonly typescript: Analysis,
    private readonly python: Analysis,
  ) {}

  of(document: TextDocument): Analysis {
    return document.languageId === 'python' ? this.python : this.typescript;
  }

  request<K extends keyof Requests>(
    kind: K,
    document: TextDocument,
    parameters: Omit<Requests[K]['arguments'], 'file'>,
  ): Promise<Requests[K]['result'] | undefined> {
    return this.of(document).request(kind, document, parameters);
  }

  onDidChangeState(listener: () => void): Disposable[] {
    return [this.typescript.onDidChangeState(listener), this.python.onDidChangeState(listener)];
  }
}
