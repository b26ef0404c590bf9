// name: Async iteration with cleanup
// prefix: [async-iterate, async-generator, for-await]
// description: 'An async generator that frees its resource however the loop over it ends, and the for await that consumes it.'
// tabstops:
//   1: linesOf
//   2: findLine

import { open } from 'node:fs/promises';

async function* linesOf(path: string): AsyncGenerator<string, void, void> {
  const file = await open(path);
  try {
    for await (const line of file.readLines({ autoClose: false })) yield line;
  } finally {
    // Also reached when the consumer leaves its loop with break, return or throw.
    await file.close();
  }
}

async function findLine(
  path: string,
  text: string,
): Promise<string | undefined> {
  for await (const line of linesOf(path)) {
    if (line.includes(text)) return line;
  }
  return undefined;
}
