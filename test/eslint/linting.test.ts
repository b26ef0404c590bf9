import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint as ESLint10, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { PRESETS, type Preset } from '../../src/core/config';
import { ClassicAnalyser } from '../../src/hosts/classic/analyser';
import plugin from '../../src/hosts/eslint';

// The alias has no types of its own; the class has the same shape.
const { ESLint: ESLint9 } = createRequire(__filename)('eslint-9') as { ESLint: typeof ESLint10 };

const FILE = `declare function save(n: number): Promise<void>;
declare function close(): Promise<void>;

export function saveAll(numbers: number[]): void {
  save(1);
  numbers.forEach(async (n) => {
    await save(n);
  });
}

export async function careful(): Promise<void> {
  try {
    return close();
  } catch {
    console.error('still open');
  }
}

export async function warm(numbers: number[]): Promise<void> {
  for (const n of numbers) await fetch(String(n));
}
`;

for (const { ESLint, version } of [
  { ESLint: ESLint9, version: 9 },
  { ESLint: ESLint10, version: 10 },
]) {
  describe(`the ESLint plugin in ESLint ${version}`, () => {
    let folder: string;
    before(() => {
      assert.match(ESLint.version, new RegExp(`^${version}\\.`));
      folder = mkdtempSync(join(tmpdir(), 'async-patterns-eslint-'));
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: { strict: true, lib: ['ES2022', 'DOM'], types: [], target: 'ES2022' },
        }),
      );
      writeFileSync(join(folder, 'store.ts'), FILE);
      writeFileSync(join(folder, 'plain.js'), 'export const one = 1;\n');
    });
    after(() => rmSync(folder, { recursive: true }));

    const lint = async (preset: Preset, file = 'store.ts', fix = false, types = true) => {
      const config: Linter.Config[] = [
        {
          files: ['**/*.{ts,js}'],
          languageOptions: {
            parser: tseslint.parser,
            ...(types ? { parserOptions: { projectService: true, tsconfigRootDir: folder } } : {}),
          },
        },
        plugin.configs[preset] as Linter.Config,
      ];
      const eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: config, fix });
      const [result] = await eslint.lintFiles([file]);
      assert.ok(result);
      return result;
    };
    const said = async (preset: Preset) =>
      (await lint(preset)).messages.map(
        ({ line, ruleId, severity }) => `${line} ${ruleId ?? ''} ${severity}`,
      );

    it('reports warnings and errors in the recommended configuration', async () => {
      assert.deepEqual(await said('recommended'), [
        '5 async-patterns/floating-promise 2',
        '6 async-patterns/misused-promise 1',
        '13 async-patterns/missing-return-await 1',
      ]);
    });

    it('reports what is milder in the others', async () => {
      const loop = '20 async-patterns/await-in-loop 1';
      assert.ok((await said('strict')).includes(loop));
      assert.ok((await said('all')).includes(loop));
    });

    it('analyses a file once for all rules', async () => {
      const analyse = Object.getOwnPropertyDescriptor(ClassicAnalyser.prototype, 'analyse');
      const original = analyse?.value as ClassicAnalyser['analyse'];
      let runs = 0;
      ClassicAnalyser.prototype.analyse = function (...args) {
        runs++;
        return original.apply(this, args);
      };
      try {
        await lint('all');
      } finally {
        ClassicAnalyser.prototype.analyse = original;
      }
      assert.equal(runs, 1);
    });

    it('says in one sentence that types are missing', async () => {
      await assert.rejects(lint('recommended', 'store.ts', false, false), (error: Error) => {
        const [line = ''] = error.message.split('\n');
        assert.match(
          line,
          /^Error while loading rule '[^']+': async-patterns needs types and has none for .*store\.ts: set "parserOptions/,
        );
        return true;
      });
    });

    it('applies the safe fixes', async () => {
      const { output, messages } = await lint('recommended', 'store.ts', true);
      assert.ok(output !== undefined && output.includes('return await close();'));
      assert.ok(output.includes('\n  save(1);'));
      assert.deepEqual(
        messages.map(({ line }) => line),
        [5, 6],
      );
      assert.equal(readFileSync(join(folder, 'store.ts'), 'utf8'), FILE);
    });
  });
}

describe('configurations of the ESLint plugin', () => {
  it('hold rules that exist, each with a page', () => {
    for (const preset of PRESETS) {
      const names = Object.keys(plugin.configs[preset].rules ?? {});
      assert.ok(names.length > 5, preset);
      for (const name of names) {
        const rule = plugin.rules[name.replace('async-patterns/', '')];
        assert.match(rule?.meta.docs?.url ?? '', /^https:.*\/docs\/en\/rules\/[a-z-]+\.md$/, name);
      }
    }
  });
});
