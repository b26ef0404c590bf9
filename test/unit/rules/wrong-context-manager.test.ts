import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

describe('wrong-context-manager', () => {
  const rule = new PythonRule('wrong-context-manager');
  const HEAD = [
    'import asyncio, threading, aiohttp',
    'from contextlib import asynccontextmanager, nullcontext',
    'async def numbers():\n    yield 1',
    'async def load(): return [1]',
    '@asynccontextmanager\nasync def opened():\n    yield 1',
    'class Both:\n    def __enter__(self): return self\n    async def __aenter__(self): return self',
    'class Async:\n    async def __aenter__(self): return self',
    'class Derived(Async): pass',
    'class Strange(unknown.Base):\n    async def __aenter__(self): return self\n',
  ].join('\n');
  const inside = (...lines: string[]) =>
    `${HEAD}async def f(self, lock: asyncio.Lock):\n    ${lines.join('\n    ')}\n`;
  const count = (...lines: string[]) => rule.lines(inside(...lines)).length;
  const fixed = (...lines: string[]) => rule.fixed(inside(...lines)).slice(inside().length - 5);

  it('finds with on what needs async with', () => {
    for (const value of [
      'asyncio.Lock()',
      'asyncio.Semaphore(2)',
      'asyncio.timeout(1)',
      'asyncio.TaskGroup()',
      'aiohttp.ClientSession()',
      'lock',
      'opened()',
      'Async()',
      'Derived()',
    ])
      assert.equal(count(`with ${value}:`, '    pass'), 1, value);
    assert.equal(rule.lines(`${HEAD}def g():\n    with asyncio.Lock(): pass\n`).length, 1);
  });

  it('finds async with on what needs with', () => {
    assert.equal(count('async with threading.Lock():', '    pass'), 1);
    assert.equal(count('async with open("a"):', '    pass'), 1);
  });

  it('finds loops of the wrong kind', () => {
    assert.equal(count('for x in numbers():', '    pass'), 1);
    assert.equal(count('return [x for x in numbers()]'), 1);
    assert.equal(count('async for x in [1, 2]:', '    pass'), 1);
    assert.equal(count('async for x in range(3):', '    pass'), 1);
    assert.equal(count('return [x async for x in enumerate(self)]'), 1);
  });

  it('finds coroutines that are entered or iterated', () => {
    assert.equal(count('for x in load():', '    pass'), 1);
    assert.equal(count('async for x in load():', '    pass'), 1);
    assert.equal(count('async with load():', '    pass'), 1);
    assert.equal(fixed('for x in load():', '    pass'), '    for x in await load():\n        pass\n');
  });

  it('is silent on what fits, on what can do both and on what it does not know', () => {
    for (const head of [
      'async with asyncio.Lock():',
      'async with opened():',
      'async for x in numbers():',
      'for x in await load():',
      'with Both():',
      'async with Both():',
      'with Strange():',
      'with nullcontext():',
      'async with nullcontext():',
      'with self.lock:',
      'with open("a"):',
      'for x in open("a"):',
      'with threading.Lock():',
      'for x in self:',
      'async for x in self:',
      'for x in map(load, self):',
    ])
      assert.equal(count(head, '    pass'), 0, head);
  });

  it('is silent where a test expects the failure, and only there', () => {
    assert.equal(count('with pytest.raises(AttributeError):', '    with lock: pass'), 0);
    assert.equal(
      count('with self.assertRaisesRegex(TypeError, "async"):', '    for x in numbers(): pass'),
      0,
    );
    assert.equal(count('with raises(TypeError), lock:', '    pass'), 0);
    assert.equal(count('with suppress(TypeError):', '    with lock: pass'), 1);
    assert.equal(count('with lock:', '    with pytest.raises(KeyError): pass'), 1);
  });

  it('changes the word', () => {
    assert.equal(fixed('with lock:  # go', '    pass'), '    async with lock:  # go\n        pass\n');
    assert.equal(
      fixed('with lock, opened() as x:', '    pass'),
      '    async with lock, opened() as x:\n        pass\n',
    );
    assert.equal(fixed('for x in numbers():', '    pass'), '    async for x in numbers():\n        pass\n');
    assert.equal(fixed('async  for x in [1]:', '    pass'), '    for x in [1]:\n        pass\n');
  });

  it('offers no repair where one word cannot be right, or async is not allowed', () => {
    assert.deepEqual(rule.titles(inside('with lock, open("a"):', '    pass')), []);
    assert.deepEqual(rule.titles(`${HEAD}def g():\n    with asyncio.Lock(): pass\n`), []);
    assert.deepEqual(rule.titles(inside('return [x for x in numbers()]')), []);
  });

  it('is silent on methods that only subclasses fill', () => {
    const listen = (body: string) =>
      rule.lines(
        `class A:\n    async def listen(self):\n        ${body}\n    async def f(self):\n        async for x in self.listen(): pass\n`,
      );
    assert.deepEqual(listen('return [1]'), [5]);
    assert.deepEqual(listen('"""Doc."""\n        raise NotImplementedError("by subclasses")'), []);
  });
});
