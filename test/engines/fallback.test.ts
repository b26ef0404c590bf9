import assert from 'node:assert/strict';
import { InputError, type Engine, type EngineName } from '../../src/hosts/cli/engine';
import { withTypeScriptEngine } from '../../src/hosts/cli/engines';

/** An engine that only tells which one it is. */
class Named implements Engine {
  isClosed = false;
  constructor(readonly name: EngineName) {}
  open() {
    return [];
  }
  close() {
    this.isClosed = true;
  }
}

describe('the choice of an engine', () => {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const create = (name: EngineName) => Promise.resolve(new Named(name));
  const nameOf = (engine: Engine) => (engine as Named).name;
  beforeEach(() => notes.splice(0));

  it('is what was asked for, without a word', async () => {
    for (const name of ['native', 'classic'] as const)
      assert.equal(await withTypeScriptEngine(name, [], note, nameOf, create), name);
    assert.deepEqual(notes, []);
  });

  it('falls on the classic one, with a note, where the native program cannot be started', async () => {
    const missing = (name: EngineName) =>
      name === 'native' ? Promise.reject(new Error('spawn ENOENT')) : create(name);
    assert.equal(await withTypeScriptEngine('native', [], note, nameOf, missing), 'classic');
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /spawn ENOENT.*classic engine takes over/);
  });

  it('falls on the classic one where the native program ends on the way, and closes it', async () => {
    const made: Named[] = [];
    const kept = (name: EngineName) => {
      const engine = new Named(name);
      made.push(engine);
      return Promise.resolve(engine);
    };
    const action = (engine: Engine) => {
      if (nameOf(engine) === 'native') throw new Error('pipe closed');
      return 'done';
    };
    assert.equal(await withTypeScriptEngine('native', [], note, action, kept), 'done');
    assert.deepEqual(
      made.map(({ name, isClosed }) => [name, isClosed]),
      [
        ['native', true],
        ['classic', true],
      ],
    );
    assert.equal(notes.length, 1);
  });

  it('does not try bad input a second time', async () => {
    const action = () => {
      throw new InputError('tsconfig.json: broken.');
    };
    await assert.rejects(withTypeScriptEngine('native', [], note, action, create), InputError);
    assert.deepEqual(notes, []);
  });
});
