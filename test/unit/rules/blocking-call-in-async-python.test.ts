import assert from 'node:assert/strict';
import { PythonRule } from '../support/python-rule';

describe('blocking-call-in-async in Python', () => {
  const rule = new PythonRule('blocking-call-in-async');
  const HEAD =
    'import asyncio, functools, os, queue, shutil, socket, subprocess, threading, time\nfrom pathlib import Path\n';
  const inside = (...lines: string[]) => `${HEAD}async def f(self, x):\n    ${lines.join('\n    ')}\n`;
  const level = (...lines: string[]) => rule.levels(inside(...lines)).map((l) => l.replace(/^\d+:/, ''));

  it('finds direct calls, by how long they block', () => {
    assert.deepEqual(level('time.sleep(1)'), ['warning']);
    assert.deepEqual(level('time.sleep(x)'), ['warning']);
    assert.deepEqual(level('time.sleep(self.interval)'), ['information']);
    assert.deepEqual(level('subprocess.run(["ls"])'), ['warning']);
    assert.deepEqual(level('input()'), ['warning']);
    assert.deepEqual(level('shutil.rmtree(x)'), ['information']);
    assert.deepEqual(level('Path(x).read_text()'), ['information']);
    assert.deepEqual(level('with open(x) as file: pass'), ['information']);
    assert.deepEqual(level('os.path.exists(x)'), ['hint']);
    assert.deepEqual(rule.levels('from time import sleep as nap\nasync def f():\n    nap(1)\n'), [
      '3:warning',
    ]);
    assert.deepEqual(rule.levels('import requests as r\nasync def f():\n    r.get("a")\n'), ['3:warning']);
  });

  it('finds what waits under names that strings and lists have as well', () => {
    assert.deepEqual(level('Path(x).replace(x)'), ['hint']);
    assert.deepEqual(level('os.replace(x, x)'), ['hint']);
    assert.deepEqual(level('import multiprocessing', 'multiprocessing.Process(target=x).join()'), [
      'warning',
    ]);
    assert.deepEqual(level('" ".join(x)', '"a".replace("a", "b")', 'x.join("a")'), []);
  });

  it('knows what is made from a path', () => {
    assert.deepEqual(level('(Path(x) / "a" / "b").exists()'), ['hint']);
    assert.deepEqual(level('Path(x).parent.exists()'), ['hint']);
    assert.deepEqual(level('Path.home().joinpath(x).with_suffix(".txt").read_text()'), ['information']);
    assert.deepEqual(level('import pathlib', 'pathlib.PosixPath(x).exists()'), ['hint']);
    assert.deepEqual(level('Path(x).joinpath("a").name.replace("a", "b")', '(x / 2).replace(x)'), []);
    assert.deepEqual(level('Path.cwd()', 'Path(x).with_suffix(".txt")'), []);
  });

  it('is silent on processes that nobody waits for', () => {
    assert.deepEqual(level('os.waitpid(x, 0)'), ['warning']);
    assert.deepEqual(level('os.waitpid(x, os.WNOHANG)'), []);
    assert.deepEqual(level('os.spawnvpe(os.P_WAIT, x, [], {})'), ['warning']);
    assert.deepEqual(level('os.spawnvpe(os.P_NOWAIT, x, [], {})'), []);
    assert.deepEqual(level('subprocess.Popen(x)'), []);
  });

  it('finds a pause in a handler that fails, but not the making of its message', () => {
    const handler = (line: string) =>
      level('try: await x()', `except OSError:\n        ${line}\n        raise`);
    assert.deepEqual(handler('time.sleep(1)'), ['warning']);
    assert.deepEqual(handler('log(open(x).read())'), []);
  });

  it('follows helpers, methods and constructors across files', () => {
    const others = {
      'b.py': [
        'import time, shutil, os',
        'def helper(): inner()',
        'def inner(): time.sleep(1)',
        'class A:',
        '    def __init__(self): self.load()',
        '    def load(self): shutil.copy("a", "b")',
        'def check(): os.path.exists("a")\n',
      ].join('\n'),
    };
    const levels = (line: string) =>
      rule.findings(`import b\nasync def f():\n    ${line}\n`, others).map((f) => f.level);
    assert.deepEqual(levels('b.helper()'), ['information']);
    assert.deepEqual(levels('b.A()'), ['information']);
    assert.deepEqual(levels('b.check()'), [], 'metadata behind helpers');
    const [finding] = rule.findings('import b\nasync def f():\n    b.helper()\n', others);
    assert.deepEqual(
      finding?.related.map((r) => r.file),
      ['/sample/b.py', '/sample/b.py'],
    );
  });

  it('is silent outside async functions, in threads and in functions that are not called here', () => {
    assert.deepEqual(rule.lines(`${HEAD}time.sleep(1)\ndef g(): time.sleep(1)\n`), []);
    assert.deepEqual(level('await asyncio.to_thread(time.sleep, 1)'), []);
    assert.deepEqual(level('await x.run_in_executor(None, lambda: time.sleep(1))'), []);
    assert.deepEqual(level('def g(): time.sleep(1)', 'return g'), []);
  });

  it('is silent at start-up of a program, and in tests', () => {
    const text = `${HEAD}async def main():\n    shutil.rmtree("a")\n    await asyncio.start_server(print)\n    time.sleep(1)\nif __name__ == '__main__':\n    asyncio.run(main())\n`;
    assert.deepEqual(rule.lines(text), [6]);
    const sample = rule.sample('', { 'test_a.py': inside('time.sleep(1)') });
    assert.deepEqual(sample.summary('test_a.py'), []);
  });

  it('is silent on memoised helpers and unknown decorators', () => {
    const helper = (decorator: string) =>
      `${HEAD}${decorator}\ndef helper(): return Path("a").read_text()\nasync def f(): helper()\n`;
    assert.deepEqual(rule.lines(helper('@functools.cache')), []);
    assert.deepEqual(rule.lines(helper('@functools.lru_cache(maxsize=1)')), []);
    assert.deepEqual(rule.lines(helper('@in_thread')), []);
    assert.deepEqual(rule.lines(helper('@typing.final')), [5]);
    const filled = `${HEAD}class A:\n    def get(self):\n        if self.text is None:\n            self.text = Path("a").read_text()\n        return self.text\n    async def f(self): return self.get()\n`;
    assert.deepEqual(rule.lines(filled), []);
  });

  it('is silent on sockets, queues and look-ups that do not wait', () => {
    const socket = 'sock = socket.socket()';
    assert.deepEqual(level(socket, 'sock.recv(1)'), ['warning']);
    assert.deepEqual(level(socket, 'sock.setblocking(False)', 'sock.recv(1)'), []);
    assert.deepEqual(level(socket, 'try:', '    sock.recv(1)', 'except BlockingIOError:', '    pass'), []);
    assert.deepEqual(
      rule.lines('import socket\nasync def f(sock: socket.socket):\n    sock.recv(1)\n'),
      [],
      'made elsewhere',
    );
    const helper = (...lines: string[]) =>
      rule.lines(`${HEAD}def helper():\n    ${lines.join('\n    ')}\nasync def f(): helper()\n`).length;
    assert.equal(helper('q = queue.Queue()', 'q.put(1)'), 0);
    assert.equal(helper('q = queue.Queue(2)', 'q.put(1)'), 1);
    assert.equal(helper('queue.Queue().get(block=False)'), 0);
    assert.equal(helper('queue.Queue().get(False)'), 0);
    assert.equal(helper('queue.Queue().get()'), 1);
    assert.deepEqual(level('socket.getaddrinfo(x, 1, flags=socket.AI_NUMERICHOST)'), []);
    assert.deepEqual(level('socket.getaddrinfo(x, 1)'), ['warning']);
  });

  it('leaves waiting for threads in the async function itself to sync-primitive-in-async', () => {
    assert.deepEqual(level('threading.Event().wait()'), []);
    assert.deepEqual(
      rule.lines(`${HEAD}def helper(): threading.Event().wait()\nasync def f(): helper()\n`),
      [4],
    );
  });

  it('is silent on the side of a function that serves callers without a loop', () => {
    const helper = (body: string) =>
      `${HEAD}def helper(self):\n    ${body}\nasync def f(self): helper(self)\n`;
    assert.deepEqual(rule.lines(helper('if self.asynchronous: return 1\n    time.sleep(1)')), []);
    assert.deepEqual(rule.lines(helper('if self.is_async: pass\n    else: time.sleep(1)')), []);
    assert.deepEqual(rule.lines(helper('if self.slow: return 1\n    time.sleep(1)')), [6]);
  });

  it('awaits asyncio.sleep, and moves the rest to a thread', () => {
    const fixed = (...lines: string[]) =>
      rule
        .fixed(inside(...lines))
        .split('\n')[3]
        ?.trim();
    assert.equal(fixed('time.sleep(x)  # nap'), 'await asyncio.sleep(x)  # nap');
    assert.equal(fixed('shutil.copy(x, y)'), 'await asyncio.to_thread(shutil.copy, x, y)');
    assert.equal(
      fixed('return Path(x).read_text().strip()'),
      'return (await asyncio.to_thread(Path(x).read_text)).strip()',
    );
    assert.equal(
      rule.fixed('"""Doc."""\nfrom time import sleep\nasync def f():\n    sleep(1)\n'),
      '"""Doc."""\nimport asyncio\nfrom time import sleep\nasync def f():\n    await asyncio.sleep(1)\n',
    );
    assert.deepEqual(rule.titles(inside('with open(x) as file: pass')), []);
    assert.deepEqual(rule.titles(inside('return (time.sleep(y) for y in x)')), []);
  });

  it('takes a database in a local file for a file: information, once for each function', () => {
    const head =
      'import sqlite3\nclass Store:\n    def __init__(self):\n        self.db = sqlite3.connect("a")\n';
    const methods = (...lines: string[]) =>
      rule.levels(`${head}    async def f(self):\n        ${lines.join('\n        ')}\n`);
    assert.deepEqual(methods('self.db.execute("a")', 'self.db.commit()'), ['6:information']);
    const two = `${head}    async def f(self): self.db.commit()\n    async def g(self): self.db.commit()\n`;
    assert.deepEqual(rule.lines(two), [5, 6]);
  });

  it('is silent where the arguments say that nothing is waited for', () => {
    assert.deepEqual(level('import select', 'select.select([x], [], [], 0)'), []);
    assert.deepEqual(level('import select', 'select.select([x], [], [], 1)'), ['warning']);
    assert.deepEqual(level('import psycopg2', 'psycopg2.connect(x, async_=True)'), []);
    assert.deepEqual(level('import psycopg2', 'psycopg2.connect(x)'), ['warning']);
    assert.deepEqual(level('time.sleep(0)'), []);
    assert.deepEqual(level('import tarfile', 'tarfile.open(fileobj=x)', 'tarfile.open(x)'), ['information']);
    assert.deepEqual(level('import io, zipfile', 'zipfile.ZipFile(io.BytesIO(x))'), []);
    assert.deepEqual(level('import smtplib', 's = smtplib.SMTP()', 's.connect(x, 25)'), ['warning']);
    assert.deepEqual(level('import smtplib', 's = smtplib.SMTP()'), []);
  });

  it('is silent on names that need no resolving', () => {
    const numeric = 'NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV\n';
    const call = 'async def f(x):\n    socket.getaddrinfo(x, 1, flags=';
    assert.deepEqual(rule.lines(`${HEAD}${numeric}${call}NUMERIC)\n`), []);
    assert.deepEqual(rule.lines(`${HEAD}${numeric}${call}0)\n`), [5]);
    assert.deepEqual(level('if x == "localhost":', '    socket.gethostbyname(x)'), []);
    assert.deepEqual(level('if x == "example.org":', '    socket.gethostbyname(x)'), ['warning']);
  });

  it('is silent on a queue that has been asked whether it holds something', () => {
    const helper = `${HEAD}class A:\n    def __init__(self): self.q = queue.Queue()\n    def take(self): return self.q.get()\n`;
    assert.deepEqual(rule.lines(`${helper}    async def f(self): return self.take()\n`), [6]);
    assert.deepEqual(
      rule.lines(
        `${helper}    async def f(self):\n        while self.q.empty(): await x()\n        self.take()\n`,
      ),
      [],
    );
  });

  it('is silent where somebody chose to block, or nobody else is there', () => {
    assert.deepEqual(rule.lines('from time import sleep as sync_sleep\nasync def f(): sync_sleep(1)\n'), []);
    assert.deepEqual(level('if x:', '    subprocess.run(x)', '    sys.exit(0)', 'await x'), []);
    assert.deepEqual(level('if x:', '    subprocess.run(x)', '    await x', '    sys.exit(0)'), ['warning']);
    assert.deepEqual(
      rule.lines(`${HEAD}class A(threading.Thread):\n    async def f(self): time.sleep(1)\n`),
      [],
    );
  });

  it('is milder at the end of a long way', () => {
    const chain = (length: number) =>
      rule.levels(
        `${HEAD}import requests\n` +
          Array.from(
            { length },
            (_, i) => `def f${i}(): ${i === 0 ? 'requests.get(x)' : `f${i - 1}()`}\n`,
          ).join('') +
          `async def g(): f${length - 1}()\n`,
      );
    assert.match(chain(5).join(), /:warning$/);
    assert.match(chain(6).join(), /:information$/);
  });

  it('is silent on helpers that are told not to block', () => {
    const call = (given: string) =>
      rule.lines(`${HEAD}def g(block): time.sleep(1)\nasync def f(): g(${given})\n`);
    assert.deepEqual(call('block=True'), [4]);
    assert.deepEqual(call('block=False'), []);
  });

  it('is milder on helpers that sleep or wait for a process', () => {
    const helper = (line: string) =>
      rule.levels(`${HEAD}import requests\ndef g(x): ${line}\nasync def f(x): g(x)\n`);
    assert.match(helper('time.sleep(1)').join(), /:information$/);
    assert.match(helper('subprocess.run(x)').join(), /:information$/);
    assert.match(helper('requests.get(x)').join(), /:warning$/);
    assert.deepEqual(level('time.sleep(1)', 'subprocess.run(x)'), ['warning', 'warning']);
  });

  it('is silent where a task ends, and where a remark says that threads are waited for', () => {
    const ends = (type: string) =>
      rule.lines(`${HEAD}async def f():\n    try: await x()\n    except ${type}:\n        time.sleep(1)\n`);
    assert.deepEqual(ends('asyncio.CancelledError'), []);
    assert.deepEqual(ends('ValueError'), [6]);
    assert.deepEqual(
      rule.lines(
        `${HEAD}def g(): time.sleep(1)\nasync def f():\n    try: await x()\n    except KeyboardInterrupt: g()\n`,
      ),
      [],
    );
    const remark = (text: string) => rule.lines(`${HEAD}async def f():\n    # ${text}\n    time.sleep(1)\n`);
    assert.deepEqual(remark('not async: lets other threads run'), []);
    assert.deepEqual(remark('waits a second'), [5]);
  });
});
