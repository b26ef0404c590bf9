import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { FileFacts } from '../../../src/core/facts';
import { walk } from '../../../src/core/walk';
import type { PythonParser } from '../../../src/languages/python/parser';
import { outline } from '../support/outline';
import { pythonParser } from './support/parser';
import { pythonFiles, randomNumbers, readText, stdlibDirectory } from './support/stdlib';

/** Everything facts say, positions included, as text. */
function fingerprint(facts: FileFacts): string {
  const spans: number[] = [];
  for (const fn of facts.functions) {
    walk(fn.body, ({ span }) => {
      spans.push(span.start, span.end);
      return undefined;
    });
  }
  const { broken, comments, imports } = facts;
  return JSON.stringify({ outline: outline(facts), spans, broken, comments, imports });
}

describe('the Python parser', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  it('lowers every file of the standard library without an exception, and finds no fault in it', function () {
    this.timeout(300_000);
    const files = pythonFiles(stdlibDirectory()).filter((file) => !/\/(?:test|tests|lib2to3)\//.test(file));
    assert.ok(files.length > 400, `${files.length} files`);
    const unreadable: string[] = [];
    let size = 0;
    const before = process.cpuUsage();
    for (const file of files) {
      const text = readText(file);
      size += text.length;
      if (parser.lower(file, text).facts.broken.length > 0) unreadable.push(file);
    }
    const { user } = process.cpuUsage(before);
    console.log(
      `      ${files.length} files, ${(size / 1e6).toFixed(1)} MB, ${(size / user).toFixed(1)} MB/s of CPU time`,
    );
    assert.deepEqual(unreadable, []);
  });

  it('gives the same facts after random edits as a full parse', function () {
    this.timeout(300_000);
    const random = randomNumbers(20_26);
    const library = stdlibDirectory();
    const names = [
      'asyncio/queues.py',
      'asyncio/locks.py',
      'contextlib.py',
      'queue.py',
      'textwrap.py',
      'functools.py',
    ];
    const inserted = [
      'x',
      '(',
      ')',
      ':',
      '\n',
      '    ',
      '"',
      "'''",
      '#',
      '😀',
      'async ',
      'await g()\n',
      '\r\n',
      '\t',
      'def f():\n    pass\n',
      '\\',
      'ж',
      '@d\n',
      '# why\n',
      'if x:\n',
      '    else:\n',
      "f'{x}'",
      'with a as b: ',
      'lambda x=1: ',
      'x = y = ',
      'class A:\n',
      'try:\n',
      '[',
      '}',
    ];
    let edits = 0;
    for (const name of names) {
      const document = parser.open('/m.py', readText(join(library, name)));
      for (let round = 0; round < 30; round++) {
        const changes = Array.from({ length: 1 + random(3) }, () => {
          const start = random(1000) / 1000;
          return {
            start,
            length: random(4) === 0 ? random(40) : 0,
            newText: inserted[random(inserted.length)] ?? '',
          };
        });
        for (const { start, length, newText } of changes) {
          const at = Math.floor(start * document.text.length);
          const end = Math.min(at + length, document.text.length);
          if (round % 2 === 0) document.edit([{ span: { start: at, end }, newText }]);
          else document.update(document.text.slice(0, at) + newText + document.text.slice(end));
          edits++;
        }
        const whole = parser.lower('/m.py', document.text).facts;
        assert.equal(fingerprint(document.facts), fingerprint(whole), `${name}, round ${round}`);
        if (round % 10 === 9) document.update(readText(join(library, name)));
      }
      document.close();
    }
    assert.ok(edits > 200, `${edits} edits`);
  });

  it('keeps facts of a version that has been edited since', () => {
    const text = 'def f():\n    g()\n\ndef h():\n    g()\n';
    const document = parser.open('/m.py', text);
    const old = document.facts;
    const before = fingerprint(old);
    document.edit([{ span: { start: 0, end: 0 }, newText: '# new\n' }]);
    assert.notEqual(fingerprint(document.facts), before);
    assert.equal(fingerprint(old), before);
    document.close();
    assert.equal(fingerprint(old), before);
  });

  it('reads what is far too deep to be real code without failing', () => {
    const deep = `x = ${'('.repeat(3000)}1${')'.repeat(3000)}\ny = ${Array.from({ length: 3000 }, () => 'a').join(' + ')}\nf()\n`;
    const { facts } = parser.lower('/m.py', deep);
    assert.equal(facts.functions[0]?.calls.length, 1);
  });
});
