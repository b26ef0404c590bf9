import assert from 'node:assert/strict';
import ts from 'typescript';
import type { Binding, FileFacts } from '../../../src/core/facts';
import { useOf, type Use } from '../../../src/core/uses';
import { ancestors, valuesOf, walk } from '../../../src/core/walk';
import { lower } from '../../../src/languages/typescript/lower';
import { outline } from '../support/outline';
import { stripIndent } from '../support/strip-indent';

function facts(text: string, file = '/m.tsx'): FileFacts {
  return lower(ts, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
}

/** Compares the outline of a source, the module's own line left out. */
function check(source: string, expected: string, file?: string): void {
  const lowered = facts(stripIndent(source), file);
  assert.deepEqual(lowered.broken, [], 'the sample parses');
  const shape = (text: string) => stripIndent(text).replace(/ +$/gm, '');
  assert.equal(shape(outline(lowered).replace(/^module \(\)\n?/, '')), shape(expected));
}

/** What becomes of each call of a plain name, by the name. */
function usesOf(text: string): Record<string, string> {
  const uses: Record<string, string> = {};
  for (const fn of facts(text).functions) {
    for (const value of valuesOf(fn)) {
      if (value.kind === 'call' && value.callee.kind === 'name') uses[value.callee.text] = say(useOf(value));
    }
  }
  return uses;
}

function say(use: Use): string {
  switch (use.kind) {
    case 'bound':
      return `bound ${use.binding.name}`;
    case 'argument':
      return `argument ${String(use.index)}`;
    case 'receiver':
      return `receiver ${use.member ?? '?'}${use.call ? '()' : ''}`;
    case 'discarded':
      return `discarded ${use.statement.kind}`;
    default:
      return use.kind;
  }
}

/** Every name of a source with the line of what it is bound to, as `text@line→line`; `→` alone for names of nowhere. */
function namesOf(source: string, file?: string): string[] {
  const text = stripIndent(source);
  const lineOf = (at: number) => String(text.slice(0, at).split('\n').length);
  return facts(text, file).functions.flatMap((fn) =>
    valuesOf(fn).flatMap((value) =>
      value.kind === 'name'
        ? [
            `${value.text}@${lineOf(value.span.start)}→${value.binding ? lineOf(value.binding.span.start) : ''}`,
          ]
        : [],
    ),
  );
}

/** The bindings of a source that something refers to or that statements declare, by name. */
function bindingsOf(text: string, file?: string): Map<string, Binding> {
  const found = new Map<string, Binding>();
  for (const fn of facts(text, file).functions) {
    for (const { binding } of fn.params) if (binding) found.set(binding.name, binding);
    walk(fn.body, (node) => {
      if (node.kind === 'name' && node.binding) found.set(node.text, node.binding);
      if (node.kind === 'declare' || node.kind === 'loop')
        for (const binding of node.bindings) found.set(binding.name, binding);
      return undefined;
    });
    // Those of decorators lie outside of bodies.
    for (const { callee } of fn.calls)
      if (callee.kind === 'name' && callee.binding) found.set(callee.text, callee.binding);
  }
  return found;
}

describe('lowering TypeScript', () => {
  describe('what becomes of values', () => {
    it('tells the ends of a value apart', () => {
      assert.deepEqual(
        usesOf(`
          async function* f() {
            a(); void b(); await c(); const d0 = d(); let e0; e0 = e(); this.e1 = e1(); const { h0 } = h();
            if (i()) {} while (j()) {} do {} while (k()); for (; l(); m()) {} for (const x of n()) {}
            for await (const x of o()) {} for (const x in p()) {}
            !q(); typeof r(); -s(); t() + 1; \`\${u()}\`; yield v(); yield* v1();
            switch (w()) { case x(): }
            if (1) throw y();
            return z();
          }`),
        {
          a: 'discarded expression',
          b: 'voided',
          c: 'awaited',
          d: 'bound d0',
          e: 'bound e0',
          e1: 'stored',
          h: 'stored',
          i: 'condition',
          j: 'condition',
          k: 'condition',
          l: 'condition',
          m: 'discarded loop',
          n: 'iterated',
          o: 'iterated',
          p: 'iterated',
          q: 'condition',
          r: 'operand',
          s: 'operand',
          t: 'operand',
          u: 'operand',
          v: 'yielded',
          v1: 'yielded',
          w: 'operand',
          x: 'operand',
          y: 'thrown',
          z: 'returned',
        },
      );
    });

    it('tells arguments, receivers and callees apart', () => {
      assert.deepEqual(
        usesOf(
          'use(0, a()); new Use(b()); tag`${c()}`; use(...d()); e().then(1); f().size; g()(); h()?.[i()](); import(j());',
        ),
        {
          use: 'discarded expression',
          Use: 'discarded expression',
          tag: 'discarded expression',
          a: 'argument 1',
          b: 'argument 0',
          c: 'argument 0',
          d: 'argument 0',
          e: 'receiver then()',
          f: 'receiver size',
          g: 'called',
          h: 'receiver ?()',
          i: 'operand',
          j: 'argument 0',
        },
      );
    });

    it('sees through choices, sequences, arrays, parentheses and casts', () => {
      assert.deepEqual(
        usesOf(
          `
          const a0 = ((a() as unknown) satisfies unknown)!;
          const b0 = t() ? b() : await c();
          const d0 = d() ?? (e(), f());
          const g0 = [g()];
          h() && i();
          (<T>k());
          const fn = () => l();
          const fn2 = () => { m(); };`.replace('(<T>k());', '(k() as T);'),
        ),
        {
          a: 'bound a0',
          t: 'condition',
          b: 'bound b0',
          c: 'awaited',
          d: 'bound d0',
          e: 'discarded declare',
          f: 'bound d0',
          g: 'stored',
          h: 'discarded expression',
          i: 'discarded expression',
          k: 'discarded expression',
          l: 'returned',
          m: 'discarded expression',
        },
      );
    });

    it('keeps what is exported, put into objects or markup, or given as a default', () => {
      assert.deepEqual(
        usesOf(`
          const o = { a: a(), ...b(), [c()]: 1 };
          function f(p = d(), { q = e() } = {}) {}
          const { r = g() } = o;
          const { s: [t = h()] } = o;
          for (const { u = i() } of o) {}
          try {} catch ({ v = j() }) {}
          export default k();`),
        {
          a: 'stored',
          b: 'stored',
          c: 'stored',
          d: 'operand',
          e: 'stored',
          g: 'stored',
          h: 'stored',
          i: 'stored',
          j: 'stored',
          k: 'stored',
        },
      );
      assert.deepEqual(usesOf('x = <A b={c()} {...d()}>{e()}{/* no */}{...f()}<>{g()}</></A>;'), {
        c: 'operand',
        d: 'operand',
        e: 'operand',
        f: 'operand',
        g: 'operand',
      });
    });
  });

  describe('names', () => {
    it('are known before their declaration', () => {
      assert.deepEqual(
        namesOf(`
          f(); new K(); v;
          function f() {}
          class K {}
          var v;`),
        ['f@1→2', 'K@1→3', 'v@1→4'],
      );
    });

    it('stay in their block unless they are var', () => {
      assert.deepEqual(
        namesOf(`
          { let a; var b; const c = 1; }
          a; b; c;
          for (let d;;) {}
          for (var e;;) {}
          for (const g of b) {}
          for (var h of b) {}
          for (var i in b) {}
          d; e; g; h; i;
          function f() { if (b) { var j; } j; }
          j;`),
        [
          'a@2→',
          'b@2→1',
          'c@2→',
          'b@5→1',
          'b@6→1',
          'b@7→1',
          'd@8→',
          'e@8→4',
          'g@8→',
          'h@8→6',
          'i@8→7',
          'j@10→',
          'b@9→1',
          'j@9→9',
        ],
      );
    });

    it('are shadowed by inner declarations, parameters and catch clauses', () => {
      assert.deepEqual(
        namesOf(`
          let x;
          function f(x) { x; }
          try {} catch (x) { x; }
          { const x = 1; { x; } }
          () => x;
          (function x() { x; });
          (class x { m() { x; } });
          switch (x) { default: let x; x; }`),
        ['x@3→3', 'x@4→4', 'x@8→1', 'x@8→8', 'x@2→2', 'x@5→1', 'x@6→6', 'x@7→7'],
      );
    });

    it('of a constructor are not seen by the fields of its class', () => {
      assert.deepEqual(
        namesOf(`
          const url = 1;
          class A {
            base = url;
            make = () => url;
            constructor(url) { url; }
          }`).filter((name) => name.startsWith('url')),
        ['url@3→1', 'url@5→5', 'url@4→1'],
      );
    });

    it('are referred to from closures, with what is done to them', () => {
      const a = bindingsOf(
        `
        let a = 1;
        const f = () => { a++; a += 1; a = 2; [a] = f; ({ a, b: a } = f); delete a; a.b = 1; -a; (a as any) = 1; (<any>a) = 1; };
        for (a of f) {}
        for ([a] of f) {}`,
        '/m.ts',
      ).get('a');
      assert.equal(a?.kind, 'let');
      assert.deepEqual(
        a.references.map((name) => `${name.fn.kind} ${name.access}`),
        [
          'arrow both',
          'arrow both',
          'arrow write',
          'arrow write',
          'arrow write',
          'arrow write',
          'arrow write',
          'arrow read',
          'arrow read',
          'arrow write',
          'arrow write',
          'module write',
          'module write',
        ],
      );
    });

    it('of patterns take parts of a value', () => {
      const found = bindingsOf(
        'const { a, b: { c }, ...d } = v, [e, , ...f] = w, g = x; function h({ i }, [j], k) { i; j; }',
      );
      for (const name of ['a', 'c', 'd', 'e', 'f', 'i', 'j'])
        assert.equal(found.get(name)?.destructured, true, name);
      for (const name of ['g', 'k']) assert.equal(found.get(name)?.destructured, false, name);
      assert.equal(found.get('g')?.initial?.kind, 'name');
      assert.equal(found.get('a')?.initial, undefined);
    });

    it('of loops are constant only where they say so', () => {
      const found = bindingsOf(
        'for (const a of x) a; for (let b of x) b; for (var c in x) c; for (let d = 0;;) d;',
      );
      assert.deepEqual([...found].map(([name, { kind }]) => `${kind} ${name}`).sort(), [
        'const a',
        'let b',
        'let d',
        'var c',
      ]);
    });

    it('of enums and namespaces are the file’s own', () => {
      assert.deepEqual(
        namesOf(
          `
          enum E { A = 1 }
          namespace N { export const a = 1; a; }
          import Q = N.a;
          E; N; Q;
          import.meta; function t(meta, target) { import.meta; new.target; }`,
          '/m.ts',
        ),
        ['a@2→2', 'N@3→2', 'E@4→1', 'N@4→2', 'Q@4→3'],
      );
    });

    it('of tags and decorators are references too', () => {
      const found = bindingsOf(
        `import { Comp, ns, Deco, Prop, Par } from 'x';
         <Comp />; <ns.Inner>{1}</ns.Inner>;
         @Deco() class K { @Prop() field = 1; m(@Par() p) {} }`,
      );
      for (const name of ['Comp', 'ns', 'Deco', 'Prop', 'Par'])
        assert.equal(found.get(name)?.references.length, 1, name);
    });
  });

  describe('imports and exports', () => {
    it('reads every way to import', () => {
      const source = `
        import a, { b, c as d, default as e } from 'one';
        import * as f from 'two';
        import g = require('three');
        const h = require('four');
        const { i, j: k } = require('five');
        const l = __importStar(require('six'));
        const m = _interop_require_default(require('seven'));
        import 'eight';
        export * from 'nine';
        export { n } from 'ten';
        import('eleven');
        import(a);
        import type { T } from 'twelve';
        a; b; d; e; f; g;`;
      const found = bindingsOf(source, '/m.ts');
      const imported = [...found].flatMap(([name, { imported: from }]) =>
        from ? [`${name}=${from.module}.${from.name}`] : [],
      );
      assert.deepEqual(imported.sort(), [
        'a=one.default',
        'b=one.b',
        'd=one.c',
        'e=one.default',
        'f=two.*',
        'g=three.*',
        'h=four.*',
        'i=five.i',
        'k=five.j',
        'l=six.*',
        'm=seven.*',
      ]);
      assert.deepEqual(facts(source, '/m.ts').imports, [
        'one',
        'two',
        'three',
        'four',
        'five',
        'six',
        'seven',
        'eight',
        'nine',
        'ten',
        'eleven',
        'twelve',
      ]);
    });

    it('marks what is exported', () => {
      const found = bindingsOf(
        `export const a = 1, { b } = a;
         export function c() {} export class D {} export enum E {} export namespace N { const x = 1; }
         function f() {} export default f;
         const g = 1, h = 2, i = 3; export { g, h as other };
         a; c; D; E; N; f; g; h; i;`,
        '/m.ts',
      );
      assert.deepEqual(
        [...found.values()]
          .filter((b) => b.exported)
          .map((b) => b.name)
          .sort(),
        ['D', 'E', 'N', 'a', 'b', 'c', 'f', 'g', 'h'],
      );
      assert.equal(found.get('i')?.exported, false);
    });
  });

  describe('functions', () => {
    it('keep their kinds, names, parameters and decorators', () => {
      check(
        `
        async function a(p, q = 1, ...r) { return p; }
        function* b() { yield* a(); }
        const c = async () => a(), d = function () {}, o = { m() {}, get g() { return 1; }, async *n() {}, [a()]: () => 1, p: async () => 2 };
        o.late = () => {};
        class K { @dec(1) static async m() {} get g() { return 1; } set g(v) {} constructor() {} *[it]() {} #p() {} 'str'() {} }
        function over(): void; function over(x?: unknown) {}
        declare function ambient(): void;`,
        `
          def a
          def b
          declare c = fn c
          declare d = fn d
          declare o = object[m: fn m, g: fn g, n: fn n, [a'()]: fn , p: fn p]
          o'.late! = fn late
          class K()
          def over
        async function a(p, q=1, *r)
          return p'
        generator function b()
          yield from a'()
        async arrow c()
          return! a'()
        function d()
        method m()
        getter g()
          return 1
        async generator method n()
        arrow ()
          return! 1
        async arrow p()
          return! 2
        arrow late()
        static async method K.m() @dec(1)
        getter K.g()
          return 1
        setter K.g(v)
        constructor K.constructor()
        generator method K.()
        method K.#p()
        method K.str()
        function over(x)
        `,
        '/m.ts',
      );
    });

    it('hold their calls and awaits in the order in which they run', () => {
      const [, fn] = facts(
        `async function f() {
           a(b(), await c());
           for (let i = d(); e(); g()) h();
           do i(); while (j());
           x ? k() : l();
         }`,
      ).functions;
      const names = fn?.calls.map((call) => (call.callee.kind === 'name' ? call.callee.text : '?'));
      assert.deepEqual(names, ['b', 'c', 'a', 'd', 'e', 'h', 'g', 'i', 'j', 'k', 'l']);
      assert.equal(fn?.awaits.length, 1);
    });
  });

  describe('classes', () => {
    it('run their fields in the constructor, before its own statements', () => {
      check(
        'class A extends B { a = f(); b; #c = () => this.a; constructor(private d = g()) { super(); h(); } }',
        `
          class A(B)
        constructor A.constructor(d=g())
          this.a! = f()
          this.#c! = fn #c
          super()
          h()
        arrow A.#c()
          return! this.a
        `,
        '/m.ts',
      );
    });

    it('get a constructor where they have fields but none', () => {
      check(
        'class A { a = f(); accessor z = g(); m() {} } class B { b; }',
        `
          class A()
          class B()
        method A.m()
        constructor A.constructor()
          this.a! = f()
          this.z! = g()
        `,
        '/m.ts',
      );
    });

    it('run static blocks and static fields where the class stands', () => {
      check(
        'const K = class N { static a = f(); static { g(); } static h = async () => { await i(); }; };',
        `
          declare K = class N
        static static-block N.()
          this.a! = f()
        static static-block N.()
          g()
        static static-block N.()
          this.h! = fn h
        async arrow N.h()
          await i()
        `,
      );
    });

    it('list their members', () => {
      const [fact] = facts('class A { a = () => 1; static b = 2; c() {} static { } }').classes;
      assert.deepEqual(
        fact?.members
          .map((m) => `${m.isStatic ? 'static ' : ''}${m.name ?? '?'} ${m.fn?.kind ?? m.initial?.kind ?? ''}`)
          .sort(),
        [
          'a arrow',
          'c method',
          'constructor constructor',
          'static ? static-block',
          'static b literal',
        ].sort(),
      );
    });

    it('evaluate computed names and decorators of their fields outside', () => {
      const module = facts('@a() class K { @b() [c()] = d(); static [e()]() {} m(@f() p) {} }').functions[0];
      assert.deepEqual(
        module?.calls.map((call) => (call.callee.kind === 'name' ? call.callee.text : '?')).sort(),
        ['a', 'b', 'c', 'e', 'f'],
      );
    });
  });

  describe('statements', () => {
    it('of every kind of loop', () => {
      check(
        `
        for (let i = 0, n = f(); i < n; i++) g();
        for (x.y of xs) ;
        for (const [a, b] of xs) { a; }
        for (const k in o) k;
        for await (const v of s()) v;
        while (t()) { break; }
        do u(); while (w());
        outer: for (;;) { inner: for (;;) { continue outer; } }
        block: { break block; }
        `,
        `
          for  (i' < n'); ++ i'!?
            ^declare i = 0
            ^declare n = f()
            g()
          for-of  xs
            ^x.y!
          for-of a,b xs
            a'
          for-in k o
            k'
          for-await v s()
            v'
          while  t()
            break
          do  w()
            u()
          outer: for
            inner: for
              continue outer
          block: block
            block
              break block
        `,
      );
    });

    it('try, catch and finally', () => {
      check(
        'try { a(); } catch { b(); } finally { c(); } try {} catch (e) { throw e; } try {} finally {}',
        `
          try
            a()
          except
            b()
          finally
            c()
          try
          except  as e
            throw e'
          try
          finally
        `,
      );
    });

    it('switch, if and the rest', () => {
      check(
        `
        switch (a()) { case b(): c(); break; default: const x = 1; x; }
        if (a) b(); else if (c) { d(); } else e();
        debugger;
        ;
        with (o) { p(); }
        `,
        `
          match a()
          case b()
            c()
            break
          case *
            declare x = 1
            x'
          if a
            b()
          else
            if c
              d()
            else
              e()
          declare ~ = o
          block
            p()
        `,
        '/m.js',
      );
    });

    it('that dispose of what they hold', () => {
      check(
        `
        using a = f();
        await using b = g();
        for (using c of xs) c;
        for (await using d of xs) d;
        `,
        `
          using a = f()
          await using b = g()
          for-of using c xs
            c'
          for-of await using d xs
            d'
        `,
      );
    });

    it('that only types need are left out', () => {
      check(
        `interface I { a: string } type T = typeof f; declare const x: T; declare class C {} declare module 'm' { const y = 1; }
         declare global { var z: number; } export type { T }; declare namespace N { const w: 1; }
         abstract class A { abstract m(): void; declare d: string; n?(): void; }`,
        'class A()',
        '/m.ts',
      );
    });
  });

  it('lowers expressions of every kind', () => {
    check(
      `
      (a, b, c);
      a ? b : c && d;
      a ??= b || c;
      [1, , ...a];
      ({ a, 'b': 1, 2: c, ...d });
      new A; new B(...a);
      tag\`x\${a}y\${b}\`; \`\${a}\`; \`plain\`;
      a?.b?.['c']?.[d]?.(e);
      typeof a; void a; delete a.b; !a; a--; +a;
      1n; /re/g; null; true; 'x'; 0x1f; this; super.x;
      import('m'); await a; #p in a;
      `,
      `
        seq(a, b, c)
        {a ?: b {&& c d}}
        a!? ??= {|| b c}
        array[1, #(), *a]
        object[a: a, b: 1, 2: c, *d]
        new A()
        new B(*a)
        tagged tag(a, b)
        f"{a}"
        "plain"
        a?.b?["c"]?[d]?.(e)
        typeof a
        void a
        delete a.b!
        ! a
        -- a!?
        + a
        #()
        #()
        null
        true
        "x"
        31
        this
        super.x
        import #()("m")
        await a
        (#() in a)
      `,
      '/m.ts',
    );
  });

  it('lowers markup', () => {
    check(
      'x = <A.B b="1" c d={e} ns:f={1} {...g}>text {h} {/* none */}<></><I /></A.B>;',
      `x! = <A.B b: "1" c: #() d: e ns:f: 1 *g>[h, #(), <>[], <I>[]]`,
    );
  });

  it('gives every value a statement above it', () => {
    const lowered = facts(
      `@a(() => 1) class K extends m(b) { [c()] = d(); @e() f(@g() p = h(), { q = i() } = {}) {} static s = j(); }
       const { k = l() } = o; let { n = await p() } = q; for (const { r = s() } of t) {} try {} catch ({ u = v() }) {}
       ({ w = x() } = y); enum E { A = z() } x = <A b={c()}>{d()}</A>;`,
    );
    for (const fn of lowered.functions) {
      for (const value of [...fn.calls, ...fn.awaits]) {
        const above = [...ancestors(value)];
        assert.equal(
          above[above.length - 1]?.kind,
          'block',
          lowered.text.slice(value.span.start, value.span.end),
        );
      }
    }
  });

  describe('comments', () => {
    const texts = (text: string, file?: string) => facts(text, file).comments.map((c) => c.text);

    it('are found in source order, without their delimiters', () => {
      assert.deepEqual(texts('#!/usr/bin/env node // no\n// a\nf(/* b */ 1); /** c\n * d */ //e'), [
        'a',
        'b',
        '* c\n * d',
        'e',
      ]);
    });

    it('are not what looks like one in strings, templates, regular expressions and markup', () => {
      assert.deepEqual(
        texts(`
          'a // no'; "/* no */"; \`// no \${ x /* one */ } // no \${ \`// no\` } /* no */\`;
          /\\/\\/no/; /[/]/* 2 /* two */; 1 / 2 // three
          x = <A b="// no" c={/* four */ 1}>// no /* no */ {/* five */} https://no</A>; // six`),
        ['one', 'two', 'three', 'four', 'five', 'six'],
      );
    });

    it('are found beside broken code', () => {
      assert.deepEqual(texts('f( // a\nconst = /* b */ ;\n"open // no\n// c'), ['a', 'b', 'c']);
    });
  });

  describe('broken statements', () => {
    const broken = (text: string) => {
      const lowered = facts(text);
      return lowered.broken.map(({ start, end }) => text.slice(start, end));
    };

    it('are the innermost ones that hold a syntax error', () => {
      assert.deepEqual(broken('ok();\nfunction f() {\n  fine();\n  bad(;\n}\nok();'), ['bad(;']);
    });

    it('leave the rest readable', () => {
      const lowered = facts('a();\nb(;\nc();');
      const calls = lowered.functions[0]?.calls.map((call) =>
        call.callee.kind === 'name' ? call.callee.text : '?',
      );
      assert.deepEqual(calls, ['a', 'b', 'c']);
    });

    it('never stop the lowering', () => {
      for (const text of [
        'class {',
        'for (',
        'for (const of',
        'try {',
        'switch (x) { case',
        '`${',
        '<A',
        'import {',
        'export',
        '@',
        'class A { [',
        '({ a',
        'const {',
        'async',
        'x?.',
        'new',
        'label:',
        'import x =',
        'enum',
        'namespace',
        'function f({ a = ',
        'using',
        '<A b={',
        '({ get',
      ])
        assert.ok(facts(text).functions.length > 0, text);
    });
  });
});
