import assert from 'node:assert/strict';
import { join } from 'node:path';
import { typeScriptFolders, type TypeScriptPlaces } from '../../../src/vscode/workspace/typescript-folders';

const editor = join('/code/extensions/node_modules/typescript/lib');
const places: TypeScriptPlaces = {
  user: undefined,
  workspace: undefined,
  extension: '/code/extensions/typescript-language-features',
  folders: ['/one', '/two'],
  trusted: true,
};

describe('where a check looks for TypeScript', () => {
  it('in the editor, then in the workspace', () => {
    assert.deepEqual(typeScriptFolders(places), [
      editor,
      join('/one/node_modules/typescript/lib'),
      join('/two/node_modules/typescript/lib'),
    ]);
  });

  it('first of all where the user says, last where the workspace says', () => {
    assert.deepEqual(
      typeScriptFolders({ ...places, user: '/mine/lib', workspace: 'sdk/lib', folders: ['/one'] }),
      ['/mine/lib', editor, join('/one/sdk/lib'), join('/one/node_modules/typescript/lib')],
    );
  });

  it('never in a workspace that is not trusted', () => {
    const untrusted = { ...places, workspace: '/one/evil', trusted: false };
    assert.deepEqual(typeScriptFolders(untrusted), [editor]);
    assert.deepEqual(typeScriptFolders({ ...untrusted, extension: undefined }), []);
  });
});
