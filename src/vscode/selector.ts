import type { DocumentSelector, TextDocument } from 'vscode';

const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'];
/** What the TypeScript extension hands to its server with types: files and buffers never saved. */
const SCHEMES = ['file', 'untitled'];

export const selector: DocumentSelector = LANGUAGES.flatMap((language) =>
  SCHEMES.map((scheme) => ({ language, scheme })),
);

export function isSupported(document: TextDocument): boolean {
  return LANGUAGES.includes(document.languageId) && SCHEMES.includes(document.uri.scheme);
}
