/**
 * Compares our rules with typescript-eslint's on real code:
 * `npx tsx test/differential/main.ts [--tsconfig FILE] PATH…` prints every line only one of the two reports.
 */
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { ProgramLoader } from '../../src/hosts/classic/project';
import { discover } from '../../src/hosts/cli/discover';
import { Comparer } from './compare';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tsconfig: { type: 'string' } },
});

const { typescript, explicit } = discover(positionals);
const { tsconfig } = values;
const request = {
  files: typescript,
  explicit,
  tsconfig: tsconfig && resolve(tsconfig),
  overlay: new Map<string, string>(),
};
let agreed = 0;
for (const { program, files } of new ProgramLoader(ts).open(request)) {
  const comparer = new Comparer(program);
  for (const file of files) {
    if (file.fileName.endsWith('.json')) continue;
    const comparison = comparer.compare(file);
    agreed += comparison.agreed;
    for (const { line, rule, only, message } of comparison.differences) {
      const text = file.text.split('\n')[line - 1]?.trim() ?? '';
      console.log(`${only} ${rule} ${relative('.', file.fileName)}:${line}\n    ${message}\n    ${text}`);
    }
  }
}
console.log(`Both report ${agreed} lines.`);
