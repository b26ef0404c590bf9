/** Checks the whole workspace: a bundle of its own, loaded when somebody asks for it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fingerprintOf, type Phase, type WorkspaceEvent } from '../core/workspace-protocol';
import { commandIds } from './command-ids';
import { toDiagnostic } from './convert';
import { isSupported } from './selector';
import type { WorkspaceParts } from './workspace-view';
import { startCheck, type CheckOutcome, type RunningCheck } from './workspace/check-process';
import { Fixes, type FixSummary } from './workspace/fixes';
import { Results, type Found } from './workspace/results';
import { treeOf, type Grouping, type Node } from './workspace/tree';
import { toTreeItem } from './workspace/tree-item';
import { typeScriptFolders } from './workspace/typescript-folders';

export type { FixSummary } from './workspace/fixes';

/** How a check ended, and what it came to. */
export interface Summary {
  readonly outcome: CheckOutcome;
  /** Files to check, and how many were. */
  readonly files: number;
  readonly done: number;
  readonly findings: number;
}

interface Run {
  readonly cancel: () => void;
  readonly summary: Promise<Summary>;
}

const TYPESCRIPT_EXTENSION = 'vscode.typescript-language-features';
const TREE_MS = 150;
/** While there is more to come all the time. */
const TREE_WHILE_CHECKING_MS = 500;
const PROGRESS_MS = 100;
/** Files that change on disk often do so together. */
const AFTER_CHANGE_MS = 1_500;
/** What VS Code gives its TS server when nothing is set. */
const DEFAULT_MEMORY_MB = 3_072;
const SOURCES = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,py}';
const CONFIGURATION = '**/{{package,tsconfig*,jsconfig*,async-patterns}.json,pyproject.toml,.gitignore}';

export class WorkspaceCheck implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('async-patterns-workspace');
  private readonly results = new Results((uri) => this.liveIn(uri));
  private readonly fixes: Fixes;
  /** What was last found in a document while it was open, and in which text. */
  private readonly lastLive = new Map<string, { fingerprint: string; found: readonly Found[] }>();
  /** Paths of files that have changed on disk and are to be checked again. */
  private readonly changedFiles = new Set<string>();
  /** Files that are no part of a check: ignored ones, for example. */
  private readonly outside = new Set<string>();
  private readonly subscriptions: vscode.Disposable[];
  private watchers: vscode.Disposable[] = [];
  private tree: readonly Node[] | undefined;
  private grouping: Grouping = 'rule';
  private running: Run | undefined;
  private refreshing: RunningCheck | undefined;
  private treeTimer: NodeJS.Timeout | undefined;
  private refreshTimer: NodeJS.Timeout | undefined;
  private isChecked = false;
  private isIncomplete = false;
  private isOutdated = false;
  private progressText = '';

  constructor(
    private readonly parts: WorkspaceParts,
    private readonly view: vscode.TreeView<Node>,
    private readonly treeChanged: () => void,
  ) {
    const { findings, settings } = parts;
    this.fixes = new Fixes(parts, this.results, (uri) => this.changedOnDisk(uri));
    this.subscriptions = [
      findings.onDidUpdate((uri) => this.judged(uri)),
      settings.onDidChange(() => this.settingsChanged()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // What was found in the text before stands at wrong places until the document is judged.
        if (contentChanges.length > 0 && this.collection.has(document.uri)) this.show(document.uri);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.outdate()),
    ];
  }

  check(): Promise<Summary | undefined> {
    if (this.running) {
      void this.offerToStartOver(this.running);
      return this.running.summary;
    }
    const folders = this.folders();
    if (!folders) return Promise.resolve(undefined);
    this.refreshing?.cancel();
    this.changedFiles.clear();
    this.outside.clear();
    this.watch();
    this.running = this.run(folders);
    void this.running.summary.then(() => (this.running = undefined)).then(() => this.update());
    this.update();
    return this.running.summary;
  }

  cancel(): void {
    this.running?.cancel();
  }

  clear(): void {
    this.cancel();
    this.refreshing?.cancel();
    clearTimeout(this.refreshTimer);
    this.changedFiles.clear();
    this.results.clear();
    this.collection.clear();
    this.lastLive.clear();
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = [];
    this.isChecked = this.isIncomplete = this.isOutdated = false;
    this.update();
  }

  group(grouping: Grouping): void {
    this.grouping = grouping;
    this.update();
  }

  async fix(node: Node | undefined): Promise<FixSummary | undefined> {
    if (!this.isChecked && (await this.check())?.outcome !== 'done') return undefined;
    return this.fixes.apply(node);
  }

  getChildren(node?: Node): readonly Node[] {
    if (node) return node.kind === 'finding' ? [] : node.children;
    return (this.tree ??= treeOf(this.results.current(), {
      grouping: this.grouping,
      nameOf: (uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri)),
      isFixable: (uri, found) => this.results.isFixable(uri, found),
    }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return toTreeItem(node, this.parts);
  }

  dispose(): void {
    this.running?.cancel();
    this.refreshing?.cancel();
    clearTimeout(this.treeTimer);
    clearTimeout(this.refreshTimer);
    this.collection.dispose();
    for (const subscription of [...this.subscriptions, ...this.watchers]) subscription.dispose();
  }

  /** The folders to check; says so where there are none. */
  private folders(): string[] | undefined {
    const { messages, settings } = this.parts;
    if (!settings.value.enabled) {
      void this.offer(messages.t('Async Patterns is switched off.'), messages.t('Open settings'), () =>
        vscode.commands.executeCommand('workbench.action.openSettings', 'asyncPatterns.enable'),
      );
      return undefined;
    }
    const all = vscode.workspace.workspaceFolders ?? [];
    const onDisk = all.filter(({ uri }) => uri.scheme === 'file');
    for (const { uri } of all.filter(({ uri: { scheme } }) => scheme !== 'file'))
      this.parts.log.warn(`${uri.toString()} is no folder on disk: it is not checked.`);
    if (onDisk.length > 0) return onDisk.map(({ uri }) => uri.fsPath);
    if (all.length > 0)
      void vscode.window.showInformationMessage(
        messages.t('This workspace is virtual: only files on disk can be checked.'),
      );
    else
      void this.offer(
        messages.t('There is no workspace to check: open a folder.'),
        messages.t('Open folder'),
        () => vscode.commands.executeCommand('vscode.openFolder'),
      );
    return undefined;
  }

  private run(folders: readonly string[]): Run {
    const { messages } = this.parts;
    this.results.begin();
    this.isIncomplete = this.isOutdated = false;
    let phase: Phase = 'finding';
    let files = 0;
    let done = 0;
    let report: () => void = () => undefined;
    const check = this.start(folders, undefined, (event) => {
      if (event.kind === 'phase') ({ phase } = event);
      else if (event.kind === 'total') ({ files } = event);
      else if (event.kind === 'checked') done++;
      report();
    });
    const title = messages.t('Checking the workspace');
    const location = vscode.ProgressLocation.Notification;
    const summary = vscode.window.withProgress<Summary>(
      { location, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => check.cancel());
        let reported = 0;
        const tell = () => {
          this.progressText = this.progressOf(phase, done, files);
          const increment = files === 0 ? 0 : ((done - reported) / files) * 100;
          reported = done;
          progress.report({ message: this.progressText, increment });
          this.update();
        };
        tell();
        let last: Phase | undefined;
        let next = 0;
        report = () => {
          if (phase === last && Date.now() < next) return;
          last = phase;
          next = Date.now() + PROGRESS_MS;
          tell();
        };
        const outcome = await check.outcome;
        report = () => undefined;
        if (outcome === 'done') for (const gone of this.results.complete()) this.show(vscode.Uri.parse(gone));
        this.isChecked ||= done > 0 || outcome === 'done';
        const findings = this.results.current().reduce((sum, { found }) => sum + found.length, 0);
        return { outcome, files, done, findings };
      },
    );
    const finished = Promise.resolve(summary);
    void finished.then((result) => this.conclude(result));
    return { cancel: () => check.cancel(), summary: finished };
  }

  private progressOf(phase: Phase, done: number, files: number): string {
    const { messages } = this.parts;
    if (phase === 'finding') return messages.t('looking for files');
    const name = {
      reading: messages.t('reading a TypeScript project'),
      typescript: 'TypeScript, JavaScript',
      python: 'Python',
    }[phase];
    return messages.t('{done} of {files} files · {phase}', {
      done: String(done),
      files: String(files),
      phase: name,
    });
  }

  /** Says how a check ended. */
  private async conclude({ outcome, files, done, findings }: Summary): Promise<void> {
    const { messages, log } = this.parts;
    const places = this.results.current().length;
    const values = {
      done: String(done),
      files: String(files),
      findings: String(findings),
      places: String(places),
    };
    log.info(`Workspace: ${outcome}, ${done} of ${files} files, ${findings} findings in ${places}.`);
    if (outcome === 'ended' || this.isIncomplete) {
      const text =
        outcome === 'ended'
          ? messages.t(
              'The check broke off after {done} of {files} files. Findings until then: {findings}.',
              values,
            )
          : messages.t('Findings: {findings}. Not everything could be checked; the log says why.', values);
      await this.offer(
        text,
        messages.t('Show log'),
        () => vscode.commands.executeCommand(commandIds.showLog),
        'warning',
      );
      return;
    }
    const text =
      outcome === 'cancelled'
        ? messages.t('Cancelled after {done} of {files} files. Findings until then: {findings}.', values)
        : findings === 0
          ? messages.t('No async problems in {files} files.', values)
          : messages.t('Findings: {findings}, in {places} of {files} files.', values);
    if (findings === 0 || this.view.visible) void vscode.window.showInformationMessage(text);
    else
      await this.offer(text, messages.t('Show'), () =>
        vscode.commands.executeCommand('asyncPatterns.workspace.focus'),
      );
  }

  private async offer(
    text: string,
    action: string,
    act: () => Thenable<unknown>,
    kind: 'information' | 'warning' = 'information',
  ): Promise<void> {
    const show = kind === 'warning' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    if ((await show(text, action)) === action) await act();
  }

  private offerToStartOver(running: Run): Promise<void> {
    const { messages } = this.parts;
    return this.offer(
      messages.t('The workspace is being checked already.'),
      messages.t('Start over'),
      async () => {
        running.cancel();
        await running.summary;
        await vscode.commands.executeCommand(commandIds.checkWorkspace);
      },
    );
  }

  private start(
    folders: readonly string[],
    only: readonly string[] | undefined,
    onEvent: (event: WorkspaceEvent) => void,
  ): RunningCheck {
    const { extensionPath, settings, log } = this.parts;
    const documents = vscode.workspace.textDocuments.filter(
      (document) => document.isDirty && document.uri.scheme === 'file' && isSupported(document),
    );
    const memory: unknown = vscode.workspace.getConfiguration('typescript').get('tsserver.maxTsServerMemory');
    return startCheck({
      program: join(extensionPath, 'dist/check.js'),
      memory: typeof memory === 'number' && memory > 0 ? memory : DEFAULT_MEMORY_MB,
      request: {
        folders,
        ...(only && { only }),
        config: settings.value.server,
        unsaved: documents.map((document) => [pathOf(document.uri), document.getText()] as const),
        typescript: typeScriptFolders({
          user: tsdk()?.globalValue,
          workspace: tsdk()?.workspaceValue,
          // In Restricted Mode the extension is not there, but its folder is.
          extension:
            vscode.extensions.getExtension(TYPESCRIPT_EXTENSION)?.extensionPath ??
            join(vscode.env.appRoot, 'extensions/typescript-language-features'),
          folders,
          trusted: vscode.workspace.isTrusted,
        }),
        binaries: join(extensionPath, 'dist'),
      },
      onEvent: (event) => {
        if (event.kind === 'checked') {
          const uri = vscode.Uri.file(event.file.file);
          this.results.add(uri.toString(), event.file);
          this.show(uri);
          this.update();
        } else if (event.kind === 'note') {
          this.isIncomplete ||= event.incomplete;
          if (event.incomplete) log.warn(event.text);
          else log.info(event.text);
        } else if (event.kind === 'problems') this.parts.reportProblems(event.problems);
        onEvent(event);
      },
    });
  }

  private liveIn(uri: string): readonly Found[] | undefined {
    return this.parts.findings.resultOf(uri)?.diagnostics;
  }

  /** Shows what is stored about a file, unless its document is open and speaks for itself. */
  private show(uri: vscode.Uri): void {
    const key = uri.toString();
    const found = this.liveIn(key) === undefined ? this.results.stored(key) : [];
    if (found.length === 0 || !this.isCurrent(uri)) {
      if (this.collection.has(uri)) this.collection.delete(uri);
      return;
    }
    const { messages, library, settings } = this.parts;
    const pageOf = (rule: string) => {
      const file = library.file(rule, settings.value.language);
      return file === undefined ? undefined : vscode.Uri.file(file);
    };
    this.collection.set(
      uri,
      found.map((one) => toDiagnostic(one, uri, messages, pageOf)),
    );
  }

  /** Whether what is stored was found in the text that an open document has. */
  private isCurrent(uri: vscode.Uri): boolean {
    const document = documentOf(uri);
    return !document || fingerprintOf(document.getText()) === this.results.fingerprintOf(uri.toString());
  }

  /** A document was judged, or was closed. */
  private judged(uri: vscode.Uri): void {
    const key = uri.toString();
    if (!this.results.has(key)) return;
    const found = this.liveIn(key);
    const document = documentOf(uri);
    if (found && document) {
      this.lastLive.set(key, { fingerprint: fingerprintOf(document.getText()), found });
      this.show(uri);
    } else void this.settle(uri);
    this.update();
  }

  /** A document was closed: what is on disk counts, which may be neither what was checked nor what was typed. */
  private async settle(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const live = this.lastLive.get(key);
    this.lastLive.delete(key);
    const fingerprint = await fingerprintOnDisk(uri);
    if (documentOf(uri) || !this.results.has(key)) return;
    if (fingerprint !== undefined && live?.fingerprint === fingerprint)
      this.results.adopt(key, fingerprint, live.found);
    else if (fingerprint !== this.results.fingerprintOf(key)) this.recheck(uri, fingerprint !== undefined);
    this.show(uri);
    this.update();
  }

  private changedOnDisk(uri: vscode.Uri): void {
    // An open document speaks for itself.
    if (documentOf(uri) || !this.results.has(uri.toString())) return;
    void this.settle(uri);
  }

  private recheck(uri: vscode.Uri, exists: boolean): void {
    this.results.drop(uri.toString());
    if (!exists) return;
    this.changedFiles.add(pathOf(uri));
    this.refreshLater();
  }

  /** A file that is new: saved for the first time, or there again after a switch of branches. */
  private appeared(uri: vscode.Uri): void {
    const path = pathOf(uri);
    if (!this.isChecked || this.results.has(uri.toString()) || this.outside.has(path)) return;
    if (!vscode.workspace.getWorkspaceFolder(uri)) return;
    this.changedFiles.add(path);
    this.refreshLater();
  }

  private saved(document: vscode.TextDocument): void {
    if (document.uri.scheme === 'file' && isSupported(document)) this.appeared(document.uri);
  }

  private refreshLater(): void {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => void this.refresh(), AFTER_CHANGE_MS);
  }

  /** Checks the files again that have changed on disk. */
  private async refresh(): Promise<void> {
    if (this.changedFiles.size === 0 || !this.isChecked) return;
    if (this.running || this.refreshing) {
      this.refreshLater();
      return;
    }
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const only = [...this.changedFiles];
    this.changedFiles.clear();
    const left = new Set(only);
    this.refreshing = this.start(
      folders.map(({ uri }) => uri.fsPath),
      only,
      (event) => {
        if (event.kind === 'checked') left.delete(event.file.file);
      },
    );
    const { outcome } = this.refreshing;
    const title = this.parts.messages.t('Async Patterns: checking changed files');
    const location = vscode.ProgressLocation.Window;
    const ended = await vscode.window.withProgress({ location, title }, () => outcome);
    this.refreshing = undefined;
    if (ended === 'done') for (const path of left) this.outside.add(path);
    this.update();
  }

  private watch(): void {
    if (this.watchers.length > 0) return;
    const sources = vscode.workspace.createFileSystemWatcher(SOURCES);
    const configuration = vscode.workspace.createFileSystemWatcher(CONFIGURATION);
    const outdate = (uri: vscode.Uri) => {
      if (!uri.path.includes('/node_modules/')) this.outdate();
    };
    const gone = new Set<string>();
    this.watchers = [
      sources,
      sources.onDidChange((uri) => this.changedOnDisk(uri)),
      sources.onDidDelete((uri) => {
        if (this.results.has(uri.toString())) gone.add(uri.toString());
        this.results.drop(uri.toString());
        this.show(uri);
        this.update();
      }),
      // A build writes new files all the time: only those that were there before are looked at by themselves.
      sources.onDidCreate((uri) => {
        if (gone.delete(uri.toString())) this.appeared(uri);
      }),
      vscode.workspace.onDidCreateFiles(({ files }) => files.forEach((uri) => this.appeared(uri))),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ newUri }) => this.appeared(newUri))),
      configuration,
      configuration.onDidChange(outdate),
      configuration.onDidCreate(outdate),
      configuration.onDidDelete(outdate),
    ];
  }

  private settingsChanged(): void {
    if (!this.parts.settings.value.enabled) {
      this.clear();
      return;
    }
    // In another language, perhaps.
    for (const uri of this.results.uris) this.show(vscode.Uri.parse(uri));
    this.outdate();
  }

  private outdate(): void {
    this.isOutdated = this.isChecked;
    this.update();
  }

  /** Brings the tree and what is around it up to date, soon. */
  private update(): void {
    this.tree = undefined;
    const delay = this.running ? TREE_WHILE_CHECKING_MS : TREE_MS;
    this.treeTimer ??= setTimeout(() => {
      this.treeTimer = undefined;
      this.updateView();
    }, delay);
  }

  private updateView(): void {
    const { view, results } = this;
    const { messages } = this.parts;
    const current = results.current();
    const count = current.reduce((sum, { found }) => sum + found.length, 0);
    const { omitted } = results;
    view.description = count === 0 ? '' : String(count);
    const lines = [
      ...(this.running ? [this.progressText] : []),
      ...(omitted > 0
        ? [
            messages.t('Only {count} findings are listed; left out: {omitted}.', {
              count: String(count),
              omitted: String(omitted),
            }),
          ]
        : []),
      ...(this.isOutdated && !this.running
        ? [messages.t('Settings, configuration or folders have changed since: check again.')]
        : []),
    ];
    view.message = lines.join('\n');
    const isFixable = current.some(({ uri, found }) => found.some((one) => results.isFixable(uri, one)));
    const contexts = {
      isChecking: this.running !== undefined,
      isChecked: this.isChecked,
      workspaceGrouping: this.grouping,
      hasWorkspaceFixes: isFixable,
    };
    for (const [name, value] of Object.entries(contexts))
      void vscode.commands.executeCommand('setContext', `asyncPatterns.${name}`, value);
    this.treeChanged();
  }
}

function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

function pathOf(uri: vscode.Uri): string {
  return uri.fsPath.replaceAll('\\', '/');
}

async function fingerprintOnDisk(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return fingerprintOf(await readFile(uri.fsPath, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The setting that names a TypeScript; it has a new name since VS Code 1.139 or so. */
function tsdk() {
  const configuration = vscode.workspace.getConfiguration();
  const found = configuration.inspect<string>('js/ts.tsdk.path');
  return found?.globalValue !== undefined || found?.workspaceValue !== undefined
    ? found
    : configuration.inspect<string>('typescript.tsdk');
}
