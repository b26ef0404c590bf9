import assert from 'node:assert/strict';
import type { CheckedFile } from '../../../src/core/workspace-protocol';
import { Results, type Found } from '../../../src/vscode/workspace/results';
import { treeOf, type Node } from '../../../src/vscode/workspace/tree';

function found(rule: string, line: number, severity: 1 | 2 | 3 | 4 = 1): Found {
  const start = { line, character: 0 };
  return {
    range: { start, end: { line, character: 3 } },
    severity,
    code: rule,
    message: rule,
    data: { template: rule, values: {}, related: [], fixable: rule !== 'hard' },
  };
}

function checked(
  diagnostics: readonly Found[],
  fixable: readonly string[] = [],
  fingerprint = '1',
): CheckedFile {
  return { file: '', fingerprint, diagnostics, fixes: fixable.map((rule) => ({ rule, edits: [] })) };
}

/** Rules and lines by file. */
function listed(results: Results): string[] {
  return results
    .current()
    .flatMap(({ uri, found: all }) =>
      all.map(({ code, range }) => `${uri} ${String(code)} ${range.start.line}`),
    )
    .sort();
}

describe('the results of a check', () => {
  let live: Map<string, readonly Found[]>;
  let results: Results;
  beforeEach(() => {
    live = new Map();
    results = new Results((uri) => live.get(uri), 4);
  });

  it('give way to what is found in an open document', () => {
    results.add('a', checked([found('floating', 1)]));
    results.add('b', checked([found('floating', 2)]));
    results.add('clean', checked([]));
    live.set('a', [found('late', 5)]);
    live.set('clean', [found('late', 6)]);
    live.set('never checked', [found('late', 7)]);
    assert.deepEqual(listed(results), ['a late 5', 'b floating 2', 'clean late 6']);
    live.set('a', []);
    live.delete('clean');
    assert.deepEqual(listed(results), ['b floating 2']);
  });

  it('take over what was found in a document that is closed, and its fixes where the text is the same', () => {
    results.add('a', checked([found('floating', 1)], ['floating'], 'old'));
    results.adopt('a', 'old', [found('floating', 1)]);
    assert.equal(results.fixesFor('a', 'old')?.length, 1);
    results.adopt('a', 'new', [found('floating', 4)]);
    assert.deepEqual(listed(results), ['a floating 4']);
    assert.equal(results.fixesFor('a', 'new'), undefined);
    assert.equal(results.fixesFor('a', 'old'), undefined);
  });

  it('of a check before stay until the next one has come to its end', () => {
    results.add('a', checked([found('floating', 1)]));
    results.add('b', checked([found('floating', 2)]));
    results.begin();
    results.add('a', checked([found('floating', 3)]));
    assert.deepEqual(listed(results), ['a floating 3', 'b floating 2'], 'cancelled here, nothing is lost');
    assert.deepEqual(results.complete(), ['b']);
    assert.deepEqual(listed(results), ['a floating 3']);
    assert.equal(results.has('b'), false);
  });

  it('are left out, and counted, where there are too many', () => {
    results.add('a', checked([found('x', 1), found('x', 2), found('x', 3)]));
    results.add('b', checked([found('x', 1), found('x', 2)]));
    results.add('c', checked([found('x', 1)]));
    assert.deepEqual(listed(results), ['a x 1', 'a x 2', 'a x 3', 'c x 1']);
    assert.equal(results.omitted, 2);
    results.drop('a');
    results.add('b', checked([found('x', 1), found('x', 2)]));
    assert.deepEqual(listed(results), ['b x 1', 'b x 2', 'c x 1']);
    assert.equal(results.omitted, 0);
  });

  it('tell what can be fixed: from the fixes, or for an open document from what is likely', () => {
    results.add('a', checked([found('floating', 1), found('late', 2)], ['floating']));
    assert.deepEqual(
      results.current().flatMap(({ uri, found: all }) => all.map((one) => results.isFixable(uri, one))),
      [true, false],
    );
    live.set('a', [found('late', 2), found('hard', 3)]);
    assert.deepEqual(
      results.current().flatMap(({ uri, found: all }) => all.map((one) => results.isFixable(uri, one))),
      [true, false],
    );
  });
});

describe('the tree of findings', () => {
  const files = [
    { uri: 'u2', found: [found('late', 9, 2), found('floating', 4), found('late', 1, 2)] },
    { uri: 'u1', found: [found('late', 3, 2), found('hint', 2, 4), found('rare', 2, 2)] },
  ];
  const options = {
    nameOf: (uri: string) => ({ u1: 'src/a.ts', u2: 'src/b.ts' })[uri] ?? uri,
    isFixable: (_: string, { code }: Found) => code === 'late',
  };
  const outline = (nodes: readonly Node[], indent = ''): string[] =>
    nodes.flatMap((node) => {
      if (node.kind === 'finding')
        return [`${indent}${String(node.found.code)} ${node.found.range.start.line}`];
      const count = node.kind === 'rule' ? node.count : node.children.length;
      const name = node.kind === 'rule' ? node.rule : node.uri;
      const head = `${indent}${name} ${count} severity ${node.severity}${node.fixable ? ' fixable' : ''}`;
      return [head, ...outline(node.children, `${indent}  `)];
    });

  it('has rules by severity and number, files by name, findings by place', () => {
    assert.deepEqual(outline(treeOf(files, { ...options, grouping: 'rule' })), [
      'floating 1 severity 1',
      '  u2 1 severity 1',
      '    floating 4',
      'late 3 severity 2 fixable',
      '  u1 1 severity 2 fixable',
      '    late 3',
      '  u2 2 severity 2 fixable',
      '    late 1',
      '    late 9',
      'rare 1 severity 2',
      '  u1 1 severity 2',
      '    rare 2',
      'hint 1 severity 4',
      '  u1 1 severity 4',
      '    hint 2',
    ]);
  });

  it('has files with the most severe of their findings', () => {
    assert.deepEqual(outline(treeOf(files, { ...options, grouping: 'file' })), [
      'u1 3 severity 2 fixable',
      '  hint 2',
      '  rare 2',
      '  late 3',
      'u2 3 severity 1 fixable',
      '  late 1',
      '  floating 4',
      '  late 9',
    ]);
  });

  it('names every entry differently', () => {
    for (const grouping of ['rule', 'file'] as const) {
      const ids = (nodes: readonly Node[]): string[] =>
        nodes.flatMap((node) => [node.id, ...(node.kind === 'finding' ? [] : ids(node.children))]);
      const all = ids(treeOf(files, { ...options, grouping }));
      assert.equal(new Set(all).size, all.length);
    }
  });
});
