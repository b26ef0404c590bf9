import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { PythonRule } from '../support/python-rule';

const HEAD = `import asyncio
import aiohttp

async def fetch(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as response:
        return await response.text()

`;
const OFFSET = HEAD.split('\n').length - 1;

describe('unbounded-concurrency in Python', () => {
  const rule = new PythonRule('unbounded-concurrency');

  /** Lines counted from the one after the head. */
  const lines = (code: string, head = HEAD) =>
    rule.lines(head + code).map((line) => line - (head === HEAD ? OFFSET : head.split('\n').length - 1));

  /** The body of `async def run(session, urls, tg)`, whose head is line 1. */
  const inRun = (...body: string[]) =>
    lines(`async def run(session, urls, tg, n):\n${body.map((line) => `    ${line}\n`).join('')}`);

  describe('reports gather', () => {
    const forms = {
      'a generator': 'await asyncio.gather(*(fetch(session, u) for u in urls))',
      'a list comprehension': 'await asyncio.gather(*[fetch(session, u) for u in urls])',
      'a list with a spread': 'await asyncio.gather(*[*(fetch(session, u) for u in urls)])',
      'a list made of a generator': 'await asyncio.gather(*list(fetch(session, u) for u in urls))',
      'wait_for around it': 'await asyncio.gather(*(asyncio.wait_for(fetch(session, u), 5) for u in urls))',
      'the request itself': 'await asyncio.gather(*(aiohttp.request("GET", u) for u in urls))',
      'an untyped session': 'await asyncio.gather(*(session.get(u) for u in urls))',
      'as_completed of a list': 'await anext(asyncio.as_completed([fetch(session, u) for u in urls]))',
      'more arguments': 'await asyncio.gather(fetch(session, ""), *(fetch(session, u) for u in urls))',
    };
    for (const [name, code] of Object.entries(forms)) {
      it(`of ${name}`, () => {
        assert.deepEqual(inRun(code), [2]);
      });
    }

    it('of a name for the list', () => {
      assert.deepEqual(inRun('work = [fetch(session, u) for u in urls]', 'await asyncio.gather(*work)'), [3]);
    });

    it('of a list filled in a loop', () => {
      const body = ['work = []', 'for u in urls:', '    work.append(fetch(session, u))'];
      assert.deepEqual(inRun(...body, 'await asyncio.gather(*work)'), [5]);
    });

    it('of map, with the way to the request', () => {
      const code =
        'async def load(url):\n    async with aiohttp.ClientSession() as s:\n        return await fetch(s, url)\n\n' +
        'async def run(urls):\n    await asyncio.gather(*map(load, urls))\n';
      const [finding, ...more] = rule.findings(HEAD + code);
      assert.deepEqual(more, []);
      assert.ok(finding);
      assert.equal(
        formatMessage(finding.message),
        'ClientSession.get runs for all elements at once: limit how many run at a time.',
      );
      assert.deepEqual(
        finding.related.map((related) => formatMessage(related.message)),
        ['by way of fetch', 'ClientSession.get is called here'],
      );
    });
  });

  describe('reports tasks', () => {
    it('started in a loop', () => {
      assert.deepEqual(inRun('for u in urls:', '    asyncio.create_task(fetch(session, u))'), [3]);
      assert.deepEqual(inRun('for u in urls:', '    tg.create_task(fetch(session, u))'), [3]);
      assert.deepEqual(inRun('for u in urls:', '    asyncio.ensure_future(fetch(session, u))'), [3]);
      assert.deepEqual(inRun('for u in urls:', '    tg.start_soon(fetch, session, u)'), [3]);
    });

    it('started in a comprehension, once', () => {
      const code = [
        'tasks = [asyncio.create_task(fetch(session, u)) for u in urls]',
        'await asyncio.gather(*tasks)',
      ];
      assert.deepEqual(inRun(...code), [2]);
    });

    it('but not one after the other, or at a pace', () => {
      assert.deepEqual(inRun('for u in urls:', '    await tg.create_task(fetch(session, u))'), []);
      assert.deepEqual(
        inRun('for u in urls:', '    tg.create_task(fetch(session, u))', '    await asyncio.sleep(1)'),
        [],
      );
      assert.deepEqual(inRun('async for u in urls:', '    tg.create_task(fetch(session, u))'), []);
      assert.deepEqual(inRun('while True:', '    tg.create_task(fetch(session, ""))'), []);
      assert.deepEqual(inRun('tg.create_task(fetch(session, ""))'), []);
    });

    it('but not where each round waits for its group', () => {
      assert.deepEqual(
        inRun(
          'for u in urls:',
          '    async with asyncio.TaskGroup() as g:',
          '        g.create_task(fetch(session, u))',
        ),
        [],
      );
    });
  });

  it('tells scarce things from things that queue', () => {
    const level = (imports: string, call: string) =>
      rule.levels(
        `import asyncio\n${imports}\nasync def run(xs):\n    await asyncio.gather(*(${call} for x in xs))\n`,
      );
    assert.deepEqual(level('', 'asyncio.create_subprocess_exec("convert", x)'), ['4:information']);
    assert.deepEqual(level('', 'asyncio.open_connection(x, 80)'), ['4:information']);
    assert.deepEqual(level('import httpx\nclient = httpx.AsyncClient()', 'client.get(x)'), ['5:information']);
    assert.deepEqual(
      level('from openai import AsyncOpenAI\nai = AsyncOpenAI()', 'ai.chat.completions.create(x)'),
      ['5:information'],
    );
    assert.deepEqual(level('import aiofiles', 'aiofiles.open(x)'), ['4:information']);
    assert.deepEqual(level('', 'asyncio.sleep(x)'), []);
    assert.deepEqual(level('', 'asyncio.to_thread(open, x)'), []);
  });

  describe('is silent where the source is bounded:', () => {
    const sources = {
      'a list': '["a", "b"]',
      'a tuple': '("a", "b")',
      'a constant': 'MIRRORS',
      'a range of a constant': 'range(10)',
      'a slice with an end': 'urls[:10]',
      'a slice of a width': 'urls[n:n + 10]',
      'a number of workers': 'range(max_workers)',
      'something zipped with a literal': 'zip(urls, ("a", "b"))',
      islice: 'itertools.islice(urls, 10)',
      'an enumerated list': 'enumerate(["a", "b"])',
      'items of a dictionary': '{"a": 1}.items()',
      'a batch': 'batch',
      plugins: 'plugins',
    };
    for (const [name, source] of Object.entries(sources)) {
      it(name, () => {
        assert.deepEqual(inRun(`await asyncio.gather(*(fetch(session, u) for u in ${source}))`), []);
        assert.deepEqual(inRun(`for u in ${source}:`, '    tg.create_task(fetch(session, u))'), []);
      });
    }

    it('but not a range of an argument, a slice to the end, or a list that grows', () => {
      assert.deepEqual(inRun('await asyncio.gather(*(fetch(session, u) for u in range(n)))'), [2]);
      assert.deepEqual(inRun('await asyncio.gather(*(fetch(session, u) for u in urls[1:]))'), [2]);
      assert.deepEqual(
        inRun('xs = [""]', 'xs.extend(urls)', 'await asyncio.gather(*(fetch(session, u) for u in xs))'),
        [4],
      );
    });
  });

  describe('is silent under a limiter:', () => {
    const gather =
      '\nasync def run(session, urls):\n    await asyncio.gather(*(load(session, u) for u in urls))\n';

    const limited = (head: string, enter: string) =>
      lines(
        `${head}\nasync def load(session, url):\n    ${enter}\n        return await fetch(session, url)\n${gather}`,
      );

    it('a semaphore', () => {
      assert.deepEqual(limited('gate8 = asyncio.Semaphore(8)', 'async with gate8:'), []);
      assert.deepEqual(limited('gate8 = asyncio.BoundedSemaphore(8)', 'async with gate8:'), []);
      assert.deepEqual(limited('', 'async with session.semaphore:'), []);
    });

    it('a limiter of a library', () => {
      assert.deepEqual(
        limited('import aiolimiter\nrate = aiolimiter.AsyncLimiter(8)', 'async with rate:'),
        [],
      );
      assert.deepEqual(limited('import anyio\ncap = anyio.CapacityLimiter(8)', 'async with cap:'), []);
    });

    it('acquire', () => {
      assert.deepEqual(limited('', 'async with pool.acquire() as c:'), []);
      assert.deepEqual(limited('', 'if await session.guard.acquire():'), []);
    });

    it('a limiter further down', () => {
      const deeper =
        'sem = asyncio.Semaphore(4)\nasync def inner(session, url):\n    async with sem:\n        return await fetch(session, url)\n';
      assert.deepEqual(limited(deeper, 'if url:').length, 1);
      assert.deepEqual(
        lines(`${deeper}\nasync def load(session, url):\n    return await inner(session, url)\n${gather}`),
        [],
      );
    });

    it('workers that share a queue', () => {
      const worker =
        'async def worker(session, queue):\n    while True:\n        await fetch(session, await queue.get())\n\n';
      assert.deepEqual(
        lines(
          `${worker}async def run(session, jobs, n):\n    await asyncio.gather(*(worker(session, jobs) for _ in range(n)))\n`,
        ),
        [],
      );
    });

    it('a client that limits its connections', () => {
      const code =
        'async def run(urls):\n    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=8)) as s:\n' +
        '        await asyncio.gather(*(fetch(s, u) for u in urls))\n';
      assert.deepEqual(lines(code), []);
      assert.deepEqual(lines(code.replace('TCPConnector(limit=8)', 'TCPConnector()')), [3]);
    });

    it('but not another context manager', () => {
      assert.equal(limited('', 'async with session.span():').length, 1);
    });
  });

  it('is silent on teardown, tests, other gathers and what holds nothing', () => {
    const body = '    await asyncio.gather(*(fetch(s, u) for u in urls))\n';
    assert.deepEqual(lines(`async def close(s, urls):\n${body}`), []);
    assert.deepEqual(lines(`async def send(s, urls):\n${body}`), [2]);
    assert.deepEqual(
      rule
        .sample('', { 'test_a.py': `${HEAD}async def send(s, urls):\n${body}` })
        .findings('test_a.py')
        .filter((finding) => finding.rule === 'unbounded-concurrency'),
      [],
    );
    assert.deepEqual(inRun('self.gather(*(fetch(session, u) for u in urls))'), []);
    assert.deepEqual(inRun('await asyncio.gather(*(asyncio.sleep(u) for u in urls))'), []);
    assert.deepEqual(inRun('await asyncio.gather(*urls)'), []);
  });
});
