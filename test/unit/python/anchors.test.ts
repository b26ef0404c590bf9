import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadPages } from '../../../src/documents/load';
import { anchorAt } from '../../../src/languages/python/anchors';
import type { PythonParser } from '../../../src/languages/python/parser';
import { Workspace } from '../../../src/languages/python/workspace';
import { pythonParser } from './support/parser';

/** Ways to write what an anchor names; its last word is the one to hover on. */
function usesOf(anchor: string): string[] {
  if (anchor === 'keyword:await') return ['async def f():\n    await'];
  if (anchor === 'keyword:async') return ['async'];
  const parts = anchor.split('.');
  const classAt = parts.findIndex((part) => /^[A-Z]/.test(part));
  const module = parts.slice(0, classAt < 0 ? -1 : classAt).join('.');
  const name = parts[classAt < 0 ? parts.length - 1 : classAt] ?? '';
  const member = classAt < 0 ? undefined : parts[classAt + 1];
  const head = module === '' ? '' : `import ${module}\n`;
  const dotted = module === '' ? name : `${module}.${name}`;
  if (member !== undefined) return [`${head}def f(x: ${dotted}):\n    x.${member}`];
  return [`${head}${dotted}`, `from ${module} import ${name}\n${name}`];
}

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
    const rest: Record<string, string> = {
      'keyword:await': ' g()\n',
      'keyword:async': ' def f(): pass\n',
    };
    const missing = anchors.filter((anchor) =>
      usesOf(anchor).every((code) => !namesAt(`${code}|${rest[anchor] ?? '\n'}`).includes(anchor)),
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

  it('is no word in a string or a comment', () => {
    assert.deepEqual(namesAt('x = "await| f"'), []);
    assert.deepEqual(namesAt('# async| def f'), []);
    assert.deepEqual(namesAt('"""\nasync| def f\n"""'), []);
    assert.deepEqual(namesAt('async def f():\n    async| with g(): pass'), ['keyword:async']);
    assert.deepEqual(namesAt('async def f():\n    return [x async| for x in g()]'), ['keyword:async']);
    assert.deepEqual(namesAt('async def f():\n    x = f"{await| g()}"'), ['keyword:await']);
  });
});
