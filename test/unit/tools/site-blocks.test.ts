import assert from 'node:assert/strict';
import { blockView, reportedLine } from '../../../src/tools/site/blocks';

describe('code blocks of the web site', () => {
  const shown = (info: string) => {
    const { kind, sign, label, language } = blockView(info, 'en');
    return [kind, sign, label, language];
  };

  it('are named by the words of their fence', () => {
    assert.deepEqual(shown('ts bad'), ['bad', '✗', 'Reported', 'TypeScript']);
    assert.deepEqual(shown('py good'), ['good', '✓', 'Not reported', 'Python']);
    assert.deepEqual(shown('py fixed'), ['fixed', '✓', 'Repaired', 'Python']);
    assert.deepEqual(shown('text output'), ['output', '›', 'Prints', '']);
    assert.deepEqual(shown('ts run exit=1'), ['plain', '', 'ends with exit code 1', 'TypeScript']);
    assert.deepEqual(shown('python run min=3.13'), ['plain', '', 'needs Python 3.13', 'Python']);
    assert.deepEqual(shown('ts context file=templates.ts'), [
      'plain',
      '',
      'Beside it: templates.ts',
      'TypeScript',
    ]);
    assert.deepEqual(shown(''), ['plain', '', '', '']);
  });

  it('name the fix in the language of the page', () => {
    const { label } = blockView('ts fixed="Add await"', 'ru', (title) => `«${title}»`);
    assert.equal(label, 'Исправлено: «Add await»');
  });

  it('have lines that are reported', () => {
    assert.ok(reportedLine.test('  save(); // ✗ floating-promise'));
    assert.ok(reportedLine.test('    save()  # ✗ unawaited-coroutine, dangling-task'));
    assert.ok(!reportedLine.test('const sign = "✗";'));
  });
});
