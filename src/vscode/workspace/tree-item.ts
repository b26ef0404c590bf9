import { posix } from 'node:path';
import * as vscode from 'vscode';
import { toRange } from '../convert';
import type { WorkspaceParts } from '../workspace-view';
import { dataOf } from './results';
import { ruleOf, type Node } from './tree';

const HINT = new vscode.ThemeIcon('lightbulb');
const ICONS: Readonly<Record<number, vscode.ThemeIcon>> = {
  1: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  2: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  3: new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground')),
};

/** How a rule, a file or a finding is shown in the tree. */
export function toTreeItem(node: Node, parts: WorkspaceParts): vscode.TreeItem {
  if (node.kind === 'rule') return ruleItem(node, parts);
  return node.kind === 'file' ? fileItem(node) : findingItem(node, parts);
}

function ruleItem(
  { id, rule, count, severity, fixable }: Extract<Node, { kind: 'rule' }>,
  { library, settings }: WorkspaceParts,
): vscode.TreeItem {
  const page = library.rule(rule, settings.value.language);
  const item = new vscode.TreeItem(page?.title ?? rule, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.description = page ? `${count} · ${rule}` : String(count);
  item.iconPath = ICONS[severity] ?? HINT;
  if (page) item.tooltip = new vscode.MarkdownString(`**${page.title}** \`${rule}\`\n\n${page.summary}`);
  item.contextValue = fixable ? 'rule-fixable' : 'rule';
  return item;
}

function fileItem({ id, uri, rule, count, fixable }: Extract<Node, { kind: 'file' }>): vscode.TreeItem {
  const resource = vscode.Uri.parse(uri);
  const path = vscode.workspace.asRelativePath(resource);
  const state =
    rule === undefined ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded;
  const item = new vscode.TreeItem(posix.basename(path), state);
  const folder = posix.dirname(path);
  item.id = id;
  item.resourceUri = resource;
  item.iconPath = vscode.ThemeIcon.File;
  item.description = folder === '.' ? String(count) : `${count} · ${folder}`;
  item.tooltip = path;
  item.contextValue = fixable ? 'file-fixable' : 'file';
  return item;
}

function findingItem(
  { id, uri, found }: Extract<Node, { kind: 'finding' }>,
  { messages }: WorkspaceParts,
): vscode.TreeItem {
  const text = messages.text(dataOf(found));
  const range = toRange(found.range);
  const item = new vscode.TreeItem(text);
  const rule = ruleOf(found);
  item.id = id;
  item.description = `${rule} [${range.start.line + 1}, ${range.start.character + 1}]`;
  item.tooltip = text;
  item.iconPath = ICONS[found.severity ?? 2] ?? HINT;
  item.contextValue = 'finding';
  item.command = {
    command: 'vscode.open',
    title: text,
    arguments: [vscode.Uri.parse(uri), { selection: range, preserveFocus: true }],
  };
  return item;
}
