/**
 * `npm run fuzz -- [--count N] [--seed N]`: analyses N broken files with every engine and prints, for whatever goes
 * wrong, the smallest file that shows it.
 */
import { parseArgs } from 'node:util';
import { pythonParser } from '../unit/python/support/parser';
import { classicEngine, nativeEngine, pythonEngine } from './engines';
import { fuzz, minimise, seeds } from './run';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '20000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const [count, seed] = [Number(values.count), Number(values.seed)];
  const [nativeTypeScript, nativeJavaScript] = [await nativeEngine('.tsx'), await nativeEngine('.js')];
  const engines = [
    { name: 'TypeScript', engine: classicEngine('.tsx'), texts: seeds('typescript') },
    { name: 'JavaScript', engine: classicEngine('.js'), texts: seeds('typescript') },
    { name: 'TypeScript, native', engine: nativeTypeScript, texts: seeds('typescript') },
    { name: 'JavaScript, native', engine: nativeJavaScript, texts: seeds('typescript') },
    { name: 'Python', engine: pythonEngine(await pythonParser()), texts: seeds('python') },
  ];
  let total = 0;
  for (const { name, engine, texts } of engines) {
    const share = Math.ceil(count / engines.length);
    const started = performance.now();
    const failures = fuzz(engine, texts, share, seed);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
    console.log(`${name}: ${share} files in ${seconds} s, ${memory} MB, ${failures.length} problems`);
    const seen = new Set<string>();
    for (const failure of failures) {
      const [, place = ''] = /^ +at (.*)$/m.exec(failure.problem) ?? [];
      if (seen.has(place)) continue;
      seen.add(place);
      console.log(failure.problem);
      console.log(`${JSON.stringify(minimise(engine, failure))}\n`);
    }
    total += failures.length;
  }
  nativeTypeScript.close();
  nativeJavaScript.close();
  console.log(`seed ${seed}: ${total === 0 ? 'nothing found' : `${total} problems`}`);
  process.exitCode = total === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
