import * as vscode from 'vscode';
import { SERVER_REQUESTS, type ServerConfig } from '../core/protocol';
import { reasonOf } from '../core/reason';
import type { Analysis, EngineState, Requests } from './analysis';
import type { RunningClient } from './client';

/** Talks to the language server, which starts with the first request about a Python document. */
export class PythonEngine implements Analysis, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<EngineState>();
  private readonly findingsChanged = new vscode.EventEmitter<void>();
  private readonly logged = new Set<string>();
  private client: Promise<RunningClient | undefined> | undefined;
  private lastState: EngineState = 'starting';

  readonly onDidChangeState = this.changed.event;
  /** Fires when findings may be others in any Python document. */
  readonly onDidChangeFindings = this.findingsChanged.event;

  constructor(
    private readonly extensionPath: string,
    private readonly config: () => ServerConfig,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): EngineState {
    return this.lastState;
  }

  async request<K extends keyof Requests>(
    kind: K,
    document: vscode.TextDocument,
    parameters: Omit<Requests[K]['arguments'], 'file'>,
  ): Promise<Requests[K]['result'] | undefined> {
    try {
      const client = await this.started();
      const sent = { ...parameters, file: document.uri.toString() };
      const answer = (await client?.request(SERVER_REQUESTS[kind], sent)) as Requests[K]['result'] | null;
      return answer ?? undefined;
    } catch (error) {
      this.logOnce(`The language server could not answer "${kind}": ${reasonOf(error)}`);
      return undefined;
    }
  }

  /** Hands changed settings to the server, if it runs. */
  async configure(): Promise<void> {
    try {
      await (await this.client)?.configure(this.config());
    } catch (error) {
      this.logOnce(`Configuring the language server failed: ${reasonOf(error)}`);
    }
  }

  /** Starts the server anew; one that does not run starts with the next request. */
  async restart(): Promise<void> {
    this.logged.clear();
    this.setState('starting');
    try {
      const client = await this.client;
      if (client) await client.restart();
      else this.client = undefined;
    } catch (error) {
      this.logOnce(`Restarting the language server failed: ${reasonOf(error)}`);
    }
  }

  dispose(): void {
    this.changed.dispose();
    this.findingsChanged.dispose();
    void this.client?.then((client) => client?.stop()).catch(() => undefined);
  }

  private started(): Promise<RunningClient | undefined> {
    return (this.client ??= this.start());
  }

  private async start(): Promise<RunningClient | undefined> {
    try {
      const { startClient } = await import('./client');
      return await startClient({
        extensionPath: this.extensionPath,
        log: this.log,
        config: this.config(),
        onFindingsChanged: () => this.findingsChanged.fire(),
        onRunning: (isRunning) => this.setState(isRunning ? 'ready' : 'unavailable'),
      });
    } catch (error) {
      this.logOnce(`The language server did not start: ${reasonOf(error)}`);
      this.setState('unavailable');
      return undefined;
    }
  }

  private setState(state: EngineState): void {
    if (state === this.lastState) return;
    this.lastState = state;
    this.changed.fire(state);
  }

  private logOnce(text: string): void {
    if (this.logged.has(text)) return;
    this.logged.add(text);
    this.log.warn(text);
  }
}
