import * as vscode from 'vscode';

export const commandIds = {
  openDocumentation: 'asyncPatterns.openDocumentation',
  explainProblem: 'asyncPatterns.explainProblem',
  fixAll: 'asyncPatterns.fixAll',
  ignoreLine: 'asyncPatterns.ignoreLine',
  ignoreFile: 'asyncPatterns.ignoreFile',
  showLog: 'asyncPatterns.showLog',
  restart: 'asyncPatterns.restart',
  /** Not in the palette: opens the page whose id is its argument. */
  openPage: 'asyncPatterns.openPage',
  /** Not in the palette: inserts the snippet whose prefix is its argument. */
  insertSnippet: 'asyncPatterns.insertSnippet',
} as const;

/** A link that runs a command. */
export function commandUri(command: string, ...parameters: readonly string[]): vscode.Uri {
  return vscode.Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(parameters))}`);
}

export function pageCommand(id: string): vscode.Uri {
  return commandUri(commandIds.openPage, id);
}
