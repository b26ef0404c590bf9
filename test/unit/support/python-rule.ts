import { applyEdits } from '../../../src/core/edits';
import { formatMessage, type Finding } from '../../../src/core/finding';
import { LineMap } from '../../../src/core/text';
import type { PythonParser } from '../../../src/languages/python/parser';
import { pythonParser } from '../python/support/parser';
import { PythonSample } from './analyse-python';

/** Looks at one rule's findings in Python sources. Make it inside `describe`: it loads the parser first. */
export class PythonRule {
  private parser: PythonParser | undefined;

  constructor(private readonly id: string) {
    before(async () => {
      this.parser = await pythonParser();
    });
  }

  sample(text: string, others: Readonly<Record<string, string>> = {}): PythonSample {
    if (!this.parser) throw new Error('The parser is loaded before the first test');
    return new PythonSample(this.parser, { 'a.py': text, ...others });
  }

  findings(text: string, others?: Readonly<Record<string, string>>): Finding[] {
    return this.sample(text, others)
      .findings('a.py')
      .filter((finding) => finding.rule === this.id);
  }

  /** Lines of the findings, counted from 1. */
  lines(text: string, others?: Readonly<Record<string, string>>): number[] {
    const map = new LineMap(text);
    return this.findings(text, others).map((finding) => map.positionAt(finding.span.start).line + 1);
  }

  /** `line:level` of the findings. */
  levels(text: string): string[] {
    const map = new LineMap(text);
    return this.findings(text).map((f) => `${map.positionAt(f.span.start).line + 1}:${f.level}`);
  }

  /** Titles of the fixes of every finding. */
  titles(text: string): string[] {
    const sample = this.sample(text);
    return sample
      .findings('a.py')
      .filter((finding) => finding.rule === this.id)
      .flatMap((finding) => sample.fixes(finding).map((fix) => formatMessage(fix.title)));
  }

  /** The text after the first (or the titled) fix of every finding. */
  fixed(text: string, title?: string): string {
    return this.sample(text).fixed('a.py', title);
  }

  /** The text after the titled fix of the rule's first finding that offers it. */
  fixedOnce(text: string, title: string): string {
    const sample = this.sample(text);
    for (const finding of sample.findings('a.py')) {
      if (finding.rule !== this.id) continue;
      const fix = sample.fixes(finding).find((one) => formatMessage(one.title) === title);
      if (fix) return applyEdits(text, fix.edits);
    }
    throw new Error(`No finding of ${this.id} offers: ${title}`);
  }
}
