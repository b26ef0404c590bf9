import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadPages, type LoadedPage } from '../../../src/documents/load';
import { formatMessage } from '../../../src/core/finding';
import { LineMap } from '../../../src/core/text';
import { rules } from '../../../src/rules';
import type { Finding, Fix } from '../../../src/core/finding';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { blocksOf, type Block } from '../../support/rule-pages';
import { applyEdits, Sample } from '../support/analyse';
import { PythonSample } from '../support/analyse-python';

const DOCS = join(__dirname, '../../../docs');

/** What a page check needs of an analysed sample of either language. */
interface AnalysedSample {
  summary(name: string): string[];
  findings(name: string): readonly Finding[];
  fixes(finding: Finding): Fix[];
}

describe('rule pages', () => {
  let python: PythonParser;
  before(async () => {
    python = await pythonParser();
  });

  it('exist in both languages for every rule, and only for rules', async () => {
    const pages = (await loadPages(DOCS)).filter(({ page }) => page.kind === 'rule');
    const ids = rules.map((rule) => rule.meta.id).sort();
    for (const language of ['en', 'ru']) {
      const found = pages.filter((p) => p.language === language).map((p) => p.page.id);
      assert.deepEqual(found.sort(), ids, `docs/${language}/rules`);
    }
  });

  it('carry the same code in both languages', async () => {
    const pages = (await loadPages(DOCS)).filter(({ page }) => page.kind === 'rule');
    for (const page of pages.filter((p) => p.language === 'en')) {
      const other = pages.find((p) => p.language === 'ru' && p.page.id === page.page.id);
      assert.ok(other, `docs/ru/rules/${page.page.id}.md is missing`);
      const code = (p: LoadedPage) => blocksOf(p).map(({ role, file, code: text }) => ({ role, file, text }));
      assert.deepEqual(code(other), code(page), page.page.id);
    }
  });

  it('show exactly the findings they mark, silence where they promise it, and the fixes as they are applied', async () => {
    for (const page of await loadPages(DOCS)) {
      if (page.page.kind !== 'rule' || page.language !== 'en') continue;
      checkPage(page, python);
    }
  });
});

function checkPage(page: LoadedPage, python: PythonParser): void {
  const context: Record<string, string> = {};
  let bad: { block: Block; sample: AnalysedSample } | undefined;
  let badBlocks = 0;
  for (const block of blocksOf(page)) {
    const at = `${page.path}:${block.line}`;
    if (block.role === 'context') {
      context[block.file] = block.code;
      continue;
    }
    const files = { ...context, [block.file]: block.code };
    const sample = block.file.endsWith('.py') ? new PythonSample(python, files) : new Sample(files);
    const summary = sample.summary(block.file);
    assert.deepEqual(
      summary,
      block.role === 'bad' ? block.marked : [],
      `${at}: findings of this ${block.role} block`,
    );
    if (block.role === 'bad') {
      badBlocks++;
      bad = { block, sample };
      assert.ok(
        block.marked.some((m) => m.endsWith(`:${page.page.id}`)),
        `${at}: a bad block shows its own rule`,
      );
    }
    if (block.role === 'fixed') {
      assert.ok(bad, `${at}: a fixed block follows a bad one`);
      assert.equal(fixed(bad.sample, bad.block, block.fix, at), block.code, `${at}: the applied fix`);
    }
    const errors = sample instanceof Sample ? sample.typeErrors(block.file) : sample.syntaxErrors(block.file);
    if (block.role !== 'bad') assert.deepEqual(errors, [], `${at}: this ${block.role} block is valid`);
  }
  assert.ok(badBlocks > 0, `${page.path}: has no bad block`);
}

/** Applies the named (or first) fix of every finding of a bad block, from the last to the first. */
function fixed(sample: AnalysedSample, block: Block, title: string | undefined, at: string): string {
  const edits = sample.findings(block.file).flatMap((finding) => {
    const fixes = sample.fixes(finding);
    const fix = title === undefined ? fixes[0] : fixes.find((f) => formatMessage(f.title) === title);
    const line = new LineMap(block.code).positionAt(finding.span.start).line + 1;
    assert.ok(
      fix,
      `${at}: line ${line} offers ${fixes.map((f) => formatMessage(f.title)).join(', ') || 'no fix'}`,
    );
    return fix.edits;
  });
  return applyEdits(block.code, edits);
}
