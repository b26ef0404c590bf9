import * as vscode from 'vscode';
import { message, type Message } from '../core/finding';
import type { DocumentLanguage } from '../documents/load';
import type { PluginConfig, ServerConfig } from '../core/protocol';

const HOVERS = ['full', 'brief', 'off'] as const;
const LANGUAGES = ['auto', 'en', 'ru'] as const;
const DEFAULT_MAX_LINES = 20_000;

export interface Settings {
  readonly enabled: boolean;
  readonly hover: (typeof HOVERS)[number];
  /** Whether a line above each async function says what it does. */
  readonly codeLens: boolean;
  /** Language of everything the extension shows. */
  readonly language: DocumentLanguage;
  /** For the plugin in the TS server. */
  readonly plugin: PluginConfig;
  /** For the language server. */
  readonly server: ServerConfig;
  /** Mistakes in the settings the editor side reads itself; the engine reports those in rules and options. */
  readonly problems: readonly Message[];
}

/** Reads the user's settings; a value that makes no sense counts as not set and is named in `problems`. */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('asyncPatterns');
  const problems: Message[] = [];

  function oneOf<T extends string>(name: string, allowed: readonly [T, ...T[]]): T {
    const value: unknown = configuration.get(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined && value !== undefined) {
      problems.push(
        message('asyncPatterns.{name}: {value} is none of {allowed}.', {
          name,
          value: JSON.stringify(value),
          allowed: allowed.join(', '),
        }),
      );
    }
    return found ?? allowed[0];
  }

  const maxLines: unknown = configuration.get('maxLines');
  const validMaxLines = typeof maxLines === 'number' && maxLines >= 1;
  if (!validMaxLines && maxLines !== undefined) {
    problems.push(message('asyncPatterns.maxLines: expected a number of at least 1.'));
  }
  const language = oneOf('language', LANGUAGES);
  const plugin: PluginConfig = {
    preset: chosen(configuration, 'preset') ?? null,
    rules: configuration.get('rules'),
    options: configuration.get('options'),
    maxLines: validMaxLines ? maxLines : DEFAULT_MAX_LINES,
    diagnostics: false,
  };
  return {
    enabled: configuration.get('enable') !== false,
    hover: oneOf('hover', HOVERS),
    codeLens: configuration.get('codeLens') === true,
    language: language === 'auto' ? displayLanguage() : language,
    plugin,
    server: {
      ...plugin,
      python: {
        targetVersion: chosen(configuration, 'python.targetVersion') ?? null,
        freeThreaded: chosen(configuration, 'python.freeThreaded') ?? null,
      },
    },
    problems,
  };
}

/** What the user chose, if anything: a default would go before the project's configuration file. */
function chosen(configuration: vscode.WorkspaceConfiguration, name: string): unknown {
  const found = configuration.inspect(name);
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}

function displayLanguage(): DocumentLanguage {
  return /^ru\b/iu.test(vscode.env.language) ? 'ru' : 'en';
}

/** The settings at hand, read again when they change. */
export class CurrentSettings implements vscode.Disposable {
  private current = readSettings();
  private readonly changed = new vscode.EventEmitter<Settings>();
  private readonly subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration('asyncPatterns')) return;
    this.current = readSettings();
    this.changed.fire(this.current);
  });

  readonly onDidChange = this.changed.event;

  get value(): Settings {
    return this.current;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}
