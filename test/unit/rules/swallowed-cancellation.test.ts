import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

describe('swallowed-cancellation', () => {
  const rule = new PythonRule('swallowed-cancellation');
  const HEAD = 'import asyncio, contextlib\nfrom contextlib import suppress\n';
  const inside = (...lines: string[]) => `${HEAD}async def f(self, xs):\n    ${lines.join('\n    ')}\n`;
  /** A handler in a loop, so that the task goes on. */
  const handler = (except: string, ...body: string[]) =>
    inside(
      'while True:',
      '    try:',
      '        await work(1)',
      `    ${except}`,
      ...body.map((line) => `        ${line}`),
    );

  it('finds handlers that catch the cancellation and go on', () => {
    for (const except of ['except:', 'except BaseException:', 'except BaseException as e:'])
      assert.deepEqual(rule.levels(handler(except, 'print(1)')), ['7:warning'], except);
    for (const except of [
      'except asyncio.CancelledError:',
      'except (ValueError, asyncio.CancelledError):',
      'except asyncio.exceptions.CancelledError:',
    ])
      assert.deepEqual(rule.levels(handler(except, 'print(1)')), ['7:information'], except);
    assert.deepEqual(rule.lines(handler('except BaseException as e:', 'logger.error("%s", e)')), [7]);
  });

  it('finds suppress', () => {
    const text = inside('with suppress(asyncio.CancelledError):', '    await work(1)', 'await work(2)');
    assert.deepEqual(rule.levels(text), ['4:information']);
    assert.deepEqual(
      rule.lines(inside('with contextlib.suppress(BaseException):', '    await work(1)', 'await xs()')),
      [4],
    );
    assert.deepEqual(rule.lines(inside('with suppress(ValueError):', '    await work(1)')), []);
  });

  it('is milder where the task ends at once', () => {
    const tail = (except: string) => inside('try:', '    await work(1)', except, '    print(1)');
    assert.deepEqual(rule.levels(tail('except asyncio.CancelledError:')), ['6:hint']);
    assert.deepEqual(rule.levels(tail('except BaseException:')), ['6:information']);
    assert.deepEqual(rule.levels(handler('except asyncio.CancelledError:', 'break')), ['7:hint']);
    assert.deepEqual(rule.levels(handler('except asyncio.CancelledError:', 'return None')), ['7:hint']);
    assert.deepEqual(rule.levels(handler('except asyncio.CancelledError:', 'continue')), ['7:information']);
    assert.deepEqual(
      rule.levels(
        inside('with suppress(asyncio.CancelledError):', '    while True: await work(1)', 'await work(2)'),
      ),
      ['4:hint'],
    );
  });

  it('is silent where the exception is passed on', () => {
    for (const line of ['raise', 'raise ValueError()', 'sys.exit(1)', 'os._exit(1)'])
      assert.deepEqual(rule.lines(handler('except BaseException as e:', line)), [], line);
    for (const line of ['self.error = e', 'future.set_exception(e)', 'return e', 'errors.append(e)'])
      assert.deepEqual(rule.lines(handler('except BaseException as e:', line)), [], line);
    assert.deepEqual(rule.lines(handler('except BaseException:', 'state.set_exception(sys.exc_info())')), []);
  });

  it('is silent where code after the handler raises', () => {
    const text = inside(
      'cancelled = False',
      'while True:',
      '    try:',
      '        await work(1)',
      '        break',
      '    except asyncio.CancelledError:',
      '        cancelled = True',
      'if cancelled:',
      '    raise asyncio.CancelledError',
    );
    assert.deepEqual(rule.lines(text), []);
  });

  it('is silent on Exception, which has not caught cancellation since Python 3.8', () => {
    assert.deepEqual(rule.lines(handler('except Exception:', 'pass')), []);
    assert.deepEqual(rule.lines(handler('except ValueError:', 'pass')), []);
  });

  it('is silent where an earlier handler takes the cancellation', () => {
    const text = handler('except asyncio.CancelledError:', 'raise').replace(
      /$/,
      '    except BaseException:\n            pass\n',
    );
    assert.deepEqual(rule.lines(text), []);
  });

  it('is silent where nothing waits', () => {
    assert.deepEqual(rule.lines(inside('try:', '    work(1)', 'except BaseException:', '    pass')), []);
    assert.deepEqual(rule.lines('try:\n    work(1)\nexcept:\n    pass\n'), []);
  });

  it('is silent when waiting for tasks that were cancelled', () => {
    const wait = ['try:', '    await self.task', 'except asyncio.CancelledError:', '    pass', 'await xs()'];
    assert.deepEqual(rule.lines(inside('self.task.cancel()', ...wait)), []);
    assert.deepEqual(rule.lines(inside(...wait)), [], 'others may cancel the task');
    assert.deepEqual(
      rule.lines(
        inside('self.task.cancel()', 'with suppress(asyncio.CancelledError):', '    await self.task'),
      ),
      [],
    );
    assert.deepEqual(
      rule.lines(
        inside('with suppress(asyncio.CancelledError):', '    await asyncio.gather(*xs)', 'await y()'),
      ),
      [],
    );
    assert.deepEqual(
      rule.lines(
        inside(
          'with suppress(asyncio.CancelledError):',
          '    await asyncio.wait_for(self.task, 1, **o())',
          'await y()',
        ),
      ),
      [],
    );
  });

  it('is silent where cancellations are counted', () => {
    assert.deepEqual(
      rule.lines(handler('except asyncio.CancelledError:', 'asyncio.current_task().uncancel()')),
      [],
    );
  });

  it('is silent on the class of concurrent.futures', () => {
    const text = `from concurrent.futures import CancelledError\n${handler('except CancelledError:', 'pass')}`;
    assert.deepEqual(rule.lines(text), []);
  });

  it('raises again', () => {
    const raised = (...body: string[]) =>
      rule
        .fixed(handler('except asyncio.CancelledError:', ...body))
        .split('except asyncio.CancelledError:')[1];
    assert.equal(raised('pass'), '\n            raise\n');
    assert.equal(raised('pass  # enough'), '\n            raise  # enough\n');
    assert.equal(raised('continue'), '\n            raise\n');
    assert.equal(
      raised('print(1)  # one', '# two'),
      '\n            print(1)  # one\n            raise\n            # two\n',
    );
    assert.equal(
      raised('if xs:', '    print(1)'),
      '\n            if xs:\n                print(1)\n            raise\n',
    );
    const text = handler('except asyncio.CancelledError:', 'print(1)').replace(/\n/g, '\r\n');
    assert.ok(rule.fixed(text).endsWith('print(1)\r\n            raise\r\n'), 'keeps CRLF');
    assert.deepEqual(
      rule.titles(handler('except asyncio.CancelledError: print(1); print(2)')),
      [],
      'the handler shares its line',
    );
  });

  it('lets only the cancellation pass a handler for other exceptions, too', () => {
    const head = 'except (OSError, asyncio.CancelledError) as error:';
    const fixed = (...body: string[]) => rule.fixed(handler(head, ...body)).split('await ')[1];
    assert.match(
      fixed('print(error)', 'continue') ?? '',
      /\n {8}except asyncio\.CancelledError:\n {12}raise\n {8}except \(OSError, asyncio\.CancelledError\) as error:\n {12}print\(error\)\n {12}continue\n$/u,
    );
    assert.ok(
      rule
        .fixed(handler('except:', 'continue'))
        .endsWith(
          '        except asyncio.CancelledError:\n            raise\n        except:\n            continue\n',
        ),
    );
    assert.ok(
      rule.fixed(handler('except BaseException:', 'xs.close()')).endsWith('xs.close()\n            raise\n'),
    );
    // A cancellation would leave out what is cleaned up here, and another exception is not to be raised again.
    assert.deepEqual(rule.titles(handler(head, 'xs.close()')), []);
  });

  it('is silent where a comment in the handler speaks of cancellation', () => {
    const handler = (comment: string) =>
      rule.lines(
        `import asyncio\nasync def f():\n    while True:\n        try:\n            await g()\n        except asyncio.CancelledError:\n            # ${comment}\n            print(1)\n`,
      );
    assert.deepEqual(handler('go on'), [6]);
    assert.deepEqual(handler('a cancelled scan must not end the loop'), []);
  });

  it('is milder where the main loop of a task ends and it says goodbye', () => {
    const task = (loop: string) =>
      rule.levels(
        `import asyncio\nasync def f():\n    try:\n        ${loop}await g()\n    except asyncio.CancelledError:\n        pass\n    await bye()\n`,
      );
    assert.deepEqual(task('while True: '), ['5:hint']);
    assert.deepEqual(task(''), ['5:information']);
  });

  it('sees tasks through casts, and through any time limit', () => {
    const waits = (value: string) =>
      rule.lines(
        `import asyncio, typing as t\nasync def f(task, fast):\n    while True:\n        try:\n            await ${value}\n        except asyncio.CancelledError:\n            pass\n`,
      );
    assert.deepEqual(waits('t.cast(asyncio.Future, task)'), []);
    assert.deepEqual(waits('asyncio.wait_for(task, 0 if fast else 2)'), []);
    assert.deepEqual(waits('asyncio.wait_for(task.run(), 2)'), [6]);
  });
});
