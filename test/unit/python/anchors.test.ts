import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadPages } from '../../../src/documents/load';
import { anchorAt } from '../../../src/languages/python/anchors';
import type { PythonParser } from '../../../src/languages/python/parser';
import { Workspace } from '../../../src/languages/python/workspace';
import { anchorDocument } from '../../support/anchor-samples';
import { pythonParser } from './support/parser';

describe('an anchor in Python', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  /** The names for the word that ends where `|` stands. */
  function namesAt(marked: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
    const workspace = new Workspace(parser, { read: (file) => others[file] });
    workspace.add(Object.keys(others));
    workspace.setText('/a/main.py', marked.replace('|', ''));
    return anchorAt(workspace, '/a/main.py', marked.indexOf('|') - 1)?.names ?? [];
  }

  it('is found for every name that the concept pages list', async () => {
    const pages = await loadPages(join(__dirname, '../../../docs'));
    const anchors = pages.flatMap(({ language, page }) =>
      language === 'en' && page.kind === 'concept' ? page.anchors.python : [],
    );
    assert.ok(anchors.length > 50);
    const { text, offsets } = anchorDocument('python', anchors);
    const workspace = new Workspace(parser, { read: () => undefined });
    workspace.setText('/a/main.py', text);
    const missing = anchors.filter((anchor) =>
      (offsets.get(anchor) ?? []).every(
        (offset) => anchorAt(workspace, '/a/main.py', offset)?.names.includes(anchor) !== true,
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('is resolved through imports, annotations and constructors, never by its text', () => {
    assert.deepEqual(namesAt('import asyncio as aio\naio.gather|()'), ['asyncio.gather']);
    assert.deepEqual(namesAt('from asyncio import gather| as g'), ['asyncio.gather']);
    assert.deepEqual(namesAt('import asyncio\nq = asyncio.Queue()\nq.put|(1)'), ['asyncio.Queue.put']);
    assert.deepEqual(namesAt('import asyncio\ndef f(q: asyncio.Queue|[int]): pass'), ['asyncio.Queue']);
    assert.deepEqual(namesAt('class asyncio: gather = 1\nasyncio.gather|'), []);
    assert.deepEqual(namesAt('from asyncio import gather\ngather|()', { '/a/asyncio.py': '' }), [
      'asyncio.gather',
    ]);
    assert.deepEqual(namesAt('from helper import gather\ngather|()', { '/a/helper.py': 'gather = 1' }), []);
  });

  it('is a method of a task under its own name and that of the future', () => {
    const made = 'import asyncio\nasync def f():\n    t = asyncio.create_task(f())\n';
    assert.deepEqual(namesAt(`${made}    t.cancel|()`), ['asyncio.Task.cancel', 'asyncio.Future.cancel']);
    assert.deepEqual(namesAt(`${made}    t.get_name|()`), ['asyncio.Task.get_name']);
  });

  it('is a method of a generator only where the object is one', () => {
    const generator = 'def numbers():\n    yield 1\n';
    assert.deepEqual(namesAt(`${generator}g = numbers()\ng.send|(2)`), ['collections.abc.Generator.send']);
    assert.deepEqual(namesAt(`${generator}def f():\n    g = numbers()\n    g.throw|(E())`), [
      'collections.abc.Generator.throw',
    ]);
    assert.deepEqual(namesAt(`async ${generator}numbers().asend|(2)`), [
      'collections.abc.AsyncGenerator.asend',
    ]);
    assert.deepEqual(
      namesAt('from collections.abc import Generator\ndef f(g: Generator[int, int, None]):\n    g.close|()'),
      ['collections.abc.Generator.close'],
    );
    assert.deepEqual(namesAt('import socket\ns = socket.socket()\ns.send|(b"")'), ['socket.socket.send']);
    assert.deepEqual(namesAt('def f(connection):\n    connection.send|(1)'), []);
    assert.deepEqual(namesAt('next|(x)'), ['next']);
    assert.deepEqual(namesAt('def next(x): pass\nnext|(x)'), []);
  });

  it('of a module stands where it is imported, not in each use of its name', () => {
    assert.deepEqual(namesAt('import asyncio|\n'), ['module:asyncio']);
    assert.deepEqual(namesAt('import asyncio| as aio\n'), ['module:asyncio']);
    assert.deepEqual(namesAt('import asyncio|\n', { '/a/asyncio.py': '' }), ['module:asyncio']);
    assert.deepEqual(namesAt('import helper|\n', { '/a/helper.py': '' }), []);
    assert.deepEqual(namesAt('import asyncio\nasyncio|.gather()'), ['asyncio']);
  });

  it('is no word in a string or a comment', () => {
    assert.deepEqual(namesAt('x = "await| f"'), []);
    assert.deepEqual(namesAt('# async| def f'), []);
    assert.deepEqual(namesAt('"""\nasync| def f\n"""'), []);
    assert.deepEqual(namesAt('async def f():\n    async| with g(): pass'), [
      'keyword:async with',
      'keyword:async',
    ]);
    assert.deepEqual(namesAt('async def f():\n    return [x async| for x in g()]'), [
      'keyword:async for',
      'keyword:async',
    ]);
    assert.deepEqual(namesAt('def f():\n    "yield| 1"\n    yield 2'), []);
    assert.deepEqual(namesAt('try:\n    f()\nexcept| ValueError:\n    pass'), []);
    assert.deepEqual(namesAt('async def f():\n    x = f"{await| g()}"'), ['keyword:await']);
  });
});
