import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';

const SERVER = join(__dirname, '../../dist/server.js');
const TIMEOUT_MS = 120_000;

/** Published findings of one document, with the version they are about. */
export interface Published {
  readonly version: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A progress that the server showed. */
export interface ShownProgress {
  readonly title: string;
  readonly percentages: number[];
  ended: boolean;
}

export interface StartOptions {
  readonly folder?: string;
  readonly options?: object;
  readonly capabilities?: InitializeParams['capabilities'];
  readonly locale?: string;
  /** Called with the token of every progress that begins. */
  readonly onProgress?: (token: string | number, client: Client) => void;
}

/** A language client for tests: starts the built server and speaks with it over its standard streams. */
export class Client {
  /** What the server said it can do. */
  initialized: InitializeResult = { capabilities: {} };
  readonly messages: string[] = [];
  readonly log: string[] = [];
  readonly progress = new Map<string | number, ShownProgress>();
  private readonly published = new Map<string, Published>();
  private readonly waiting = new Set<() => void>();
  private readonly versions = new Map<string, number>();

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  /** Resolves once the server is initialised. */
  static async start({
    folder,
    options,
    capabilities,
    locale,
    onProgress,
  }: StartOptions = {}): Promise<Client> {
    if (!existsSync(SERVER)) throw new Error('dist/server.js is missing; run npm run build.');
    const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    const uri = folder === undefined ? undefined : pathToFileURL(folder).toString();
    const client = new Client(child, connection);
    const on = (method: string) =>
      connection.onNotification(method, (params: unknown) => client.receive(method, params, onProgress));
    for (const method of [
      'textDocument/publishDiagnostics',
      'window/showMessage',
      'window/logMessage',
      '$/progress',
    ])
      on(method);
    connection.listen();
    client.initialized = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: capabilities ?? {
        window: { workDoneProgress: true },
        workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      },
      workspaceFolders: uri === undefined ? null : [{ uri, name: 'test' }],
      initializationOptions: options ?? {},
      ...(locale !== undefined && { locale }),
    });
    await connection.sendNotification('initialized', {});
    return client;
  }

  /** Shuts the server down as an editor does; resolves to its exit code. */
  async stop(): Promise<number | null> {
    const exited = once(this.process, 'exit');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const [code] = (await exited) as [number | null];
    this.connection.dispose();
    return code;
  }

  open(uri: string, text: string): Promise<void> {
    this.versions.set(uri, 1);
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'python', version: 1, text },
    });
  }

  change(uri: string, contentChanges: readonly TextDocumentContentChangeEvent[]): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  notify(method: string, params: object): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  /** The latest findings of a document; undefined before any were published. */
  latest(uri: string): Published | undefined {
    return this.published.get(uri);
  }

  /** Waits for findings of the document's version at hand that are as wanted. */
  async diagnostics(
    uri: string,
    wanted: (found: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    const version = this.versions.get(uri);
    await this.until(
      () => {
        const latest = this.published.get(uri);
        return latest !== undefined && latest.version === version && wanted(latest.diagnostics);
      },
      () => `findings of ${uri}; the last are ${JSON.stringify(this.published.get(uri))}`,
    );
    return this.published.get(uri)?.diagnostics ?? [];
  }

  /** Waits until something the server said makes a condition true. */
  async until(condition: () => boolean, what: () => string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(new Error(`Waited in vain for ${what()}`));
      }, TIMEOUT_MS);
      this.waiting.add(check);
    });
  }

  /** Waits until the workspace has been read. */
  indexed(): Promise<void> {
    return this.until(
      () => this.log.some((line) => line.includes('Python files')),
      () => 'the index',
    );
  }

  private receive(method: string, params: unknown, onProgress: StartOptions['onProgress']): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, version, diagnostics } = params as PublishDiagnosticsParams;
      this.published.set(uri, { version, diagnostics });
    } else if (method === '$/progress') {
      const { token, value } = params as {
        token: string | number;
        value: { kind: string; title?: string; percentage?: number };
      };
      const shown = this.progress.get(token) ?? { title: value.title ?? '', percentages: [], ended: false };
      this.progress.set(token, shown);
      if (value.percentage !== undefined) shown.percentages.push(value.percentage);
      if (value.kind === 'end') shown.ended = true;
      if (value.kind === 'begin') onProgress?.(token, this);
    } else {
      const { message } = params as { message: string };
      (method === 'window/showMessage' ? this.messages : this.log).push(message);
    }
    for (const check of [...this.waiting]) check();
  }
}
