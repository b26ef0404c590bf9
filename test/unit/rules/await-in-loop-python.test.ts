import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

const HEAD = `import asyncio
import aiohttp
import httpx

async def fetch(session, url):
    async with session.get(url) as response:
        return await response.text()

async def look(item):
    await asyncio.sleep(1)

`;

describe('await-in-loop in Python', () => {
  const rule = new PythonRule('await-in-loop');

  const at = (found: string) => Number(found.split(':')[0]) - HEAD.split('\n').length + 1;
  /** `line:level`, lines counted from the first after the head. */
  const found = (code: string) =>
    rule.levels(HEAD + code).map((level) => `${at(level)}:${level.split(':')[1] ?? ''}`);
  const inRun = (...body: string[]) =>
    found(`async def run(self, session, client, items, urls):\n${body.map((l) => `    ${l}\n`).join('')}`);

  describe('reports a loop whose rounds do not depend on each other:', () => {
    it('as a hint', () => {
      assert.deepEqual(inRun('for item in items:', '    await look(item)'), ['3:hint']);
      assert.deepEqual(inRun('results = []', 'for item in items:', '    results.append(await look(item))'), [
        '4:hint',
      ]);
      assert.deepEqual(inRun('for key, item in items.items():', '    await look(item)'), ['3:hint']);
    });

    it('as an information where it waits for a request, a process or a file', () => {
      assert.deepEqual(inRun('for url in urls:', '    await client.post(url)'), ['3:information']);
      assert.deepEqual(
        inRun('for url in urls:', '    async with session.get(url) as r:', '        await r.read()'),
        ['3:information'],
      );
      assert.deepEqual(inRun('for url in urls:', '    await asyncio.create_subprocess_exec("git", url)'), [
        '3:information',
      ]);
    });

    it('also by way of a function', () => {
      assert.deepEqual(inRun('for url in urls:', '    await fetch(session, url)'), ['3:information']);
    });
  });

  describe('is silent on', () => {
    const silent: Record<string, string[]> = {
      'a retry': ['for attempt in range(3):', '    await client.post(urls[attempt])'],
      'rounds that are all the same': ['for _ in items:', '    await client.post("/next")'],
      'an early return': ['for url in urls:', '    if await client.get(url):', '        return url'],
      'an early break': ['for url in urls:', '    if await client.get(url):', '        break'],
      'a failure after the wait': [
        'for url in urls:',
        '    r = await client.get(url)',
        '    if not r:',
        '        raise KeyError(url)',
      ],
      'a value carried on': ['last = None', 'for url in urls:', '    last = await client.post(url, last)'],
      'a pause': ['for url in urls:', '    await client.get(url)', '    await asyncio.sleep(1)'],
      'a lock in the body': [
        'for url in urls:',
        '    async with self.lock:',
        '        await client.get(url)',
      ],
      'a lock around it': ['async with self.lock:', '    for url in urls:', '        await client.get(url)'],
      'a fan-out in the body': ['for url in urls:', '    await asyncio.gather(client.get(url), look(url))'],
      'a queue': ['for item in items:', '    await self.work.put(item)'],
      'a stream': ['for item in items:', '    self.writer.write(item)', '    await self.writer.drain()'],
      'a web socket': ['for item in items:', '    await self.ws.send_json(item)'],
      'a transaction': [
        'async with self.db.transaction():',
        '    for item in items:',
        '        await self.db.insert(item)',
      ],
      callbacks: ['for hook in self.hooks:', '    await hook.run()'],
      'a list of callbacks': ['for one in self.on_close_callbacks:', '    await one.inform(items)'],
      'a sorted source': ['for item in sorted(items):', '    await look(item)'],
      'a list written out': ['for item in ["a", "b"]:', '    await look(item)'],
      'an asynchronous source': ['async for item in items:', '    await look(item)'],
      'a comment on the order': [
        '# One at a time:',
        '# the device is slow.',
        'for item in items:',
        '    await look(item)',
      ],
      'periodic work': [
        'while True:',
        '    for item in items:',
        '        await look(item)',
        '    await asyncio.sleep(5)',
      ],
      'a generator': ['for item in items:', '    yield await look(item)'],
      'the same done at once elsewhere': [
        'if session:',
        '    await asyncio.gather(*(look(item) for item in items))',
        'else:',
        '    for item in items:',
        '        await look(item)',
      ],
    };
    for (const [name, body] of Object.entries(silent)) {
      it(name, () => {
        assert.deepEqual(inRun(...body), []);
      });
    }

    it('functions that build up or take down, docstrings on order, tests', () => {
      const body = '    for item in items:\n        await look(item)\n';
      assert.deepEqual(found(`async def walk(items):\n${body}`), ['3:hint']);
      for (const name of ['close', 'aclose', '__aexit__', 'async_setup_entry', 'on_startup', '_stop_all'])
        assert.deepEqual(found(`async def ${name}(items):\n${body}`), [], name);
      assert.deepEqual(found(`async def walk(items):\n    """Looks, one by one."""\n${body}`), []);
      const sample = rule.sample('', { 'test_a.py': `${HEAD}async def walk(items):\n${body}` });
      assert.deepEqual(sample.findings('test_a.py'), []);
    });

    it('trio and anyio, which have their own ways', () => {
      const body = 'async def walk(items, look):\n    for item in items:\n        await item.look()\n';
      assert.deepEqual(rule.lines(`import trio\n${body}`), []);
      assert.deepEqual(rule.lines(`import asyncio\n${body}`), [4]);
    });

    it('a helper that changes state which outlives its call', () => {
      const count = 'total = 0\nasync def count(item):\n    global total\n    total += await look(item)\n';
      assert.deepEqual(
        found(`${count}async def run(items):\n    for item in items:\n        await count(item)\n`),
        [],
      );
    });
  });

  describe('repairs with a pool', () => {
    const LOOP = `import asyncio


async def run(client, urls):
    # All of them.
    for url in urls:  # any of them
        response = await client.head(url)

        print(response)
    print("done")
`;
    const POOL = `import asyncio


async def run(client, urls):
    # All of them.
    queue = iter(urls)

    async def worker():
        for url in queue:  # any of them
            response = await client.head(url)

            print(response)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(worker())
    print("done")
`;

    it('of a task group', () => {
      assert.equal(rule.fixed(LOOP), POOL);
    });

    it('keeping line endings', () => {
      assert.equal(rule.fixed(LOOP.replaceAll('\n', '\r\n')), POOL.replaceAll('\n', '\r\n'));
    });

    it('or of gather, where handlers of single exceptions stand around', () => {
      assert.equal(
        rule.fixed(
          'import asyncio\nasync def run(client, urls):\n    try:\n        for url in urls:\n            await client.head(url)\n    except OSError:\n        print("no")\n',
        ),
        'import asyncio\nasync def run(client, urls):\n    try:\n        queue = iter(urls)\n\n        async def worker():\n            for url in queue:\n                await client.head(url)\n\n        await asyncio.gather(*(worker() for _ in range(4)))\n    except OSError:\n        print("no")\n',
      );
    });

    it('but not where results are collected in order, or names are used behind the loop', () => {
      const titles = (...body: string[]) =>
        rule.titles(`${HEAD}async def run(items, rows):\n${body.map((l) => `    ${l}\n`).join('')}`);
      assert.deepEqual(titles('for item in items:', '    await look(item)'), ['Run up to 4 at a time']);
      assert.deepEqual(titles('for item in items:', '    rows.append(await look(item))'), []);
      assert.deepEqual(titles('for item in items:', '    rows.extend(await look(item))'), []);
      assert.deepEqual(titles('for item in items:', '    seen = await look(item)', 'print(seen)'), []);
      assert.deepEqual(titles('for item in items:', '    await look(item)', 'print(item)'), []);
      assert.deepEqual(titles('for item in items:', '    await look(item)', 'else:', '    print("all")'), []);
    });
  });
});
