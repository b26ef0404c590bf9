import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/languages/python/parser';
import { PythonSample } from '../support/analyse-python';
import { pythonParser } from './support/parser';

describe('a noqa comment', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  const HEAD = 'import asyncio\nasync def f(): pass\nasync def g():\n';
  const task = '    asyncio.create_task(f())';
  const found = (...lines: string[]) =>
    new PythonSample(parser, { 'a.py': `${HEAD}${lines.join('\n')}\n` }).summary('a.py');

  it('for the same thing silences its line', () => {
    assert.deepEqual(found(`${task}  # noqa: RUF006`, task), ['5:dangling-task']);
    assert.deepEqual(found(`${task}  # noqa: E501, RUF006`), []);
    assert.deepEqual(found(`${task}  # type: ignore  # NOQA:ruf006 some reason`), []);
    assert.deepEqual(found('    asyncio.create_task(', '        f(),', '    )  # noqa: RUF006'), []);
  });

  it('without codes silences everything on its line', () => {
    assert.deepEqual(found(`${task}  # noqa`, '    f()  # noqa', '    f()'), ['6:unawaited-coroutine']);
  });

  it('for something else silences nothing', () => {
    assert.deepEqual(found(`${task}  # noqa: E501`), ['4:dangling-task']);
    assert.deepEqual(found('    f()  # noqa: RUF006'), ['4:unawaited-coroutine']);
    assert.deepEqual(found(`${task}  # nothing about noqa here`), ['4:dangling-task']);
  });

  it('may silence a whole file', () => {
    assert.deepEqual(found('    # ruff: noqa', task, '    f()'), []);
    assert.deepEqual(found('    # flake8: noqa: RUF006', task, '    f()'), ['6:unawaited-coroutine']);
  });
});
