import { readFileSync } from 'node:fs';
import { latestNews } from './feeds.js';
import { revision } from './revision.js';

export async function homePage(): Promise<string> {
  const news = await latestNews();
  // While the file is read no other request is answered.
  const template = readFileSync('home.html', 'utf8');
  return template.replace('{news}', news);
}

export async function statusPage(): Promise<string> {
  const news = await latestNews();
  // This one blocks too, three calls further down: the hover and the problems panel show the way.
  return `Revision ${revision()}, newest entry: ${news}`;
}
