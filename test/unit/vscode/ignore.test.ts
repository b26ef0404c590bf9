import assert from 'node:assert/strict';
import { ignoreFile, ignoreLine, type Insertion } from '../../../src/vscode/ignore';

function applied(text: string, insertion: Insertion | undefined): string | undefined {
  if (!insertion) return undefined;
  const lines = text.split('\n');
  const line = lines[insertion.line] ?? '';
  lines[insertion.line] =
    line.slice(0, insertion.character) + insertion.text + line.slice(insertion.character);
  return lines.join('\n');
}

/** `text` after "ignore on this line" for the line that holds `save()`. */
function afterIgnoringLine(text: string, jsx = false): string | undefined {
  const lines = text.split('\n');
  const line = lines.findIndex((candidate) => candidate.includes('save()'));
  return applied(text, ignoreLine(lines, line, 'floating-promise', jsx ? 'jsx' : 'slashes', '\n'));
}

describe('ignoring on a line', () => {
  it('puts a comment above, as far to the right as the line', () => {
    assert.equal(
      afterIgnoringLine('function f() {\n\t  save();\n}'),
      'function f() {\n\t  // async-patterns-ignore-next-line floating-promise\n\t  save();\n}',
    );
    assert.equal(
      afterIgnoringLine('save();'),
      '// async-patterns-ignore-next-line floating-promise\nsave();',
    );
  });

  it('adds the rule to a comment that is there, before its reason', () => {
    assert.equal(
      afterIgnoringLine('// async-patterns-ignore-next-line late-await -- measured\nsave();'),
      '// async-patterns-ignore-next-line late-await, floating-promise -- measured\nsave();',
    );
    assert.equal(
      afterIgnoringLine('{/* async-patterns-ignore-next-line a, b */}\n<p onClick={() => save()} />', true),
      '{/* async-patterns-ignore-next-line a, b, floating-promise */}\n<p onClick={() => save()} />',
    );
    assert.equal(
      afterIgnoringLine('save(); // async-patterns-ignore-line late-await'),
      'save(); // async-patterns-ignore-line late-await, floating-promise',
    );
  });

  it('uses a braced comment among the children of a JSX element only', () => {
    assert.equal(
      afterIgnoringLine('  <div>\n    <p onClick={() => save()} />', true),
      '  <div>\n    {/* async-patterns-ignore-next-line floating-promise */}\n    <p onClick={() => save()} />',
    );
    assert.equal(
      afterIgnoringLine('return (\n  <p onClick={() => save()} />', true),
      'return (\n  // async-patterns-ignore-next-line floating-promise\n  <p onClick={() => save()} />',
    );
    assert.equal(
      afterIgnoringLine('<p\n  onClick={() => save()}\n/>', true),
      '<p\n  // async-patterns-ignore-next-line floating-promise\n  onClick={() => save()}\n/>',
    );
    assert.equal(
      afterIgnoringLine('const f = () =>\n  save();', true),
      'const f = () =>\n  // async-patterns-ignore-next-line floating-promise\n  save();',
    );
  });

  it('never puts a comment into a template literal', () => {
    assert.equal(
      afterIgnoringLine('log(`one\n  two ${save()}`);'),
      'log(`one\n  two ${save()}`); // async-patterns-ignore-line floating-promise',
    );
    assert.equal(afterIgnoringLine('log(`one\n  two ${save()}\n three`);'), undefined);
    assert.equal(
      afterIgnoringLine('const s = `${`a${{}}`}`; // `\nsave();'),
      'const s = `${`a${{}}`}`; // `\n// async-patterns-ignore-next-line floating-promise\nsave();',
    );
  });
});

describe('ignoring in a file', () => {
  const afterIgnoringFile = (text: string) =>
    applied(text, ignoreFile(text.split('\n'), 'floating-promise', 'slashes', '\n'));

  it('puts a comment at the top, below the line that names the interpreter', () => {
    assert.equal(afterIgnoringFile('a;'), '// async-patterns-ignore-file floating-promise\na;');
    assert.equal(
      afterIgnoringFile('#!/usr/bin/env node\na;'),
      '#!/usr/bin/env node\n// async-patterns-ignore-file floating-promise\na;',
    );
    assert.equal(
      afterIgnoringFile('#!/usr/bin/env node'),
      '#!/usr/bin/env node\n// async-patterns-ignore-file floating-promise\n',
    );
  });

  it('adds the rule to a comment that is there', () => {
    assert.equal(
      afterIgnoringFile('a;\n// async-patterns-ignore-file late-await -- generated'),
      'a;\n// async-patterns-ignore-file late-await, floating-promise -- generated',
    );
  });
});

describe('ignoring in Python', () => {
  const onLine = (text: string) => {
    const lines = text.split('\n');
    const line = lines.findIndex((candidate) => candidate.includes('save()'));
    return applied(text, ignoreLine(lines, line, 'unawaited-coroutine', 'hash', '\n'));
  };
  const inFile = (text: string) =>
    applied(text, ignoreFile(text.split('\n'), 'unawaited-coroutine', 'hash', '\n'));

  it('puts a comment above the line, also inside brackets', () => {
    assert.equal(
      onLine('async def f():\n    save()'),
      'async def f():\n    # async-patterns-ignore-next-line unawaited-coroutine\n    save()',
    );
    assert.equal(
      onLine('x = [\n  save(),\n]'),
      'x = [\n  # async-patterns-ignore-next-line unawaited-coroutine\n  save(),\n]',
    );
  });

  it('puts it at the end of a line that begins in a string or after a backslash', () => {
    const comment = '  # async-patterns-ignore-line unawaited-coroutine';
    assert.equal(onLine('x = """\n"""; save()'), `x = """\n"""; save()${comment}`);
    assert.equal(onLine('x = 1 + \\\n  save()'), `x = 1 + \\\n  save()${comment}`);
    assert.equal(onLine("'''\n''' + save() + '''\n'''"), undefined);
  });

  it('takes no quote in a comment and no apostrophe in a string for the start of one', () => {
    assert.equal(
      onLine('# don\'t """\nx = "it\'s"\nsave()'),
      '# don\'t """\nx = "it\'s"\n# async-patterns-ignore-next-line unawaited-coroutine\nsave()',
    );
  });

  it('adds the rule to a comment that is there', () => {
    assert.equal(
      onLine('# async-patterns-ignore-next-line late-await -- measured\nsave()'),
      '# async-patterns-ignore-next-line late-await, unawaited-coroutine -- measured\nsave()',
    );
  });

  it('leaves the interpreter, the encoding and a magic of the cell above a comment for the file', () => {
    const comment = '# async-patterns-ignore-file unawaited-coroutine\n';
    assert.equal(inFile('import x'), `${comment}import x`);
    assert.equal(
      inFile('#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx'),
      `#!/usr/bin/python\n# -*- coding: utf-8 -*-\n${comment}x`,
    );
    assert.equal(inFile('%%time\nx'), `%%time\n${comment}x`);
    assert.equal(
      inFile('# async-patterns-ignore-file late-await\nx'),
      '# async-patterns-ignore-file late-await, unawaited-coroutine\nx',
    );
  });
});
