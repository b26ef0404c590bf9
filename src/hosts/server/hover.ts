import type { Hover } from 'vscode-languageserver-types';
import type { Message } from '../../core/finding';
import type { HoverResult } from '../../core/protocol';
import type { Library } from '../../documents/library';
import { uriOf } from '../lsp';
import type { SentDiagnostic } from '../answers';
import type { ServerSettings } from './settings';

const OPEN_PAGE = { en: 'Open the page', ru: 'Открыть страницу' } as const;

/** A hover as Markdown, for editors that render none themselves: the rules found there, then the concept. */
export function hoverText(
  found: readonly SentDiagnostic[],
  anchor: HoverResult['hover'],
  library: Library,
  { language, hover }: Pick<ServerSettings, 'language' | 'hover'>,
  translate: (note: Message) => string,
): Hover | undefined {
  if (hover === 'off') return undefined;
  const link = (id: string) => {
    const file = library.file(id, language);
    return file === undefined ? [] : [`[${OPEN_PAGE[language]}](${uriOf(file)})`];
  };
  const parts: string[] = [];
  for (const id of new Set(found.map(({ code }) => String(code)))) {
    const rule = library.rule(id, language);
    if (rule) parts.push([rule.summary, ...link(id)].join('\n\n'));
  }
  const concept = anchor && library.conceptOf(anchor, language);
  if (anchor && concept) {
    const notes = anchor.notes.map((note) => `→ ${translate(note)}`);
    const lines = hover === 'full' ? [concept.hover[anchor.language]] : [];
    const about = [`**${concept.title}.** ${concept.summary}`, ...notes, ...lines, ...link(concept.id)];
    parts.push(about.join('\n\n'));
  }
  const range = anchor && concept ? anchor.range : found[0]?.range;
  if (parts.length === 0 || !range) return undefined;
  return { contents: { kind: 'markdown', value: parts.join('\n\n---\n\n') }, range };
}
