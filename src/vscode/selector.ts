import type { DocumentSelector, TextDocument } from 'vscode';

const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'python'];
/** What the TypeScript extension hands to its server with types: files and buffers never saved. */
const SCHEMES = ['file', 'untitled'];
/** The language server also reads the cells of notebooks. */
const PYTHON_SCHEMES = [...SCHEMES, 'vscode-notebook-cell'];

function schemesOf(language: string): readonly string[] {
  return language === 'python' ? PYTHON_SCHEMES : SCHEMES;
}

export const selector: DocumentSelector = LANGUAGES.flatMap((language) =>
  schemesOf(language).map((scheme) => ({ language, scheme })),
);

export function isSupported({ languageId, uri }: TextDocument): boolean {
  return LANGUAGES.includes(languageId) && schemesOf(languageId).includes(uri.scheme);
}
