import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

describe('escaping-task-group', () => {
  const rule = new PythonRule('escaping-task-group');
  const HEAD = 'import asyncio, contextlib, pytest\nfrom contextlib import asynccontextmanager\n';
  const inside = (...lines: string[]) => `${HEAD}async def f(x):\n    ${lines.join('\n    ')}\n`;

  it('finds yield inside task groups and timeouts', () => {
    assert.deepEqual(rule.lines(inside('async with asyncio.TaskGroup() as group:', '    yield 1')), [5]);
    assert.deepEqual(
      rule.lines(inside('async with asyncio.timeout(1):', '    async for y in x:', '        yield y')),
      [6],
    );
    assert.deepEqual(
      rule.lines(
        'from asyncio import timeout_at as at\nimport asyncio\nasync def f():\n    async with asyncio.timeout_at(1):\n        yield\n',
      ),
      [5],
    );
  });

  it('is silent on context managers and fixtures, which hold a scope open on purpose', () => {
    for (const decorator of [
      'asynccontextmanager',
      'contextlib.asynccontextmanager',
      'pytest.fixture',
      'pytest.fixture(scope="module")',
    ])
      assert.deepEqual(
        rule.lines(
          `${HEAD}@${decorator}\n${inside('async with asyncio.TaskGroup():', '    yield').slice(HEAD.length)}`,
        ),
        [],
        decorator,
      );
  });

  it('is silent on yield outside, and on other scopes', () => {
    assert.deepEqual(
      rule.lines(inside('async with asyncio.timeout(1):', '    y = await x()', 'yield y')),
      [],
    );
    assert.deepEqual(rule.lines(inside('async with x.timeout(1):', '    yield 1')), []);
    assert.deepEqual(rule.lines(inside('async with asyncio.Lock():', '    yield 1')), []);
    assert.deepEqual(
      rule.lines(
        inside('async with asyncio.timeout(1):', '    await x()', '    def g(): yield 1', '    x(g)'),
      ),
      [],
    );
  });

  it('finds timeouts in which nothing waits', () => {
    assert.deepEqual(rule.lines(inside('async with asyncio.timeout(1):', '    x()')), [4]);
    for (const body of [
      'await x()',
      'async for y in x: pass',
      'async with x: pass',
      'y = [z async for z in x]',
    ])
      assert.deepEqual(rule.lines(inside('async with asyncio.timeout(1):', `    ${body}`)), [], body);
    assert.deepEqual(rule.lines(inside('async with asyncio.timeout(1), x:', '    x()')), []);
    assert.deepEqual(rule.lines(inside('async with asyncio.TaskGroup():', '    x()')), []);
  });
});
