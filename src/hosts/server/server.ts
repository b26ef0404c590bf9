import { setImmediate } from 'node:timers/promises';
import {
  CodeActionKind,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  LSPErrorCodes,
  MessageType,
  NotebookDocuments,
  ProposedFeatures,
  ResponseError,
  ShowMessageNotification,
  TextDocumentSyncKind,
  WatchKind,
  type CancellationToken,
  type CodeAction,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type NotebookDocument,
  type ShowMessageParams,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse as parseToml } from 'smol-toml';
import { formatMessage } from '../../core/finding';
import {
  FINDINGS_CHANGED,
  REFACTORING,
  SERVER_REQUESTS,
  type CodeActionArguments,
  type FileArguments,
  type HoverArguments,
  type ServerConfig,
} from '../../core/protocol';
import { reasonOf } from '../../core/reason';
import { Library } from '../../documents/library';
import { PythonParser } from '../../languages/python/parser';
import { rules } from '../../rules';
import { isRequested } from '../answers';
import { matcherOf } from '../config/globs';
import { LayeredSettings } from '../config/layered';
import { uriOf } from '../lsp';
import { readBinaries } from './assets';
import { takeIn } from './disk';
import { fileOf } from './documents';
import { hoverText } from './hover';
import { indexFolders } from './indexer';
import { OpenNotebook } from './notebook';
import { Project } from './project';
import { Schedule } from './schedule';
import { configIn, toSettings, type ServerSettings } from './settings';

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.asyncPatterns`;

const FILES = { toml: parseToml, globs: matcherOf };

const AFTER_OPENING_MS = 20;
const AFTER_TYPING_MS = 150;
/** Documents that may depend on the one being typed in. */
const DEPENDENT_MS = 500;

/**
 * Serves the Language Server Protocol over what the command line names: `--stdio`, `--node-ipc` or `--socket=`.
 * @param folder where the build put the documents and the parser.
 */
export function startServer(folder: string): void {
  const connection = createConnection(ProposedFeatures.all);
  new Server(connection, folder).listen();
}

class Server {
  private raw: ServerConfig = {};
  private settings: ServerSettings = toSettings({}, rules, undefined);
  private layered = new LayeredSettings(this.settings, {}, rules, FILES);
  private client: InitializeParams['capabilities'] = {};
  private locale: string | undefined;
  private folders: string[] = [];
  private project: Project | undefined;
  private stopped = false;
  /** The mistakes that were told, by configuration file; those in the settings have an empty name. */
  private readonly told = new Map<string, ReadonlySet<string>>();
  private readonly library: Library;
  private readonly notebooks = new NotebookDocuments(TextDocument);
  private readonly schedule = new Schedule((uri) => this.publish(uri));

  constructor(
    private readonly connection: Connection,
    private readonly folder: string,
  ) {
    this.library = new Library(folder);
  }

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => this.background(this.initialized()));
    connection.onShutdown(() => {
      this.stopped = true;
      this.schedule.dispose();
    });
    connection.onDidChangeConfiguration(({ settings }) => this.background(this.reconfigure(settings)));
    connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
      // Not every client watches files for its servers.
      if (this.layered.refresh()) this.refreshAll();
      this.project?.open(uri, version, text);
      this.changed([uri], AFTER_OPENING_MS);
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      this.project?.change(uri, version, contentChanges);
      this.changed([uri], AFTER_TYPING_MS);
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      this.project?.close(uri);
      this.closed([uri]);
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const { project } = this;
      if (!project) return;
      const reread = this.layered.refresh();
      const taken = takeIn(changes, project, this.folders).then((changed) => {
        if (changed || reread) this.refreshAll();
      });
      this.background(taken);
    });
    this.listenToNotebooks();
    this.listenToRequests();
    connection.listen();
  }

  /** Only for editors that show the findings themselves and ask for them: ours in VS Code. */
  private get isAsked(): boolean {
    return this.raw.diagnostics === false;
  }

  private async initialize(params: InitializeParams): Promise<InitializeResult> {
    const { workspaceFolders, capabilities, locale } = params;
    const initializationOptions: unknown = params.initializationOptions;
    this.client = capabilities;
    this.locale = locale;
    this.folders = (workspaceFolders ?? []).map(({ uri }) => fileOf(uri));
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- clients without workspace folders still send it
    const { rootUri } = params;
    if (this.folders.length === 0 && rootUri) this.folders = [fileOf(rootUri)];
    this.configure(configIn(initializationOptions) ?? {});
    const parser = await PythonParser.load(readBinaries(this.folder));
    const report = (text: string) => this.connection.console.warn(text);
    this.project = new Project(parser, rules, (file) => this.layered.of(file), report);
    return {
      serverInfo: { name: 'async-patterns' },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        notebookDocumentSync: { notebookSelector: [{ cells: [{ language: 'python' }] }] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(!this.isAsked && {
          hoverProvider: true,
          codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL, REFACTORING] },
        }),
      },
    };
  }

  private async initialized(): Promise<void> {
    const { connection, client } = this;
    const { workspace } = client;
    if (workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = removed.map(({ uri }) => fileOf(uri));
        const come = added.map(({ uri }) => fileOf(uri));
        this.folders = [...this.folders.filter((folder) => !gone.includes(folder)), ...come];
        for (const file of [...(this.project?.workspace.fileNames ?? [])]) {
          const isGone = gone.some((folder) => file.startsWith(`${folder}/`));
          if (isGone && !this.project?.isOpen(file)) this.project?.workspace.remove(file);
        }
        this.background(this.index(come));
      });
    }
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      await connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [
          { globPattern: '**/*.py' },
          { globPattern: '**/{pyproject.toml,async-patterns.json,package.json}' },
          { globPattern: '**/.python-version' },
          // Folders come and go whole.
          { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
        ],
      });
    }
    if (!this.isAsked && workspace?.didChangeConfiguration?.dynamicRegistration)
      await connection.client.register(DidChangeConfigurationNotification.type);
    if (!this.isAsked && Object.keys(this.raw).length === 0) await this.reconfigure(undefined);
    await this.index(this.folders);
  }

  /** @param sent what the client sent with the change; without anything useful it is asked. */
  private async reconfigure(sent: unknown): Promise<void> {
    let config = configIn(sent);
    if (!config && this.client.workspace?.configuration)
      config = configIn(await this.connection.workspace.getConfiguration('asyncPatterns'));
    if (!config) return;
    const { diagnostics } = this.raw;
    this.configure({ ...(diagnostics !== undefined && { diagnostics }), ...config });
    this.refreshAll();
  }

  private configure(config: ServerConfig): void {
    this.raw = config;
    this.settings = toSettings(config, rules, this.locale);
    this.layered = new LayeredSettings(this.settings, config, rules, FILES);
    this.tell(this.settings);
  }

  /** Shows each mistake once, until it is mended and made again. */
  private tell({ source = '', problems }: ServerSettings): void {
    if (this.isAsked) return;
    const messages = new Set(problems.map(formatMessage));
    const before = this.told.get(source);
    this.told.set(source, messages);
    for (const message of messages) {
      if (before?.has(message) || (source !== '' && this.told.get('')?.has(message))) continue;
      // Not the library's own way, which asks for an answer and fails where a client gives none.
      const shown: ShowMessageParams = { type: MessageType.Warning, message };
      this.background(this.connection.sendNotification(ShowMessageNotification.type, shown));
    }
  }

  private async index(folders: readonly string[]): Promise<void> {
    const { project, connection } = this;
    if (!project || folders.length === 0) return;
    const started = performance.now();
    const progress = await connection.window.createWorkDoneProgress();
    progress.begin('Async Patterns: reading Python files', 0, undefined, true);
    const isStopped = () => this.stopped || progress.token.isCancellationRequested;
    let shown = 0;
    try {
      const { files, parsed, cancelled } = await indexFolders(project.workspace, folders, {
        report: (done, total) => {
          const percent = Math.floor((done / total) * 100);
          if (percent > shown) progress.report((shown = percent), `${done} / ${total}`);
        },
        get isCancelled() {
          return isStopped();
        },
      });
      const took = Math.round(performance.now() - started);
      const end = cancelled ? 'cancelled; the others are read when they are needed' : 'done';
      connection.console.info(`${files} Python files, ${parsed} read in ${took} ms, ${end}.`);
    } finally {
      progress.done();
    }
    this.refreshAll();
  }

  private listenToNotebooks(): void {
    const { notebooks, connection } = this;
    notebooks.listen(connection);
    const set = (notebook: NotebookDocument, delayMs: number) => {
      const { project } = this;
      if (!project) return;
      const cells = notebook.cells.flatMap((cell) => {
        const text = notebooks.getCellTextDocument(cell);
        if (text?.languageId !== 'python') return [];
        return [{ uri: text.uri, version: text.version, text: text.getText() }];
      });
      const open = new OpenNotebook(notebook.uri, cells);
      const before = project.uris.filter((uri) => project.fileOf(uri) === open.file);
      project.setNotebook(open);
      this.closed(before.filter((uri) => !open.uris.includes(uri)));
      this.changed(open.uris, delayMs);
    };
    notebooks.onDidOpen((notebook) => set(notebook, AFTER_OPENING_MS));
    notebooks.onDidChange(({ notebookDocument }) => set(notebookDocument, AFTER_TYPING_MS));
    notebooks.onDidClose(({ uri }) => {
      const { project } = this;
      if (!project) return;
      const file = fileOf(uri);
      const cells = project.uris.filter((cell) => project.fileOf(cell) === file);
      project.removeNotebook(file);
      this.closed(cells);
    });
  }

  private listenToRequests(): void {
    const { connection } = this;
    /** Lets a cancellation that is already on its way arrive before the work begins. */
    const on = <P, R>(token: CancellationToken, parameters: P, answer: (project: Project, p: P) => R) =>
      setImmediate().then(() => {
        if (token.isCancellationRequested)
          return new ResponseError<undefined>(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
        if (!this.project)
          return new ResponseError<undefined>(LSPErrorCodes.RequestFailed, 'The server has not started yet.');
        return answer(this.project, parameters);
      });
    connection.onRequest(SERVER_REQUESTS.diagnostics, (args: FileArguments, token: CancellationToken) =>
      on(token, args, (project, { file }) => project.diagnostics(file) ?? null),
    );
    connection.onRequest(SERVER_REQUESTS.codeActions, (args: CodeActionArguments, token: CancellationToken) =>
      on(token, args, (project, { file, range, only }) => project.codeActions(file, range, only)),
    );
    connection.onRequest(SERVER_REQUESTS.fixAll, (args: FileArguments, token: CancellationToken) =>
      on(token, args, (project, { file }) => project.fixAll(file)),
    );
    connection.onRequest(SERVER_REQUESTS.lenses, (args: FileArguments, token: CancellationToken) =>
      on(token, args, (project, { file }) => project.lenses(file)),
    );
    connection.onRequest(SERVER_REQUESTS.hover, (args: HoverArguments, token: CancellationToken) =>
      on(token, args, (project, { file, position }) => project.hover(file, position)),
    );
    connection.onHover((params, token) =>
      on(token, params, (project, { textDocument: { uri }, position }) => {
        const found = project.findingsAt(uri, position);
        const { hover } = project.hover(uri, position);
        return hoverText(found, hover, this.library, this.settings, formatMessage) ?? null;
      }),
    );
    connection.onCodeAction((params, token) =>
      on(token, params, (project, { textDocument: { uri }, range, context: { only } }) => {
        const actions: CodeAction[] = [...project.codeActions(uri, range, only).actions];
        // "Fix all" is only asked for by name.
        if (only && isRequested(only, FIX_ALL)) {
          const { edits } = project.fixAll(uri);
          const edit = { changes: { [uri]: [...edits] } };
          if (edits.length > 0) actions.push({ title: 'Fix all async problems', kind: FIX_ALL, edit });
        }
        return actions;
      }),
    );
  }

  /** Documents were opened or edited: they are judged soon, all others a little later. */
  private changed(uris: readonly string[], delayMs: number): void {
    if (this.isAsked) return;
    for (const uri of uris) this.schedule.after(delayMs, uri, true);
    for (const uri of this.project?.uris ?? [])
      if (!uris.includes(uri)) this.schedule.after(DEPENDENT_MS, uri, true);
  }

  private closed(uris: readonly string[]): void {
    if (this.isAsked) return;
    for (const uri of uris) {
      this.schedule.drop(uri);
      this.background(this.connection.sendDiagnostics({ uri, diagnostics: [] }));
    }
    for (const uri of this.project?.uris ?? []) this.schedule.after(DEPENDENT_MS, uri, true);
  }

  private refreshAll(): void {
    if (this.stopped) return;
    if (this.isAsked) this.background(this.connection.sendNotification(FINDINGS_CHANGED));
    else for (const uri of this.project?.uris ?? []) this.schedule.after(0, uri, true);
  }

  private publish(uri: string): void {
    const { project } = this;
    const version = project?.versionOf(uri);
    const found = project?.diagnostics(uri);
    if (!project || !found || version === undefined) return;
    this.tell(this.layered.of(project.fileOf(uri) ?? uri));
    const sent = found.diagnostics.map((diagnostic) => {
      const page = this.library.file(String(diagnostic.code), this.settings.language);
      return page === undefined ? diagnostic : { ...diagnostic, codeDescription: { href: uriOf(page) } };
    });
    this.background(this.connection.sendDiagnostics({ uri, version, diagnostics: sent }));
  }

  /** Work nobody waits for: what goes wrong in it is logged. */
  private background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.stopped) return;
      const reason = reasonOf(error);
      this.connection.console.error(`Something went wrong: ${reason}`);
    });
  }
}
