import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { rules } from '../../src/rules';

const ROOT = join(__dirname, '../..');
const SRC = join(ROOT, 'src');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Every static import, re-export and `import(…)` of a file. */
function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
      const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
      const typeOnly = ts.isExportDeclaration(node)
        ? node.isTypeOnly
        : clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push({ file, specifier, typeOnly });
    }
    if (ts.isCallExpression(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if (isImport || isRequire) found.push({ file, specifier: node.arguments[0].text, typeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The room a file of the project is in: `core`, `rules`, `languages/typescript`, `hosts` … */
function roomOf(file: string): string {
  const [first = '', second = ''] = relative(SRC, file).split(sep);
  return first === 'languages' ? `${first}/${second}` : first;
}

const all = sources(SRC).flatMap(importsOf);
const inside = all
  .filter(({ specifier }) => specifier.startsWith('.'))
  .map((found) => ({ ...found, target: resolve(dirname(found.file), found.specifier) }));
const name = ({ file, specifier }: Import) => `${relative(ROOT, file)} imports ${specifier}`;

describe('the architecture', () => {
  it('lets every room import only what it may', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      core: ['core'],
      knowledge: ['knowledge', 'core'],
      rules: ['rules', 'core', 'knowledge'],
      'languages/typescript': ['languages/typescript', 'core', 'knowledge'],
      'languages/python': ['languages/python', 'core', 'knowledge'],
      notes: ['notes', 'core', 'knowledge', 'rules'],
      documents: ['documents', 'core'],
      vscode: ['vscode', 'core', 'documents'],
    };
    for (const found of inside) {
      const rooms = allowed[roomOf(found.file)];
      if (rooms) assert.ok(rooms.includes(roomOf(found.target)), name(found));
    }
  });

  it('lets nobody import the hosts but the tools that run them', () => {
    const outside = inside.filter(
      ({ file, target }) => roomOf(target) === 'hosts' && !['hosts', 'tools'].includes(roomOf(file)),
    );
    assert.deepEqual(outside.map(name), []);
  });

  it('keeps vscode to the extension and its folder', () => {
    const strays = all.filter(
      ({ file, specifier }) =>
        specifier === 'vscode' && roomOf(file) !== 'vscode' && relative(SRC, file) !== 'extension.ts',
    );
    assert.deepEqual(strays.map(name), []);
  });

  it('loads TypeScript only in hosts that own one', () => {
    const values = all.filter(
      ({ file, specifier, typeOnly }) =>
        /^typescript(\/|$)/.test(specifier) &&
        !typeOnly &&
        !['tools', join('hosts', 'cli')].some((room) => relative(SRC, file).startsWith(room)),
    );
    assert.deepEqual(values.map(name), []);
  });

  it('bakes no number of a TypeScript enum in', () => {
    const numbers = sources(join(SRC, 'languages/typescript')).filter((file) =>
      /\b(kind|flags)\s*(===|!==|&)\s*\d/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(numbers, []);
  });
});

describe('docs/ARCHITECTURE.md', () => {
  it('names every folder of src, and none that is gone', () => {
    const page = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
    const named = [...page.matchAll(/^\| `src\/([\w/]+)`/gm)].map((match) => match[1] ?? '').sort();
    const folders = readdirSync(SRC, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name: folder }) =>
        folder === 'languages' ? readdirSync(join(SRC, folder)).map((l) => `languages/${l}`) : [folder],
      )
      .sort();
    assert.deepEqual(named, folders);
  });
});

describe('messages', () => {
  it('are one line of at most 90 characters with short names in their places', () => {
    const files = [
      ...['rules', 'notes'].flatMap((room) => sources(join(SRC, room))),
      join(SRC, 'core/suppression.ts'),
    ];
    for (const file of files) {
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node): void => {
        if (
          ts.isCallExpression(node) &&
          ts.isIdentifier(node.expression) &&
          node.expression.text === 'message' &&
          node.arguments[0] &&
          ts.isStringLiteralLike(node.arguments[0])
        ) {
          const text = node.arguments[0].text;
          assert.ok(text.length <= 90, `${relative(ROOT, file)}: ${text.length} characters: ${text}`);
          assert.ok(!text.includes('\n'), text);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
  });
});

describe('rules', () => {
  it('describe themselves completely', () => {
    for (const { meta } of rules) {
      assert.match(meta.id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(meta.summary.length > 20 && meta.summary.endsWith('.'), `${meta.id}: summary`);
      assert.ok(meta.languages.length > 0, `${meta.id}: languages`);
      assert.ok(meta.concepts.length > 0, `${meta.id}: concepts`);
      for (const option of Object.values(meta.options)) assert.ok(option.description.endsWith('.'), meta.id);
    }
  });
});
