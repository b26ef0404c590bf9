// JavaScript is looked at in the same way; the types come from inference and from JSDoc.
import { appendFile } from 'node:fs/promises';

/** @param {string} text */
export function note(text) {
  // Lost as well: whoever calls this cannot know whether the note was kept.
  appendFile('notes.txt', `${text}\n`);
}

/** @param {string[]} texts */
export async function noteAll(texts) {
  // The notes are written in any order, and after this function has returned.
  texts.forEach(async (text) => {
    await appendFile('notes.txt', `${text}\n`);
  });
}
