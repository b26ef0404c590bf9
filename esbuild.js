/**
 * Builds what the VSIX holds (the extension, its documents, the language server and the TS server plugin) and, in
 * `dist/npm`, the npm package. `--production` minifies.
 */
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const tsx = require('tsx/cjs/api');
const manifest = require('./package.json');

const production = process.argv.includes('--production');

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: __dirname,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: production,
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
};

async function buildExtension() {
  await esbuild.build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    // Bundles of their own, loaded when there is Python to look at or a workspace to check.
    external: ['vscode', './client', './workspace-check'],
    // Node's own `import()` would want the file's full name.
    supported: { 'dynamic-import': false },
  });
  await esbuild.build({
    ...common,
    entryPoints: ['src/vscode/client.ts', 'src/vscode/workspace-check.ts'],
    outdir: 'dist',
    external: ['vscode'],
  });
}

/** The language server and the process that checks a workspace, with the parser's WebAssembly modules beside them. */
async function buildServer() {
  await esbuild.build({
    ...common,
    entryPoints: { server: 'src/hosts/server/main.ts', check: 'src/hosts/workspace/main.ts' },
    outdir: 'dist',
    // Its ES module looks for itself by URL, which a CommonJS bundle has not.
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  });
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm'])
    fs.copyFileSync(require.resolve(file), path.join(__dirname, 'dist', path.basename(file)));
}

/**
 * What rules for both languages do only for Python. A TS server never analyses Python, and a plugin that every editor
 * window loads has to stay small.
 */
const PYTHON_ONLY =
  /\/python\/(?:blocking|resources)$|\/(?:late-task|python-blocking|python-loop-order|pythonFanOuts|noqa|tasks)$/;

/** @type {esbuild.Plugin} */
const withoutPython = {
  name: 'without-python',
  setup(build) {
    build.onResolve({ filter: PYTHON_ONLY }, ({ path: name }) => ({
      path: name,
      namespace: 'without-python',
    }));
    // As a CommonJS module, whose names are looked up when they are used.
    build.onLoad({ filter: /^/, namespace: 'without-python' }, () => ({ contents: 'module.exports = {};' }));
    // With the question answered, what follows from it is dead code and left out; and what rules say about themselves
    // is for documents and other hosts.
    build.onLoad({ filter: /[\\/]src[\\/](?:core|knowledge|rules|notes)[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: fs
        .readFileSync(file, 'utf8')
        .replace(/(?:\b[\w.]+\.)?\blanguage === 'python'/g, 'false')
        .replace(/(?:\b[\w.]+\.)?\blanguage !== 'python'/g, 'true')
        .replace(/^( {4}summary| {8}description):\s*'(?:[^'\\]|\\.)*',$/gm, "$1: '',")
        .replace(/^( {4}(?:concepts|inspiredBy)): \[[^\]]*\],$/gm, '$1: [],'),
      loader: 'ts',
    }));
  },
};

/** What a TS server loads. */
const pluginOptions = {
  plugins: [withoutPython],
  // Workspaces bring TypeScript versions whose editors run it on an older Node; for 16.0 `?.` would be written out.
  target: 'node16.9',
  entryPoints: { index: 'src/hosts/tsserver/index.ts', globs: 'src/hosts/config/globs.ts' },
};

/**
 * A TS server looks plugins up by package name below the extension's `node_modules`.
 * @param {string} folder where that `node_modules` is.
 */
async function buildPlugin(folder) {
  const plugin = path.join(folder, 'node_modules/async-patterns-tsserver');
  fs.rmSync(plugin, { recursive: true, force: true });
  fs.mkdirSync(plugin, { recursive: true });
  await esbuild.build({
    ...common,
    ...pluginOptions,
    outdir: plugin,
  });
  const { version, license } = manifest;
  const json = { name: 'async-patterns-tsserver', version, license, main: 'index.js' };
  fs.writeFileSync(path.join(plugin, 'package.json'), `${JSON.stringify(json, undefined, 2)}\n`);
}

async function buildDocuments() {
  const script = path.join(__dirname, 'src/tools/write-documents.ts');
  const { writeDocuments } = tsx.require(script, __dirname);
  await writeDocuments(path.join(__dirname, 'docs'), path.join(__dirname, 'dist'));
  fs.copyFileSync(path.join(__dirname, 'src/vscode/preview.css'), path.join(__dirname, 'dist/preview.css'));
  const { writeConfigSchema } = tsx.require(path.join(__dirname, 'src/tools/config-schema.ts'), __dirname);
  writeConfigSchema(path.join(__dirname, 'dist/async-patterns.schema.json'));
}

/** What the npm package is made of, ready for `npm publish`: command line, language server, plugins, schema. */
async function buildNpmPackage() {
  const folder = path.join(__dirname, 'dist/npm');
  fs.mkdirSync(folder, { recursive: true });
  await esbuild.build({
    ...common,
    sourcemap: false,
    entryPoints: { cli: 'src/hosts/cli/main.ts', worker: 'src/hosts/cli/worker.ts' },
    outdir: folder,
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    // The compilers are dependencies of the package: they bring the library's declarations along.
    external: ['typescript', 'typescript-native'],
  });
  // A TS server looks for a plugin at the root of a package.
  await esbuild.build({
    ...common,
    ...pluginOptions,
    sourcemap: false,
    outdir: folder,
  });
  await esbuild.build({
    ...common,
    sourcemap: false,
    entryPoints: ['src/hosts/eslint/index.ts'],
    outfile: path.join(folder, 'eslint.js'),
    // Tells Node's ES modules what they may import by name, as esbuild itself does for exports by name.
    footer: { js: '0 && (module.exports = { configs, meta, rules });' },
    // It asks the TypeScript of the parser that made the tree.
    external: ['typescript'],
  });
  const script = path.join(__dirname, 'src/tools/npm-package.ts');
  const { writeNpmPackage } = tsx.require(script, __dirname);
  await writeNpmPackage(__dirname, folder);
}

async function main() {
  fs.rmSync(path.join(__dirname, 'dist'), { recursive: true, force: true });
  await buildDocuments();
  await buildExtension();
  await buildServer();
  await buildPlugin(__dirname);
  await buildNpmPackage();
}

if (require.main === module) {
  main().catch((error) => {
    // esbuild has printed its own messages by then.
    if (!error?.errors) console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}

module.exports = { buildPlugin };
