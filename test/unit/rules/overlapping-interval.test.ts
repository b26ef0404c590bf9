import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { applyEdits, Sample } from '../support/analyse';

const PRELUDE = `import { setInterval as every } from 'node:timers';
declare function poll(): Promise<string>; declare function store(text: string): Promise<void>; declare const ms: number;
declare const lock: { runExclusive(f: () => Promise<void>): Promise<void> }; every;
`;

/** `line level` of the rule's findings, lines of the code counted from 1; no other rule may speak up. */
function found(code: string): string[] {
  const sample = new Sample({ 'a.ts': PRELUDE + code });
  const findings = sample.findings('a.ts').filter(({ rule }) => rule !== 'misused-promise');
  const lines = sample.summary('a.ts').filter((entry) => !entry.endsWith(':misused-promise'));
  return lines.map((entry, i) => {
    assert.match(entry, /:overlapping-interval$/);
    return `${Number.parseInt(entry, 10) - 3} ${findings[i]?.level ?? ''}`;
  });
}

describe('overlapping-interval', () => {
  const reported: Record<string, [code: string, expected: string[]]> = {
    'an async arrow': ['setInterval(async () => { await store(await poll()); }, 1000);', ['1 warning']],
    'an async function': ['setInterval(async function () { await poll(); }, 10);', ['1 warning']],
    'a period that may be long': ['setInterval(async () => { await poll(); }, ms);', ['1 information']],
    'no period at all': ['setInterval(async () => { await poll(); });', ['1 warning']],
    'a function by name': [
      'async function run() { await store(await poll()); }\nconst t = setInterval(run, 500);\nclearInterval(t);',
      ['2 warning'],
    ],
    'a bound method': [
      'export class A { async run() { await store(await poll()); }\nstart() { return setInterval(this.run.bind(this), 500); } }',
      ['2 warning'],
    ],
    'the function of a window': ['window.setInterval(async () => { await poll(); }, 10);', ['1 warning']],
    'the function of node:timers': ['every(async () => { await poll(); }, 10);', ['1 warning']],
    'a period under a minute, computed': [
      'const SECOND = 1000; setInterval(async () => { await poll(); }, 59 * SECOND);',
      ['1 warning'],
    ],
    'a flag that stops everything': [
      'let running = true; setInterval(async () => { if (!running) return; await poll(); }, 10); export const stop = () => { running = false; };',
      ['1 warning'],
    ],
    'a question about a clock': [
      'declare const clock: boolean; setInterval(async () => { if (clock) return; await poll(); }, 10);',
      ['1 warning'],
    ],
    'handled work that keeps nothing alive': [
      'setInterval(async () => { try { await poll(); } catch (e) { console.error(e); } }, 10);',
      ['1 warning'],
    ],
    'an asynchronous loop': [
      'declare const xs: AsyncIterable<string>; setInterval(async () => { for await (const x of xs) console.log(x); }, 10);',
      ['1 warning'],
    ],
    'a test': [
      "import { test } from 'node:test'; test('x', () => {\nsetInterval(async () => { await poll(); }, 10); });",
      ['2 hint'],
    ],
  };
  for (const [name, [code, expected]] of Object.entries(reported)) {
    it(`finds ${name}`, () => assert.deepEqual(found(code), expected));
  }

  const silent: Record<string, string> = {
    'a flag':
      'let busy = false; setInterval(async () => { if (busy) return; busy = true; try { await poll(); } finally { busy = false; } }, 10);',
    'a flag around everything':
      'let n = 0; setInterval(async () => { if (n === 0) { n++; await poll(); n--; } }, 10);',
    'a promise that is kept':
      'let p: Promise<string> | undefined; setInterval(async () => { p ??= poll(); await p; p = undefined; }, 10);',
    'a question whether it is running':
      'export class A { isBusy() { return true; } start() { setInterval(async () => { if (this.isBusy()) return; await poll(); }, 10); } }',
    'a lock': 'setInterval(async () => { await lock.runExclusive(async () => { await poll(); }); }, 10);',
    'a timer that is stopped first':
      'const t = setInterval(async () => { clearInterval(t); await poll(); }, 10);',
    'a long period': 'setInterval(async () => { await poll(); }, 60_000);',
    'a long period, computed':
      'const MINUTE = 60 * 1000; setInterval(async () => { await poll(); }, 5 * MINUTE);',
    'a part of a long period':
      'const HOUR = 60 * 60 * 1000; setInterval(async () => { await poll(); }, (HOUR * 3) / 4 - 10);',
    'a flag in the function it calls':
      'let busy = false; async function run() { if (busy) return; busy = true; await poll(); busy = false; } setInterval(async () => await run(), 10);',
    'a ping':
      'declare function ping(): Promise<void>; setInterval(async () => { await ping().catch(console.error); }, 10);',
    'no wait': 'setInterval(async () => { console.log(1); }, 10);',
    'a plain function': 'setInterval(() => { console.log(1); }, 10);',
    'a timeout': 'setTimeout(async () => { await poll(); }, 10);',
    'another setInterval':
      'export function f(setInterval: (f: () => Promise<void>, ms: number) => void) { setInterval(async () => { await poll(); }, 10); }',
    'the iterator of timers/promises':
      "import { setInterval as ticks } from 'node:timers/promises'; export async function f() { for await (const t of ticks(10)) { console.log(t); await poll(); } }",
  };
  for (const [name, code] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => assert.deepEqual(found(code), []));
  }

  it('speaks for misused-promise at the same place', () => {
    const sample = new Sample({ 'a.ts': `${PRELUDE}setInterval(async () => { await poll(); }, 10);` });
    assert.deepEqual(sample.summary('a.ts'), ['4:overlapping-interval']);
  });

  const fixes = (code: string): Map<string, string> => {
    const sample = new Sample({ 'a.ts': PRELUDE + code });
    const [finding] = sample.findings('a.ts');
    return new Map(
      (finding ? sample.fixes(finding) : []).map((fix) => {
        assert.equal(fix.safety, 'suggestion');
        const text = applyEdits(PRELUDE + code, fix.edits);
        const after = new Sample({ 'a.ts': text }, {}, {}, sample);
        assert.deepEqual(after.typeErrors('a.ts'), []);
        assert.deepEqual(after.summary('a.ts'), []);
        return [formatMessage(fix.title), text.slice(PRELUDE.length)];
      }),
    );
  };

  it('turns runs away, with a flag before the timer', () => {
    const made = fixes(`export class A {
  timer?: unknown;
  out(text: string) { console.log(text, this.timer); }
  start() {
    this.timer = setInterval(async () => {
      try { // keep
        this.out(await poll());
      } catch (e) { console.error(e); }
    }, 1000);
  }
}
`);
    assert.deepEqual([...made.keys()], ['Skip a run while another one is going on']);
    assert.equal(
      [...made.values()][0],
      `export class A {
  timer?: unknown;
  out(text: string) { console.log(text, this.timer); }
  start() {
    let isRunning = false;
    this.timer = setInterval(async () => {
      if (isRunning) return;
      isRunning = true;
      try {
        try { // keep
          this.out(await poll());
        } catch (e) { console.error(e); }
      } finally {
        isRunning = false;
      }
    }, 1000);
  }
}
`,
    );
  });

  it('sets the timer anew, where nobody holds it', () => {
    const made = fixes('setInterval(async () => { await store(await poll()); }, ms);\n');
    assert.equal(
      made.get('Set the timer for the next run when one is done'),
      `setTimeout(async function next() {
  try {
    await store(await poll());
  } catch (error) {
    console.error(error);
  } finally {
    setTimeout(next, ms);
  }
}, ms);
`,
    );
  });
});
