import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Runs a script in a Node of its own. */
function run(script: string): { readonly code: number | null; readonly printed: string } {
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  return { code: status, printed: stdout.trim() };
}

describe('what the rule pages claim about Node', () => {
  it('floating-promise: an unhandled rejection ends the process with code 1', () => {
    const { code, printed } = run(`
      async function save() { throw new Error('disk full'); }
      async function main() { save(); console.log('saved'); }
      main();
      setTimeout(() => console.log('still here'), 50);
    `);
    assert.deepEqual({ code, printed }, { code: 1, printed: 'saved' });
  });

  it('floating-promise: void handles no rejection', () => {
    assert.equal(run(`void Promise.reject(new Error('lost')); setTimeout(() => {}, 50);`).code, 1);
  });

  it('floating-promise: what follows runs before the promise has settled', () => {
    const { printed } = run(`
      async function save() { await null; console.log('saved'); }
      async function main() { save(); console.log('done'); }
      main();
    `);
    assert.equal(printed, 'done\nsaved');
  });

  it('missing-return-await: a promise returned out of try skips catch, and finally runs before it settles', () => {
    const { printed } = run(`
      const later = () => new Promise((_, reject) => setTimeout(reject, 10, new Error('late')));
      async function load() {
        try { return later(); } catch { return 'caught'; } finally { console.log('finally'); }
      }
      load().catch((error) => console.log('not caught inside:', error.message));
    `);
    assert.equal(printed, 'finally\nnot caught inside: late');
  });

  it('misused-promise: forEach waits for none, filter keeps all, a condition is always true', () => {
    const { printed } = run(`
      const no = async () => false;
      await [1, 2].forEach(async (n) => { await null; console.log(n); });
      console.log('after forEach');
      console.log([1, 2, 3].filter(async () => false).length);
      console.log(no() ? 'true' : 'false');
      console.log({ ...Promise.resolve({ a: 1 }) });
    `);
    // The callbacks go on while the top level is awaited: only that nobody waits for them is certain.
    assert.deepEqual(printed.split('\n').slice(0, 3).sort(), ['1', '2', 'after forEach']);
    assert.deepEqual(printed.split('\n').slice(3), ['3', 'true', '{}']);
  });

  it('blocking-call-in-async: timers wait for a call that blocks', () => {
    const { printed } = run(`
      import { execSync } from 'node:child_process';
      const started = Date.now();
      setTimeout(() => console.log(Date.now() - started >= 200 ? 'late' : 'in time'), 10);
      await null;
      execSync('sleep 0.25');
    `);
    assert.equal(printed, 'late');
  });

  it('unbounded-concurrency: Promise.all over map starts everything at once', () => {
    const { printed } = run(`
      let running = 0, most = 0;
      const work = async () => { most = Math.max(most, ++running); await new Promise((r) => setTimeout(r, 5)); running--; };
      await Promise.all(Array.from({ length: 500 }, work));
      console.log(most);
    `);
    assert.equal(printed, '500');
  });
});
