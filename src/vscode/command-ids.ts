import * as vscode from 'vscode';

export const commandIds = {
  openDocumentation: 'asyncPatterns.openDocumentation',
  explainProblem: 'asyncPatterns.explainProblem',
  fixAll: 'asyncPatterns.fixAll',
  ignoreLine: 'asyncPatterns.ignoreLine',
  ignoreFile: 'asyncPatterns.ignoreFile',
  showLog: 'asyncPatterns.showLog',
  restart: 'asyncPatterns.restart',
  /** Lists the findings of the rule whose id is its argument, or whose page is open, or that is picked. */
  showFindings: 'asyncPatterns.showFindings',
  insertPageSnippet: 'asyncPatterns.insertPageSnippet',
  openExample: 'asyncPatterns.openExample',
  checkWorkspace: 'asyncPatterns.checkWorkspace',
  cancelWorkspaceCheck: 'asyncPatterns.cancelWorkspaceCheck',
  clearWorkspace: 'asyncPatterns.clearWorkspace',
  groupWorkspaceByRule: 'asyncPatterns.groupWorkspaceByRule',
  groupWorkspaceByFile: 'asyncPatterns.groupWorkspaceByFile',
  fixWorkspace: 'asyncPatterns.fixWorkspace',
  /** Not in the palette: makes the safe fixes of the rule or file of the tree that is its argument. */
  fixWorkspaceNode: 'asyncPatterns.fixWorkspaceNode',
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
