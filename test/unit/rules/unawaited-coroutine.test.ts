import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { PythonSample } from '../support/analyse-python';

const RULE = 'unawaited-coroutine';

describe(RULE, () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  const sampleOf = (text: string, others: Readonly<Record<string, string>> = {}) =>
    new PythonSample(parser, { ...others, 'a.py': text });

  /** Lines of the rule's findings, counted from 1. */
  const found = (text: string, others: Readonly<Record<string, string>> = {}): number[] => {
    const lines = new LineMap(text);
    return sampleOf(text, others)
      .findings('a.py')
      .filter((f) => f.rule === RULE)
      .map((f) => lines.positionAt(f.span.start).line + 1);
  };

  const DEF = 'async def f(): return 1\n';

  it('finds a call that is a statement, in async and ordinary functions and at the top of a module', () => {
    assert.deepEqual(found(`${DEF}async def g():\n    f()\n`), [3]);
    assert.deepEqual(found(`${DEF}def g():\n    f()\n`), [3]);
    assert.deepEqual(found(`${DEF}f()\n`), [2]);
    assert.deepEqual(found(`${DEF}async def g(x):\n    x and f()\n    f() if x else None\n`), [3, 4]);
    assert.deepEqual(found(`${DEF}async def g():\n    lambda: (f(), 1)[1]\n    [f()]\n`), [4]);
  });

  it('finds libraries’ coroutines and those of other modules and objects', () => {
    assert.deepEqual(found('import asyncio\nasync def g():\n    asyncio.sleep(1)\n'), [3]);
    assert.deepEqual(
      found('import asyncio\nasync def g():\n    q = asyncio.Queue()\n    q.put(1)\n    q.put_nowait(1)\n'),
      [4],
    );
    assert.deepEqual(
      found('from db import Db\nDb().save()\n', { 'db.py': 'class Db:\n    async def save(self): pass\n' }),
      [2],
    );
    assert.deepEqual(
      found(
        'import aiohttp\nasync def g(s: aiohttp.ClientSession):\n    s.close()\n    r = await s.get("x")\n    r.json()\n',
      ),
      [3, 5],
    );
  });

  it('finds coroutines in conditions', () => {
    assert.deepEqual(
      found(`${DEF}async def g(xs):\n    if f(): pass\n    if not f(): pass\n    while f(): pass\n`),
      [3, 4, 5],
    );
    assert.deepEqual(
      found(
        `${DEF}async def g(x):\n    assert f()\n    y = 1 if f() else 2\n    if x and f(): pass\n    return y\n`,
      ),
      [3, 4, 5],
    );
    assert.deepEqual(found(`${DEF}async def g(xs):\n    return [x for x in xs if f()]\n`), [3]);
  });

  it('finds a coroutine that is bound and never used', () => {
    assert.deepEqual(found(`${DEF}async def g():\n    x = f()\n`), [3]);
    assert.deepEqual(found(`${DEF}async def g():\n    _ = f()\n`), [3]);
    assert.deepEqual(found(`${DEF}async def g():\n    x = f()\n    await x\n`), []);
    assert.deepEqual(found(`${DEF}async def g():\n    x = f()\n    def h(): return x\n    return h\n`), []);
    assert.deepEqual(found(`${DEF}x = f()\n`), [], 'other modules may read it');
    assert.deepEqual(found(`${DEF}async def g():\n    x = f()\n    return locals()\n`), []);
    assert.deepEqual(found(`${DEF}def g():\n    global x\n    x = f()\n`), []);
  });

  it('is silent where the coroutine is awaited, returned, passed on, stored or yielded', () => {
    const body = [
      'await f()',
      'return f()',
      'run(f())',
      'run(coro=f())',
      'self.x = f()',
      'xs.append(f())',
      'xs[0] = f()',
      'yield f()',
      'f().close()',
      'with f(): pass',
      'raise f()',
      'x = [f()]\n    return x',
    ];
    for (const line of body) assert.deepEqual(found(`${DEF}async def g(self, xs):\n    ${line}\n`), [], line);
  });

  it('is silent where the call may give something else', () => {
    assert.deepEqual(found('async def f():\n    yield 1\nf()\n'), [], 'async generator');
    assert.deepEqual(found('@decorated\nasync def f(): pass\nf()\n'), [], 'unknown decorator');
    assert.deepEqual(found('def f(): return 1\nf()\n'), []);
    assert.deepEqual(found('from lib import f\nf()\n'), [], 'unknown module');
    assert.deepEqual(found(`${DEF}def g(f):\n    f()\n`), [], 'a parameter hides it');
    assert.deepEqual(found(`${DEF}if x:\n    f = print\nf()\n`), [], 'bound twice');
    assert.deepEqual(
      found(
        'from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def f(): yield 1\nf()\n',
      ),
      [],
    );
  });

  it('holds back what is inside a broken statement only', () => {
    assert.deepEqual(found(`${DEF}async def g():\n    x = = f()\n    f()\n`), [4]);
  });

  it('adds await: safely in a condition, as a suggestion where the call was dropped', () => {
    const text = `${DEF}async def g(x):\n    f()\n    if not f(): pass\n    x = f()\n`;
    const sample = sampleOf(text);
    const fixes = sample.findings('a.py').map((finding) => sample.fixes(finding).map((fix) => fix.safety));
    assert.deepEqual(fixes, [['suggestion'], ['safe'], ['suggestion']]);
    assert.equal(
      sample.fixed('a.py'),
      `${DEF}async def g(x):\n    await f()\n    if not await f(): pass\n    x = await f()\n`,
    );
  });

  it('offers no await where Python allows none', () => {
    const sample = sampleOf(`${DEF}def g():\n    f()\nh = lambda xs: [x for x in xs if f()]\n`);
    const findings = sample.findings('a.py');
    assert.equal(findings.length, 2);
    for (const finding of findings)
      assert.deepEqual(sample.fixes(finding), [], formatMessage(finding.message));
  });

  it('keeps CRLF and comments', () => {
    const text = `${DEF}async def g():\r\n    f()  # now\r\n`;
    assert.equal(sampleOf(text).fixed('a.py'), `${DEF}async def g():\r\n    await f()  # now\r\n`);
  });

  it('takes a method that may give a coroutine, says its annotation, for no promise of one', () => {
    const calls = (annotation: string) =>
      found(
        `from typing import Coroutine, Optional, Union\nclass A:\n    def f(self) -> ${annotation}: ...\n    def g(self): self.f()\n`,
      );
    assert.deepEqual(calls('Coroutine[None, None, int]'), [4]);
    for (const annotation of ['Union[None, Coroutine]', 'Optional[Coroutine]', 'Coroutine | None'])
      assert.deepEqual(calls(annotation), [], annotation);
  });

  it('is silent where functions of both kinds are told apart', () => {
    const call = (test: string) =>
      found(
        `from inspect import iscoroutinefunction\n${DEF}async def g():\n    if ${test}: await f()\n    else: f()\n`,
      );
    assert.deepEqual(call('iscoroutinefunction(f)'), []);
    assert.deepEqual(call('x'), [5]);
  });
});
