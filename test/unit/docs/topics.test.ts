import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { Library } from '../../../src/documents/library';
import { documentLanguages } from '../../../src/documents/load';
import type { ProgrammingLanguage } from '../../../src/documents/page';
import { anchorAt as anchorInPython } from '../../../src/languages/python/anchors';
import { Workspace } from '../../../src/languages/python/workspace';
import { anchorAt as anchorInTypeScript } from '../../../src/languages/typescript/anchors';
import { writeDocuments } from '../../../src/tools/write-documents';
import { pythonParser } from '../python/support/parser';

const root = resolve(import.meta.dirname, '../../..');

/** The word to hover on begins where this stands. */
const MARK = '‸';

const asyncio = (code: string) => `import asyncio\n${code}`;

/** Code a reader may point at, and the page that has to come up; none where the code only looks like it. */
const python: Readonly<Record<string, readonly string[]>> = {
  'why-async': ['import ‸asyncio'],
  'event-loop': [
    asyncio('asyncio.‸run(main())'),
    asyncio('asyncio.‸get_running_loop()'),
    asyncio('asyncio.‸new_event_loop()'),
    asyncio('with asyncio.‸Runner() as runner: pass'),
  ],
  coroutine: ['‸async def f(): pass', asyncio('asyncio.‸iscoroutine(x)')],
  await: ['async def f():\n    ‸await g()'],
  task: [
    asyncio('asyncio.‸create_task(f())'),
    asyncio('asyncio.‸ensure_future(f())'),
    asyncio('def f(task: asyncio.‸Task[int]): pass'),
    asyncio('asyncio.create_task(f()).‸result()'),
  ],
  future: [
    asyncio('def f(x: asyncio.‸Future): pass'),
    asyncio('asyncio.get_running_loop().‸create_future()'),
  ],
  queue: [
    asyncio('q = asyncio.‸Queue()'),
    asyncio('q = asyncio.Queue()\nq.‸put(1)'),
    asyncio('def f(q: asyncio.Queue[int]):\n    q.‸join()'),
    'from asyncio import Queue as Q\nQ().‸task_done()',
    asyncio('asyncio.‸PriorityQueue()'),
    asyncio('asyncio.‸LifoQueue()'),
  ],
  lock: [asyncio('asyncio.‸Lock()'), asyncio('asyncio.‸Condition()'), asyncio('asyncio.‸Event()')],
  semaphore: [asyncio('asyncio.‸Semaphore(2)'), asyncio('asyncio.‸BoundedSemaphore(2)')],
  gather: [asyncio('asyncio.‸gather()'), asyncio('asyncio.‸as_completed(x)'), asyncio('asyncio.‸wait(x)')],
  'task-group': [
    asyncio('async def f():\n    async with asyncio.‸TaskGroup() as g: pass'),
    asyncio('async def f():\n    async with asyncio.TaskGroup() as g:\n        g.‸create_task(f())'),
    'raise ‸ExceptionGroup("x", [])',
    'try: pass\n‸except* ValueError: pass',
  ],
  'timeouts-and-cancellation': [
    asyncio('asyncio.‸timeout(1)'),
    asyncio('asyncio.‸wait_for(f(), 1)'),
    asyncio('try: pass\nexcept asyncio.‸CancelledError: raise'),
    asyncio('asyncio.‸shield(f())'),
    asyncio('t = asyncio.create_task(f())\nt.‸cancel()'),
  ],
  'blocking-code': [
    asyncio('asyncio.‸to_thread(f)'),
    asyncio('asyncio.get_running_loop().‸run_in_executor(None, f)'),
    'from concurrent.futures import ‸ThreadPoolExecutor',
    'import time\ntime.‸sleep(1)',
  ],
  'threads-vs-async': ['import threading\nthreading.‸Thread(target=f)'],
  gil: ['import ‸threading', 'import sys\nsys.‸_is_gil_enabled()'],
  generators: [
    'def f():\n    ‸yield 1',
    'def f():\n    yield 1\ng = f()\ng.‸send(1)',
    'def f():\n    yield 1\ng = f()\ng.‸throw(E())',
    '‸next(x)',
  ],
  'async-generators': [
    'async def f():\n    ‸async for x in g(): pass',
    '‸async def f():\n    yield 1',
    'import contextlib\ncontextlib.‸aclosing(x)',
  ],
  'async-context-managers': ['async def f():\n    ‸async with x: pass'],
  '': [
    'import multiprocessing\nmultiprocessing.‸Queue()',
    'import queue\nq = queue.Queue()\nq.‸put(1)',
    'def f(connection):\n    connection.‸send(1)',
    'class asyncio:\n    def gather(): pass\nasyncio.‸gather()',
    asyncio('‸asyncio.gather()'),
  ],
};

const typescript: Readonly<Record<string, readonly string[]>> = {
  'event-loop': [
    '‸queueMicrotask(() => {});',
    '‸setImmediate(() => {});',
    'process.‸nextTick(() => {});',
    '‸setTimeout(() => {});',
  ],
  coroutine: ['(‸async () => {});'],
  await: ['‸await 1;'],
  future: ['‸Promise;', 'new ‸Promise(() => {});', 'Promise.‸withResolvers();'],
  queue: ["import PQueue from 'p-queue'; new ‸PQueue();"],
  lock: [
    "import { Mutex } from 'async-mutex'; new ‸Mutex();",
    "import { Mutex } from 'async-mutex'; new Mutex().‸runExclusive(async () => {});",
    'navigator.‸locks;',
  ],
  semaphore: [
    "import pLimit from 'p-limit'; ‸pLimit(2);",
    "import { Semaphore } from 'async-mutex'; new ‸Semaphore(2);",
    "import { Sema } from 'async-sema'; new ‸Sema(2);",
  ],
  gather: ['Promise.‸all([]);', 'Promise.‸allSettled([]);', 'Promise.‸any([]);', 'Promise.‸race([]);'],
  'task-group': ['AbortSignal.‸any([]);'],
  'timeouts-and-cancellation': [
    'AbortSignal.‸timeout(1);',
    'new ‸AbortController();',
    'new AbortController().‸abort();',
  ],
  'blocking-code': [
    "import { readFileSync } from 'node:fs'; ‸readFileSync('x');",
    "import * as fs from 'fs'; fs.‸readFileSync('x');",
    "import { Worker } from 'node:worker_threads'; new ‸Worker('x');",
    "import { Piscina } from 'piscina'; new ‸Piscina();",
  ],
  'threads-vs-async': ["new ‸Worker('x');"],
  gil: ['new ‸SharedArrayBuffer(4);'],
  generators: [
    '‸function* f() {}',
    'function* f() { ‸yield 1; }',
    'function* f(): Generator<number> { yield 1; } f().‸next();',
    'function* f(): Generator<number> { yield 1; } f().‸throw(1);',
    'function* f(): Generator<number> { yield 1; } f().‸return(1);',
    'class C { ‸*items() { yield 1; } }',
  ],
  'async-generators': [
    '‸async function* f() {}',
    'async function* f() { ‸yield 1; }',
    'async ‸function* f() {}',
    'for ‸await (const x of [1]) x;',
    'async function* f() { yield 1; } f().‸return(1);',
  ],
  'async-context-managers': ['‸await using x = null;', 'Symbol.‸asyncDispose;'],
  '': [
    'const Promise = { all(x: unknown) {} }; Promise.‸all([]);',
    'declare const cursor: { next(value: number): void }; cursor.‸next(1);',
    'class Queue { put() {} } new Queue().‸put();',
    'const x = 2 ‸* 3;',
    '‸function f() {}',
  ],
};

type Sample = readonly [page: string, code: string];

const samplesOf = (table: Readonly<Record<string, readonly string[]>>): Sample[] =>
  Object.entries(table).flatMap(([page, codes]) => codes.map((code): Sample => [page, code]));

const plain = (code: string) => code.replace(MARK, '');

describe('what a reader points at', () => {
  let folder = '';
  let library: Library;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'topics-'));
    await writeDocuments(join(root, 'docs'), folder);
    library = new Library(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** The samples for which another page comes up, in any language the documents are written in. */
  function wrong(
    samples: readonly Sample[],
    programmingLanguage: ProgrammingLanguage,
    namesOf: (sample: Sample) => readonly string[],
  ): string[] {
    return samples.flatMap((sample) => {
      const [page, code] = sample;
      const names = namesOf(sample);
      return documentLanguages.flatMap((language) => {
        const found = names
          .map((name) => library.conceptAt(name, programmingLanguage, language)?.id)
          .find((id) => id !== undefined);
        return (found ?? '') === page ? [] : [`${code} (${language}): ${found ?? 'nothing'}, not ${page}`];
      });
    });
  }

  it('in Python leads to the page on it', async () => {
    const parser = await pythonParser();
    const found = wrong(samplesOf(python), 'python', ([, code]) => {
      const workspace = new Workspace(parser, { read: () => undefined });
      workspace.setText('/a/main.py', `${plain(code)}\n`);
      return anchorInPython(workspace, '/a/main.py', code.indexOf(MARK))?.names ?? [];
    });
    assert.deepEqual(found, []);
  });

  it('in TypeScript leads to the page on it', () => {
    const samples = samplesOf(typescript);
    const texts = new Map(
      samples.map(([, code], index) => [
        join(root, 'test', `topic-${index}.ts`),
        `${plain(code)}\nexport {};\n`,
      ]),
    );
    const files = [...texts.keys()];
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ESNext,
      lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ['node'],
      skipLibCheck: true,
      noEmit: true,
    };
    const disk = ts.createCompilerHost(options);
    const program = ts.createProgram(files, options, {
      ...disk,
      getCurrentDirectory: () => root,
      fileExists: (path) => texts.has(path) || disk.fileExists(path),
      getSourceFile: (path, ...rest) => {
        const text = texts.get(path);
        return text === undefined
          ? disk.getSourceFile(path, ...rest)
          : ts.createSourceFile(path, text, rest[0]);
      },
    });
    const found = wrong(samples, 'typescript', (sample) => {
      const sourceFile = program.getSourceFile(files[samples.indexOf(sample)] ?? '');
      assert.ok(sourceFile);
      return anchorInTypeScript(ts, program, sourceFile, sample[1].indexOf(MARK))?.names ?? [];
    });
    assert.deepEqual(found, []);
  });

  it('covers every page', () => {
    const pages = new Set([...Object.keys(python), ...Object.keys(typescript)]);
    const concepts = library.pages('en').filter(({ kind }) => kind === 'concept');
    assert.deepEqual(
      concepts.map(({ id }) => id).filter((id) => !pages.has(id)),
      [],
    );
  });
});
