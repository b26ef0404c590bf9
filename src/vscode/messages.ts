import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMessage, message, type Message } from '../core/finding';
import type { DocumentLanguage } from '../documents/load';

/**
 * Turns messages into text of the chosen language. `vscode.l10n` knows the display language only, whereas a setting
 * chooses the language here, so the bundle is looked up directly; it is read when first needed.
 */
export class Messages {
  private russian: Readonly<Record<string, string>> | undefined;

  constructor(
    private readonly extensionPath: string,
    private readonly language: () => DocumentLanguage,
  ) {}

  /** Text of a message; a template without translation stays English. */
  text({ template, values }: Message): string {
    const bundle = this.bundle();
    const translated = Object.entries(values).map(([name, value]) => [name, bundle[value] ?? value]);
    return formatMessage({
      template: bundle[template] ?? template,
      values: Object.fromEntries(translated) as Record<string, string>,
    });
  }

  /** The same for a text of the interface. */
  t(template: string, values?: Readonly<Record<string, string>>): string {
    return this.text(message(template, values));
  }

  private bundle(): Readonly<Record<string, string>> {
    if (this.language() === 'en') return {};
    this.russian ??= JSON.parse(
      readFileSync(join(this.extensionPath, 'l10n/bundle.l10n.ru.json'), 'utf8'),
    ) as Record<string, string>;
    return this.russian;
  }
}
