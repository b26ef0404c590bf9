import type { DocumentLanguage } from '../../documents/load';
import { siteTexts } from './texts';

/** How a code block is shown. */
export interface BlockView {
  readonly kind: 'bad' | 'good' | 'fixed' | 'output' | 'plain';
  /** A sign that tells the kind without colour. */
  readonly sign: string;
  readonly label: string;
  /** The name of the programming language, for people. */
  readonly language: string;
  /** Shiki's name of the language. */
  readonly grammar: 'typescript' | 'python' | 'json' | 'shellscript' | 'text';
}

const signs = { bad: '✗', good: '✓', fixed: '✓', output: '›', plain: '' } as const;

const languages: Readonly<Record<string, Pick<BlockView, 'language' | 'grammar'>>> = {
  ts: { language: 'TypeScript', grammar: 'typescript' },
  js: { language: 'JavaScript', grammar: 'typescript' },
  py: { language: 'Python', grammar: 'python' },
  python: { language: 'Python', grammar: 'python' },
  json: { language: 'JSON', grammar: 'json' },
  jsonc: { language: 'JSON', grammar: 'json' },
  sh: { language: 'Shell', grammar: 'shellscript' },
};

/** The mark of a reported line, as the pages' tests read it. */
export const reportedLine = / *(?:\/\/|#) ✗ ([\w-]+(?:, [\w-]+)*)$/u;

/**
 * Reads the words behind a fence: `ts bad`, `python run min=3.13`, `text output`, `ts fixed="Title of the fix"`.
 *
 * @param translate gives the title of a fix, which the pages write in English, in the page's language
 */
export function blockView(
  info: string,
  language: DocumentLanguage,
  translate: (title: string) => string = (title) => title,
): BlockView {
  const texts = siteTexts[language];
  const [name = '', ...words] = info.trim().split(/\s+/u);
  const title = /\bfixed="([^"]*)"/u.exec(info)?.[1];
  const valueOf = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const known = languages[name] ?? { language: '', grammar: 'text' as const };
  const view = (kind: BlockView['kind'], ...label: (string | undefined)[]): BlockView => ({
    ...known,
    kind,
    sign: signs[kind],
    label: label.filter((part) => part !== undefined && part !== '').join(' · '),
  });

  if (words.includes('bad')) return view('bad', texts.bad);
  if (words.includes('good')) return view('good', texts.good);
  if (words.includes('output')) return view('output', texts.output);
  if (title !== undefined) return view('fixed', `${texts.fixed}: ${translate(title)}`);
  if (words.includes('fixed')) return view('fixed', texts.fixed);
  if (words.includes('context')) return view('plain', `${texts.context}: ${valueOf('file') ?? ''}`);
  const exit = valueOf('exit');
  const version = valueOf('min');
  return view(
    'plain',
    exit === undefined ? undefined : texts.exit.replace('{code}', exit),
    version === undefined ? undefined : texts.since.replace('{version}', `${known.language} ${version}`),
  );
}
