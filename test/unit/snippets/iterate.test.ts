import assert from 'node:assert/strict';
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { describeSnippet } from './harness';

interface IterateModule {
  linesOf: (path: string) => AsyncGenerator<string, void, void>;
  findLine: (path: string, text: string) => Promise<string | undefined>;
}

describeSnippet('async-iterate', ({ load, folder }) => {
  let module: IterateModule;
  let file: string;
  let opened: FileHandle[];
  const originalOpen = fs.open.bind(fs);

  before(async () => {
    module = (await load('async-iterate')) as IterateModule;
    file = folder.write(
      'lines.txt',
      Array.from({ length: 20_000 }, (_, index) => `line ${index}`).join('\n'),
    );
  });

  beforeEach(() => {
    opened = [];
    fs.open = async (...parameters) => {
      const handle = await originalOpen(...parameters);
      opened.push(handle);
      return handle;
    };
    syncBuiltinESMExports();
  });
  afterEach(() => {
    fs.open = originalOpen;
    syncBuiltinESMExports();
  });

  // A closed file handle has the descriptor -1.
  const descriptors = () => opened.map((handle) => handle.fd);

  it('gives every line and closes the file at the end', async () => {
    const lines: string[] = [];
    for await (const line of module.linesOf(file)) lines.push(line);
    assert.equal(lines.length, 20_000);
    assert.equal(lines.at(-1), 'line 19999');
    assert.deepEqual(descriptors(), [-1]);
  });

  it('closes the file when the consumer stops early', async () => {
    for await (const line of module.linesOf(file)) {
      if (line === 'line 3') break;
    }
    assert.deepEqual(descriptors(), [-1]);
    assert.equal(await module.findLine(file, '15'), 'line 15');
    assert.deepEqual(descriptors(), [-1, -1]);
    assert.equal(await module.findLine(file, 'absent'), undefined);
    assert.deepEqual(descriptors(), [-1, -1, -1]);
  });

  it('closes the file when the consumer throws', async () => {
    const failing = (async () => {
      for await (const line of module.linesOf(file)) throw new Error(line);
    })();
    await assert.rejects(failing, /^Error: line 0$/);
    assert.deepEqual(descriptors(), [-1]);
  });

  it('opens nothing before the first line is asked for, and reports a missing file', async () => {
    module.linesOf(`${file}.absent`);
    await assert.rejects(module.findLine(`${file}.absent`, ''), { code: 'ENOENT' });
    assert.deepEqual(descriptors(), []);
  });
});
