import assert from 'node:assert/strict';
import ts from 'typescript';
import type { FunctionFact } from '../../../src/core/facts';
import { flow, type FlowClient } from '../../../src/core/flow';
import { calleeName } from '../../../src/core/uses';
import { lower } from '../../../src/languages/typescript/lower';

type Names = ReadonlySet<string>;

function functionOf(body: string): FunctionFact {
  const source = ts.createSourceFile(
    'a.ts',
    `async function* f() {\n${body}\n}`,
    ts.ScriptTarget.Latest,
    true,
  );
  const fn = lower(ts, source).functions.find(({ name }) => name === 'f');
  assert.ok(fn);
  return fn;
}

/** The calls made on every path to an exit (`must`), and on some path (`may`), in alphabetical order. */
function calls(body: string): Record<'must' | 'may' | 'thrown', string> {
  const fn = functionOf(body);
  const client = (join: (a: Names, b: Names) => Names): FlowClient<Names> => ({
    join,
    same: (a, b) => a.size === b.size,
    evaluated: (value, state) =>
      value.kind === 'call' ? new Set([...state, calleeName(value) ?? '']) : state,
    suspended: (at, state) => new Set([...state, `(${at.kind})`]),
    assumed: (test, truth, state) =>
      test.kind === 'name' && test.text === 'never' && truth ? undefined : state,
  });
  const union = flow<Names>(
    fn,
    new Set(),
    client((a, b) => new Set([...a, ...b])),
  );
  const common = flow<Names>(
    fn,
    new Set(),
    client((a, b) => new Set([...a].filter((x) => b.has(x)))),
  );
  const text = (names: Names | undefined) => (names ? [...names].sort().join(' ') : 'unreachable');
  return { must: text(common.completed), may: text(union.completed), thrown: text(union.thrown) };
}

function check(body: string, must: string, may: string): void {
  const found = calls(body);
  assert.deepEqual({ must: found.must, may: found.may }, { must, may }, body);
}

describe('flow', () => {
  it('joins branches and keeps what all of them do', () => {
    check('if (x) { a(); b(); } else { b(); }', 'b', 'a b');
    check('x ? a() : b(); c();', 'c', 'a b c');
    check('a() && b() || c();', 'a', 'a b c');
    check('x ??= a();', '', 'a');
    check('switch (x) { case 1: a(); case 2: b(); break; default: c(); }', '', 'a b c');
    check('switch (x) { case 1: a(); break; }', '', 'a');
  });

  it('leaves at return and never comes to what follows', () => {
    check('a(); return; b();', 'a', 'a');
    check('if (x) return a(); b();', '', 'a b');
    assert.equal(calls('throw a(); b();').may, 'unreachable');
    assert.equal(calls('throw a();').thrown, 'a');
  });

  it('runs loops not at all, once or often', () => {
    check('for (const x of a()) b();', 'a', 'a b');
    check('for (a(); b(); c()) d();', 'a b', 'a b c d');
    check('do { a(); } while (b());', 'a b', 'a b');
    check('while (true) { a(); if (x) break; b(); }', 'a', 'a b');
    check('for (const x of y) { if (x) continue; a(); }', '', 'a');
    assert.equal(calls('for (;;) a();').may, 'unreachable');
  });

  it('finds the target of a labelled jump', () => {
    check('outer: for (;;) { for (;;) { a(); break outer; } } b();', 'a b', 'a b');
    check('outer: for (const x of y) { for (;;) { a(); continue outer; } b(); }', '', 'a');
    check('block: { a(); if (x) break block; b(); } c();', 'a c', 'a b c');
  });

  it('enters handlers from each place that may throw, and finalizers on each way out', () => {
    check('try { a(); b(); } catch { c(); }', '', 'a b c');
    check('try { a(); } finally { b(); }', 'a b', 'a b');
    check('try { if (x) return; a(); } finally { b(); } c();', 'b', 'a b c');
    check('for (;;) { try { break; } finally { a(); } } b();', 'a b', 'a b');
    assert.equal(calls('try { throw a(); } finally { b(); }').thrown, 'a b');
    assert.equal(calls('try { a(); b(); } catch { c(); }').thrown, 'a');
  });

  it('tells its client of suspensions without an await of their own', () => {
    check('for await (const x of y) a();', '(loop)', '(loop) a');
    check('{ await using x = a(); b(); if (y) return; c(); }', '(declare) a b', '(declare) a b c');
  });

  it('drops paths that the client rules out', () => {
    check('if (never) a(); else b();', 'b', 'b');
    check('if (!never) a(); else b();', 'a', 'a');
    check('if (false) a();', '', '');
  });
});
