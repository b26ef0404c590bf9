import assert from 'node:assert/strict';
import { Sample } from '../support/analyse';

const PRELUDE = `declare function save(x?: unknown): Promise<number>;
declare function log(e: unknown): void;
declare const flag: boolean;
declare const xs: readonly number[];
`;

/** Levels of what `floating-promise` finds in the code. */
function levels(code: string, file = 'a.ts'): string[] {
  return new Sample({ [file]: `${PRELUDE}${code}\nexport {};\n` })
    .findings(file)
    .filter(({ rule }) => rule === 'floating-promise')
    .map(({ level }) => level);
}

const HANDLED = 'try { await save(); } catch (e) { log(e); }';
const PAUSE = 'const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms); });';

describe('how bad it is that nobody watches a promise', () => {
  const mild: Record<string, string> = {
    'a function that goes on with itself': `${PAUSE}
const check = async (resolve: (x: number) => any, reject: (e: unknown) => any) => {
  await pause(5);
  try { const x = await save(); if (x) return resolve(x); check(resolve, reject); } catch (e) { reject(e); }
};`,
    'a function that waits for itself': `async function poll(n: number): Promise<void> { ${HANDLED} if (n > 0) await poll(n - 1); } poll(3);`,
    'a last step after the handler':
      'function f() { return save().catch(log).then(() => { log(1); }); } f();',
    'a function called with its this': `function f(this: unknown) { log(this); return save().catch(log); } f.call(1);`,
    'a wait for what this function has put into a field': `${PAUSE}
class W { rest: Promise<void> | null = null; async run() { ${HANDLED} this.rest = pause(5); await this.rest; this.rest = null; } }
new W().run();`,
    'a wait for what this function has put into a variable': `async function f() {
  let rest: Promise<void> | undefined;
  try { rest = new Promise<void>((resolve) => { setTimeout(resolve, 5); }); await save(); } catch { if (rest) await rest; }
} f();`,
    'a promise that was there before':
      'class E { p: Promise<void> | null = null; get() { return this.p ?? Promise.resolve(); } } new E().get();',
    'a shared promise that tells when something is over': `class C {
  back?: PromiseWithResolvers<boolean>;
  wait(): Promise<boolean> { if (!this.back) this.back = Promise.withResolvers(); return this.back.promise; }
} new C().wait();`,
    'a promise that can reject only for other calls': `function pause(ms: number, error?: string) {
  const p = new Promise<void>((resolve, reject) => { setTimeout(() => { if (error) reject(new Error(error)); else resolve(); }, ms); });
  return p;
} async function f() { ${HANDLED} await pause(5); } f();`,
    'a promise that gets its handler in another line':
      'function f() { let p = save(); p = p.catch(log); return p; } f();',
    'a promise that gets its handler unless the call forbids it': `function f(options?: { throws?: boolean }) {
  let p = save();
  if (!options?.throws) { p = p.catch(log); }
  return p;
} f();`,
    'a promise that gets its handler unless an option of the call forbids it': `function f(options: { throws?: boolean }) {
  let p = save();
  if (!options.throws) p = p.catch(log);
  return p;
} f({ throws: false });`,
    'promises with a handler each, as a whole': `const all: Promise<unknown>[] = [];
for (const x of xs) all.push(save(x).catch(log));
Promise.all(all).then(() => { log(1); });`,
    'mapped promises with a handler each': 'Promise.all(xs.map((x) => save(x).catch(log)));',
    'an exception that is said to be impossible': `async function f() { if (flag) throw new Error("Internal error: no socket"); ${HANDLED} } f();`,
    'a step of a queue whose failures are handled where it is kept': `let queue: any;
const recorder = {
  add(step: () => unknown, force?: boolean): Promise<unknown> | undefined {
    if (!step && !force) return undefined;
    return (queue = Promise.resolve(queue).then(() => step()));
  },
  handle(f: (e: unknown) => void) { if (!queue) queue = Promise.resolve(); return (queue = queue.catch(f)); },
};
recorder.add(() => save());`,
    'a step of a queue in a field': `class Q {
  last: Promise<unknown> = Promise.resolve();
  add() { this.last = this.last.then(() => save()); return this.last; }
  watch() { this.last.catch(log); }
} new Q().add();`,
    'a queue of mere steps that is waited for':
      'let last: Promise<unknown> = Promise.resolve(); async function f() { last = last.then(() => { log(1); }); await last; } f();',
    'a queue whose steps have handlers': `class Q {
  last: Promise<unknown> = Promise.resolve();
  async add() { this.last = this.last.then(() => save().catch(log)); return this.last; }
  async again() { await this.add(); log(1); }
} new Q().again();`,
    'an exception that comes at once':
      'function f(n: number) { if (n > 9) throw new Error("too many"); return save().catch(log); } f(3);',
    'an action of a command': `import { Command } from 'commander';
declare const program: { action(f: () => void): void }; program.action(() => { save(); }); log(Command);`,
    'what is done while the process ends':
      'process.once("SIGTERM", () => { save().then(() => process.exit()); });',
    'a module that is loaded for what it does': 'export function run(file: string) { import(file); }',
    'what a file that reads its arguments does': 'save(process.argv[2]);',
    'what is done at any signal':
      'for (const signal of ["SIGINT"]) process.once(signal, () => { save().then(() => process.exit()); });',
    'the report of an error':
      'declare const tracker: { captureException(e: unknown): Promise<void> }; tracker.captureException(new Error("x"));',
    'the end of a generator': 'declare const g: AsyncGenerator<number>; g.return(undefined);',
    'the end of what nobody hears': 'declare const c: AudioContext | null; c?.close();',
    'the end of a stream that nobody reads': 'declare const r: Response; r.body?.getReader().cancel();',
    'the end of a stream that nobody writes': 'declare const w: WritableStream; w.abort();',
    'a branch that is said not to fail':
      '// Safe in the background: never throws.\nif (flag) log(1); else save();',
    'a block that is said not to fail': '// This cannot fail.\nif (flag) {\n  save();\n}',
    'a function that is said not to fail': `// Note that this never rejects.
async function probe() { await save(); } probe();`,
    'a method that is said not to fail': `class P {
  /** Sends them all. Never throws. */
  async send() { await save(); }
  run() { this.send(); }
} log(P);`,
    'the announcement of an event': `class B {
  handlers: any;
  broadcast(event: string): Promise<unknown[]> { return Promise.all(this.handlers.map((h: any) => h(event))); }
  start() { this.broadcast('started'); }
} new B().start();`,
  };
  for (const [name, code] of Object.entries(mild)) {
    it(`only the order is at stake: ${name}`, () => {
      assert.deepEqual(levels(code), ['information']);
    });
  }

  const silent: Record<string, string> = {
    'a microtask on a promise kept in a variable':
      'let ready: Promise<void> | undefined; function soon(f: () => void) { if (!ready) ready = Promise.resolve(); ready.then(() => flag && f()); } soon(() => { log(1); });',
    'an async function on the spot that handles everything and tidies up': `(async () => {
  let n = 0;
  try { n = await save(); } catch (e) { process.nextTick(() => { throw e; }); } finally { log(n); }
})();`,
    'a process that may fail':
      'declare function execa(file: string, options?: object): Promise<{ failed: boolean }>; const p = execa("x", { reject: false }); p.then((r) => { log(r.failed); });',
    'a promise taken out of a list': 'const list = [save()]; list.shift();',
    'a function that gives a promise only without a callback': `function load(done?: () => void) {
  if (!done) return new Promise<void>((resolve, reject) => { load(resolve); log(reject); });
  setTimeout(done, 5);
  return undefined;
}
declare const after: () => void;
load(after);`,
    'the same with the promise at the end':
      'function load(done?: () => void) { if (typeof done === "function") { setTimeout(done, 5); return; } return save(); } load(() => { log(1); });',
    'the same with the promise in a variable': `function on(event: string, f?: () => void) {
  let promise: Promise<number> | undefined;
  if (!f) { f = () => { log(event); }; promise = save(); }
  log(f);
  return promise;
}
declare const after: () => void;
on('start', after);`,
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`nothing is at stake: ${name}`, () => {
      assert.deepEqual(levels(code), []);
    });
  }

  const bad: Record<string, string> = {
    'a function that waits for itself and for others':
      'async function poll(n: number): Promise<void> { await save(); if (n > 0) await poll(n - 1); } poll(3);',
    'a last step that can fail': 'function f() { return save().catch(log).then(() => save()); } f();',
    'a wait for work that is kept in a field': `class W { p: Promise<number> | null = null; async run() { ${HANDLED} this.p = save(); await this.p; } } new W().run();`,
    'a wait for a field that others fill': `class W { p = Promise.resolve(1); async run() { ${HANDLED} await this.p; } } new W().run();`,
    'work that is started and kept in a field':
      'class E { p: Promise<number> | undefined; get() { if (!this.p) this.p = save(); return this.p; } } new E().get();',
    'an answer that is waited for': `class C {
  answer?: PromiseWithResolvers<number>;
  request(): Promise<number> { this.answer = Promise.withResolvers(); log(1); return this.answer.promise; }
} new C().request();`,
    'a promise that rejects for this call': `function pause(ms: number, error?: string) {
  return new Promise<void>((resolve, reject) => { setTimeout(() => { if (error) reject(new Error(error)); else resolve(); }, ms); });
} async function f() { ${HANDLED} await pause(5, 'late'); } f();`,
    'promises of which one has no handler': `const all: Promise<unknown>[] = [save()];
for (const x of xs) all.push(save(x).catch(log));
Promise.all(all).then(() => { log(1); });`,
    'promises that somebody else may add to': `const all: Promise<unknown>[] = [];
for (const x of xs) all.push(save(x).catch(log));
log(all);
Promise.all(all).then(() => { log(1); });`,
    'mapped promises without a handler': 'Promise.all(xs.map((x) => save(x)));',
    'a callback that is replaced later': `class C {
  callbacks = { onClose: (): Promise<unknown> => Promise.resolve() };
  onClose(f: () => Promise<unknown>) { this.callbacks.onClose = f; }
  close() { this.callbacks.onClose(); }
} new C().close();`,
    'promises that hold each other':
      'const all: Promise<unknown>[] = []; all.push(Promise.all(all)); Promise.all(all);',
    'a queue of work that is waited for':
      'let last: Promise<unknown> = Promise.resolve(); async function f() { last = last.then(() => save()); await last; } f();',
    'a queue of which one step has no handler': `class Q {
  last: Promise<unknown> = Promise.resolve();
  async add() { this.last = this.last.then(() => save()); return this.last; }
} new Q().add();`,
    'a step of a queue that nobody watches':
      'class Q { last: Promise<unknown> = Promise.resolve(); add() { return (this.last = this.last.then(() => save())); } } new Q().add();',
    'a function that others are to write':
      'class B { send(): Promise<number> { throw new Error("not implemented"); } } new B().send();',
    'a promise that loses its handler':
      'function f() { let p = save().catch(log); p = save(); return p; } f();',
    'a promise that gets its handler now and then':
      'function f() { let p = save(); if (flag) p = p.catch(log); return p; } f();',
    'a promise that gets no handler because an option says so': `function f(options?: { throws?: boolean }) {
  let p = save();
  if (!options?.throws) p = p.catch(log);
  return p;
} f({ throws: true });`,
    'a promise that gets no handler because a name may say so': `function f(options?: { throws?: boolean }) {
  let p = save();
  if (!options?.throws) p = p.catch(log);
  return p;
} const options = { throws: flag }; f(options);`,
    'a promise that is another one later': `function f() {
  let p = save();
  const again = () => { p = save(); };
  p = p.catch(log);
  again();
  return p;
} f();`,
    'a nested function that throws': `async function g() { if (flag) throw new Error('x'); } async function f() { await g(); } f();`,
    'a promise that is given although there is a callback':
      'function load(done?: () => void) { if (done) setTimeout(done, 5); return save(); } load(() => { log(1); });',
    'a promise that is given for want of a callback':
      'function load(done?: () => void) { if (!done) return save(); setTimeout(done, 5); return undefined; } load();',
    'an async function on the spot with something behind its try': `(async () => { ${HANDLED} await save(); })();`,
    'a microtask on a promise that may be work':
      'let ready: Promise<unknown> = Promise.resolve(); if (flag) ready = save(); ready.then(() => { log(1); });',
    'the end of writing, which may lose what was written':
      'declare const w: WritableStream; w.getWriter().close();',
    'a comment that says how it fails': '// Throws when the disk is full.\nif (flag) save();',
    'a branch of which more is done than a comment speaks of':
      '// Logging never throws.\nif (flag) {\n  log(1);\n  save();\n}',
    'an announcement that is a request':
      'class B { broadcast(event: string): Promise<number> { return save(event); } } new B().broadcast("started");',
  };
  for (const [name, code] of Object.entries(bad)) {
    it(`something is lost: ${name}`, () => {
      assert.deepEqual(levels(code), ['error']);
    });
  }

  it('leaves chains in tests to the runner, also where a shared module registers them', () => {
    const code = `declare function test(name: string, f: (t: unknown) => void): void;
export function payload() { test('x', (t) => { save().then(() => { log(t); }); }); }`;
    assert.deepEqual(levels(code, 'test/helper.ts'), ['information']);
    assert.deepEqual(levels(code, 'lib/helper.ts'), ['error']);
    const outside = 'export function warm() { save().then(() => { log(1); }); }';
    assert.deepEqual(levels(outside, 'test/helper.ts'), ['error']);
  });
});
