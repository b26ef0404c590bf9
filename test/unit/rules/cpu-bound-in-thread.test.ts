import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { PythonSample } from '../support/analyse-python';

const RULE = 'cpu-bound-in-thread';

const HEAD = `import asyncio, functools, hashlib, math, time, zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
`;
const PAIRS = `def work(n=1000):
    total = 0
    for i in range(n):
        for j in range(n):
            total += i * j
    return total
`;

describe(RULE, () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  /** The related line of each finding, relative to the function, and the text of what the thread is given. */
  const found = (work: string, line = 'await asyncio.to_thread(work, x)', head = HEAD): string[] => {
    const text = `${head}${work}async def g(loop, x, pool):\n    ${line}\n`;
    const lines = new LineMap(text);
    const first = lines.positionAt(head.length).line;
    return new PythonSample(parser, { 'a.py': text })
      .findings('a.py')
      .filter((finding) => finding.rule === RULE)
      .map(({ span, related }) => {
        const at = related.map((r) => lines.positionAt(r.span.start).line - first + 1).join();
        return `${text.slice(span.start, span.end)} ${at}`;
      });
  };
  const works = (body: string) => `def work(n):\n${body.replace(/^/gm, '    ')}\n`;

  it('finds nested loops, long counts, hashing in a loop and branching recursion', () => {
    for (const [body, line] of [
      ['total = 0\nfor i in range(n):\n    for j in range(i):\n        total += i * j\nreturn total', 3],
      ['return sum(i * i for i in range(10 ** 7))', 2],
      ['total = 0\nfor i in range(10_000_000):\n    total += i\nreturn total', 3],
      ['return sum(all(k % d for d in range(2, int(k ** 0.5) + 1)) for k in range(2, n))', 2],
      ['h = b"x"\nfor _ in range(n):\n    h = hashlib.sha256(h).digest()\nreturn h', 3],
      [
        'i = 0\nwhile True:\n    if hashlib.sha256(f"{n}{i}".encode()).hexdigest().startswith("000"):\n        return i\n    i += 1',
        3,
      ],
      ['found = []\nk = 2\nwhile k * k < n:\n    for d in range(2, k):\n        k % d\n    k += 1', 4],
      ['return n if n < 2 else work(n - 1) + work(n - 2)', 2],
    ] as const)
      assert.deepEqual(found(works(body)), [`work ${line}`], body);
  });

  it('knows the ways to hand the function over', () => {
    for (const [line, given] of [
      ['await asyncio.to_thread(work)', 'work'],
      ['await asyncio.to_thread(functools.partial(work, 5000))', 'work'],
      ['await asyncio.to_thread(lambda: work(5000))', 'lambda: work(5000)'],
      ['await loop.run_in_executor(None, work, 5000)', 'work'],
      ['await asyncio.get_running_loop().run_in_executor(None, work)', 'work'],
      ['with ThreadPoolExecutor() as p: await loop.run_in_executor(p, work)', 'work'],
    ] as const)
      assert.deepEqual(found(PAIRS, line), [`${given} 3`], line);
  });

  it('follows helpers, also into other files', () => {
    const helper = 'def is_prime(k):\n    return all(k % d for d in range(2, k))\n';
    const body = 'def work(n):\n    return [k for k in range(n) if is_prime(k)]\n';
    assert.deepEqual(found(helper + body), ['work 4']);
    const sample = new PythonSample(parser, {
      'lib.py': PAIRS,
      'a.py': 'import asyncio\nfrom lib import work\nasync def g():\n    await asyncio.to_thread(work)\n',
    });
    assert.deepEqual(sample.summary('a.py'), [`4:${RULE}`]);
  });

  it('is silent where a process pool or an unknown executor runs it, or a plain thread', () => {
    for (const line of [
      'with ProcessPoolExecutor() as p: await loop.run_in_executor(p, work)',
      'await loop.run_in_executor(pool, work)',
      'await x.run_in_executor(None, work)',
      'await asyncio.to_thread(x.work)',
      'await asyncio.to_thread(*x)',
    ])
      assert.deepEqual(found(PAIRS, line), [], line);
  });

  it('is silent on short computations', () => {
    assert.deepEqual(found(PAIRS, 'await asyncio.to_thread(work, 20)'), []);
    assert.deepEqual(found(PAIRS, 'await asyncio.to_thread(work, n=20)'), []);
    for (const body of [
      'total = 0\nfor i in range(n):\n    total += i\nreturn total',
      'total = 0\nfor i in range(8):\n    for j in range(8):\n        total += i * j\nreturn total',
      'while n > 0:\n    n //= 10',
      'i = 0\nwhile i < len(n):\n    while n[i] != " ":\n        i += 1\n    i += 1',
      'for x in n:\n    for i in range(0, len(x), 2):\n        x[i] + x[i + 1] + x[i] * 2 + i * 3 + i - 1',
      'for x in n:\n    hashlib.sha256(str(x).encode())',
      'return [[cell + 1 for cell in row] for row in n]',
      'text = ""\nfor i in range(n):\n    for c in range(n):\n        text += "x"\nreturn text',
      'return hashlib.sha256(b"x").hexdigest()',
      'return work(n - 1) if n else 0',
    ])
      assert.deepEqual(found(works(body)), [], body);
    const fib = works('return n if n < 2 else work(n - 1) + work(n - 2)');
    assert.deepEqual(found(fib, 'await asyncio.to_thread(work, 10)'), []);
  });

  it('is silent on functions that wait, read, write, or release the GIL', () => {
    const bodyWith = (call: string) =>
      works(`data = n\ndigest = n\nfor i in range(n):\n    for j in range(n):\n        i * j\n    ${call}`);
    assert.deepEqual(found(bodyWith('len(str(i))')), ['work 4'], 'the same without');
    for (const call of [
      'print(i)',
      'time.sleep(0.1)',
      'open(str(i)).read()',
      'zlib.compress(data)',
      'hashlib.sha256(data).digest()',
      'digest.update(data)',
      'unknown(i)',
      'data.save(i)',
      'hashlib.pbkdf2_hmac("sha256", b"p", b"s", 1000)',
    ])
      assert.deepEqual(found(bodyWith(call)), [], call);
    const locked =
      'with n:\n    total = 0\n    for i in range(n):\n        for j in range(n):\n            total += i';
    assert.deepEqual(found(works(locked)), []);
  });

  it('is silent on libraries in C, on compiled, remembered and wrapped functions', () => {
    assert.deepEqual(found(PAIRS, undefined, `${HEAD}import numpy as np\n`), []);
    assert.deepEqual(found(PAIRS, undefined, `${HEAD}from numba import njit\n`), []);
    assert.deepEqual(found(`@functools.cache\n${PAIRS}`), []);
    assert.deepEqual(found(PAIRS.replace('    return', '    yield')), []);
  });

  it('is silent on programs that run without the GIL', () => {
    assert.deepEqual(found(PAIRS, undefined, `${HEAD}import sys\nFREE = not sys._is_gil_enabled()\n`), []);
  });

  it('is silent where the target is a build without the GIL', () => {
    const text = `${HEAD}${PAIRS}async def g():\n    await asyncio.to_thread(work)\n`;
    const rulesOf = (isFree: boolean) =>
      new PythonSample(parser, { 'a.py': text }, {}, isFree).findings('a.py').map(({ rule }) => rule);
    assert.deepEqual(rulesOf(false), [RULE]);
    assert.deepEqual(rulesOf(true), []);
  });
});
