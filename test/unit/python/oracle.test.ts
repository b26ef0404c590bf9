import assert from 'node:assert/strict';
import type { Value } from '../../../src/core/facts';
import type { AnswerOf, Question, QuestionKind } from '../../../src/core/questions';
import { valuesOf } from '../../../src/core/walk';
import { pythonOracle } from '../../../src/languages/python/oracle';
import type { PythonParser } from '../../../src/languages/python/parser';
import { Workspace } from '../../../src/languages/python/workspace';
import { pythonParser } from './support/parser';

describe('what is known about Python values', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
    const workspace = new Workspace(parser, { read: (file) => files[file.slice('/w/'.length)] });
    workspace.add(Object.keys(files).map((name) => `/w/${name}`));
    return workspace;
  }

  /** The value with this source text that comes last in a file. */
  function valueIn(workspace: Workspace, file: string, source: string): Value {
    const facts = workspace.lowered(`/w/${file}`)?.facts;
    const values = facts?.functions.flatMap(valuesOf) ?? [];
    const found = values.filter((v) => facts?.text.slice(v.span.start, v.span.end) === source);
    const last = found[found.length - 1];
    assert.ok(last, `${source} in ${file}`);
    return last;
  }

  function ask<K extends QuestionKind & ('promise' | 'declaration' | 'type')>(
    kind: K,
    files: Readonly<Record<string, string>>,
    source: string,
    file = 'a.py',
  ): AnswerOf<K> {
    const workspace = workspaceOf(files);
    const question = { kind, subject: valueIn(workspace, file, source) } as Question;
    return pythonOracle(workspace).answer([question])[0] as AnswerOf<K>;
  }

  const native = (source: string, text: string, others: Readonly<Record<string, string>> = {}) =>
    ask('promise', { ...others, 'a.py': text }, source).native;
  const declared = (source: string, text: string, others: Readonly<Record<string, string>> = {}) => {
    const answer = ask('declaration', { ...others, 'a.py': text }, source);
    return answer && `${answer.module ?? answer.file?.slice('/w/'.length) ?? ''}:${answer.path}`;
  };
  const typed = (source: string, text: string, others: Readonly<Record<string, string>> = {}) => {
    const answer = ask('type', { ...others, 'a.py': text }, source);
    return answer && `${answer.module ?? 'project'}:${answer.name ?? ''}`;
  };

  it('knows coroutines of this file, and what is none', () => {
    assert.equal(native('f()', 'async def f(): pass\nf()'), 'yes');
    assert.equal(native('f()', 'def f(): return 1\nf()'), 'no');
    assert.equal(native('f()', 'async def f():\n    yield 1\nf()'), 'no');
    assert.equal(native('f()', 'from somewhere import f\nf()'), 'unknown');
    assert.equal(native('f()', '@mystery\nasync def f(): pass\nf()'), 'unknown');
    assert.equal(native('g()', 'async def f(): pass\ndef g(): return f()\ng()'), 'yes');
    assert.equal(native('g()', 'g = lambda: f()\nasync def f(): pass\ng()'), 'yes');
    assert.equal(native('f()', 'async def f(): pass\nif debug:\n    f = print\nf()'), 'unknown');
  });

  it('follows imports, packages, re-exports, relative imports and a src layout', () => {
    const others = {
      'pkg/__init__.py': 'from .deep.mod import work as run\nfrom .stars import *\n',
      'pkg/deep/__init__.py': '',
      'pkg/deep/mod.py': 'async def work(): pass\n',
      'pkg/stars.py': 'async def starred(): pass\n',
      'src/lib/core.py': 'async def go(): pass\n',
    };
    assert.equal(native('run()', 'from pkg import run\nrun()', others), 'yes');
    assert.equal(native('p.run()', 'import pkg as p\np.run()', others), 'yes');
    assert.equal(native('pkg.deep.mod.work()', 'import pkg.deep.mod\npkg.deep.mod.work()', others), 'yes');
    assert.equal(native('starred()', 'from pkg import *\nstarred()', others), 'yes');
    assert.equal(native('core.go()', 'from lib import core\ncore.go()', others), 'yes');
    assert.equal(declared('run', 'from pkg import run\nrun()', others), 'pkg/deep/mod.py:work');
    const workspace = workspaceOf({
      ...others,
      'pkg/deep/near.py': 'from ..stars import starred\nstarred()\n',
    });
    const subject = valueIn(workspace, 'pkg/deep/near.py', 'starred()');
    const [answer] = pythonOracle(workspace).answer([{ kind: 'promise', subject }]);
    assert.equal((answer as AnswerOf<'promise'>).native, 'yes');
  });

  it('names outside functions by their module, however they were imported', () => {
    assert.equal(declared('t.sleep', 'import time as t\nt.sleep(1)'), 'time:sleep');
    assert.equal(declared('s', 'from asyncio import sleep as s\ns(1)'), 'asyncio:sleep');
    assert.equal(declared('sleep', 'from asyncio import *\nsleep(1)'), 'asyncio:sleep');
    assert.equal(
      declared('asyncio.tasks.sleep', 'import asyncio.tasks\nasyncio.tasks.sleep(1)'),
      'asyncio:sleep',
    );
    assert.equal(declared('os.path.exists', 'import os.path\nos.path.exists(1)'), 'os.path:exists');
    assert.equal(declared('open', 'open("x")'), 'builtins:open');
    assert.equal(declared('q.get', 'import queue\nq = queue.LifoQueue()\nq.get()'), 'queue:Queue.get');
    assert.equal(
      declared('s.get', 'import requests\ns = requests.Session()\ns.get("x")'),
      'requests:Session.get',
    );
    assert.equal(
      declared('Path(x).exists', 'from pathlib import Path\nPath(x).exists()'),
      'pathlib:Path.exists',
    );
    assert.equal(declared('sleep', 'def sleep(): pass\nsleep()'), 'a.py:sleep');
    assert.equal(declared('Db', 'class Db:\n    def __init__(self): pass\nDb()'), 'a.py:Db');
  });

  it('finds methods through self, constructors, annotations, attributes, bases and with', () => {
    const db =
      'class Base:\n    async def save(self): pass\n    def name(self): return "x"\nclass Db(Base):\n    pass\n';
    const others = { 'db.py': db };
    const head = 'from db import Db\nfrom typing import Optional\n';
    const method = (text: string, source: string) => native(source, head + text, others);
    assert.equal(method('d = Db()\nd.save()', 'd.save()'), 'yes');
    assert.equal(method('d = Db()\nd.name()', 'd.name()'), 'no');
    assert.equal(method('def f(d: Db): d.save()', 'd.save()'), 'yes');
    assert.equal(method('def f(d: Optional[Db] = None): d.save()', 'd.save()'), 'yes');
    assert.equal(method('def f(d: "Db | None"): d.save()', 'd.save()'), 'yes');
    assert.equal(method('def f(ds: list[Db]):\n    for d in ds: d.save()', 'd.save()'), 'yes');
    assert.equal(method('def f(d): d.save()', 'd.save()'), 'unknown');
    assert.equal(
      method(
        'class A:\n    def __init__(self): self.db = Db()\n    def f(self): self.db.save()',
        'self.db.save()',
      ),
      'yes',
    );
    assert.equal(method('class A:\n    db: Db\n    def f(self): self.db.save()', 'self.db.save()'), 'yes');
    assert.equal(method('class A(Db):\n    def f(self): self.save()', 'self.save()'), 'yes');
    assert.equal(method('class A(Db):\n    async def save(self): super().save()', 'super().save()'), 'yes');
    assert.equal(
      method('class A(Unknown):\n    async def save(self): super().save()', 'super().save()'),
      'unknown',
    );
    assert.equal(method('class A(Unknown):\n    def f(self): self.save()', 'self.save()'), 'unknown');
    assert.equal(
      method(
        'class C:\n    async def __aenter__(self): return Db()\nasync def f():\n    async with C() as d: d.save()',
        'd.save()',
      ),
      'yes',
    );
    assert.equal(
      method(
        'from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def c(): yield Db()\nasync def f():\n    async with c() as d: d.save()',
        'd.save()',
      ),
      'yes',
    );
    assert.equal(
      method('async def make() -> Db: ...\nasync def f():\n    d = await make()\n    d.save()', 'd.save()'),
      'yes',
    );
  });

  it('tells coroutines, tasks and futures of the libraries apart', () => {
    assert.equal(typed('asyncio.sleep(1)', 'import asyncio\nasyncio.sleep(1)'), 'types:coroutine');
    assert.equal(
      typed('asyncio.create_task(f())', 'import asyncio\nasyncio.create_task(f())'),
      'asyncio:Task',
    );
    assert.equal(
      typed(
        'loop.create_task(f())',
        'import asyncio\nloop = asyncio.get_running_loop()\nloop.create_task(f())',
      ),
      'asyncio:Task',
    );
    assert.equal(typed('asyncio.gather(f())', 'import asyncio\nasyncio.gather(f())'), 'asyncio:Future');
    assert.equal(typed('asyncio.Queue()', 'import asyncio\nasyncio.Queue()'), 'asyncio:Queue');
    assert.equal(
      typed(
        'r',
        'import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        r = await c.get("x")\n        return r',
      ),
      'httpx:Response',
    );
    assert.equal(
      native(
        'r.json()',
        'import aiohttp\nasync def f(s: aiohttp.ClientSession):\n    async with s.get("x") as r:\n        r.json()',
      ),
      'yes',
    );
    assert.equal(
      native('p.execute()', 'import redis.asyncio as redis\np = redis.Redis().pipeline()\np.execute()'),
      'yes',
    );
    assert.equal(
      ask('promise', { 'a.py': 'async def f(): pass\n[f() for x in xs]' }, '[f() for x in xs]').collection,
      'yes',
    );
  });

  it('follows a file that changes, and one that goes away', () => {
    const files = { 'a.py': 'from b import f\nf()', 'b.py': 'def f(): return 1\n' };
    const workspace = workspaceOf(files);
    const verdict = () => {
      const subject = valueIn(workspace, 'a.py', 'f()');
      return (pythonOracle(workspace).answer([{ kind: 'promise', subject }])[0] as AnswerOf<'promise'>)
        .native;
    };
    const { generation } = workspace;
    assert.equal(verdict(), 'no');
    workspace.setText('/w/b.py', 'async def f(): return 1\n');
    assert.ok(workspace.generation > generation);
    assert.equal(verdict(), 'yes');
    workspace.edit('/w/b.py', [{ span: { start: 0, end: 6 }, newText: '' }]);
    assert.equal(verdict(), 'no');
    workspace.remove('/w/b.py');
    assert.equal(verdict(), 'unknown');
  });

  it('tells files apart that no rule can have anything to say about', () => {
    const workspace = workspaceOf({
      'plain.py': 'import os, json\nprint(os.sep)\n',
      'async.py': 'async def f(): pass\n',
      'user.py': 'import json\nfrom db import save\nsave()\n',
      'db.py': 'import threading\n',
    });
    const concerned = ['plain.py', 'async.py', 'user.py', 'db.py', 'gone.py'].filter((name) =>
      workspace.mayConcern(`/w/${name}`),
    );
    assert.deepEqual(concerned, ['async.py', 'user.py', 'db.py']);
  });

  it('looks through several bases in the order of Python', () => {
    const diamond = [
      'class Base:\n    def copy(self): return 1',
      'class Async(Base):\n    async def copy(self): pass',
      'class Left(Base): pass',
      'class Both(Left, Async): pass',
    ].join('\n');
    assert.equal(
      native('Both().copy()', `${diamond}\nBoth().copy()`),
      'yes',
      'not the one that both inherit',
    );
    assert.equal(native('Left().copy()', `${diamond}\nLeft().copy()`), 'no');
    const own = 'class A:\n    async def f(self): pass\nclass B:\n    def f(self): return 1\n';
    assert.equal(native('C().f()', `${own}class C(A, B): pass\nC().f()`), 'yes');
    assert.equal(native('C().f()', `${own}class C(B, A): pass\nC().f()`), 'no');
    assert.equal(native('C().f()', `${own}class C(Unknown, A): pass\nC().f()`), 'unknown');
    const impossible = `${own}class D(A, B): pass\nclass E(B, A): pass\nclass C(D, E):\n    def g(self): return 1\n`;
    assert.equal(native('C().f()', `${impossible}C().f()`), 'unknown', 'Python refuses C');
    assert.equal(native('C().g()', `${impossible}C().g()`), 'no');
    const ladder = Array.from({ length: 40 }, (_, i) =>
      ['L', 'R'].map((side) => `class ${side}${i + 1}(L${i}, R${i}): pass`).join('\n'),
    ).join('\n');
    const top = 'class L0:\n    async def f(self): pass\nclass R0: pass\n';
    assert.equal(native('L40().f()', `${top}${ladder}\nL40().f()`), 'yes');
    assert.equal(
      native('A().m()', 'class A(B, C): pass\nclass B(A): pass\nclass C(A, B): pass\nA().m()'),
      'unknown',
    );
  });

  it('ends on programs that go round in circles', () => {
    const others = { 'b.py': 'from a import x\n', 'c.py': 'from c import y\n' };
    assert.equal(native('x()', 'from b import x\nx()', others), 'unknown');
    assert.equal(native('f()', 'def f(): return g()\ndef g(): return f()\nf()'), 'unknown');
    assert.equal(native('A().m()', 'class A(B): pass\nclass B(A): pass\nA().m()'), 'unknown');
    assert.equal(native('x()', 'x = x\nx()'), 'unknown');
  });
});
