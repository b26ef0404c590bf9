import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { cachedFolder, cacheRoot } from '../../../src/tools/vscode-server/cache-folder';

describe('a folder in the cache', () => {
  let home: string;
  let outer: string | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'async-patterns-cache-'));
    outer = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = home;
  });

  afterEach(async () => {
    if (outer === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = outer;
    await rm(home, { recursive: true });
  });

  it('is filled once', async () => {
    let filled = 0;
    const fill = async (folder: string): Promise<void> => {
      filled += 1;
      await writeFile(join(folder, 'content'), 'complete');
    };
    const first = await cachedFolder('tool', fill);
    const second = await cachedFolder('tool', fill);
    assert.equal(first, join(cacheRoot(), 'tool'));
    assert.equal(second, first);
    assert.equal(filled, 1);
    assert.equal(await readFile(join(second, 'content'), 'utf8'), 'complete');
  });

  it('is filled again after a failure, which leaves nothing behind', async () => {
    const failing = cachedFolder('tool', async (folder) => {
      await writeFile(join(folder, 'content'), 'half');
      throw new Error('no network');
    });
    await assert.rejects(failing, /no network/);
    assert.deepEqual(await readdir(cacheRoot()), []);
    const folder = await cachedFolder('tool', (unfinished) =>
      writeFile(join(unfinished, 'content'), 'complete'),
    );
    assert.equal(await readFile(join(folder, 'content'), 'utf8'), 'complete');
  });

  it('can be asked for by several at once', async () => {
    const fill = async (folder: string): Promise<void> => {
      await writeFile(join(folder, 'content'), 'half');
      await delay(20);
      await writeFile(join(folder, 'content'), 'complete');
    };
    const folders = await Promise.all([1, 2, 3].map(() => cachedFolder('tool', fill)));
    assert.equal(new Set(folders).size, 1);
    assert.deepEqual(await readdir(cacheRoot()), ['tool']);
    assert.equal(await readFile(join(cacheRoot(), 'tool/content'), 'utf8'), 'complete');
  });
});
