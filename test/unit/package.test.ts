import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';

const root = join(__dirname, '../..');
const KB = 1024;

interface Entry {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
}

/**
 * The entries of a zip archive, from its central directory (APPNOTE.TXT 4.3.12 and 4.3.16).
 * @throws {Error} when the file does not end like a zip archive.
 */
function zipEntries(file: string): Entry[] {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06'));
  if (end < 0) throw new Error(`${file} is no zip archive.`);
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({ name, size: bytes.readUInt32LE(at + 24) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function pages(): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /^(?:en|ru)\/(?:concepts|rules)\/.*\.md$/u.test(name))
    .map((name) => `extension/dist/async-patterns-docs/${name}`);
}

/** The pictures that pages show, each beside them. */
function pictures(): string[] {
  const found = pages().flatMap((page) => {
    const source = page.replace('extension/dist/async-patterns-docs', 'docs');
    const links = readFileSync(join(root, source), 'utf8').matchAll(/\]\(\.\.\/images\/([^)]+)\)/gu);
    return [...links].map(([, image = '']) => `${posix.dirname(page)}/async-patterns-images/${image}`);
  });
  return [...new Set(found)];
}

/** Packages the extension as it is now; `npm test` has done so already. */
function packaged(): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-patterns-vsix-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'async-patterns.vsix');
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const { status, stderr } = spawnSync(process.execPath, [vsce, 'package', '--out', file], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return file;
}

describe('the package', function () {
  let entries: Entry[];
  let vsixSize: number;

  before(() => {
    const file = process.env['ASYNC_PATTERNS_VSIX'] ?? packaged();
    entries = zipEntries(file);
    vsixSize = readFileSync(file).length;
  });

  it('holds what it needs and nothing else', () => {
    assert.deepEqual(
      entries.map(({ name }) => name).sort(),
      [
        '[Content_Types].xml',
        'extension.vsixmanifest',
        'extension/LICENSE.txt',
        'extension/changelog.md',
        'extension/dist/async-patterns.schema.json',
        'extension/dist/documents.json',
        'extension/dist/check.js',
        'extension/dist/client.js',
        'extension/dist/extension.js',
        'extension/dist/preview.css',
        'extension/dist/server.js',
        'extension/dist/tree-sitter-python.wasm',
        'extension/dist/workspace-check.js',
        ...['en', 'ru'].flatMap((language) =>
          ['explain', 'find', 'read', 'repair'].map(
            (step) => `extension/dist/walkthrough/${language}/${step}.md`,
          ),
        ),
        'extension/docs/images/activity.svg',
        'extension/dist/web-tree-sitter.wasm',
        'extension/l10n/bundle.l10n.ru.json',
        'extension/node_modules/async-patterns-tsserver/globs.js',
        'extension/node_modules/async-patterns-tsserver/index.js',
        'extension/node_modules/async-patterns-tsserver/package.json',
        'extension/package.json',
        'extension/package.nls.json',
        'extension/package.nls.ru.json',
        'extension/readme.md',
        'extension/snippets/javascript.json',
        'extension/snippets/python.json',
        'extension/snippets/typescript.json',
        ...pages(),
        ...pictures(),
      ].sort(),
    );
  });

  it('shows every picture of a page: the preview reads nothing outside the folder of the page', () => {
    assert.ok(pictures().length > 0);
    for (const page of pages()) {
      const text = readFileSync(join(root, page.replace('extension/', '')), 'utf8');
      for (const [, image = ''] of text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/gu)) {
        assert.match(image, /^async-patterns-images\//u, page);
        assert.ok(
          entries.some(({ name }) => name === `${posix.dirname(page)}/${image}`),
          `${page}: ${image}`,
        );
      }
    }
  });

  it('stays small', () => {
    const size = (name: string) => entries.find((entry) => entry.name === `extension/${name}`)?.size ?? NaN;
    assert.ok(size('dist/extension.js') <= 400 * KB);
    assert.ok(size('dist/client.js') <= 500 * KB);
    assert.ok(size('dist/server.js') <= 700 * KB);
    assert.ok(size('dist/check.js') <= 650 * KB);
    assert.ok(size('dist/workspace-check.js') <= 60 * KB);
    assert.ok(size('node_modules/async-patterns-tsserver/index.js') <= 300 * KB);
    assert.ok(size('node_modules/async-patterns-tsserver/globs.js') <= 40 * KB);
    assert.ok(vsixSize <= 2 * KB * KB);
  });

  it('leaves TypeScript to the server it is loaded into', () => {
    const plugin = readFileSync(join(root, 'node_modules/async-patterns-tsserver/index.js'), 'utf8');
    assert.doesNotMatch(plugin, /require\("typescript[/"]/u);
  });
});
