import { statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

/** Bytes of source that make up for what every further thread has to read and to set up once more. */
const LEAST_BYTES = 500_000;
/** Bytes of memory that a thread with a TypeScript of its own may take on a large project. */
const MEMORY_BYTES = 2_000_000_000;
const MOST_SHARES = 8;

/** Processors that one thread keeps busy: itself, and the TypeScript that answers it. */
const PROCESSORS = 2;

/** How many threads this machine has room for; at least one. */
function roomForThreads(): number {
  const processors = Math.floor(availableParallelism() / PROCESSORS);
  return Math.max(1, Math.min(processors, Math.floor(totalmem() / MEMORY_BYTES), MOST_SHARES));
}

/**
 * Divides files among threads: neighbours stay together, for they import each other, and the shares are about as large.
 * @param files sorted by path.
 * @param threads how many shares to make; where left out, as many as the machine has room for and are worth it.
 * @param sizeOf bytes of a file.
 * @returns the shares; together they are the files, and none is empty.
 */
export function sharesOf(
  files: readonly string[],
  threads?: number,
  sizeOf: (file: string) => number = sizeOnDisk,
): ReadonlySet<string>[] {
  const sizes = files.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const count = threads ?? Math.max(1, Math.min(roomForThreads(), Math.floor(total / LEAST_BYTES)));
  const shares = Array.from({ length: count }, () => new Set<string>());
  let before = 0;
  files.forEach((file, i) => {
    const size = sizes[i] ?? 0;
    // By its middle, so that a large file does not always go to the earlier share.
    const index = total > 0 ? Math.floor(((before + size / 2) / total) * count) : 0;
    shares[Math.min(index, count - 1)]?.add(file);
    before += size;
  });
  return shares.filter(({ size }) => size > 0);
}

function sizeOnDisk(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
