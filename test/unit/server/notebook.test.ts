import assert from 'node:assert/strict';
import type { Span } from '../../../src/core/text';
import { OpenNotebook, withoutMagic } from '../../../src/hosts/server/notebook';

describe('a notebook', () => {
  it('has magics, commands and help made comments of the same length', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['%matplotlib inline\nx', '#matplotlib inline\nx'],
      ['if x:\n    !pip install y\n    z()', 'if x:\n    #pip install y\n    z()'],
      ['?print\nprint?\nos.path??', '#print\n#rint?\n#s.path??'],
      ['%%time\nf()', '#%time\nf()'],
      ['%%bash\nls\n', '#%bash\n#s\n'],
      ['x = a % b\nx != y', 'x = a % b\nx != y'],
      ['x = (a\n% b)', 'x = (a\n% b)'],
    ];
    for (const [cell, python] of cases) {
      assert.equal(withoutMagic(cell), python);
      assert.equal(python.length, cell.length);
    }
  });

  it('finds the cell and the place in it of every span', () => {
    const notebook = new OpenNotebook('file:///a/n.ipynb', [
      { uri: 'cell:1', version: 1, text: 'a = "😀"' },
      { uri: 'cell:2', version: 3, text: '' },
      { uri: 'cell:3', version: 1, text: 'b\r\nc' },
    ]);
    assert.equal(notebook.text, 'a = "😀"\n\nb\r\nc\n');
    for (const [word, uri, line, character] of [
      ['"😀"', 'cell:1', 0, 4],
      ['c', 'cell:3', 1, 0],
    ] as [string, string, number, number][]) {
      const start: number = notebook.text.indexOf(word);
      const range = {
        start: { line, character },
        end: { line, character: character + word.length },
      };
      const span: Span = { start, end: start + word.length };
      assert.deepEqual(notebook.locate(span), { uri, range });
      assert.deepEqual(notebook.spanOf(uri, range), span);
    }
    assert.equal(notebook.versionOf('cell:2'), 3);
    assert.equal(
      notebook.spanOf('cell:9', { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }),
      undefined,
    );
  });
});
