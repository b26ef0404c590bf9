/** The client of the language server: a bundle of its own, loaded when a Python document is open. */
import { join } from 'node:path';
import type * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import { FINDINGS_CHANGED, type ServerConfig } from '../core/protocol';

export interface ClientOptions {
  readonly extensionPath: string;
  readonly log: vscode.LogOutputChannel;
  readonly config: ServerConfig;
  /** The server has read more files. */
  readonly onFindingsChanged: () => void;
  /** The server runs, or no longer does. */
  readonly onRunning: (isRunning: boolean) => void;
}

export interface RunningClient {
  request(method: string, parameters: object): Promise<unknown>;
  configure(config: ServerConfig): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A server that keeps ending is not started again after this many times. */
const RESTARTS = 3;

/**
 * Starts the language server.
 * @throws Error when it does not start.
 */
export async function startClient(options: ClientOptions): Promise<RunningClient> {
  const { extensionPath, log, config } = options;
  const module = join(extensionPath, 'dist/server.js');
  let closed = 0;
  const client = new LanguageClient(
    'asyncPatterns',
    'Async Patterns',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [
        { language: 'python', scheme: 'file' },
        { language: 'python', scheme: 'untitled' },
      ],
      initializationOptions: config,
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          closed += 1;
          log.warn(`The language server ended unexpectedly (${closed}).`);
          const action = closed <= RESTARTS ? CloseAction.Restart : CloseAction.DoNotRestart;
          return { action, handled: true };
        },
      },
    },
  );
  client.onDidChangeState(({ newState }) => {
    options.onRunning(newState === State.Running);
    // Documents are sent anew to a server that was restarted.
    if (newState === State.Running) options.onFindingsChanged();
  });
  client.onNotification(FINDINGS_CHANGED, () => options.onFindingsChanged());
  await client.start();
  return {
    request: (method, parameters) => client.sendRequest(method, parameters),
    configure: (settings) =>
      client.sendNotification('workspace/didChangeConfiguration', {
        settings: { asyncPatterns: settings },
      }),
    restart: () => {
      closed = 0;
      return client.restart();
    },
    stop: () => client.dispose(),
  };
}
