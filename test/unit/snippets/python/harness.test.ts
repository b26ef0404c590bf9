import assert from 'node:assert/strict';
import { describePythonSnippet } from '../python-harness';

describePythonSnippet('async-lock', ({ run }) => {
  for (const [title, program, expected] of [
    ['that raises', '1 / 0', /ZeroDivisionError/],
    ['with a coroutine never awaited', 'asyncio.sleep(0)', /never awaited/],
    ['with a file left open', 'open(__file__)', /unclosed file/],
    [
      'with a task whose exception nobody sees',
      `async def fail():
    raise ValueError("unseen")

async def main():
    asyncio.create_task(fail())
    await asyncio.sleep(0.01)

asyncio.run(main())`,
      /never retrieved[^]*unseen/,
    ],
    ['that raises nothing where it should', 'with raises(ValueError): pass', /ValueError was not raised/],
  ] as const) {
    it(`fails with a program ${title}`, async () => {
      await assert.rejects(run(program), expected);
    });
  }
});
