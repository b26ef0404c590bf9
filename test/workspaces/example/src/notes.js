// JavaScript is looked at in the same way; the types come from inference and from JSDoc.
import { appendFile } from 'node:fs/promises';

/** @param {string} text */
export function note(text) {
  appendFile('notes.txt', `${text}\n`);
}

/** @param {string[]} texts */
export async function noteAll(texts) {
  texts.forEach(async (text) => {
    await appendFile('notes.txt', `${text}\n`);
  });
}
