import assert from 'node:assert/strict';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { Sample } from '../support/analyse';
import { PythonSample } from '../support/analyse-python';

const RULE = 'swallowed-rejection';

const START = `
declare function save(x?: unknown): Promise<number>;
declare function handled(): Promise<void>;
declare const socket: { close(): Promise<void>; on(name: string, f: () => void): void };
declare const telemetry: { send(): Promise<void> };
declare const items: number[];
declare const noop: () => void;
`;

/** Findings in the body of an async function, one statement a line; line 1 is its head. */
function reported(body: readonly string[], name = 'run', file = 'a.ts'): number[] {
  const code = `${START}export async function ${name}(pending: Promise<number>) {\n${body.join('\n')}\n}\n`;
  const offset = START.split('\n').length - 1;
  return new Sample({ [file]: code })
    .summary(file)
    .filter((entry) => entry.endsWith(`:${RULE}`))
    .map((entry) => Number.parseInt(entry, 10) - offset);
}

function found(...body: string[]): number[] {
  return reported(body);
}

function silent(...body: string[]): void {
  assert.deepEqual(reported(body), [], body.join('\n'));
}

describe(RULE, () => {
  describe('in TypeScript', () => {
    it('reports an empty handler at the end of a chain', () => {
      assert.deepEqual(found('save().catch(() => {});', 'await save().catch(() => {});'), [2, 3]);
      assert.deepEqual(found('void save().then(() => 1).catch(function () {});'), [2]);
      assert.deepEqual(found('save().catch(() => undefined);', 'save().catch(() => null);'), [2, 3]);
    });

    it('reports an empty catch around awaited work', () => {
      assert.deepEqual(found('try { await save(); } catch {}'), [2]);
      assert.deepEqual(
        found('try {', 'const n = await save();', 'await save(n);', '} catch (error) {', '}'),
        [5],
      );
    });

    it('reports results of allSettled that nobody takes', () => {
      assert.deepEqual(found('await Promise.allSettled(items.map((item) => save(item)));'), [2]);
      assert.deepEqual(found('await Promise.allSettled([save(1), save(2)]);'), [2]);
      assert.deepEqual(found('const all = items.map(save);', 'await Promise.allSettled(all);'), [3]);
    });

    it('is silent where the next statement throws', () => {
      silent('void save().catch(() => {});', 'throw new Error("too late");');
      assert.deepEqual(found('void save().catch(() => {});', 'items.push(1);', 'throw new Error("x");'), [2]);
    });

    it('is silent where a comment explains the function that is called on the spot', () => {
      silent('// The browser may be missing.', '(async () => { try { await save(); } catch {} })();');
      assert.deepEqual(found('(async () => { try { await save(); } catch {} })();'), [2]);
      assert.deepEqual(
        found(
          '// Two things.',
          '(async () => {',
          'console.log(1);',
          'try { await save(); } catch {}',
          '})();',
        ),
        [5],
      );
    });

    it('is silent where the failure is logged or gives another value', () => {
      silent('save().catch((error) => console.error(error));');
      silent('const n = await save().catch(() => undefined);', 'return n;');
      silent('return save().catch(() => {});');
      silent('try { await save(); } catch (error) { console.error(error); }');
      silent('try { return await save(); } catch {}', 'return 0;');
      silent('let n = 0;', 'try { n = await save(); } catch {}', 'return n;');
      silent('const all: number[] = [];', 'try { all.push(await save()); } catch {}', 'return all;');
      silent('for (;;) { try { await save(); break; } catch {} }');
    });

    it('is silent where a comment says why, or the handler has a name', () => {
      silent('// The draft may be lost.', 'save().catch(() => {});');
      silent('save().catch(() => {}); // the draft may be lost');
      silent(
        '// Drafts may be lost.',
        'save().catch(() => {});',
        'await save().catch(() => {})',
        'save().catch(() => {});',
      );
      assert.deepEqual(
        found('// The draft may be lost.', 'save().catch(() => {});', '', 'save().catch(() => {});'),
        [5],
        'it stands for what follows without a gap',
      );
      silent('save().catch(() => {', '// The draft may be lost.', '});');
      silent('try { await save(); } catch { /* the draft may be lost */ }');
      silent('try {', '// Ignore errors: this is only a draft.', 'await save();', '} catch {}');
      silent('save().catch(noop);');
      assert.deepEqual(found('try {', '// Save the draft.', 'await save();', '} catch {}'), [5]);
    });

    it('is silent on teardown and on other best effort', () => {
      silent('await socket.close().catch(() => {});', 'try { await socket.close(); } catch {}');
      silent('try { await save(); } finally { await save().catch(() => {}); }');
      silent('try { await save(); } catch (error) { await save().catch(() => {}); throw error; }');
      silent('telemetry.send().catch(() => {});');
      for (const name of ['close', 'stopServer', 'trySave', 'cleanup', 'saveSafe', 'saveQuietly'])
        assert.deepEqual(reported(['save().catch(() => {});'], name), [], name);
    });

    it('is silent on promises that somebody else started', () => {
      silent('pending.catch(() => {});', 'return pending;');
      silent('pending.finally(noop).catch(() => {});');
      silent('try { await pending; } catch {}');
      silent('await Promise.allSettled([pending]);');
    });

    it('is silent on allSettled whose results are taken or whose work keeps its failures', () => {
      silent('const results = await Promise.allSettled(items.map(save));', 'return results;');
      silent(
        'await Promise.allSettled(items.map(async (item) => { try { await save(item); } catch (error) { console.error(error); } }));',
      );
      silent('await Promise.allSettled(items.map((item) => save(item).catch(console.error)));');
      silent('await Promise.allSettled(items.map(() => socket.close()));');
    });

    it('reports a failure once where one handler stands in another, and nothing in tests', () => {
      assert.deepEqual(found('try { try { await save(); } catch {} } catch {}'), [2]);
      assert.deepEqual(reported(['save().catch(() => {});'], 'run', 'a.test.ts'), []);
    });
  });

  describe('in Python', () => {
    let parser: PythonParser;
    before(async () => {
      parser = await pythonParser();
    });

    const HEAD = 'import asyncio, contextlib\nasync def save(x=1): return x\n';
    const inside = (...body: string[]): number[] => {
      const text = `${HEAD}async def run(xs, tasks, conn):\n    ${body.join('\n    ')}\n`;
      const map = new LineMap(text);
      return new PythonSample(parser, { 'a.py': text })
        .findings('a.py')
        .filter((f) => f.rule === RULE)
        .map((f) => map.positionAt(f.span.start).line - 1);
    };

    it('reports handlers that drop every failure', () => {
      assert.deepEqual(inside('try:', '    await save()', 'except Exception:', '    pass'), [4]);
      assert.deepEqual(inside('try:', '    await save()', 'except Exception:', '    ...'), [4]);
      assert.deepEqual(inside('with contextlib.suppress(Exception):', '    await save()'), [2]);
    });

    it('reports results of gather that nobody takes', () => {
      assert.deepEqual(inside('await asyncio.gather(save(1), save(2), return_exceptions=True)'), [2]);
      assert.deepEqual(inside('await asyncio.gather(*(save(x) for x in xs), return_exceptions=True)'), [2]);
      assert.deepEqual(inside('await asyncio.gather(*[save(x) for x in xs], return_exceptions=True)'), [2]);
    });

    it('is silent on narrow types, reasons, results and teardown', () => {
      assert.deepEqual(inside('try:', '    await save()', 'except KeyError:', '    pass'), []);
      assert.deepEqual(
        inside('try:', '    await save()', 'except Exception:', '    pass  # only a draft'),
        [],
      );
      assert.deepEqual(inside('try:', '    await save()', 'except Exception as e:', '    print(e)'), []);
      assert.deepEqual(inside('try:', '    return await save()', 'except Exception:', '    pass'), []);
      assert.deepEqual(inside('try:', '    await conn.close()', 'except Exception:', '    pass'), []);
      assert.deepEqual(inside('with contextlib.suppress(KeyError):', '    await save()'), []);
      assert.deepEqual(inside('try:', '    print(xs)', 'except Exception:', '    pass', 'await save()'), []);
    });

    it('is silent on gather that waits for what was cancelled or started elsewhere', () => {
      assert.deepEqual(inside('await asyncio.gather(*tasks, return_exceptions=True)'), []);
      assert.deepEqual(inside('await asyncio.gather(save(), save())'), []);
      assert.deepEqual(inside('r = await asyncio.gather(save(), return_exceptions=True)', 'return r'), []);
      assert.deepEqual(
        inside('for t in tasks: t.cancel()', 'await asyncio.gather(save(), return_exceptions=True)'),
        [],
      );
    });
  });
});
