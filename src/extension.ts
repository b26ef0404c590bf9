import { join } from 'node:path';
import * as vscode from 'vscode';
import { Library } from './documents/library';
import { ActionProvider } from './vscode/actions';
import { registerCommands } from './vscode/commands';
import { Engines } from './vscode/analysis';
import { Contents } from './vscode/contents';
import { Engine } from './vscode/engine';
import { Findings } from './vscode/findings';
import { FindingsList } from './vscode/findings-list';
import { HoverProvider } from './vscode/hover';
import { LensProvider } from './vscode/lenses';
import { LastEditor } from './vscode/last-editor';
import { Messages } from './vscode/messages';
import { SettingsProblems } from './vscode/problems';
import { PythonEngine } from './vscode/python';
import { selector } from './vscode/selector';
import { CurrentSettings } from './vscode/settings';
import { Status } from './vscode/status';
import { Viewer } from './vscode/viewer';
import { WorkspaceView } from './vscode/workspace-view';

const WATCHED = [
  '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}',
  // What decides how files resolve each other, and what is looked for in them.
  '**/{package,tsconfig*,jsconfig*,async-patterns}.json',
];

/** What other extensions, and the tests, can see. */
export interface Exports {
  /** How long activation took, in milliseconds. */
  readonly activationMs: number;
  /** The entries of the table of contents. */
  readonly contents: Contents;
  /** The findings of the whole workspace. */
  readonly workspace: WorkspaceView;
}

/** Wires the parts; documents and translations are read from disk when first needed. */
export function activate({ subscriptions, extensionPath }: vscode.ExtensionContext): Exports {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('Async Patterns', { log: true });
  const settings = new CurrentSettings();
  const messages = new Messages(extensionPath, () => settings.value.language);
  const library = new Library(join(extensionPath, 'dist'));
  const engine = new Engine(log);
  const python = new PythonEngine(extensionPath, () => settings.value.server, log);
  const engines = new Engines(engine, python);
  const problems = new SettingsProblems(messages, log);
  const findings = new Findings(engines, settings, messages, library, log, (found) => problems.report(found));
  const viewer = new Viewer(library, settings, messages);
  const findingsList = new FindingsList(findings, library, settings, messages);
  const lenses = new LensProvider(engines, settings, messages, findings);
  const lastEditor = new LastEditor();
  const contents = new Contents(library, findings, settings, messages);
  const workspace = new WorkspaceView({
    engines,
    findings,
    library,
    settings,
    messages,
    log,
    extensionPath,
    reportProblems: (found) => problems.report(found),
  });

  const apply = () => {
    problems.report(settings.value.problems);
    void engine.configure(settings.value.plugin);
    void python.configure();
    findings.refreshAll();
  };
  const restart = async () => {
    engine.reset();
    await python.restart();
    if (engine.isUsed) await vscode.commands.executeCommand('typescript.restartTsServer');
    apply();
  };

  subscriptions.push(
    log,
    settings,
    engine,
    python,
    findings,
    python.onDidChangeFindings(() => findings.refreshLanguage('python')),
    new Status(engines, findings, settings, messages),
    settings.onDidChange(() => {
      problems.reset();
      findings.retranslate();
      apply();
    }),
    vscode.workspace.onDidOpenTextDocument((document) => findings.opened(document)),
    vscode.workspace.onDidCloseTextDocument((document) => findings.closed(document)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) findings.changed(document);
    }),
    vscode.languages.registerCodeActionsProvider(
      selector,
      new ActionProvider(engines, settings, library, messages),
      { providedCodeActionKinds: ActionProvider.kinds },
    ),
    vscode.languages.registerHoverProvider(
      selector,
      new HoverProvider(engines, findings, library, settings, messages),
    ),
    lenses,
    vscode.languages.registerCodeLensProvider(selector, lenses),
    viewer,
    lastEditor,
    contents,
    workspace,
    ...registerCommands({
      engines,
      findings,
      library,
      messages,
      viewer,
      findingsList,
      lastEditor,
      workspace,
      log,
      extensionPath,
      restart,
    }),
    ...WATCHED.flatMap((pattern) => {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      const changed = (file: vscode.Uri) => findings.changedOnDisk(file);
      return [
        watcher,
        watcher.onDidChange(changed),
        watcher.onDidCreate(changed),
        watcher.onDidDelete(changed),
      ];
    }),
  );
  // The first analysis waits for the TypeScript extension; activation does not.
  apply();
  const activationMs = performance.now() - started;
  log.info(`Ready after ${Math.round(activationMs)} ms.`);
  return { activationMs, contents, workspace };
}
