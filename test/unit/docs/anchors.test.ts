import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { loadPages } from '../../../src/documents/load';
import type { ProgrammingLanguage } from '../../../src/documents/page';
import { anchorAt } from '../../../src/languages/typescript/anchors';
import { pythonVersion, reaches } from '../../support/examples';

const root = resolve(import.meta.dirname, '../../..');

async function anchorsOf(language: ProgrammingLanguage): Promise<string[]> {
  const pages = await loadPages(join(root, 'docs'));
  return pages.flatMap(({ language: human, page }) =>
    human === 'en' && page.kind === 'concept' ? page.anchors[language] : [],
  );
}

/** Ways to write what an anchor names; the last occurrence of its last word is the one to hover on. */
function usesOf(anchor: string): string[] {
  if (anchor === 'keyword:await') return ['await 1'];
  if (anchor === 'keyword:async') return ['async () => {}'];
  const module = /^[\w-]*-[\w-]*|^(?:fastq|piscina|async)(?=\.|$)/u.exec(anchor)?.[0] ?? nodeModuleOf(anchor);
  if (module === undefined) {
    const [type = '', member] = anchor.split('.');
    return [anchor, `declare const x: ${type}; x.${member ?? ''}`];
  }
  const [name, member] = anchor.slice(module.length + 1).split('.');
  if (name === undefined || name === '') return [`import x from '${module}'; x`];
  return member === undefined
    ? [
        `import { ${name} } from '${module}'; ${name}`,
        `import x from '${module}'; x.${name}`,
        `import X from '${module}'; declare const x: X; x.${name}`,
      ]
    : [`import { ${name} } from '${module}'; declare const x: ${name}; x.${member}`];
}

function nodeModuleOf(anchor: string): string | undefined {
  return builtinModules
    .filter((module) => module !== 'process' && anchor.startsWith(`${module}.`))
    .sort((a, b) => b.length - a.length)[0];
}

describe('anchors of the concept pages', () => {
  it('are the names under which a hover in TypeScript looks for a page', async () => {
    const anchors = await anchorsOf('typescript');
    const uses = new Map<string, { readonly anchor: string; readonly code: string }>();
    for (const anchor of anchors) {
      for (const code of usesOf(anchor)) {
        const file = join(root, 'test', `anchor-${uses.size}.ts`);
        uses.set(file, { anchor, code: `export {};\n${code};\n` });
      }
    }
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
    const program = ts.createProgram([...uses.keys()], options, {
      ...disk,
      getCurrentDirectory: () => root,
      fileExists: (file) => uses.has(file) || disk.fileExists(file),
      getSourceFile: (file, ...rest) => {
        const use = uses.get(file);
        return use ? ts.createSourceFile(file, use.code, rest[0]) : disk.getSourceFile(file, ...rest);
      },
    });
    const found = new Set<string>();
    for (const [file, { anchor, code }] of uses) {
      const sourceFile = program.getSourceFile(file);
      assert.ok(sourceFile);
      const offset = anchor.startsWith('keyword:')
        ? code.indexOf(anchor.slice('keyword:'.length))
        : /\w+;\n$/u.exec(code)?.index;
      const names = anchorAt(ts, program, sourceFile, offset ?? 0)?.names ?? [];
      if (names.includes(anchor)) found.add(anchor);
    }
    assert.deepEqual(
      anchors.filter((anchor) => !found.has(anchor)),
      [],
    );
  });

  it('exist in Python', async () => {
    const newer: Record<string, string> = {
      'asyncio.Queue.shutdown': '3.13',
      'asyncio.QueueShutDown': '3.13',
      'concurrent.futures.InterpreterPoolExecutor': '3.14',
    };
    const anchors = (await anchorsOf('python')).filter((anchor) => !anchor.startsWith('keyword:'));
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
