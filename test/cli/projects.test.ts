import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FLOATING, Folder, PYTHON, TSCONFIG } from './support';

describe('async-patterns check finds', () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  it('what the projects of a repository hold, however they are configured, and what belongs to none', () => {
    const composite = { composite: true, strict: true, target: 'es2022', types: [], outDir: 'lib' };
    folder = new Folder({
      // Solution style: the root names projects only.
      'tsconfig.json': JSON.stringify({
        files: [],
        references: [{ path: './packages/core' }, { path: './packages/app' }],
      }),
      'packages/core/tsconfig.json': JSON.stringify({ compilerOptions: composite, include: ['src'] }),
      'packages/core/src/index.ts': 'export async function load(): Promise<void> {}\n',
      'packages/core/lib/index.js': 'async function f() {}\nf();\n',
      'packages/app/tsconfig.json': JSON.stringify({
        compilerOptions: composite,
        include: ['src'],
        references: [{ path: '../core' }],
      }),
      // Known to be a promise only through the sources of the other project, which is not built.
      'packages/app/src/main.ts': "import { load } from '../../core/src/index';\nload();\n",
      // Beside a tsconfig.json that leaves it out.
      'packages/tool/tsconfig.json': JSON.stringify({ compilerOptions: { types: [] }, include: ['src'] }),
      'packages/tool/tsconfig.spec.json': JSON.stringify({
        compilerOptions: { types: [], paths: { '#work': ['./src/work.ts'] } },
        include: ['spec'],
      }),
      'packages/tool/src/work.ts': 'export const work = async () => {};\n',
      'packages/tool/spec/work.ts': "import { work } from '#work';\nwork();\n",
      'scripts/loose.js': 'async function f() {}\nf();\n',
      'service/main.py': 'from service.work import work\n\nasync def main():\n    work()\n',
      'service/work.py': 'async def work():\n    pass\n',
    });
    const all = [
      'packages/app/src/main.ts floating-promise 2',
      'packages/tool/spec/work.ts floating-promise 2',
      'scripts/loose.js floating-promise 2',
      'service/main.py unawaited-coroutine 4',
    ];
    assert.deepEqual(folder.findings('--preset', 'recommended'), all);
    // However many threads share the files.
    for (const [engine, threads] of [
      ['native', '9'],
      ['classic', '2'],
    ] as const)
      assert.deepEqual(
        folder.findings('--preset', 'recommended', '--engine', engine, '--threads', threads),
        all,
        `${engine}, ${threads} threads`,
      );
    // A part of the repository still knows the rest of it.
    assert.deepEqual(folder.findings('packages/app', 'service/main.py'), [
      'packages/app/src/main.ts floating-promise 2',
      'service/main.py unawaited-coroutine 4',
    ]);
  });

  it('packages of a workspace through the links between them', () => {
    folder = new Folder({
      'package.json': JSON.stringify({ workspaces: ['packages/*'] }),
      'packages/a/package.json': JSON.stringify({ name: '@x/a', types: './index.ts', main: './index.ts' }),
      'packages/a/index.ts': 'export async function load(): Promise<void> {}\n',
      'packages/a/tsconfig.json': TSCONFIG,
      'packages/b/package.json': JSON.stringify({ name: '@x/b' }),
      'packages/b/index.ts': "import { load } from '@x/a';\nload();\n",
      'packages/b/tsconfig.json': TSCONFIG,
      'node_modules/@x/.keep': '',
    });
    symlinkSync('../../packages/a', join(folder.path, 'node_modules/@x/a'));
    assert.deepEqual(folder.findings(), ['packages/b/index.ts floating-promise 2']);
  });

  it('nothing that is ignored, foreign or built, unless it is named', () => {
    folder = new Folder({
      '.git/HEAD': '',
      '.gitignore': 'generated\n*.local.py\n',
      'package.json': '{}',
      'a.py': PYTHON,
      'generated/b.py': PYTHON,
      'c.local.py': PYTHON,
      'sub/.gitignore': 'd.py\n!e.local.py\n',
      'sub/d.py': PYTHON,
      'sub/e.local.py': PYTHON,
      'node_modules/f/f.js': 'async function f() {}\nf();\n',
      'dist/g.py': PYTHON,
      'sub/dist/h.py': PYTHON,
      'environment/pyvenv.cfg': '',
      'environment/lib/i.py': PYTHON,
      '.hidden/j.py': PYTHON,
      'types.d.ts': 'export {};\n',
    });
    assert.deepEqual(folder.findings(), [
      'a.py wrong-context-manager 6',
      'sub/dist/h.py wrong-context-manager 6',
      'sub/e.local.py wrong-context-manager 6',
    ]);
    assert.deepEqual(folder.findings('sub/d.py', 'generated'), [
      'generated/b.py wrong-context-manager 6',
      'sub/d.py wrong-context-manager 6',
    ]);
  });

  it('files through --tsconfig only, where it is given', () => {
    folder = new Folder({ 'tsconfig.json': '{', 'tsconfig.ci.json': TSCONFIG, 'a.ts': FLOATING });
    assert.deepEqual(folder.findings('--tsconfig', 'tsconfig.ci.json'), ['a.ts floating-promise 3']);
  });
});
