// Start here. This service works, mostly: every file in this folder hides async bugs, and Async Patterns underlines them.
// Hover an underlined word to read why it is a bug. Put the cursor on it and press the light bulb (Ctrl+. or ⌘.) for the
// repair. Then type "async-" on an empty line to see the snippets.
import { appendFile, readFile } from 'node:fs/promises';
import { loadFeeds } from './feeds.js';
import { homePage } from './pages.js';

export default { fetch: handle };

async function handle(request: Request): Promise<Response> {
  // Nobody waits for this promise, and a full disk would end the whole process.
  countVisit(request.url);

  const { pathname } = new URL(request.url);
  if (pathname === '/feeds') return new Response(JSON.stringify(await loadFeeds(await subscriptions())));
  return new Response(await homePage(), { headers: { 'content-type': 'text/html' } });
}

async function countVisit(url: string): Promise<void> {
  await appendFile('visits.log', `${url}\n`);
}

export async function subscriptions(): Promise<string[]> {
  try {
    // Without "await" the promise leaves the try block before it can fail: the catch below never runs.
    return readList('subscriptions.json');
  } catch {
    return [];
  }
}

async function readList(file: string): Promise<string[]> {
  return JSON.parse(await readFile(file, 'utf8')) as string[];
}

export async function announce(addresses: string[]): Promise<void> {
  // forEach ignores the promises of its callback, so the last line comes too early.
  addresses.forEach(async (address) => {
    await fetch(address, { method: 'POST', body: 'There are news.' });
  });
  await appendFile('visits.log', 'Everybody knows.\n');
}

export function leave(): void {
  // When a bug is none, say why, and the finding goes away.
  // async-patterns-ignore-next-line floating-promise -- the last line of the log may be lost
  appendFile('visits.log', 'Good bye.\n');
}
