import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../../src/core/edits';
import { examples } from '../../../src/vscode/example';
import { pythonParser } from '../python/support/parser';
import { Sample } from '../support/analyse';
import { PythonSample } from '../support/analyse-python';

const root = join(import.meta.dirname, '../../..');

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

describe('the walkthrough', () => {
  const steps = (json('package.json') as Manifest).contributes.walkthroughs.flatMap((one) => one.steps);

  it('runs commands that exist and shows files that are there, in every language', () => {
    assert.equal(steps.length, 4);
    // The module itself can only be loaded inside the editor.
    const source = readFileSync(join(root, 'src/vscode/command-ids.ts'), 'utf8');
    const known = [...source.matchAll(/'(asyncPatterns\.\w+)'/gu)].map(([, id]) => id);
    for (const language of ['', '.ru']) {
      const texts = json(`package.nls${language}.json`) as Record<string, string>;
      const text = (key: string) => texts[key.replaceAll('%', '')] ?? '';
      for (const { description, media, completionEvents } of steps) {
        const linked = [...text(description).matchAll(/\(command:([\w.]+)/gu)].map(([, command]) => command);
        const awaited = completionEvents.flatMap((event) => /^onCommand:(.*)$/u.exec(event)?.[1] ?? []);
        assert.ok(linked.length > 0);
        for (const command of [...linked, ...awaited]) assert.ok(known.includes(command), command);
        const file = text(media.markdown).replace(/^dist\//u, 'docs/');
        assert.ok(existsSync(join(root, file)), file);
      }
    }
  });
});

describe('the example of the walkthrough', () => {
  it('in TypeScript has the bug, and its repair leaves none', () => {
    const { code, rule, at } = examples.typescript;
    const sample = new Sample({ 'a.ts': code });
    const [finding, ...others] = sample.findings('a.ts');
    assert.deepEqual([finding?.rule, others.length], [rule, 0]);
    assert.ok(finding);
    assert.equal(finding.span.start, code.indexOf(at));
    const safe = sample.fixes(finding).find(({ safety }) => safety === 'safe');
    const fixed = new Sample({ 'a.ts': applyEdits(code, safe?.edits ?? []) });
    assert.deepEqual([fixed.findings('a.ts'), fixed.typeErrors('a.ts')], [[], []]);
  });

  it('in Python has the bug, and its repair leaves none', async () => {
    const { code, rule, at } = examples.python;
    const parser = await pythonParser();
    const sample = new PythonSample(parser, { 'a.py': code });
    const [finding, ...others] = sample.findings('a.py');
    assert.deepEqual([finding?.rule, others.length], [rule, 0]);
    assert.ok(finding);
    assert.equal(finding.span.start, code.indexOf(at));
    const safe = sample.fixes(finding).find(({ safety }) => safety === 'safe');
    const fixed = new PythonSample(parser, { 'a.py': applyEdits(code, safe?.edits ?? []) });
    assert.deepEqual(fixed.findings('a.py'), []);
  });
});
