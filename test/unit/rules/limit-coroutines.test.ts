import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';
import { runPython } from '../support/run-python';

const TITLE = 'Limit how many run at a time';

/** Runs processes, and tells of the greatest number at a time. */
const HEAD = `import asyncio

running = most = 0


async def work(x, *more, **named):
    global running, most
    running += 1
    most = max(most, running)
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    running -= 1
    return (x, *more, *named.values())

`;

describe('the semaphore for a Python fan-out', () => {
  const rule = new PythonRule('unbounded-concurrency');

  const run = (body: readonly string[]) =>
    `${HEAD}async def run(xs):\n${body.map((line) => `    ${line}\n`).join('')}`;
  const fixed = (body: readonly string[]) => rule.fixed(run(body), TITLE);

  const forms: Readonly<Record<string, readonly string[]>> = {
    'a generator': ['return await asyncio.gather(*(work(x) for x in xs))'],
    'a condition, a second source and keywords': [
      'return await asyncio.gather(*[work(x, y, z=x + y) for x in xs if x % 2 for y in (1, 2)])',
    ],
    'spread arguments': ['return await asyncio.gather(*(work(*(x, 2), **{"k": x}) for x in xs))'],
    'keywords that the helper uses itself': [
      'return await asyncio.gather(*(work(x, function=1, args=2) for x in xs))',
    ],
    'no arguments': ['work_0 = lambda: work(0)', 'return await asyncio.gather(*(work(x) for x in xs))'],
    map: ['return await asyncio.gather(*map(work, xs))'],
    'a list that a loop fills': [
      'works = []',
      'for x in xs:',
      '    works.append(work(x))',
      'return await asyncio.gather(*works)',
    ],
    'tasks of a loop, whose variable goes on': [
      'tasks = []',
      'for x in xs:',
      '    y = x * 2',
      '    tasks.append(asyncio.create_task(work(x, y)))',
      'return [await task for task in tasks]',
    ],
    'tasks of a group': [
      'async with asyncio.TaskGroup() as group:',
      '    tasks = [group.create_task(work(x), name=str(x)) for x in xs]',
      'return [task.result() for task in tasks]',
    ],
    'names that are taken': [
      'semaphore = limited = 1',
      'return await asyncio.gather(*(work(x, semaphore, limited) for x in xs))',
    ],
  };
  for (const [name, body] of Object.entries(forms)) {
    it(`holds ${name} back, with the same results in the same order`, () => {
      const main = '\nprint(asyncio.run(run(range(40))), most > 8)\n';
      const [before = '', wasUnlimited] = runPython(run(body) + main).split(/ (?=\w+\n$)/);
      const after = fixed(body);
      assert.notEqual(after, run(body));
      const [results, isUnlimited] = runPython(after + main).split(/ (?=\w+\n$)/);
      assert.deepEqual([results, isUnlimited], [before, 'False\n']);
      assert.equal(wasUnlimited, 'True\n');
      assert.deepEqual(rule.lines(after), []);
    });
  }

  it('stands above the comments of its statement and outside the loop', () => {
    const body = ['# Start', '# them all', 'for x in xs:', '    asyncio.create_task(work(x))'];
    const lines = [
      'semaphore = asyncio.Semaphore(8)',
      '',
      'async def limited(function, *args):',
      '    async with semaphore:',
      '        return await function(*args)',
      '',
      '# Start',
      '# them all',
      'for x in xs:',
      '    asyncio.create_task(limited(work, x))',
    ];
    assert.equal(fixed(body), run(lines).replace(/^ +$/gm, ''));
  });

  it('keeps tabs and Windows line endings, and adds an import under the name the file uses', () => {
    const text = [
      'from asyncio import gather, open_connection as connect',
      'async def run(names):',
      '\tif names:',
      '\t\tawait gather(*(connect(host, 80) for host in names))',
      '',
    ].join('\r\n');
    const lines = [
      'import asyncio',
      'from asyncio import gather, open_connection as connect',
      'async def run(names):',
      '\tif names:',
      '\t\tsemaphore = asyncio.Semaphore(8)',
      '',
      '\t\tasync def limited(function, *args):',
      '\t\t\tasync with semaphore:',
      '\t\t\t\treturn await function(*args)',
      '',
      '\t\tawait gather(*(limited(connect, host, 80) for host in names))',
      '',
    ];
    assert.equal(rule.fixed(text), lines.join('\r\n'));
  });

  it('is not offered where it would change what happens, or has no place', () => {
    for (const body of [
      ['return await asyncio.gather(*(asyncio.wait_for(work(x), 5) for x in xs))'],
      ['if xs: await asyncio.gather(*(work(x) for x in xs))'],
      ['if not xs:', '    pass', 'elif await asyncio.gather(*(work(x) for x in xs)):', '    pass'],
      ['return await asyncio.gather(*map(work, xs, xs))'],
      ['return await asyncio.gather(*(work(y for y in x) for x in xs))'],
      ['return (lambda: asyncio.gather(*(work(x) for x in xs)))()'],
    ]) {
      assert.equal(rule.lines(run(body)).length, 1, body.join(' '));
      assert.deepEqual(rule.titles(run(body)), [], body.join(' '));
    }
  });
});
