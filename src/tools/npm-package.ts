import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES_FOLDER } from '../documents/bundle';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly repository: unknown;
  readonly keywords: readonly string[];
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What is given to `require` by editors: the plugin is a function of a module, not a default export. */
const PLUGIN_TYPES = `import type ts from 'typescript/lib/tsserverlibrary';

/** The plugin for TS servers; name it in the \`plugins\` of a tsconfig.json. */
declare function init(modules: { typescript: typeof ts }): ts.server.PluginModule;

export = init;
`;

const ESLINT_TYPES = `import type { ESLint, Linter } from 'eslint';

interface Plugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  /** Every rule for TypeScript and JavaScript; \`atLeast\` is an option of each. */
  readonly rules: NonNullable<ESLint.Plugin['rules']>;
  /** Flat configurations. */
  readonly configs: Record<'recommended' | 'strict' | 'all', Linter.Config>;
}

declare const plugin: Plugin;

export = plugin;
`;

/**
 * Adds to the built code in a folder whatever else the npm package holds: manifest, readme, licence, pages, schema, parser.
 * @param root the repository.
 */
export function writeNpmPackage(root: string, folder: string): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, repository, keywords, engines, devDependencies } = manifest;
  const { typescript, 'typescript-native': native } = devDependencies;
  const json = {
    name,
    version,
    description: 'Finds async bugs in TypeScript, JavaScript and Python (asyncio), and repairs them.',
    license,
    repository,
    keywords,
    engines: { node: engines.node },
    type: 'commonjs',
    bin: { [name]: './cli.js' },
    main: './index.js',
    types: './index.d.ts',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './eslint': { types: './eslint.d.ts', default: './eslint.js' },
      './schema.json': './schema.json',
      './package.json': './package.json',
    },
    // Measured and tested with these; the code that is checked may use any version.
    dependencies: { typescript, 'typescript-native': native },
    // For who uses the ESLint plugin: these bring the types it asks.
    peerDependencies: { '@typescript-eslint/parser': '^8.0.0', eslint: '^9.0.0 || ^10.0.0' },
    peerDependenciesMeta: { '@typescript-eslint/parser': { optional: true }, eslint: { optional: true } },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  writeFileSync(join(folder, 'index.d.ts'), PLUGIN_TYPES);
  writeFileSync(join(folder, 'eslint.d.ts'), ESLINT_TYPES);
  const cli = join(folder, 'cli.js');
  writeFileSync(cli, `#!/usr/bin/env node\n${readFileSync(cli, 'utf8')}`);
  chmodSync(cli, 0o755);
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md']) cpSync(join(root, file), join(folder, file));
  const dist = join(root, 'dist');
  for (const file of ['documents.json', PAGES_FOLDER, 'web-tree-sitter.wasm', 'tree-sitter-python.wasm'])
    cpSync(join(dist, file), join(folder, file), { recursive: true });
  cpSync(join(dist, 'async-patterns.schema.json'), join(folder, 'schema.json'));
}
