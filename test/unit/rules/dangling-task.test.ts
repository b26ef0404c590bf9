import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { PythonSample } from '../support/analyse-python';

const RULE = 'dangling-task';

describe(RULE, () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  const sampleOf = (text: string) => new PythonSample(parser, { 'a.py': text });

  /** Lines of the rule's findings, counted from 1. */
  const found = (text: string): number[] => {
    const lines = new LineMap(text);
    return sampleOf(text)
      .findings('a.py')
      .filter((f) => f.rule === RULE)
      .map((f) => lines.positionAt(f.span.start).line + 1);
  };

  const HEAD = 'import asyncio\nasync def f(): return 1\n';
  const inside = (...lines: string[]) =>
    found(`${HEAD}async def g(self, xs, loop):\n    ${lines.join('\n    ')}\n`);

  it('finds tasks that are dropped, however they were started', () => {
    assert.deepEqual(inside('asyncio.create_task(f())'), [4]);
    assert.deepEqual(inside('asyncio.ensure_future(f())'), [4]);
    assert.deepEqual(inside('asyncio.get_running_loop().create_task(f())'), [4]);
    assert.deepEqual(
      inside('loop.create_task(f())', 'self.loop.create_task(f())', 'self._loop.create_task(f())'),
      [4, 5, 6],
    );
    assert.deepEqual(inside('for x in xs:', '    asyncio.create_task(f())'), [5]);
    assert.deepEqual(inside('[asyncio.create_task(f()) for x in xs]'), [4]);
    assert.deepEqual(
      found('from asyncio import create_task as start\nasync def f(): pass\nstart(f())\n'),
      [3],
    );
    assert.deepEqual(
      found('from asyncio import create_task\nasync def f(): pass\nasync def g():\n    create_task(f())\n'),
      [4],
    );
    assert.deepEqual(found(`${HEAD}def g(): asyncio.create_task(f())\n`), [3]);
  });

  it('finds tasks bound to a local name that nothing reads', () => {
    assert.deepEqual(inside('t = asyncio.create_task(f())'), [4]);
    assert.deepEqual(inside('_ = asyncio.create_task(f())'), [4]);
    assert.deepEqual(inside('t = asyncio.create_task(f())', 'await t'), []);
    assert.deepEqual(inside('t = asyncio.create_task(f())', 'return t.cancel'), []);
    assert.deepEqual(
      found(`${HEAD}t = asyncio.get_event_loop().create_task(f())\n`),
      [],
      'the module keeps it',
    );
    assert.deepEqual(inside('global t', 't = asyncio.create_task(f())'), []);
  });

  it('is silent where somebody keeps the task', () => {
    const kept = [
      'await asyncio.create_task(f())',
      'return asyncio.create_task(f())',
      'self.t = asyncio.create_task(f())',
      'xs.add(asyncio.create_task(f()))',
      'xs["a"] = asyncio.create_task(f())',
      'asyncio.create_task(f()).add_done_callback(print)',
      'await asyncio.gather(*[asyncio.create_task(f()) for x in xs])',
      'ts = [asyncio.create_task(f()) for x in xs]\n    return ts',
      'xs.on("close", lambda: asyncio.create_task(f()))',
    ];
    for (const line of kept) assert.deepEqual(inside(line), [], line);
  });

  it('is silent on task groups and on what is not known to be a loop', () => {
    assert.deepEqual(inside('async with asyncio.TaskGroup() as tg:', '    tg.create_task(f())'), []);
    assert.deepEqual(inside('xs.create_task(f())'), []);
    assert.deepEqual(found(`${HEAD}def g(tg: asyncio.TaskGroup): tg.create_task(f())\n`), []);
    assert.deepEqual(found('def create_task(x): return 1\ncreate_task(2)\n'), []);
  });

  it('keeps the task in a set of the module, made once', () => {
    const text = `${HEAD}\n\nclass A:\n    async def g(self):\n        asyncio.create_task(f())  # go\n        x = 1\n        return x\n`;
    assert.equal(
      sampleOf(text).fixed('a.py'),
      `${HEAD}\n\nbackground_tasks = set()\n\n\nclass A:\n    async def g(self):\n        task = asyncio.create_task(f())  # go\n        background_tasks.add(task)\n        task.add_done_callback(background_tasks.discard)\n        x = 1\n        return x\n`,
    );
  });

  it('uses the set that is there, and the name the task has', () => {
    const text = `${HEAD}_tasks = set()\n@x(\n    1\n)\nasync def g():\n    t = asyncio.create_task(f())\n`;
    assert.equal(
      sampleOf(text).fixed('a.py'),
      `${text.trimEnd()}\n    _tasks.add(t)\n    t.add_done_callback(_tasks.discard)\n`,
    );
  });

  it('is kept by a name before its parentheses', () => {
    const fixed = sampleOf(`${HEAD}async def g():\n    (asyncio.create_task(f()))\n`).fixed('a.py');
    assert.match(
      fixed,
      /\n {4}task = \(asyncio\.create_task\(f\(\)\)\)\n {4}background_tasks\.add\(task\)\n/,
    );
  });

  it('puts a new set before decorators and their comments, and keeps CRLF', () => {
    const text = `${HEAD}# about g\n@x(\n    1\n)\nasync def g():\n    asyncio.create_task(f())\n`.replace(
      /\n/g,
      '\r\n',
    );
    const fixed = sampleOf(text).fixed('a.py');
    assert.ok(fixed.includes('\r\nbackground_tasks = set()\r\n\r\n\r\n# about g\r\n@x('), fixed);
    assert.ok(!/[^\r]\n/.test(fixed));
  });

  it('offers no repair where the statement shares its line', () => {
    const sample = sampleOf(`${HEAD}async def g():\n    x = 1; asyncio.create_task(f())\n    return x\n`);
    const [finding] = sample.findings('a.py');
    assert.ok(finding);
    assert.deepEqual(sample.fixes(finding), []);
  });

  it('sees each name of a chained assignment', () => {
    assert.deepEqual(inside('a = b = asyncio.create_task(f())', 'await a'), []);
    assert.deepEqual(inside('a = b = asyncio.create_task(f())', 'await b'), []);
    assert.deepEqual(inside('a = b = asyncio.create_task(f())'), [4]);
  });

  it('is milder on the main task of a program, in destructors and in tests', () => {
    const levels = (text: string, file = 'a.py') =>
      new PythonSample(parser, { [file]: HEAD + text })
        .findings(file)
        .filter((finding) => finding.rule === RULE)
        .map((finding) => finding.level);
    assert.deepEqual(levels('asyncio.ensure_future(f())\n'), ['warning']);
    assert.deepEqual(levels('def main(loop):\n    loop.create_task(f())\n    loop.run_forever()\n'), [
      'information',
    ]);
    assert.deepEqual(levels('class A:\n    def __del__(self): asyncio.ensure_future(f())\n'), [
      'information',
    ]);
    for (const text of [
      'class A:\n    def __exit__(self, *args): asyncio.ensure_future(f())\n',
      'def main(loop):\n    loop.create_task(f())\n    Thread(target=loop.run_forever).start()\n',
      'def g(x):\n    def gone(ref): asyncio.ensure_future(f())\n    return weakref.ref(x, gone)\n',
      'def g(queue): asyncio.ensure_future(queue.put(1))\n',
    ])
      assert.deepEqual(levels(text), ['information'], text);
    assert.deepEqual(
      levels('def g(x):\n    def later(): asyncio.ensure_future(f())\n    return call(x, later)\n'),
      ['warning'],
    );
    assert.deepEqual(levels('asyncio.ensure_future(f())\n', 'test_a.py'), ['information']);
  });

  it('respects a noqa comment on a name that is only there to keep the task', () => {
    assert.deepEqual(inside('task = asyncio.create_task(f())  # noqa: F841'), []);
  });
});
