import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParserBinaries } from '../../languages/python/parser';

export const RUNTIME = 'web-tree-sitter.wasm';
export const GRAMMAR = 'tree-sitter-python.wasm';

/**
 * The parser's two modules.
 * @param folder where the build put them.
 */
export function readBinaries(folder: string): ParserBinaries {
  return { runtime: readFileSync(join(folder, RUNTIME)), grammar: readFileSync(join(folder, GRAMMAR)) };
}
