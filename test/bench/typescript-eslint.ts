import { ESLint } from 'eslint';
import { dirname } from 'node:path';
import tseslint from 'typescript-eslint';

/**
 * Times of linting one file after edits with `no-floating-promises` and `no-misused-promises`, in milliseconds, in
 * one process with typescript-eslint's project service as an editor uses it.
 */
export async function lintTimes(file: string, text: string, edits: number): Promise<number[]> {
  const folder = dirname(file);
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        plugins: { '@typescript-eslint': tseslint.plugin },
        languageOptions: {
          parser: tseslint.parser,
          parserOptions: { projectService: true, tsconfigRootDir: folder },
        },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        rules: {
          '@typescript-eslint/no-floating-promises': 'error',
          '@typescript-eslint/no-misused-promises': 'error',
        },
      },
    ],
  });
  const times: number[] = [];
  for (let i = 0; i < edits + 3; i++) {
    const started = performance.now();
    await eslint.lintText(text + ' '.repeat(i % 2), { filePath: file });
    times.push(performance.now() - started);
  }
  return times.slice(3);
}
