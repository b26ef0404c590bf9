import * as vscode from 'vscode';
import { COMMANDS, PLUGIN_NAME, type PluginConfig } from '../core/protocol';
import { reasonOf } from '../core/reason';
import type { Analysis, EngineState, Requests } from './analysis';

const TYPESCRIPT_EXTENSION = 'vscode.typescript-language-features';
const FAILURES_UNTIL_UNAVAILABLE = 4;
/** Opening a big project keeps a TS server busy for long; beyond this something is stuck. */
const TIMEOUT_MS = 120_000;

interface TypeScriptApi {
  configurePlugin(name: string, configuration: unknown): void;
}

interface TypeScriptExports {
  getAPI?(version: 0): TypeScriptApi | undefined;
}

/** Talks to the plugin inside the editor's TS server. Never throws; what fails is logged once per reason. */
export class Engine implements Analysis, vscode.Disposable {
  private failures = 0;
  private readonly logged = new Set<string>();
  private readonly changed = new vscode.EventEmitter<EngineState>();
  private lastState: EngineState = 'starting';
  private config: PluginConfig = {};
  private used = false;

  readonly onDidChangeState = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  get state(): EngineState {
    return this.lastState;
  }

  /** True from the first request on: who opens no TypeScript and no JavaScript needs no TS server. */
  get isUsed(): boolean {
    return this.used;
  }

  /** Hands the configuration to the plugin, at the latest before the first request. */
  async configure(config: PluginConfig): Promise<void> {
    this.config = config;
    if (this.used) await this.sendConfiguration();
  }

  /** The TypeScript extension repeats the configuration after every restart of its server. */
  private async sendConfiguration(): Promise<void> {
    try {
      const extension = vscode.extensions.getExtension<TypeScriptExports>(TYPESCRIPT_EXTENSION);
      if (!extension) {
        this.logOnce('The TypeScript extension of VS Code is switched off: no analysis.');
        return;
      }
      const api = (await extension.activate()).getAPI?.(0);
      if (api) api.configurePlugin(PLUGIN_NAME, this.config);
      else this.logOnce('The TypeScript extension offers no way to configure its server: defaults apply.');
    } catch (error) {
      this.logOnce(`Configuring the TS server plugin failed: ${reasonOf(error)}`);
    }
  }

  async request<K extends keyof Requests>(
    kind: K,
    document: vscode.TextDocument,
    parameters: Omit<Requests[K]['arguments'], 'file'>,
  ): Promise<Requests[K]['result'] | undefined> {
    try {
      if (!this.used) {
        this.used = true;
        await this.sendConfiguration();
      }
      const sent = vscode.commands.executeCommand('typescript.tsserverRequest', COMMANDS[kind], {
        ...parameters,
        file: document.uri,
      });
      const response = await withTimeout(Promise.resolve(sent));
      const body = isRecord(response) ? response.body : undefined;
      if (!isRecord(body)) {
        this.failed(kind, 'no answer');
        return undefined;
      }
      this.failures = 0;
      this.setState('ready');
      return body;
    } catch (error) {
      this.failed(kind, reasonOf(error));
      return undefined;
    }
  }

  /** Forgets earlier failures, for a server that starts anew. */
  reset(): void {
    this.failures = 0;
    this.logged.clear();
    this.setState('starting');
  }

  dispose(): void {
    this.changed.dispose();
  }

  private failed(kind: keyof Requests, reason: string): void {
    this.logOnce(`The TS server could not answer "${kind}": ${reason}`);
    if (kind !== 'diagnostics') return;
    this.failures += 1;
    if (this.failures >= FAILURES_UNTIL_UNAVAILABLE) this.setState('unavailable');
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`));
    }, TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
