import assert from 'node:assert/strict';
import type { FileFacts } from '../../../src/core/facts';
import { useOf } from '../../../src/core/uses';
import { walk } from '../../../src/core/walk';
import type { PythonParser } from '../../../src/languages/python/parser';
import { outline } from '../support/outline';
import { stripIndent } from '../support/strip-indent';
import { pythonParser } from './support/parser';

describe('lowering Python', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await pythonParser();
  });

  const facts = (text: string): FileFacts => parser.lower('/m.py', text).facts;

  /** Compares the outline of a source, the module's own line left out. */
  function check(source: string, expected: string): void {
    const text = stripIndent(source);
    const lowered = facts(text);
    assert.deepEqual(lowered.broken, [], 'the sample parses');
    const trimmed = (shape: string) => stripIndent(shape).replace(/ +$/gm, '');
    assert.equal(trimmed(outline(lowered).replace(/^module \(\)\n?/, '')), trimmed(expected));
  }

  it('tells functions, async functions, generators, lambdas and nested functions apart', () => {
    check(
      `
      def plain(a, b=1, *rest, c, **named): pass
      async def waits():
          await plain(1)
      def counts():
          yield 1
          yield from waits()
      async def both():
          def inner():
              return 1
          yield inner
      twice = lambda x, y=2: x * y
      `,
      `
        def plain
        def waits
        def counts
        def both
        declare twice = fn twice
      function plain(a, b=1, *rest, c, *named)
      async function waits()
        await plain'(1)
      generator function counts()
        yield 1
        yield from waits'()
      async generator function both()
        def inner
        yield inner'
      function inner()
        return 1
      arrow twice(x, y=2)
        return! (x' * y')
      `,
    );
  });

  it('lowers classes: methods, constructors, properties, bodies, bases', () => {
    check(
      `
      @register
      class Pool(Base, metaclass=Meta):
          limit = read()
          def __init__(self, size: int = 3) -> None:
              self.size = size
          async def get(self):
              return self.size
          @property
          def free(self): return 1
          @free.setter
          def free(self, value): ...
          @staticmethod
          def make(): return Pool(limit)
      `,
      `
        class Pool(Base)
      static static-block Pool.()
        declare limit = read()
      constructor Pool.__init__(self, size=3)
        self'.size! = size'
      async method Pool.get(self)
        return self'.size
      getter Pool.free(self) @property
        return 1
      setter Pool.free(self, value) @free'.setter
      static method Pool.make() @staticmethod
        return Pool'(limit)
      `,
    );
    const { classes, functions } = facts('class A:\n    def f(self):\n        pass\n    x = 1\n');
    assert.deepEqual(
      classes[0]?.members.map((m) => [m.name, m.isStatic]),
      [
        ['f', false],
        ['x', true],
      ],
    );
    assert.equal(functions.find((fn) => fn.name === 'f')?.parent?.kind, 'module');
  });

  it('declares a name where it is first bound and assigns it afterwards', () => {
    check(
      `
      def f():
          x = g()
          x = h()
          x += 1
          a = b = k()
          (c, d), *e = pair()
          c, f.y = pair()
          self.z = g()
          t: Task = make()
          u: int
          if (n := g()) > 1:
              del n, x
      `,
      `
        def f
      function f()
        declare x = g()
        x'! = h()
        x'!? += 1
        declare a = b'! = k()
        declare ~c,d,e = pair()
        tuple[c'!, f'.y!] = pair()
        self.z! = g()
        declare t = make()
        declare u
        if (n'! := g() > 1)
          delete n'!
          delete x'!
      `,
    );
  });

  it('lets useOf see what becomes of a value', () => {
    const source =
      'async def f():\n    a = g()\n    a = h()\n    if k(): pass\n    assert m()\n    await n()\n    o()\n';
    const uses = new Map<string, string>();
    for (const fn of facts(source).functions) {
      walk(fn.body, (node) => {
        if (node.kind === 'call' && node.callee.kind === 'name') {
          const use = useOf(node);
          uses.set(node.callee.text, use.kind === 'bound' ? `bound ${use.binding.name}` : use.kind);
        }
        return undefined;
      });
    }
    assert.deepEqual(Object.fromEntries(uses), {
      g: 'bound a',
      h: 'bound a',
      k: 'condition',
      m: 'condition',
      n: 'awaited',
      o: 'discarded',
    });
  });

  it('keeps keywords, stars and generators among arguments', () => {
    check(
      `f(1, *xs, key=g(), **opts)
total = sum(x for x in xs)`,
      `
        f(1, *xs, key=g(), *opts)
        declare total = sum(generator<for xs: x'>)
      `,
    );
  });

  it('lowers comprehensions with their own scope', () => {
    check(
      `
      async def f(rows):
          a = [await g(x) for x in rows if x]
          b = {k: v async for k, v in agen()}
          c = {y for x in rows for y in x}
          return x
      `,
      `
        def f
      async function f(rows)
        declare a = list<for rows' if x': await g(x')>
        declare b = dict<async for agen(): k', v'>
        declare c = set<for rows' for x': y'>
        return x
      `,
    );
  });

  it('lowers with, for, while, try and match', () => {
    check(
      `
      async def f(q):
          async with open_db() as db, lock:
              async for row in db.rows():
                  use(row)
              else:
                  done()
          with (a() as x, b()):
              pass
          for i, obj.attr in q: pass
          while q:
              break
          try:
              await g()
          except (KeyError, ValueError) as e:
              raise Other from e
          except* OSError:
              raise
          except:
              continue
          else:
              h()
          finally:
              k()
          match await q.get():
              case Point(x=0, y=yy) | mod.CONST if yy > 1:
                  use(yy)
              case [first, *rest]:
                  pass
              case other:
                  use(other)
      `,
      `
        def f
      async function f(q)
        async with open_db() as db, lock
          for-await row db'.rows()
            use(row')
          else
            done()
        with a() as x, b()
        for-of  q'
          ^tuple[i'!, obj.attr!]
        while  q'
          break
        try
          await g()
        except KeyError ValueError as e
          throw seq(e', Other)
        except OSError
          throw
        except 
          continue
        else
          h()
        finally
          k()
        match await q'.get()
        case #(Point, mod.CONST, (yy' > 1))
          use(yy')
        case #()
        case *
          use(other')
      `,
    );
  });

  it('lowers operators, strings and subscripts', () => {
    check(
      `
      a and b or not c
      x if t else y
      1 < n <= limit()
      k not in d and k is not None
      f'{a!r:>{width()}} text' "tail"
      rf'{await g()}'
      b'raw' 'x'
      d['key'].m[1:n]
      -x ** 2
      0x1F + 1_000 + 2.5
      [1, *rest]; {'a': f, **more}
      print(1), 2
      lambda: (yield)
      `,
      `
        {|| {&& a b} ! c}
        {t ?: x y}
        ((1 < n) <= limit())
        {&& (k not in d) (k is not null)}
        f"{a}{width()}"
        f"{await g()}"
        d["key"].m[#(1, n)]
        - (x ** 2)
        ((31 + 1000) + 2.5)
        array[1, *rest]
        object[a: f, *more]
        tuple[print(1), 2]
        fn
      generator arrow ()
        return! yield
      `,
    );
  });

  it('awaits before it raises to a power, as Python does', () => {
    check('async def f(): return await g() ** 2', '  def f\nasync function f()\n  return (await g() ** 2)');
  });

  it('gives imports the module and name they stand for', () => {
    const { hints, facts: file } = parser.lower(
      '/m.py',
      [
        'import time as t, os.path',
        'from asyncio import sleep as s, gather',
        'from . import sibling',
        'from ..pkg.mod import (a,',
        '  b as c)',
        'from x import *',
        'from __future__ import annotations',
      ].join('\n'),
    );
    const imported = [...hints.exports.values()].map((b) => [b.name, b.imported?.module, b.imported?.name]);
    assert.deepEqual(imported, [
      ['t', 'time', '*'],
      ['os', 'os', '*'],
      ['s', 'asyncio', 'sleep'],
      ['gather', 'asyncio', 'gather'],
      ['sibling', '.', 'sibling'],
      ['a', '..pkg.mod', 'a'],
      ['c', '..pkg.mod', 'b'],
    ]);
    assert.deepEqual(hints.stars, ['x']);
    assert.deepEqual(file.imports, ['time', 'os.path', 'asyncio', '.', '..pkg.mod', 'x', '__future__']);
  });

  describe('scopes', () => {
    const bindingOf = (text: string, marker: string) => {
      const lowered = facts(text);
      const at = text.indexOf(marker);
      let found: string | undefined;
      for (const fn of lowered.functions) {
        walk(fn.body, (node) => {
          if (node.kind === 'name' && node.span.start === at)
            found = node.binding
              ? `${node.binding.fn.name ?? node.binding.fn.kind}:${node.binding.kind}`
              : 'none';
          return undefined;
        });
      }
      return found;
    };

    it('hides the names of a class body from its methods', () => {
      assert.equal(
        bindingOf('x = 1\nclass A:\n    x = 2\n    def f(self):\n        return x#', 'x#'),
        'module:const',
      );
      assert.equal(bindingOf('class A:\n    x = 2\n    y = [x#\n for _ in x]', 'x#'), 'static-block:const');
    });

    it('makes a name local wherever the function binds it', () => {
      assert.equal(bindingOf('x = 1\ndef f():\n    use(x )\n    x = 2', 'x )'), 'f:const');
      assert.equal(
        bindingOf('x = 1\ndef f():\n    def g():\n        return x #\n    x = 2', 'x #'),
        'f:const',
      );
    });

    it('follows global and nonlocal', () => {
      const text =
        'def f():\n    n = 0\n    def g():\n        nonlocal n\n        n = 1\n    global m\n    m = 2\ndef h(): return m #';
      assert.equal(bindingOf(text, 'n = 1'), 'f:let');
      assert.equal(bindingOf(text, 'm = 2'), 'module:let');
      assert.equal(bindingOf(text, 'm #'), 'module:let');
    });

    it('gives a walrus in a comprehension to the function around it', () => {
      assert.equal(bindingOf('def f(xs):\n    [y := x for x in xs]\n    return y #', 'y #'), 'f:let');
    });

    it('lets builtins and unknown names unbound', () => {
      assert.equal(bindingOf('print #', 'print'), 'none');
    });

    it('lists every reference in source order', () => {
      const { hints } = parser.lower('/m.py', 'x = 1\ndef f():\n    return x\nx = x + 1\n');
      const references = hints.exports.get('x')?.references ?? [];
      assert.deepEqual(
        references.map((r) => [r.span.start, r.access]),
        [
          [26, 'read'],
          [28, 'write'],
          [32, 'read'],
        ],
      );
    });
  });

  it('reads comments but not those in strings', () => {
    const { comments } = facts('# first\nx = "# no" # second\nf(  # third\n)\n"""\n# no\n"""\n');
    assert.deepEqual(
      comments.map((c) => c.text),
      ['first', 'second', 'third'],
    );
  });

  it('calls only the smallest broken statement broken and reads the rest', () => {
    const text = 'import asyncio\n\nasync def f():\n    x = = 1\n    await g()\n\ndef h(:\n    pass\n\nk()\n';
    const lowered = facts(text);
    const broken = lowered.broken.map((s) => text.slice(s.start, s.end).trim());
    assert.ok(
      broken.length > 0 && broken.every((b) => !b.includes('await') && !b.includes('k()')),
      JSON.stringify(broken),
    );
    assert.ok(lowered.functions.some((fn) => fn.name === 'f' && fn.awaits.length === 1));
    assert.match(outline(lowered), /k\(\)/);
  });

  it('counts UTF-16 units, past emoji, byte order mark, tabs and CRLF', () => {
    const text = '\uFEFFs = "😀👩‍👩‍👧"\r\n# 😀\r\nasync def f():\r\n\tawait ж("😀", g())\r\n';
    const lowered = facts(text);
    assert.deepEqual(lowered.broken, []);
    const call = lowered.functions.find((fn) => fn.name === 'f')?.calls.find((c) => c.args.length === 0);
    assert.equal(call && text.slice(call.span.start, call.span.end), 'g()');
    assert.equal(lowered.comments[0]?.text, '😀');
  });
});
