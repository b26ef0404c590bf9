export interface Feed {
  url: string;
  text: string;
}

export async function loadFeeds(urls: string[]): Promise<Feed[]> {
  // A thousand feeds are a thousand requests at the same moment.
  return await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url);
      return { url, text: await response.text() };
    }),
  );
}

export async function refreshFeeds(urls: string[]): Promise<void> {
  for (const url of urls) {
    // Each request waits for the one before it, though none needs the other.
    await fetch(url, { cache: 'reload' });
  }
}

export async function latestNews(): Promise<string> {
  const local = textOf('https://example.com/local');
  const world = textOf('https://example.com/world');
  // If "world" fails while "local" is still awaited, nobody handles the failure and Node ends the process.
  const localText = await local;
  const worldText = await world;
  return `${localText}\n${worldText}`;
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  return await response.text();
}
