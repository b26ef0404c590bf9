import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withTable } from '../../src/tools/readme-table';
import { registrySource, typeScriptRegistrySource } from '../../src/tools/registry';
import { readConfig } from '../../src/core/config';
import { rules } from '../../src/rules';
import * as typeScript from '../../src/rules/typescript';
import { englishTexts, optionsSchema, rulesSchema } from '../../src/tools/settings-schema';

const modules = rules.map((rule) => ({ id: rule.meta.id, rule }));

describe('what is generated from the rules', () => {
  it('is fresh', () => {
    const script = join(__dirname, '../../src/tools/generate.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, '--check'], {
      encoding: 'utf8',
      cwd: join(__dirname, '../..'),
    });
    assert.equal(status, 0, stderr);
  });

  it('registers rules by their ids', () => {
    const source = registrySource(['await-in-loop', 'late-await']);
    assert.match(source, /import \{ rule as awaitInLoop \} from '\.\/await-in-loop';/u);
    assert.match(source, /readonly Rule\[\] = \[\n {2}awaitInLoop,\n {2}lateAwait,\n\];/u);
  });

  it('names the rules of other languages where only those for TypeScript run', () => {
    const source = typeScriptRegistrySource(modules);
    assert.match(source, /import \{ rule as lateAwait \} from/u);
    assert.doesNotMatch(source, /import .* from '\.\/dangling-task'/u);
    assert.match(source, /otherRules[^;]*'dangling-task'/u);
    const { problems } = readConfig(
      { rules: { 'dangling-task': 'off', 'late-await': 'off' } },
      typeScript.rules,
      typeScript.otherRules,
    );
    assert.deepEqual(problems, []);
  });

  it('knows every rule and option in the settings, with a text', () => {
    const texts = englishTexts(modules);
    const schemas = { ...rulesSchema(modules), ...optionsSchema(modules) };
    for (const { id, rule } of modules) {
      assert.ok(id in schemas);
      assert.equal(texts[`rule.${id}`], rule.meta.summary);
      for (const option of Object.keys(rule.meta.options)) assert.ok(`option.${id}.${option}` in texts);
    }
  });

  it('refuses a README without a place for the table', () => {
    assert.throws(() => withTable('# Title\n', 'rules', ''), /README\.md: the lines .* are missing/u);
  });
});
