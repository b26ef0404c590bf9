import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/core/edits';
import type { SafeFix } from '../../../src/core/protocol';
import { LineMap } from '../../../src/core/text';
import { combine } from '../../../src/vscode/workspace/combine';

const TEXT = 'first();\r\nsecond();\r\n';

/** A fix that replaces `from` by `to`. */
function fix(rule: string, ...changes: readonly (readonly [from: string, to: string])[]): SafeFix {
  const lines = new LineMap(TEXT);
  return {
    rule,
    edits: changes.map(([from, to]) => {
      const start = TEXT.indexOf(from);
      return { range: lines.rangeOf({ start, end: start + from.length }), newText: to };
    }),
  };
}

/** The text with the chosen edits made, and the rules they are for. */
function made(...fixes: readonly SafeFix[]) {
  const { edits, fixed } = combine(fixes, TEXT);
  const lines = new LineMap(TEXT);
  const spans = edits.map(({ range: { start, end }, newText }) => ({
    file: '',
    span: { start: lines.offsetAt(start), end: lines.offsetAt(end) },
    newText,
  }));
  return { text: applyEdits(TEXT, spans), rules: edits.map(({ rule }) => rule), fixed };
}

describe('combining the safe fixes of a file', () => {
  it('makes those that do not disturb each other, each for its rule', () => {
    assert.deepEqual(made(fix('a', ['first', 'await first']), fix('b', ['second', 'await second'])), {
      text: 'await first();\r\nawait second();\r\n',
      rules: ['a', 'b'],
      fixed: 2,
    });
  });

  it('leaves a fix for the next time that touches what another changes', () => {
    assert.deepEqual(made(fix('a', ['first()', 'one()']), fix('b', ['first', 'x'], ['second', 'y'])), {
      text: 'one();\r\nsecond();\r\n',
      rules: ['a'],
      fixed: 1,
    });
  });

  it('makes an edit that several fixes share once', () => {
    const shared = ['', 'import x;\r\n'] as const;
    assert.deepEqual(made(fix('a', shared, ['first', 'x.first']), fix('b', shared, ['second', 'x.second'])), {
      text: 'import x;\r\nx.first();\r\nx.second();\r\n',
      rules: ['a', 'a', 'b'],
      fixed: 2,
    });
  });

  it('makes nothing of nothing', () => {
    assert.deepEqual(made(), { text: TEXT, rules: [], fixed: 0 });
  });
});
