import assert from 'node:assert/strict';
import type ts from 'typescript';
import { formatMessage } from '../../../src/core/finding';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `declare function save(x?: unknown): Promise<boolean>;
declare function done(): Promise<void>;
declare function log(e: unknown): void;
declare const xs: number[];
declare function each(f: (x: number) => void): void;
declare const events: { on(name: string, f: () => void): void; off(name: string, f: () => void): void };
`;
const LINES = PRELUDE.split('\n').length - 1;

function sample(code: string, options: ts.CompilerOptions = {}, file = 'a.ts'): Sample {
  return new Sample({ [file]: `${PRELUDE}${code}\nexport {};\n` }, {}, options);
}

/** `line:level` of the rule's findings, lines of the code counted from 1. */
function findings(code: string, options: ts.CompilerOptions = {}, file = 'a.ts'): string[] {
  const found = sample(code, options, file);
  const { text } = found.sourceFile(file);
  return found
    .findings(file)
    .filter(({ rule }) => rule === 'misused-promise')
    .map(({ span, level }) => `${text.slice(0, span.start).split('\n').length - LINES}:${level}`);
}

/** What each fix of the first finding makes of the code, and that the result still type-checks. */
function fixes(code: string): Record<string, string> {
  const found = sample(code);
  const { text } = found.sourceFile('a.ts');
  const [finding] = found.findings('a.ts').filter(({ rule }) => rule === 'misused-promise');
  assert.ok(finding, 'a finding');
  const result: Record<string, string> = {};
  for (const fix of found.fixes(finding)) {
    const fixed = applyEdits(text, fix.edits);
    const title = `${formatMessage(fix.title)} (${fix.safety})`;
    assert.deepEqual(
      new Sample({ 'a.ts': fixed }, {}, {}, found).typeErrors('a.ts'),
      [],
      `${title}\n${fixed}`,
    );
    result[title] = fixed.slice(PRELUDE.length, -'\nexport {};\n'.length);
  }
  return result;
}

describe('misused-promise', () => {
  const loose = { strictNullChecks: false };
  const conditions: Record<string, string> = {
    if: 'async function f() { if (save()) log(1); }',
    while: 'async function f() { while (save()) log(1); }',
    do: 'async function f() { do log(1); while (save()); }',
    for: 'async function f() { for (; save(); ) log(1); }',
    '?:': 'async function f() { log(save() ? 1 : 2); }',
    '!': 'async function f() { log(!save()); }',
    '&&': 'async function f() { return save() && 1; }',
    '||': 'async function f() { return save() || 1; }',
    'a test behind &&': 'async function f(a: boolean) { if (a && save()) log(1); }',
  };
  for (const [name, code] of Object.entries(conditions)) {
    it(`finds a promise in ${name}`, () => {
      assert.deepEqual(findings(code, loose), ['1:warning']);
    });
  }

  it('is milder where a promise is only given on', () => {
    assert.deepEqual(findings('setTimeout(async () => { await save(); }, 5);'), ['1:warning']);
    assert.deepEqual(findings('setTimeout(() => save(), 5);'), ['1:information']);
    assert.deepEqual(findings('setTimeout(() => { return save(); }, 5);'), ['1:warning']);
    assert.deepEqual(findings('const f: () => void = async () => { await save(); }; log(f);'), [
      '1:information',
    ]);
    assert.deepEqual(findings('xs.forEach((x) => save(x));'), ['1:warning']);
  });

  it('knows pauses and promises that are there already', () => {
    const pause = 'declare function sleep(ms: number): Promise<void>;';
    assert.deepEqual(findings(`${pause} setTimeout(async () => { await sleep(5); log(1); }, 5);`), []);
    assert.deepEqual(
      findings(
        'function flush() { return xs.length ? save().catch(log) : Promise.resolve(); } setTimeout(() => { return flush(); }, 5);',
      ),
      [],
    );
    assert.deepEqual(
      findings(
        'function flush() { if (xs.length) return save().catch(log); return Promise.resolve(); } setTimeout(() => { return flush(); }, 5);',
      ),
      [],
    );
  });

  it('is milder where the process ends anyway', () => {
    const on = (event: string) => `process.on(${event}, async () => { await save(); process.exit(0); });`;
    assert.deepEqual(findings(on('"SIGTERM"')), ['1:information']);
    assert.deepEqual(findings(on('"uncaughtException"')), ['1:information']);
    assert.deepEqual(findings(on('"message"')), ['1:warning']);
  });

  it('is milder on hooks and options that give a promise on', () => {
    const hooks = (after: string) =>
      `declare function plugin(hooks: { after: () => void }): void; function close() { return save(); } plugin({ after: ${after} });`;
    assert.deepEqual(findings(hooks('close')), ['1:hint']);
    assert.deepEqual(findings(hooks('() => { return close(); }')), ['1:hint']);
    assert.deepEqual(findings(hooks('async () => { await close(); }')), ['1:warning']);
  });

  it('leaves a hint where a comment says that nobody is meant to wait', () => {
    const on = (comment: string) =>
      `${comment}\nprocess.on("message", async () => {\n  // not awaited\n  await save();\n});`;
    assert.deepEqual(findings(on('// the next message is another one')), ['2:warning']);
    assert.deepEqual(findings(on('// runs in the background')), ['2:hint']);
    assert.deepEqual(findings(on('// eslint-disable-next-line @typescript-eslint/no-misused-promises')), [
      '2:hint',
    ]);
    assert.deepEqual(findings('// fire and forget\n[1].forEach(async () => { await save(); });'), ['2:hint']);
  });

  it('knows that promisify calls nothing', () => {
    const code =
      'import { promisify } from "node:util"; declare function ask(done: (e: unknown, x: number) => void): void; declare function ask(): Promise<number>; export const later = promisify(ask);';
    assert.deepEqual(findings(code), []);
  });

  it('is silent on methods of JavaScript, where nobody has seen the inherited type', () => {
    const levels = (file: string) =>
      new Sample({
        'base.d.ts': 'export class Base { before(): void; }',
        [file]: `import { Base } from './base';
export class Steps extends Base { async before() { await Promise.reject(new Error('x')); } }`,
      })
        .findings(file)
        .filter(({ rule }) => rule === 'misused-promise')
        .map(({ level }) => level);
    assert.deepEqual(levels('steps.ts'), ['warning']);
    assert.deepEqual(levels('steps.js'), []);
  });

  it('takes a promise that is kept somewhere for one that may reject', () => {
    const code = `class Deferred { #p?: Promise<void>; valueOrThrow(): Promise<void> { if (!this.#p) this.#p = done(); return this.#p; } }
const deferred = new Deferred(); setTimeout(async () => { await deferred.valueOrThrow(); log(1); }, 5);`;
    assert.deepEqual(findings(code), ['2:warning']);
  });

  it('looks into a function that is given as a property by its own name', () => {
    const code = (body: string) =>
      `declare function open(o: { onEnd: () => void }): void; const onEnd = async () => { ${body} }; open({ onEnd });`;
    assert.deepEqual(findings(code('await save();')), ['1:warning']);
    assert.deepEqual(findings(code('try { await save(); } catch (e) { log(e); }')), []);
  });

  it('takes no function of JavaScript for a promise to its callers', () => {
    const files = {
      'steps.js': `export const first = () => { console.log(1); };
export class Base { close() {} }
/** @type {() => void} */
export let hook = first;
`,
      'a.js': `import { Base, first, hook } from './steps.js';
const work = async () => { await fetch('x'); };
const steps = [first];
steps.push(work);
export class Child extends Base { async close() { await fetch('x'); } }
setTimeout(work, 5);
`,
    };
    const { text } = new Sample(files).sourceFile('a.js');
    const places = new Sample(files)
      .findings('a.js')
      .filter(({ rule }) => rule === 'misused-promise')
      .map(({ span }) => text.slice(0, span.start).split('\n').length);
    assert.deepEqual(places, [6]);
  });

  it('leaves to TypeScript what TypeScript reports itself', () => {
    assert.deepEqual(findings('async function f() { if (save()) log(1); }'), []);
    assert.deepEqual(findings('async function f() { log(!save()); }'), ['1:warning']);
    assert.deepEqual(findings('log([...save()]);'), []);
  });

  const found: Record<string, string> = {
    'a promise spread into an object': 'log({ ...save() });',
    'a promise that may be missing spread into an object':
      'function f(p?: Promise<{ a: 1 }>) { log({ ...p }); }',
    'forEach with an async function': 'xs.forEach(async (x) => { await save(x); });',
    'forEach with a function that returns a promise': 'xs.forEach((x) => save(x));',
    'forEach of a map': 'new Map<string, number>().forEach(async (x) => { await save(x); });',
    'an async predicate': 'log(xs.filter(async (x) => { return await save(x); }));',
    'an async predicate by name': 'const isOk = async (x: number) => save(x); log(xs.some(isOk));',
    'a predicate of an optional array':
      'function f(ys?: readonly number[]) { log(ys?.find((y) => save(y))); }',
    'a predicate of a tuple': 'function f(ys: [number, string]) { log(ys.every(async (y) => save(y))); }',
    'a timer': 'setTimeout(async () => { await save(); }, 10);',
    'an event emitter': 'events.on("x", async () => { await save(); });',
    'a rest parameter':
      'declare function all(...fs: (() => void)[]): void; all(() => {}, async () => { await save(); });',
    'a property': 'const o: { f: () => void } = { f: async () => { await save(); } }; log(o);',
    'a method of an object': 'const o: { f(): void } = { async f() { await save(); } }; log(o);',
    'a shorthand property':
      'async function f() { await save(); } const o: { f: () => void } = { f }; log(o);',
    'a variable': 'const f: () => void = async () => { await save(); }; log(f);',
    'an assignment': 'let f: () => void = () => {}; f = async () => { await save(); }; log(f);',
    'a returned function': 'function f(): () => void { return async () => { await save(); }; } log(f);',
    'a function an arrow returns': 'const f = (): (() => void) => async () => { await save(); }; log(f);',
    'an inherited method':
      'class A { f(): void {} } class B extends A { override async f() { await save(); } } log(B);',
    'an implemented method':
      'interface A { f(): void } class B implements A { async f() { await save(); } } log(B);',
    'a field with a function':
      'interface A { f: () => void } class B implements A { f = async () => { await save(); }; } log(B);',
    'a choice of functions': 'each(Math.random() > 0.5 ? async () => { await save(); } : () => {});',
    'a catch that throws again': 'each(async () => { try { await save(); } catch (e) { throw e; } });',
    'an await before try': 'each(async () => { await save(); try { await save(); } catch { log(1); } });',
    'an await in the handler': 'each(async () => { try { await save(); } catch { await save(); } });',
    'a promise returned out of try': 'each(async () => { try { return save(); } catch { return false; } });',
    'a named function that lets failures through': 'async function f() { await save(); } events.on("x", f);',
  };
  for (const [name, code] of Object.entries(found)) {
    it(`finds ${name}`, () => {
      assert.deepEqual(
        findings(code).map((place) => place.split(':', 1)[0]),
        ['1'],
      );
    });
  }

  const silent: Record<string, string> = {
    'an executor, which is for another rule to judge':
      'new Promise<void>((resolve) => save().then(() => resolve(), log));',
    'a promise that may be missing': 'function f(p?: Promise<void>) { if (p) log(p); return !p; }',
    'an awaited condition': 'async function f() { if (await save()) log(1); }',
    'a value of type any': 'function f(p: any) { if (!p) log({ ...p }); each(p); }',
    'an awaited spread': 'async function f(p: Promise<object>) { log({ ...(await p) }); }',
    'map and flatMap': 'log(xs.map(async (x) => save(x)));',
    'a filter of its own':
      'declare const q: { filter(f: () => unknown): void }; q.filter(async () => save());',
    'a place that takes promises':
      'declare function run(f: () => void | Promise<void>): void; run(async () => { await save(); });',
    'an overload that takes promises':
      'declare function run(f: () => void): void; declare function run(f: () => Promise<void>): void; run(async () => { await save(); });',
    'a generic result': 'declare function run<T>(f: () => T): T; void run(async () => { await save(); });',
    'finally of a promise': 'void save().finally(async () => { await done(); });',
    'a body in try': 'each(async () => { try { await save(); } catch (e) { log(e); } });',
    'work around try that cannot reject':
      'each(async (x) => { if (x === 1) return; log(1); try { await save(); } catch { log(2); } finally { log(3); } });',
    'a promise with a handler':
      'each(async () => { await save().catch(log); }); each(() => save().then(log, log));',
    'a function without await': 'each(async () => { log(1); });',
    'a named function that handles its failure':
      'async function f() { try { await save(); } catch (e) { log(e); } } events.on("x", f); each(() => f());',
    'a method that handles its failure':
      'class A { start() { events.on("x", this.f); } private f = async () => { try { await save(); } catch (e) { log(e); } }; } log(A);',
    'taking a listener away': 'async function f() { await save(); } events.off("x", f);',
    'an inherited method that handles its failure':
      'interface A { f(): void } class B implements A { async f() { await save().catch(log); } } log(B);',
    'a bound method that handles its failure':
      'class A { start() { events.on("x", this.f.bind(this)); } async f() { try { await save(); } catch (e) { log(e); } } } log(A);',
    'a variable that has no value yet':
      'let p: Promise<boolean>; export function f() { if (!p) p = save(); return p; }',
    'a test for a then method':
      'function f(p: string | Promise<string>) { if (typeof p !== "string" && p && typeof p.then === "function") log(p); } log(f);',
    'an inherited method that is not implemented':
      'class A { f() { throw new Error("not implemented"); } } class B extends A { override async f() { await save(); } } log(B);',
    'a static method':
      'class A { static f(): void {} } class B extends A { static override async f() { await save(); } } log(B);',
    'a variable without a declared type': 'const f = async () => { await save(); }; log(f);',
    'a cast': 'each((async () => { await save(); }) as () => void);',
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findings(code), []);
    });
  }

  it('takes event handlers in markup as a hint only', () => {
    const code = `declare global { namespace JSX { interface IntrinsicElements { button: { onClick?: () => void; load?: () => void } } } }
log(<button onClick={async () => { await save(); }} />);
log(<button load={async () => { await save(); }} />);`;
    assert.deepEqual(findings(code, {}, 'a.tsx'), ['2:hint', '3:warning']);
  });

  it('awaits a condition safely where the function is async', () => {
    assert.deepEqual(fixes('async function f() { log(!save()); }'), {
      'Add await (safe)': 'async function f() { log(!(await save())); }',
    });
    assert.deepEqual(fixes('async function f() { return save() || log(1); }'), {
      'Add await (safe)': 'async function f() { return (await save()) || log(1); }',
    });
    assert.deepEqual(fixes('async function f(p: Promise<{ a: 1 }>) { log({ ...p }); }'), {
      'Add await (safe)': 'async function f(p: Promise<{ a: 1 }>) { log({ ...(await p) }); }',
    });
  });

  it('suggests async where the function may become it, and nothing where it may not', () => {
    assert.deepEqual(fixes('function f() { log(!save()); }'), {
      'Add await and make the function async (suggestion)': 'async function f() { log(!(await save())); }',
    });
    assert.deepEqual(fixes('function f(): boolean { return !save(); }'), {});
    assert.deepEqual(fixes('function f() { return !save(); }'), {});
    assert.deepEqual(fixes('async function f() { log(!done()); }'), {}, 'nothing to test in a void');
  });

  it('turns forEach into a loop or Promise.all', () => {
    const result = fixes(`async function f() {
  xs.forEach(async (x, i) => {
    if (x === i) return;
    await save(x);
  });
}`);
    assert.deepEqual(result, {
      'Use for … of: one after the other (suggestion)': `async function f() {
  for (const [i, x] of xs.entries()) {
    if (x === i) continue;
    await save(x);
  }
}`,
      'Use Promise.all: all at once (suggestion)': `async function f() {
  await Promise.all(xs.map(async (x, i) => {
    if (x === i) return;
    await save(x);
  }));
}`,
      'Catch the failure inside (suggestion)': `async function f() {
  xs.forEach(async (x, i) => {
    try {
      if (x === i) return;
      await save(x);
    } catch (error) {
      console.error(error);
    }
  });
}`,
    });
  });

  it('turns short forms of forEach into loops', () => {
    const loop = (code: string) => fixes(code)['Use for … of: one after the other (suggestion)'];
    const inside = (statement: string) => `async function f() {\n  ${statement}\n}`;
    assert.equal(
      loop(inside('xs.forEach((x) => save(x));')),
      inside('for (const x of xs) {\n    await save(x);\n  }'),
    );
    assert.equal(
      loop(inside('xs.forEach(async (x: number) => { x += 1; return save(x); });')),
      inside('for (let x of xs) { x += 1; await save(x); }'),
    );
    assert.equal(
      loop(inside('new Map([["a", 1]]).forEach(async (v, k) => { await save([v, k]); });')),
      inside('for (const [k, v] of new Map([["a", 1]])) { await save([v, k]); }'),
    );
    assert.equal(
      loop(inside('new Set([[1]]).forEach(async ({ length }: number[]) => { await save(length); });')),
      inside('for (const { length } of new Set([[1]])) { await save(length); }'),
    );
  });

  it('offers no loop where it would not mean the same', () => {
    const titles = (statement: string) =>
      Object.keys(fixes(`async function f(x: { parts: number[] }) {\n  ${statement}\n}`)).filter((t) =>
        t.startsWith('Use for'),
      );
    assert.deepEqual(titles('xs.forEach(async (x) => { for (;;) { if (x) return; await save(); } });'), []);
    assert.deepEqual(
      titles('xs.forEach(async (y) => { if (y) return save(); await done(); return true; });'),
      [],
    );
    assert.deepEqual(titles('xs.forEach(async function (this: any) { await save(this); });'), []);
    assert.deepEqual(titles('x.parts.forEach(async (x) => { await save(x); });'), []);
    assert.deepEqual(titles('xs.forEach(/* each */ async (y) => { await save(y); });'), []);
  });

  it('filters in two steps', () => {
    assert.deepEqual(
      fixes('async function f() {\n  const ys = xs.filter(async (x) => save(x));\n  log(ys);\n}'),
      {
        'Await the answers first, then filter (suggestion)': `async function f() {
  const verdicts = await Promise.all(xs.map(async (x) => save(x)));
  const ys = xs.filter((_, i) => verdicts[i]);
  log(ys);
}`,
      },
    );
    assert.deepEqual(fixes('async function f() {\n  return xs.slice(1).filter(save).length;\n}'), {
      'Await the answers first, then filter (suggestion)': `async function f() {
  const items = xs.slice(1);
  const verdicts = await Promise.all(items.map(save));
  return items.filter((_, i) => verdicts[i]).length;
}`,
    });
    assert.deepEqual(fixes('async function f(a: boolean) { return a && xs.filter(save); }'), {});
  });

  it('awaits all answers for some and every', () => {
    assert.deepEqual(fixes('async function f() { return xs.some((x) => save(x)); }'), {
      'Await all the answers first (suggestion)':
        'async function f() { return (await Promise.all(xs.map((x) => save(x)))).some(Boolean); }',
    });
  });

  it('trusts only calls to give a promise where types do not tell what is missing', () => {
    const lax = (code: string) =>
      new Sample({ 'a.ts': `${PRELUDE}${code}\nexport {};\n` }, {}, { strict: false })
        .summary('a.ts')
        .filter((entry) => entry.endsWith('misused-promise'))
        .map((entry) => Number.parseInt(entry, 10) - LINES);
    assert.deepEqual(lax('let p: Promise<boolean> = save(); if (p) log(1);'), []);
    assert.deepEqual(lax('function f(p: Promise<boolean>) { return p ? 1 : 2; } log(f);'), []);
    assert.deepEqual(lax('if (save()) log(1);'), [1]);
    assert.deepEqual(lax('const saved = save();\nif (!saved) log(1);'), [2]);
  });

  it('catches failures inside, whatever the shape of the body', () => {
    const inside = (code: string) => fixes(code)['Catch the failure inside (suggestion)'];
    assert.equal(
      inside('each(async (x) => { await save(x); });'),
      'each(async (x) => {\n  try {\n    await save(x);\n  } catch (error) {\n    console.error(error);\n  }\n});',
    );
    assert.equal(
      inside('each(async (x) => save(x));'),
      'each(async (x) => {\n  try {\n    await save(x);\n  } catch (error) {\n    console.error(error);\n  }\n});',
    );
    assert.equal(
      inside('each(async () => {\n  // first\n  await save(`a\nb`);\n\n  log(1); });'),
      'each(async () => {\n  try {\n    // first\n    await save(`a\nb`);\n\n    log(1); \n  } catch (error) {\n    console.error(error);\n  }\n});',
    );
    assert.equal(inside('each(async () => { if (xs.length) return save(); return true; });'), undefined);
    assert.equal(
      inside(
        'interface A { f(): void }\nclass B implements A {\n  async f() {\n    await save();\n  }\n}\nlog(B);',
      ),
      'interface A { f(): void }\nclass B implements A {\n  async f() {\n    try {\n      await save();\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\nlog(B);',
    );
    assert.deepEqual(fixes('each((x) => save(x));'), {
      'Handle the rejection with .catch() (suggestion)': 'each((x) => save(x).catch(console.error));',
    });
  });
});
