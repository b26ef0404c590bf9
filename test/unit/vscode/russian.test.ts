import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../..');
const bundle = json('l10n/bundle.l10n.ru.json');

/** Fills a message's value, not a message itself; the settings reader puts it into a sentence. */
const translatedValues = ['a boolean', 'a list of strings', 'a number', 'a string'];

function json(path: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
}

/** The texts an expression can stand for, as far as they are written in place. */
function literals(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  return [];
}

/** Every template that a file gives to `message(…)`, `….t(…)` or a `template:` property. */
function templatesOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const [first] = node.arguments;
      if (first && (callee.getText() === 'message' || callee.getText() === 't'))
        found.push(...literals(first));
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'template') {
      found.push(...literals(node.initializer));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

const holes = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(([hole]) => hole).sort();

describe('Russian texts', () => {
  const templates = new Map(sources('src').flatMap((file) => templatesOf(file).map((text) => [text, file])));

  it('finds the templates in the sources', () => {
    assert.ok(templates.has('Nothing to ignore here: remove the comment.'));
    assert.ok(templates.has('Open the page'));
  });

  it('cover every message', () => {
    const missing = [...templates].filter(([text]) => !(text in bundle));
    assert.deepEqual(missing, [], 'these templates have no entry in l10n/bundle.l10n.ru.json');
  });

  it('cover nothing that is gone', () => {
    const stale = Object.keys(bundle).filter(
      (text) => !templates.has(text) && !translatedValues.includes(text),
    );
    assert.deepEqual(stale, [], 'no source uses these entries of l10n/bundle.l10n.ru.json');
  });

  it('keep the values of every message', () => {
    for (const [english, russian] of Object.entries(bundle)) {
      assert.deepEqual(holes(russian), holes(english), english);
    }
  });

  it('say the same settings and commands as the English ones', () => {
    const english = json('package.nls.json');
    const russian = json('package.nls.ru.json');
    assert.deepEqual(Object.keys(russian).sort(), Object.keys(english).sort());
    const used = new Set(
      [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([\w.-]+)%"/gu)].map(([, key]) => key),
    );
    assert.deepEqual(Object.keys(english).sort(), [...used].sort());
  });
});
