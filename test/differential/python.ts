/**
 * Compares our rules with Ruff's on real code: `npx tsx test/differential/python.ts DIRECTORY…` prints every line only
 * one of the two reports.
 */
import { resolve, relative } from 'node:path';
import { pythonParser } from '../unit/python/support/parser';
import { pythonFiles, readText } from '../unit/python/support/stdlib';
import { PythonComparer } from './compare-python';

async function main(directories: readonly string[]): Promise<void> {
  const files = directories.flatMap((directory) => pythonFiles(resolve(directory)));
  const sources = new Map(files.map((file) => [file, readText(file)]));
  const comparer = new PythonComparer(await pythonParser(), sources);
  let agreed = 0;
  for (const [file, text] of sources) {
    const comparison = comparer.compare(file);
    agreed += comparison.agreed;
    for (const { line, rule, only, message } of comparison.differences) {
      const source = text.split('\n')[line - 1]?.trim() ?? '';
      console.log(`${only} ${rule} ${relative('.', file)}:${line}\n    ${message}\n    ${source}`);
    }
  }
  console.log(`Both report ${agreed} lines.`);
}

void main(process.argv.slice(2));
