import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { loadPages } from '../../../src/documents/load';
import type { ProgrammingLanguage } from '../../../src/documents/page';
import { anchorAt } from '../../../src/languages/typescript/anchors';
import { anchorDocument } from '../../support/anchor-samples';
import { pythonVersion, reaches } from '../../support/examples';

const root = resolve(import.meta.dirname, '../../..');

async function anchorsOf(language: ProgrammingLanguage): Promise<string[]> {
  const pages = await loadPages(join(root, 'docs'));
  return pages.flatMap(({ language: human, page }) =>
    human === 'en' && page.kind === 'concept' ? page.anchors[language] : [],
  );
}

describe('anchors of the concept pages', () => {
  it('are the names under which a hover in TypeScript looks for a page', async () => {
    const anchors = await anchorsOf('typescript');
    const { text, offsets } = anchorDocument('typescript', anchors);
    const file = join(root, 'test', 'anchors-of-the-pages.ts');
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
    const program = ts.createProgram([file], options, {
      ...disk,
      getCurrentDirectory: () => root,
      fileExists: (path) => path === file || disk.fileExists(path),
      getSourceFile: (path, ...rest) =>
        path === file ? ts.createSourceFile(path, text, rest[0]) : disk.getSourceFile(path, ...rest),
    });
    const sourceFile = program.getSourceFile(file);
    assert.ok(sourceFile);
    const missing = anchors.filter((anchor) =>
      (offsets.get(anchor) ?? []).every(
        (offset) => anchorAt(ts, program, sourceFile, offset)?.names.includes(anchor) !== true,
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('exist in Python', async () => {
    const newer: Record<string, string> = {
      'asyncio.Queue.shutdown': '3.13',
      'asyncio.QueueShutDown': '3.13',
      'asyncio.eager_task_factory': '3.12',
      'sys._is_gil_enabled': '3.13',
      'concurrent.futures.InterpreterPoolExecutor': '3.14',
    };
    const anchors = (await anchorsOf('python'))
      .filter((anchor) => !anchor.startsWith('keyword:'))
      .map((anchor) => anchor.replace(/^module:/u, ''));
    const script = `
import builtins, importlib, sys

def exists(name):
    parts = name.split(".")
    for length in range(len(parts), -1, -1):
        try:
            value = importlib.import_module(".".join(parts[:length])) if length else builtins
        except ImportError:
            continue
        for part in parts[length:]:
            value = getattr(value, part, None)
        return value is not None

print("\\n".join(name for name in sys.argv[1:] if not exists(name)))
`;
    const { stdout } = await promisify(execFile)('python3', ['-W', 'ignore', '-c', script, ...anchors]);
    const version = await pythonVersion();
    const missing = stdout.split('\n').filter((name) => name !== '');
    assert.deepEqual(
      missing.filter((name) => reaches(version, newer[name] ?? '0')),
      [],
    );
  });
});
