import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PythonParser } from '../../../../src/languages/python/parser';

const require = createRequire(__filename);

let loading: Promise<PythonParser> | undefined;

/** The parser with the WebAssembly modules of this repository's packages. */
export function pythonParser(): Promise<PythonParser> {
  return (loading ??= PythonParser.load({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  }));
}
