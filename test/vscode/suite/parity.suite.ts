import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Range } from '../../../src/core/text';
import type { JsonFinding } from '../../../src/hosts/cli/formats/json';
import { comparable, type Comparable } from '../../support/comparable';
import {
  closeAllEditors,
  codeActions,
  diagnosticsOf,
  openFile,
  ruleOf,
  until,
  workspaceFolder,
} from './support';

const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;
/** A TypeScript server has whole projects to read first. */
const WAIT_MS = 150_000;

/** Files that between them have every rule, each as long as it has a new one. */
function withEveryRule(said: readonly JsonFinding[]): string[] {
  const seen = new Set<string>();
  const files: string[] = [];
  for (const file of new Set(said.map((finding) => finding.file))) {
    const rules = said.filter((finding) => finding.file === file).map(({ rule }) => rule);
    if (rules.every((rule) => seen.has(rule))) continue;
    for (const rule of rules) seen.add(rule);
    files.push(file);
  }
  return files;
}

describe('in real packages', () => {
  afterEach(closeAllEditors);

  it('the findings and fixes are those of the command line', async function () {
    this.timeout(8 * WAIT_MS);
    const file = vscode.Uri.joinPath(workspaceFolder(), '.said-by-the-command-line.json');
    const said = JSON.parse(
      Buffer.from(await vscode.workspace.fs.readFile(file)).toString(),
    ) as JsonFinding[];
    const files = withEveryRule(said);
    assert.ok(files.length >= 10);
    for (const name of files) {
      const expected = comparable(said.filter((finding) => finding.file === name));
      const { document } = await openFile(name);
      await until(
        () => diagnosticsOf(document.uri).length === expected.length,
        WAIT_MS,
        () => `${name} has ${diagnosticsOf(document.uri).length} findings, not ${expected.length}`,
      );
      const found = diagnosticsOf(document.uri);
      const withoutFixes = (all: readonly Comparable[]) =>
        comparable(all.map((one) => ({ ...one, fixes: [] })));
      assert.deepEqual(
        withoutFixes(found.map((one) => toComparable(document.uri, one))),
        withoutFixes(expected),
      );
      for (const { range } of found) {
        const touching = expected.filter((other) => toRange(other.range).intersection(range));
        const wanted = fixes(touching.flatMap((one) => one.fixes));
        let offered: readonly string[] = [];
        // An editor with much to do answers with nothing at times.
        for (let attempt = 0; attempt < 3 && offered.join() !== wanted.join(); attempt++)
          offered = fixes((await actionsAt(document.uri, range)).filter(isRepair).map(toFix));
        assert.deepEqual(offered, wanted, name);
      }
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    }
  });
});

function toComparable(uri: vscode.Uri, diagnostic: vscode.Diagnostic): Comparable {
  return {
    file: nameOf(uri),
    rule: ruleOf(diagnostic) ?? '',
    severity: SEVERITIES[diagnostic.severity],
    message: diagnostic.message,
    range: fromRange(diagnostic.range),
    related: (diagnostic.relatedInformation ?? []).map(({ location, message }) => ({
      file: nameOf(location.uri),
      range: fromRange(location.range),
      message,
    })),
    fixes: [],
  };
}

async function actionsAt(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const rewrite = vscode.CodeActionKind.RefactorRewrite.append('asyncPatterns');
  return [...(await codeActions(uri, range)), ...(await codeActions(uri, range, rewrite))];
}

/** Others are for ignoring the finding, reading about it or asking a chat. */
function isRepair({ title, edit }: vscode.CodeAction): boolean {
  return edit !== undefined && edit.size > 0 && !title.startsWith('Ignore ');
}

function toFix({ title, isPreferred, edit }: vscode.CodeAction): Comparable['fixes'][number] {
  return {
    title,
    safety: isPreferred ? 'safe' : 'suggestion',
    edits: (edit?.entries() ?? []).flatMap(([uri, edits]) =>
      edits.map(({ range, newText }) => ({ file: nameOf(uri), range: fromRange(range), newText })),
    ),
  };
}

/** Each once and in one order: the editor puts those first that it prefers. */
function fixes(all: readonly Comparable['fixes'][number][]): string[] {
  const texts = all.map(({ title, safety, edits }) => {
    const sorted = edits.map(({ file, range, newText }) => JSON.stringify([file, range, newText])).sort();
    return JSON.stringify([title, safety, sorted]);
  });
  return [...new Set(texts)].sort();
}

function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri, false);
}

function fromRange({ start, end }: vscode.Range): Range {
  const place = ({ line, character }: vscode.Position) => ({ line, character });
  return { start: place(start), end: place(end) };
}

function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
