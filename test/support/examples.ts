import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import type { LoadedPage } from '../../src/documents/load';
import { codeBlocksOf } from '../../src/documents/markdown';

/** A code block of a page that is executed and the output the page promises. */
export interface Example {
  /** Where it stands, such as `en/concepts/queue.md:31`. */
  readonly place: string;
  readonly language: 'python' | 'ts';
  /** Oldest version of python3 or node that can run it, such as `3.13`. */
  readonly minimum: string | undefined;
  readonly exitCode: number;
  readonly code: string;
  readonly output: string;
}

/** What is wrong with the form of a page's runnable blocks, and the blocks themselves. */
export interface PageExamples {
  readonly examples: readonly Example[];
  readonly problems: readonly string[];
}

/**
 * Collects the blocks marked `run` (options: `min=<version>`, `exit=<code>`), each of which a `text output` block must
 * follow with nothing but blank lines between.
 */
export function examplesOf({ path, page }: LoadedPage): PageExamples {
  const lines = page.body.split('\n');
  const blocks = codeBlocksOf(page.body);
  const examples: Example[] = [];
  const problems: string[] = [];
  blocks.forEach((block, index) => {
    if (!block.words.includes('run')) return;
    const place = `${path}:${page.bodyLine + block.line + 1}`;
    const options = new Map(block.words.map((word) => word.split('=') as [string, string | undefined]));
    const stray = block.words.find((word) => !/^(?:run|min=\d+(?:\.\d+)?|exit=\d+)$/u.test(word));
    const next = blocks[index + 1];
    const between = next ? lines.slice(block.endLine, next.line).join('').trim() : '';
    if (stray !== undefined) {
      problems.push(`${place}: unknown word "${stray}" after the fence.`);
    } else if (block.language !== 'python' && block.language !== 'ts') {
      problems.push(`${place}: "run" works for python and ts, not for "${block.language}".`);
    } else if (next?.language !== 'text' || !next.words.includes('output') || between !== '') {
      problems.push(`${place}: a "text output" block must follow directly.`);
    } else {
      examples.push({
        place,
        language: block.language,
        minimum: options.get('min'),
        exitCode: Number(options.get('exit') ?? 0),
        code: block.code,
        output: next.code,
      });
    }
  });
  return { examples, problems };
}

/**
 * Type-checks TypeScript examples together, each as an ES module under `strict` with the types of Node.
 *
 * @param root a folder from which `@types/node` resolves
 * @returns one line per error
 */
export function typeErrorsOf(examples: readonly Example[], root: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.esnext.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node'],
    skipLibCheck: true,
    noEmit: true,
  };
  const byFile = new Map(examples.map((example, index) => [join(root, `example-${index}.mts`), example]));
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    getCurrentDirectory: () => root,
    fileExists: (file) => byFile.has(file) || disk.fileExists(file),
    readFile: (file) => byFile.get(file)?.code ?? disk.readFile(file),
    getSourceFile: (file, ...rest) => {
      const example = byFile.get(file);
      return example ? ts.createSourceFile(file, example.code, rest[0]) : disk.getSourceFile(file, ...rest);
    },
  };
  const program = ts.createProgram([...byFile.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    const { file, start } = diagnostic;
    const example = file && byFile.get(file.fileName);
    if (!file || !example) return message;
    const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${example.place}: line ${line} of the example: ${message}`;
  });
}

/** Whether dotted version `actual` is `minimum` or newer. */
export function reaches(actual: string, minimum: string): boolean {
  const left = actual.split('.').map(Number);
  const right = minimum.split('.').map(Number);
  const index = right.findIndex((part, at) => part !== (left[at] ?? 0));
  return index === -1 || (left[index] ?? 0) > (right[index] ?? 0);
}

/** Version of the machine's python3, such as `3.11.7`. */
export async function pythonVersion(): Promise<string> {
  const { output } = await run('python3', ['-c', 'import platform; print(platform.python_version())']);
  return output.trim();
}

/**
 * Executes one example in its own process.
 *
 * @param folder where its file is written
 * @param name base name of that file, unique in the folder
 * @returns what differs from the page's promise, or undefined
 */
export async function differenceOf(
  example: Example,
  folder: string,
  name: string,
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  const isPython = example.language === 'python';
  const file = join(folder, isPython ? `${name}.py` : `${name}.mjs`);
  await writeFile(file, isPython ? example.code : toJavaScript(example.code));
  const actual = await run(isPython ? 'python3' : process.execPath, [file]);
  const problems = [
    actual.output !== example.output && `printed\n${actual.output}instead of\n${example.output}`,
    actual.exitCode !== example.exitCode && `ended with code ${actual.exitCode}, not ${example.exitCode}`,
    example.exitCode === 0 && actual.errors !== '' && 'wrote to standard error',
  ].filter((problem) => problem !== false);
  if (problems.length === 0) return undefined;
  return `${example.place}: ${problems.join('; ')}\n${actual.errors}`;
}

function toJavaScript(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

interface Run {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

function run(command: string, args: readonly string[]): Promise<Run> {
  const env = { ...process.env, NODE_OPTIONS: '', PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { env, timeout: 120_000 }, (error, output, errors) => {
      if (error && typeof error.code === 'string')
        reject(new Error(`${command} cannot be started: ${error.code}`));
      else resolve({ exitCode: child.exitCode ?? -1, output, errors });
    });
  });
}

/** Calls `work` on every item, at most `limit` at a time; results in the order of `items`. */
export async function mapWithLimit<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
